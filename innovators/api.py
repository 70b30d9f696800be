"""Initiatives for programs: what the public page shows, as codes."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from brygga.core.api import (
    PAGE_PARAMETERS,
    ApiView,
    Parameter,
    Parameters,
    of_choices,
    one_of,
    page_of,
    read_moment,
    read_words,
)
from brygga.core.api_documents import described, page_serializer
from brygga.core.enums import Language, PublicationState
from brygga.organisations.models import Organisation
from brygga.organisations.registration.facets import Facet
from brygga.organisations.registration.words import Terms
from brygga.taxonomy import selectors as taxonomy
from brygga.taxonomy.enums import FormAfter, OrganisationKind, Participation, ProcessPart, SupportKind
from brygga.users.enums import TokenScope
from innovators import selectors
from innovators.enums import LegalEntity, Visibility
from innovators.models import Actor, Initiative, Need

_UNREAD = ("search_swedish", "search_english", "compound_heads")


def _codes(help_text: str = "") -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text=f"{help_text} Null = not known.".strip()
    )


def _words() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(), help_text="As written, where no code of the list means the same."
    )


class InitiativeOwnerSerializer(serializers.Serializer[Organisation]):
    """Who is behind it. A private individual is not named."""

    public_id = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=OrganisationKind.choices, allow_null=True)
    is_verified = serializers.BooleanField()

    def get_public_id(self, organisation: Organisation) -> str | None:
        return None if organisation.kind == OrganisationKind.INDIVIDUAL else organisation.public_id

    def get_name(self, organisation: Organisation) -> str:
        return selectors.owner_name(organisation)


class NeedSerializer(serializers.Serializer[Need]):
    """One kind of support that is looked for."""

    kind = serializers.ChoiceField(choices=SupportKind.choices)
    amount = serializers.IntegerField(allow_null=True, help_text="Swedish kronor.")
    hours = serializers.IntegerField(allow_null=True)


class ActorSerializer(serializers.Serializer[Actor]):
    """Somebody else who takes part. A private individual is named only after confirming it."""

    name = serializers.CharField(source="public_name", allow_blank=True)
    kind = serializers.ChoiceField(choices=OrganisationKind.choices, allow_null=True)
    role = serializers.CharField(allow_blank=True)


class InitiativeSerializer(serializers.Serializer[Initiative]):
    """An initiative, without contact details: those are shared when both sides have said yes."""

    public_id = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Its page, in the language of the answer.")
    state = serializers.ChoiceField(choices=PublicationState.choices)
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    language = serializers.ChoiceField(choices=Language.choices, help_text="What it is written in.")
    title = serializers.CharField(allow_blank=True)
    change = serializers.CharField(allow_blank=True, help_text="The change they want.")
    description = serializers.CharField(allow_blank=True)
    title_second = serializers.CharField(allow_blank=True, help_text="In the other language.")
    summary_second = serializers.CharField(allow_blank=True, help_text="In the other language.")
    organisation = InitiativeOwnerSerializer()
    works_in = serializers.ListField(
        source="public_area_codes",
        child=serializers.CharField(),
        allow_null=True,
        help_text="Areas; counties only, where the owner wants no more to be known. Null = not known.",
    )
    works_in_words = serializers.ListField(source="public_area_words", child=serializers.CharField())
    may_spread_to = serializers.ListField(
        source="spread_area_codes", child=serializers.CharField(), allow_null=True
    )
    themes = serializers.ListField(source="theme_codes", child=serializers.CharField(), allow_null=True)
    theme_words = _words()
    target_groups = serializers.ListField(
        source="target_group_codes", child=serializers.CharField(), allow_null=True
    )
    target_group_words = _words()
    process_parts = _codes("What they are doing now.")
    methods = serializers.ListField(source="method_codes", child=serializers.CharField(), allow_null=True)
    method_words = _words()
    innovation_kinds = serializers.ListField(
        source="innovation_kind_codes", child=serializers.CharField(), allow_null=True
    )
    innovation_kind_words = _words()
    drivers = serializers.ListField(source="driver_codes", child=serializers.CharField(), allow_null=True)
    driver_words = _words()
    who_affected = serializers.CharField(allow_blank=True)
    participation = serializers.ChoiceField(choices=Participation.choices, allow_null=True)
    needs_stated = serializers.BooleanField(help_text="False: what they need is not known.")
    needs = NeedSerializer(many=True)
    forms_not_accepted = _codes("Kinds of support they say no to.")
    refusal_reasons = _codes("Why they say no; null when they have not said.")
    form_after = serializers.ChoiceField(choices=FormAfter.choices, allow_null=True)
    legal_entity = serializers.ChoiceField(choices=LegalEntity.choices, allow_null=True)
    evidence = serializers.CharField(allow_blank=True, help_text="What shows how far the work has come.")
    core = serializers.CharField(allow_blank=True, help_text="What must stay where others do the same.")
    adaptable = serializers.CharField(allow_blank=True)
    actors = ActorSerializer(many=True)
    links = serializers.ListField(child=serializers.URLField())
    started_on = serializers.DateField(allow_null=True)
    is_demo = serializers.BooleanField(help_text="A made-up example.")
    source_url = serializers.CharField(allow_blank=True, help_text="Where an imported one comes from.")
    published_at = serializers.DateTimeField(allow_null=True)
    changed_at = serializers.DateTimeField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, initiative: Initiative) -> str:
        address = reverse("innovators:detail", args=[initiative.public_id])
        return str(self.context["request"].build_absolute_uri(address))


def _with_rows(initiatives: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """Bring along what an answer shows: three queries for any number of rows."""
    return (
        initiatives.select_related("organisation")
        .defer(*_UNREAD)
        .prefetch_related(
            Prefetch("needs", Need.objects.order_by("position")),
            Prefetch("actors", Actor.objects.order_by("position")),
        )
    )


def _area_codes() -> list[str]:
    wanted = {"county", "municipality"}
    return [area.code for area in taxonomy.current_taxonomy().areas.values() if area.kind in wanted]


def _terms(terms: Terms) -> list[str]:
    return [entry.code for entry in terms.vocabulary.active()]


# The parameters that narrow by the same filters as the catalogue's page, so that both find the same.
_FACETS = {
    "area": "place",
    "theme": "theme",
    "target_group": "group",
    "process_part": "part",
    "need": "need",
    "organisation_kind": "kind",
}

EXAMPLE = {
    "public_id": "k7m2qxw9ta",
    "url": "https://brygga.example/en/initiatives/k7m2qxw9ta/",
    "state": "published",
    "visibility": "everyone",
    "language": "sv",
    "title": "Lagningsverkstaden på torget",
    "change": "Unga som varken jobbar eller studerar ska få en plats att börja på.",
    "description": "Verkstaden har öppet tre eftermiddagar i veckan i en tom butikslokal.",
    "title_second": "The repair shop on the square",
    "summary_second": "A first step for young people who neither work nor study.",
    "organisation": {
        "public_id": "p4c8nd2hrz",
        "name": "Verkstan i Bergsjön",
        "kind": "association",
        "is_verified": True,
    },
    "works_in": ["SE-1480"],
    "works_in_words": [],
    "may_spread_to": ["SE-14"],
    "themes": ["employment", "circular_economy"],
    "theme_words": [],
    "target_groups": ["young_people_not_in_work_or_school"],
    "target_group_words": [],
    "process_parts": ["develop"],
    "methods": ["mentoring"],
    "method_words": [],
    "innovation_kinds": ["meeting_place"],
    "innovation_kind_words": [],
    "drivers": ["own_experience"],
    "driver_words": [],
    "who_affected": "Unga mellan 16 och 24 år i östra Göteborg.",
    "participation": "co_creating",
    "needs_stated": True,
    "needs": [{"kind": "grant", "amount": 200000, "hours": None}],
    "forms_not_accepted": ["equity"],
    "refusal_reasons": ["own_decisions"],
    "form_after": None,
    "legal_entity": "yes",
    "evidence": "Elva provade i mars, nio kom tillbaka.",
    "core": "",
    "adaptable": "",
    "actors": [{"name": "Bostadsbolaget Framtidsgården", "kind": "company", "role": "Upplåter lokalen"}],
    "links": [],
    "started_on": "2024-09-01",
    "is_demo": True,
    "source_url": "",
    "published_at": "2026-03-02T10:00:00+01:00",
    "changed_at": "2026-03-02T10:00:00+01:00",
}


@described(
    operation="initiatives",
    tag="initiatives",
    summary=_("Published initiatives, newest first"),
    description=_(
        "Found as in the catalogue: several values of one parameter widen, several parameters narrow."
    ),
    answer=page_serializer("InitiativePage", InitiativeSerializer),
    example={"count": 1, "next": None, "results": [EXAMPLE]},
)
class InitiativesView(ApiView):
    is_public = True
    scope = TokenScope.READ_PROFILES
    parameters = Parameters(
        Parameter("q", _("Words to search for, in Swedish or English."), read_words, {"type": "string"}),
        Parameter(
            "area",
            _("County or municipality, such as SE-14 or SE-1480, and everything inside it."),
            one_of(_area_codes, listed="areas"),
            many=True,
        ),
        Parameter(
            "theme",
            _("A theme and those below it."),
            one_of(lambda: _terms(Terms.THEME), listed="themes"),
            many=True,
        ),
        Parameter(
            "target_group",
            _("A target group and those below it."),
            one_of(lambda: _terms(Terms.TARGET_GROUP), listed="target_groups"),
            many=True,
        ),
        Parameter(
            "process_part",
            _("What they are doing now."),
            of_choices(ProcessPart),
            {"type": "string", "enum": ProcessPart.values},
            many=True,
        ),
        Parameter(
            "need",
            _("A kind of support they need."),
            of_choices(SupportKind),
            {"type": "string", "enum": SupportKind.values},
            many=True,
        ),
        Parameter(
            "organisation_kind",
            _("Who is behind it."),
            of_choices(OrganisationKind),
            {"type": "string", "enum": OrganisationKind.values},
            many=True,
        ),
        Parameter(
            "language",
            _("What it is written in."),
            of_choices(Language),
            {"type": "string", "enum": Language.values},
        ),
        Parameter(
            "updated_since",
            _("Changed at this moment or later: 2026-11-22 or 2026-11-22T14:30:00Z."),
            read_moment,
        ),
        *PAGE_PARAMETERS,
    )

    def get(self, request: Request) -> Response:
        page = page_of(request, _with_rows(self.found()), self.asked)
        rows = InitiativeSerializer(page.rows, many=True, context={"request": request}).data  # type: ignore[arg-type]  # many=True takes a list
        return Response({"count": page.count, "next": page.next, "results": rows})

    def found(self) -> QuerySet[Initiative]:
        """Return what is asked for, of what this caller may see."""
        catalogue = selectors.initiative_catalogue(self.request.user)
        facets: dict[str, Facet] = {facet.name: facet for facet in catalogue.facets}
        found = Initiative.objects.published().visible_to(self.request.user)
        for name, facet in _FACETS.items():
            if name in self.asked:
                found = found.filter(facets[facet].condition(self.asked[name]))
        condition = Q()
        if "q" in self.asked and not (plan := catalogue.plan_search(self.asked["q"])).is_empty:
            condition &= plan.condition()
        if "language" in self.asked:
            condition &= Q(language=self.asked["language"])
        if "updated_since" in self.asked:
            condition &= Q(changed_at__gte=self.asked["updated_since"])
        return found.filter(condition)


@described(
    operation="initiative",
    tag="initiatives",
    summary=_("One initiative"),
    description=_("Members of its organisation also read it while it is a draft, paused or closed."),
    answer=InitiativeSerializer,
    example=EXAMPLE,
    path={"public_id": _("The initiative's public id.")},
)
class InitiativeView(ApiView):
    is_public = True
    scope = TokenScope.READ_PROFILES

    def get(self, request: Request, public_id: str) -> Response:
        seen = _with_rows(Initiative.objects.visible_to(request.user))
        initiative = seen.filter(public_id=public_id).first()
        if initiative is None:
            raise Http404
        data: Any = InitiativeSerializer(initiative, context={"request": request}).data
        return Response(data)
