"""Reads for pages: the catalogue, cards, the public page, one's own initiatives, figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import PublicationState
from brygga.core.formatting import format_money, format_number
from brygga.organisations.models import Organisation
from brygga.organisations.registration.catalogue import Catalogue
from brygga.organisations.registration.facets import (
    area_facet,
    array_facet,
    column_facet,
    rows_facet,
    terms_facet,
)
from brygga.organisations.registration.search import plan_search
from brygga.organisations.registration.words import Terms, full_area_names
from brygga.taxonomy.enums import (
    MONEY_KINDS,
    Driver,
    OrganisationKind,
    ProcessPart,
    RefusalReason,
    SupportKind,
)
from innovators.models import Actor, Initiative, Need
from innovators.wheel import Arc, arc, weave

if TYPE_CHECKING:
    from brygga.users.models import User

# What a card needs; descriptions and search vectors stay in the database.
CARD_COLUMNS = (
    "public_id",
    "title",
    "title_second",
    "summary_second",
    "change",
    "language",
    "state",
    "visibility",
    "place_coarsened",
    "area_words",
    "public_area_codes",
    "theme_codes",
    "process_parts",
    "published_at",
    "changed_at",
    "is_demo",
    "organisation__name",
    "organisation__kind",
    "organisation__public_id",
    "organisation__verified_at",
)
MOST_ON_CARD = 3


@dataclass(frozen=True)
class Telling:
    """A name and a text in the reader's language where they exist, and the language they are in."""

    title: str
    text: str
    language: str
    is_second: bool = False


def telling(initiative: Initiative) -> Telling:
    """Return the initiative in the page's language when its owner has told it in that, else as written."""
    wanted = "en" if (get_language() or "sv").startswith("en") else "sv"
    if wanted != initiative.language and (initiative.title_second or initiative.summary_second):
        return Telling(
            initiative.title_second or initiative.title,
            initiative.summary_second or initiative.change,
            wanted,
            is_second=True,
        )
    return Telling(initiative.title, initiative.change, initiative.language)


def owner_name(organisation: Organisation) -> str:
    """Return what strangers may call the owner: a private person is not named."""
    if organisation.kind == OrganisationKind.INDIVIDUAL:
        return str(OrganisationKind.INDIVIDUAL.label)
    return str(organisation)


def public_places(initiative: Initiative) -> list[str]:
    """Return the places that strangers may read, in words."""
    return [*full_area_names(initiative.public_area_codes), *initiative.public_area_words]


def need_in_words(need: Need) -> str:
    label = str(need.get_kind_display())
    if need.amount:
        return f"{label}: {format_money(need.amount)}"
    if need.hours:
        return ngettext("%(kind)s: %(hours)s hour", "%(kind)s: %(hours)s hours", need.hours) % {
            "kind": label,
            "hours": format_number(need.hours),
        }
    return label


def in_short(texts: Iterable[str], most: int = MOST_ON_CARD) -> str:
    """Return a few texts and how many more there are: "Malmö, Lund +3"."""
    every = list(texts)
    more = f" +{len(every) - most}" if len(every) > most else ""
    return ", ".join(every[:most]) + more


@dataclass(frozen=True)
class InitiativeCard:
    """An initiative in a list."""

    initiative: Initiative
    title: str
    text: str
    language: str
    owner: str
    tags: list[str]
    meta: list[str]
    # For the table: the same, each in a column.
    places: str = ""
    needs: str = ""


def cards(initiatives: Iterable[Initiative]) -> list[InitiativeCard]:
    """Return the initiatives as cards. Expects `organisation` and `needs` at hand: see `with_card_rows`."""
    made = []
    for initiative in initiatives:
        told = telling(initiative)
        needs = [str(need.get_kind_display()) for need in initiative.needs.all()]
        made.append(
            InitiativeCard(
                initiative=initiative,
                title=told.title,
                text=told.text,
                language=told.language,
                owner=owner_name(initiative.organisation),
                tags=Terms.THEME.names((initiative.theme_codes or [])[:MOST_ON_CARD]),
                meta=[
                    in_short(public_places(initiative), 2),
                    gettext("Needs: %s") % in_short(needs).lower() if needs else "",
                ],
                places=in_short(public_places(initiative), 2),
                needs=in_short(needs),
            )
        )
    return made


