"""The lists that profiles are tagged with, whole and in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from brygga.core.api import ApiView, Parameter, Parameters, one_of
from brygga.core.api_documents import described
from brygga.taxonomy import selectors
from brygga.taxonomy.enums import AreaKind, Driver, OrganisationKind, ProcessPart, SupportKind
from brygga.taxonomy.snapshot import TermEntry, Vocabulary


class CodeSerializer(serializers.Serializer[Any]):
    """One entry of a list."""

    code = serializers.CharField()
    name_sv = serializers.CharField()
    name_en = serializers.CharField()


class TermSerializer(CodeSerializer):
    """One entry of a word list, with other words for the same thing."""

    # The answer has a field called parent, as the tree has.
    parent = serializers.CharField(  # type: ignore[assignment]  # a field's name, not the serializer's own parent
        allow_null=True, help_text="The wider entry that it is part of."
    )
    synonyms_sv = serializers.ListField(child=serializers.CharField())
    synonyms_en = serializers.ListField(child=serializers.CharField())


class MappedTermSerializer(TermSerializer):
    """An entry that is also placed in the international classifications."""

    sdg_goals = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=17))
    icnptso_codes = serializers.ListField(child=serializers.CharField())


class AreaSerializer(CodeSerializer):
    """A place. The tree goes world > Europe > Nordic countries > country > county > municipality."""

    kind = serializers.ChoiceField(choices=AreaKind.choices)
    official_name_sv = serializers.CharField()
    official_name_en = serializers.CharField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # as above
    nuts3 = serializers.CharField(allow_blank=True)
    iso_3166_2 = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class TaxonomySerializer(serializers.Serializer[Any]):
    """All lists, or only those that were asked for."""

    areas = AreaSerializer(many=True, required=False)
    themes = MappedTermSerializer(many=True, required=False)
    target_groups = MappedTermSerializer(many=True, required=False)
    methods = TermSerializer(many=True, required=False)
    innovation_kinds = TermSerializer(many=True, required=False)
    support_kinds = CodeSerializer(many=True, required=False)
    organisation_kinds = CodeSerializer(many=True, required=False)
    process_parts = CodeSerializer(many=True, required=False)
    drivers = CodeSerializer(many=True, required=False)


def _areas() -> list[Any]:
    return [
        {
            "code": area.code,
            "kind": area.kind,
            "name_sv": area.name_sv,
            "name_en": area.name_en,
            "official_name_sv": area.official_name("sv"),
            "official_name_en": area.official_name("en"),
            "parent": area.parent,
            "nuts3": area.nuts3,
            "iso_3166_2": area.iso_3166_2,
            "latitude": area.latitude,
            "longitude": area.longitude,
        }
        for area in selectors.current_taxonomy().areas.values()
        if area.is_active
    ]


def _in_use(vocabulary: Vocabulary) -> Iterable[TermEntry]:
    return vocabulary.active()


def _fixed(choices: type[Choices]) -> Callable[[], list[dict[str, str]]]:
    def entries() -> list[dict[str, str]]:
        named: dict[str, list[str]] = {}
        for language in ("sv", "en"):
            with override(language):
                named[language] = [str(label) for label in choices.labels]
        rows = zip(choices.values, named["sv"], named["en"], strict=True)
        return [{"code": code, "name_sv": swedish, "name_en": english} for code, swedish, english in rows]

    return entries


_LISTS: dict[str, Callable[[], Iterable[Any]]] = {
    "areas": _areas,
    "themes": lambda: _in_use(selectors.current_taxonomy().themes),
    "target_groups": lambda: _in_use(selectors.current_taxonomy().target_groups),
    "methods": lambda: _in_use(selectors.current_taxonomy().methods),
    "innovation_kinds": lambda: _in_use(selectors.current_taxonomy().innovation_kinds),
    "support_kinds": _fixed(SupportKind),
    "organisation_kinds": _fixed(OrganisationKind),
    "process_parts": _fixed(ProcessPart),
    "drivers": _fixed(Driver),
}


@described(
    operation="taxonomy",
    tag="taxonomy",
    summary=_("The lists of codes, with names in Swedish and English"),
    description=_(
        "Initiatives and offers carry codes; here is what they mean. Everything at once, or some lists."
    ),
    answer=TaxonomySerializer,
    example={
        "process_parts": [
            {"code": "develop", "name_sv": "Utveckla och testa", "name_en": "Develop and test"},
        ]
    },
)
class TaxonomyView(ApiView):
    is_public = True
    scope = "read_profiles"
    parameters = Parameters(
        Parameter(
            "list",
            _("Only these lists."),
            one_of(lambda: list(_LISTS)),
            {"type": "string", "enum": list(_LISTS)},
            many=True,
        )
    )

    def get(self, request: Request) -> Response:
        wanted = self.asked.get("list") or list(_LISTS)
        return Response(TaxonomySerializer({name: list(_LISTS[name]()) for name in wanted}).data)
