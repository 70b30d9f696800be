"""Support offers for programs: what the public page shows, as codes and as sentences."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
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
from brygga.taxonomy.enums import OrganisationKind, SupportKind
from brygga.users.enums import TokenScope
from funders import selectors
from funders.enums import AppliesTo, ApplyWay, Strict
from funders.models import SupportLine, SupportOffer
from funders.rules import Requirement, in_words, requirements_of, wishes_of

_UNREAD = ("search_swedish", "search_english", "compound_heads")


def _codes(help_text: str = "", source: str | None = None) -> serializers.ListField:
    text = f"{help_text} Null = not known, empty = no restriction.".strip()
    if source is None:
        return serializers.ListField(child=serializers.CharField(), allow_null=True, help_text=text)
    return serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text=text, source=source
    )


def _words() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(), help_text="As written, where no code of the list means the same."
    )


class OfferGiverSerializer(serializers.Serializer[Organisation]):
    """Who gives. A private individual is not named."""

    public_id = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=OrganisationKind.choices, allow_null=True)
    is_verified = serializers.BooleanField()

    def get_public_id(self, organisation: Organisation) -> str | None:
        return None if organisation.kind == OrganisationKind.INDIVIDUAL else organisation.public_id

    def get_name(self, organisation: Organisation) -> str:
        return selectors.giver_name(organisation)


class SupportLineSerializer(serializers.Serializer[SupportLine]):
    """One kind of support that is given. Amounts are Swedish kronor."""

    kind = serializers.ChoiceField(choices=SupportKind.choices)
    amount_min = serializers.IntegerField(allow_null=True)
    amount_max = serializers.IntegerField(allow_null=True)
    hours = serializers.IntegerField(allow_null=True)


class RuleSerializer(serializers.Serializer[Requirement]):
    """One rule in words. A hard one shuts out, a wish only makes the match better."""

    rule = serializers.CharField()
    is_hard = serializers.BooleanField(source="hard")
    text_sv = serializers.SerializerMethodField()
    text_en = serializers.SerializerMethodField()

    def get_text_sv(self, rule: Requirement) -> str:
        return in_words(rule, "sv")

    def get_text_en(self, rule: Requirement) -> str:
        return in_words(rule, "en")


class OfferSerializer(serializers.Serializer[SupportOffer]):
    """A support offer, without contact details: those are shared when both sides have said yes."""

    public_id = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Its page, in the language of the answer.")
    state = serializers.ChoiceField(choices=PublicationState.choices)
    language = serializers.ChoiceField(choices=Language.choices, help_text="What it is written in.")
    title = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    title_second = serializers.CharField(allow_blank=True, help_text="In the other language.")
    summary_second = serializers.CharField(allow_blank=True, help_text="In the other language.")
    organisation = OfferGiverSerializer()
    confirmed = serializers.BooleanField(
        source="is_confirmed",
        help_text="False: from a public source, and the giver has not looked through it.",
    )
    support = SupportLineSerializer(many=True)
    areas = _codes("Where the support may be used.", "area_codes")
    area_words = _words()
    themes = _codes(source="theme_codes")
    theme_words = _words()
    target_groups = _codes(source="target_group_codes")
    target_group_words = _words()
    process_parts = _codes()
    methods = _codes(source="method_codes")
    method_words = _words()
    innovation_kinds = _codes(source="innovation_kind_codes")
    innovation_kind_words = _words()
    drivers = _codes(source="driver_codes")
    driver_words = _words()
    eligible_organisation_kinds = _codes("Who may apply.", "eligible_kinds")
    applies_to = serializers.ChoiceField(source="eligible_kinds_apply_to", choices=AppliesTo.choices)
    must_include_kinds = _codes("Some actor must be one of these.")
    consortium_required = serializers.BooleanField(allow_null=True)
    legal_entity_required = serializers.BooleanField(allow_null=True)
    min_age_months = serializers.IntegerField(allow_null=True)
    co_funding_percent = serializers.IntegerField(allow_null=True)
    forms_not_accepted = _codes("What the giver says no to.")
    strict = serializers.ListField(
        child=serializers.ChoiceField(choices=Strict.choices), help_text="Wishes that are requirements here."
    )
    rules = serializers.SerializerMethodField(help_text="Requirements and wishes in words.")
    opens = serializers.DateField(source="opens_on", allow_null=True)
    closes = serializers.DateField(
        source="closes_on",
        allow_null=True,
        help_text="The last day, until 23:59 in Sweden. Null = always open.",
    )
    decision_on = serializers.DateField(allow_null=True)
    capacity = serializers.IntegerField(allow_null=True, help_text="How many can be supported.")
    applied_last_time = serializers.IntegerField(
        source="applied_last", allow_null=True, help_text="How many applied in the last round."
    )
    supported_last_time = serializers.IntegerField(
        source="supported_last", allow_null=True, help_text="How many of them got the support."
    )
    hours_to_apply = serializers.IntegerField(allow_null=True)
    answer_days = serializers.IntegerField(
        allow_null=True,
        help_text="Days to answer, from when somebody asks for an introduction or says yes to one. Null = not said.",
    )
    apply_way = serializers.ChoiceField(choices=ApplyWay.choices)
    apply_url = serializers.CharField(allow_blank=True)
    how_to_apply = serializers.CharField(allow_blank=True)
    is_demo = serializers.BooleanField(help_text="A made-up example.")
    source_url = serializers.CharField(allow_blank=True, help_text="Where an imported one comes from.")
    published_at = serializers.DateTimeField(allow_null=True)
    changed_at = serializers.DateTimeField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, offer: SupportOffer) -> str:
        address = reverse("funders:detail", args=[offer.public_id])
        return str(self.context["request"].build_absolute_uri(address))

    @extend_schema_field(RuleSerializer(many=True))
    def get_rules(self, offer: SupportOffer) -> Any:
        return RuleSerializer([*requirements_of(offer), *wishes_of(offer)], many=True).data  # type: ignore[arg-type]  # many=True takes a list


def _with_rows(offers: QuerySet[SupportOffer]) -> QuerySet[SupportOffer]:
    """Bring along what an answer shows: two queries for any number of rows."""
    return (
        offers.select_related("organisation")
        .defer(*_UNREAD)
        .prefetch_related(Prefetch("support", SupportLine.objects.order_by("position")))
    )


def _area_codes() -> list[str]:
    wanted = {"county", "municipality"}
    return [area.code for area in taxonomy.current_taxonomy().areas.values() if area.kind in wanted]


# The parameters that narrow by the same filters as the catalogue's page, so that both find the same.
_FACETS = {
    "area": "place",
    "theme": "theme",
    "support_kind": "kind",
    "eligible_kind": "who",
    "organisation_kind": "giver",
    "open": "when",
}
_WHEN = {"now": "open", "later": "later"}


def _read_when(text: str) -> str:
    return _WHEN[one_of(lambda: list(_WHEN))(text)]


EXAMPLE = {
    "public_id": "w3f9hkq2mz",
    "url": "https://brygga.example/en/support/w3f9hkq2mz/",
    "state": "published",
    "language": "sv",
    "title": "Bidrag till unga på väg in i arbetslivet",
    "description": "Vi stödjer föreningar som hjälper unga att ta första steget mot arbete.",
    "title_second": "",
    "summary_second": "",
    "organisation": {
        "public_id": "c6t2vb8nxa",
        "name": "Stiftelsen Västanvind",
        "kind": "foundation",
        "is_verified": True,
    },
    "confirmed": True,
    "support": [{"kind": "grant", "amount_min": 50000, "amount_max": 300000, "hours": None}],
    "areas": ["SE-14"],
    "area_words": [],
    "themes": ["employment"],
    "theme_words": [],
    "target_groups": ["young_people_not_in_work_or_school"],
    "target_group_words": [],
    "process_parts": ["develop", "realise"],
    "methods": None,
    "method_words": [],
    "innovation_kinds": None,
    "innovation_kind_words": [],
    "drivers": None,
    "driver_words": [],
    "eligible_organisation_kinds": ["association", "foundation"],
    "applies_to": "lead",
    "must_include_kinds": None,
    "consortium_required": None,
    "legal_entity_required": True,
    "min_age_months": None,
    "co_funding_percent": None,
    "forms_not_accepted": None,
    "strict": [],
    "rules": [
        {
            "rule": "legal_entity_required",
            "is_hard": True,
            "text_sv": "Ni behöver ett organisationsnummer.",
            "text_en": "You need an organisation number.",
        }
    ],
    "opens": "2026-01-01",
    "closes": None,
    "decision_on": None,
    "capacity": 5,
    "applied_last_time": 80,
    "supported_last_time": 12,
    "hours_to_apply": 4,
    "answer_days": 30,
    "apply_way": "introduction",
    "apply_url": "",
    "how_to_apply": "",
    "is_demo": True,
    "source_url": "",
    "published_at": "2026-03-02T10:00:00+01:00",
    "changed_at": "2026-03-02T10:00:00+01:00",
}


@described(
    operation="offers",
    tag="offers",
    summary=_("Published support offers that have not closed, newest first"),
    description=_(
        "Found as in the catalogue: several values of one parameter widen, several parameters narrow. "
        "An offer that has not said where or to whom it gives is never left out by those parameters."
    ),
    answer=page_serializer("OfferPage", OfferSerializer),
    example={"count": 1, "next": None, "results": [EXAMPLE]},
)
class OffersView(ApiView):
    is_public = True
    scope = TokenScope.READ_PROFILES
    parameters = Parameters(
        Parameter("q", _("Words to search for, in Swedish or English."), read_words, {"type": "string"}),
        Parameter(
            "area",
            _("County or municipality where the support is to be used, such as SE-14 or SE-1480."),
            one_of(_area_codes, listed="areas"),
            many=True,
        ),
        Parameter(
            "theme",
            _("A theme and those below it."),
            one_of(lambda: [entry.code for entry in Terms.THEME.vocabulary.active()], listed="themes"),
            many=True,
        ),
        Parameter(
            "support_kind",
            _("A kind of support."),
            of_choices(SupportKind),
            {"type": "string", "enum": SupportKind.values},
            many=True,
        ),
        Parameter(
            "open",
            _("`now`: one can apply today. `later`: it opens another day."),
            _read_when,
            {"type": "string", "enum": list(_WHEN)},
            many=True,
        ),
        Parameter(
            "eligible_kind",
            _("What the one who applies is."),
            of_choices(OrganisationKind),
            {"type": "string", "enum": OrganisationKind.values},
            many=True,
        ),
        Parameter(
            "organisation_kind",
            _("What the giver is."),
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
        rows = OfferSerializer(page.rows, many=True, context={"request": request}).data  # type: ignore[arg-type]  # many=True takes a list
        return Response({"count": page.count, "next": page.next, "results": rows})

    def found(self) -> QuerySet[SupportOffer]:
        """Return what is asked for, of what this caller may see and can still apply for."""
        now = timezone.now()
        catalogue = selectors.offer_catalogue(self.request.user, now)
        facets: dict[str, Facet] = {facet.name: facet for facet in catalogue.facets}
        found = SupportOffer.objects.visible_to(self.request.user).not_over_on(selectors.day_of(now))
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
    operation="offer",
    tag="offers",
    summary=_("One support offer"),
    description=_("Members of its organisation also read it while it is a draft, paused or closed."),
    answer=OfferSerializer,
    example=EXAMPLE,
    path={"public_id": _("The offer's public id.")},
)
class OfferView(ApiView):
    is_public = True
    scope = TokenScope.READ_PROFILES

    def get(self, request: Request, public_id: str) -> Response:
        seen = _with_rows(SupportOffer.objects.visible_to(request.user))
        offer = seen.filter(public_id=public_id).first()
        if offer is None:
            raise Http404
        data: Any = OfferSerializer(offer, context={"request": request}).data
        return Response(data)