def with_card_rows(initiatives: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """Fetch what cards show in two queries, whatever the number of cards."""
    return (
        initiatives.select_related("organisation")
        .only(*CARD_COLUMNS)
        .prefetch_related(Prefetch("needs", queryset=Need.objects.order_by("position")))
    )


def initiative_catalogue(user: User | AnonymousUser) -> Catalogue:
    """Return the catalogue of what this user may see."""
    return Catalogue(
        profiles=with_card_rows(Initiative.objects.published().visible_to(user)),
        facets=(
            area_facet("place", _("Place"), "public_area_codes"),
            terms_facet("theme", _("Subject"), Terms.THEME),
            terms_facet("group", _("For whom"), Terms.TARGET_GROUP),
            array_facet("part", _("What they are doing now"), "process_parts", ProcessPart),
            rows_facet("need", _("What they need"), Need, "initiative", "kind", SupportKind),
            column_facet("kind", _("Who is behind it"), "organisation__kind", OrganisationKind),
        ),
        plan_search=lambda text: plan_search(text, area_field="public_area_codes"),
        orders={"newest": (_("Newest first"), ("-published_at", "-pk"))},
    )


@dataclass(frozen=True)
class WheelPart:
    """One of the six parts of the process, as drawn."""

    number: int
    label: str | Promise
    is_current: bool
    arc: Arc


@dataclass(frozen=True)
class ActorLine:
    name: str
    kind: str
    role: str


@dataclass(frozen=True)
class InitiativePage:
    """Everything the public page shows, in words. Holds no contact details."""

    initiative: Initiative
    told: Telling
    owner: str
    owner_is_person: bool
    owner_kind: str
    places: list[str]
    spread: list[str]
    themes: list[str]
    target_groups: list[str]
    methods: list[str]
    kinds: list[str]
    drivers: list[str]
    declined: list[str]
    declined_why: list[str]
    wheel: list[WheelPart]
    money: list[str]
    other_support: list[str]
    actors: list[ActorLine] = field(default_factory=list)

    @property
    def facts(self) -> list[tuple[str, list[str]]]:
        """The short facts beside the text; those without an answer are left out."""
        every = [
            (gettext("Where"), self.places),
            (gettext("Where it could spread"), self.spread),
            (gettext("Themes"), self.themes),
            (gettext("For whom"), self.target_groups),
            (gettext("Ways of working"), self.methods),
            (gettext("What is new"), self.kinds),
            (gettext("What drives us"), self.drivers),
        ]
        return [(label, texts) for label, texts in every if texts]

    @property
    def weave(self) -> str:
        return weave(len(self.wheel))

    @property
    def current_parts(self) -> list[WheelPart]:
        return [part for part in self.wheel if part.is_current]


def initiative_page(initiative: Initiative) -> InitiativePage:
    """Return the public page. Three queries at most beyond the initiative and its organisation."""
    needs = list(initiative.needs.order_by("position"))
    current = set(initiative.process_parts or [])
    return InitiativePage(
        initiative=initiative,
        told=telling(initiative),
        owner=owner_name(initiative.organisation),
        owner_is_person=initiative.organisation.kind == OrganisationKind.INDIVIDUAL,
        # A group without a name is called by its kind; it is not said twice.
        owner_kind=str(initiative.organisation.get_kind_display() or "")
        if initiative.organisation.name
        else "",
        places=public_places(initiative),
        spread=[*full_area_names(initiative.spread_area_codes), *initiative.spread_area_words],
        themes=[*Terms.THEME.names(initiative.theme_codes), *initiative.theme_words],
        target_groups=[
            *Terms.TARGET_GROUP.names(initiative.target_group_codes),
            *initiative.target_group_words,
        ],
        methods=[*Terms.METHOD.names(initiative.method_codes), *initiative.method_words],
        kinds=[
            *Terms.INNOVATION_KIND.names(initiative.innovation_kind_codes),
            *initiative.innovation_kind_words,
        ],
        drivers=[*_labels(Driver, initiative.driver_codes), *initiative.driver_words],
        declined=_labels(SupportKind, initiative.forms_not_accepted),
        declined_why=_labels(RefusalReason, initiative.refusal_reasons),
        wheel=[
            WheelPart(position + 1, part.label, part.value in current, arc(position, len(ProcessPart)))
            for position, part in enumerate(ProcessPart)
        ],
        money=[need_in_words(need) for need in needs if need.kind in MONEY_KINDS],
        other_support=[need_in_words(need) for need in needs if need.kind not in MONEY_KINDS],
        actors=[_actor_line(actor) for actor in initiative.actors.order_by("position")],
    )


def _labels(choices: Any, codes: Iterable[str] | None) -> list[str]:
    return [str(choices(code).label) if code in choices.values else code for code in codes or ()]


def _actor_line(actor: Actor) -> ActorLine:
    kind = str(actor.get_kind_display()) if actor.kind else ""
    return ActorLine(name=actor.public_name, kind=kind, role=actor.role)


def own_initiatives(user: User) -> QuerySet[Initiative]:
    """Return the initiatives of the user's organisations, the last changed first."""
    organisations = Organisation.objects.of(user).values("pk")
    return (
        Initiative.objects.filter(organisation__in=organisations)
        .select_related("organisation")
        .order_by("-changed_at", "-pk")
    )


def public_figures() -> dict[str, int]:
    """Return the numbers for the start page, in one query; strangers may know them."""
    return Initiative.objects.public().aggregate(
        initiatives=Count("pk"), organisations=Count("organisation", distinct=True)
    )


STATE_WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    PublicationState.DRAFT: (
        _("Draft: only you and your colleagues see it"),
        _("Publish it when you are ready."),
    ),
    PublicationState.PUBLISHED: (
        _("Published"),
        _("We look for support that fits, and tell you when somebody wants to get in touch."),
    ),
    PublicationState.PAUSED: (
        _("Paused: it is not shown and gets no new matches"),
        _("Publish it again when you want."),
    ),
    PublicationState.CLOSED: (
        _("Closed: it is no longer shown"),
        _("You can publish it again if the work starts anew."),
    ),
}


def state_in_words(initiative: Initiative) -> tuple[str, str]:
    """Return what the state means now and what happens next."""
    now, following = STATE_WORDS[PublicationState(initiative.state)]
    return str(now), str(following)
