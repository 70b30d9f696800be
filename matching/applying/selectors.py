"""Reads of what was applied for elsewhere: one's own list, a pair's standing, and figures that single nobody out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from brygga.core.enums import PublicationState
from brygga.core.formatting import format_day, format_money
from funders.enums import ApplyWay
from funders.models import SupportOffer
from funders.selectors import giver_name
from funders.selectors import telling as offer_telling
from innovators.models import Initiative
from innovators.selectors import telling as initiative_telling
from matching.applying import permissions
from matching.applying.days import ask_day
from matching.applying.enums import DidApply, Outcome
from matching.applying.models import Application

if TYPE_CHECKING:
    from brygga.users.models import User

#: Fewer have answered than this: nothing is said, so that nobody can be guessed.
FEWEST_ANSWERS = 5


def is_applied_for_elsewhere(offer: SupportOffer) -> bool:
    """Say whether one applies with the giver and not by an introduction here; imported offers always."""
    return not offer.is_confirmed or offer.apply_way != ApplyWay.INTRODUCTION


def can_be_applied_for(offer: SupportOffer, initiative: Initiative, today: date) -> bool:
    """Say whether somebody may say that they mean to apply: it is shown, not over, and not their own."""
    return (
        is_applied_for_elsewhere(offer)
        and offer.state == PublicationState.PUBLISHED
        and (offer.closes_on is None or offer.closes_on >= today)
        and offer.organisation_id != initiative.organisation_id
    )


def link_to_giver(offer: SupportOffer) -> str:
    """Return what the link to where one applies is called; "" where there is none."""
    if not is_applied_for_elsewhere(offer) or not (offer.apply_url or offer.source_url):
        return ""
    if not offer.apply_url:
        return _("Read how to apply at the source")
    return _("To the giver’s form") if offer.apply_way == ApplyWay.OWN_FORM else _("To the giver’s page")


@dataclass(frozen=True)
class Line:
    """One application as its own people read it: what is, and whether we wait for them to tell."""

    public_id: str
    offer: SupportOffer
    title: str
    language: str
    giver: str
    initiative: str
    initiative_language: str
    state: str
    tone: str
    now: str
    is_open: bool
    is_waited_for: bool
    may_be_removed: bool


def line_of(application: Application, today: date) -> Line:
    """Return an application in words. Asks for nothing when offer, initiative and giver are at hand."""
    told = offer_telling(application.offer)
    own = initiative_telling(application.initiative)
    state, tone, now = _standing(application, today)
    return Line(
        public_id=application.public_id,
        offer=application.offer,
        title=told.title,
        language=told.language,
        giver=giver_name(application.offer.organisation),
        initiative=own.title,
        initiative_language=own.language,
        state=state,
        tone=tone,
        now=now,
        is_open=application.offer.state == PublicationState.PUBLISHED,
        is_waited_for=is_waited_for(application, today),
        may_be_removed=not application.did_apply,
    )


def is_waited_for(application: Application, today: date) -> bool:
    return not application.did_apply and ask_day(application.offer, application.meant_on) <= today


def _standing(application: Application, today: date) -> tuple[str, str, str]:
    if application.did_apply == DidApply.NO:
        return _("Did not apply"), "neutral", _("Nothing more happens.")
    if application.did_apply == DidApply.NOT_YET:
        return _("Not applied yet"), "info", _("Tell us when you have applied, or if you do not.")
    if application.did_apply == DidApply.YES:
        return _OUTCOMES[Outcome(application.outcome)](application)
    if is_waited_for(application, today):
        return _("How did it go?"), "warning", _("Tell us whether you applied and how it went.")
    day = format_day(ask_day(application.offer, application.meant_on))
    return _("Means to apply"), "info", _("We ask you %(day)s how it went.") % {"day": day}


def _got_it(application: Application) -> tuple[str, str, str]:
    said = _("You got the support.")
    if application.amount is not None:
        said = _("You got %(amount)s.") % {"amount": format_money(application.amount)}
    if application.is_shown:
        said = f"{said} {_('It is shown on your page.')}"
    return _("Got support"), "success", said


_OUTCOMES: dict[Outcome, Callable[[Application], tuple[str, str, str]]] = {
    Outcome.WAITING: lambda _application: (
        _("Applied"),
        "info",
        _("You wait for an answer. Tell us when you have got it."),
    ),
    Outcome.YES: _got_it,
    Outcome.NO: lambda _application: (_("No this time"), "neutral", _("Nothing more happens.")),
    Outcome.WITHDREW: lambda _application: (
        _("Application taken back"),
        "neutral",
        _("You took the application back."),
    ),
}


_UNANSWERED_FIRST = Case(When(did_apply="", then=Value(0)), default=Value(1), output_field=IntegerField())


def applications_of(user: User, initiative: Initiative | None = None) -> QuerySet[Application]:
    """Return what the user's initiatives have meant to apply for, what is not told first, then the newest."""
    rows = Application.objects.visible_to(user).select_related(
        "offer__organisation", "initiative__organisation"
    )
    if initiative is not None:
        rows = rows.filter(initiative=initiative)
    return rows.order_by(_UNANSWERED_FIRST, "-meant_on", "-pk")


@dataclass(frozen=True)
class Choice:
    """One of somebody's initiatives beside an offer: what it has said, and whether they may say that it applies."""

    initiative: Initiative
    line: Line | None
    may_say: bool
    may_tell: bool


def choices_of(
    offer: SupportOffer, initiatives: Iterable[Initiative], user: User, today: date
) -> list[Choice]:
    """Return the initiatives that have said something of an offer, or may. One query, none for introductions."""
    if not is_applied_for_elsewhere(offer):
        return []
    by_key = {one.pk: one for one in initiatives}
    rows = Application.objects.visible_to(user).filter(offer=offer, initiative__in=by_key)
    said = {row.initiative_id: row for row in rows}
    choices = []
    for key, initiative in by_key.items():
        line = None
        if (application := said.get(key)) is not None:
            application.offer, application.initiative = offer, initiative
            line = line_of(application, today)
        may_write = permissions.can_mean_to_apply(user, initiative)
        may_say = line is None and may_write and can_be_applied_for(offer, initiative, today)
        if line is not None or may_say:
            choices.append(Choice(initiative, line, may_say, may_write))
    return choices


def numbers_of(initiatives: Iterable[Initiative], today: date) -> dict[int, dict[str, int]]:
    """Return, for initiatives that have meant to apply, how many times, and how many we wait to hear of. One query."""
    due = Application.objects.due_on(today).values("pk")
    rows = (
        Application.objects.filter(initiative__in=[one.pk for one in initiatives])
        .order_by()
        .values("initiative_id")
        .annotate(number=Count("pk"), waiting=Count("pk", filter=Q(pk__in=due)))
    )
    return {row["initiative_id"]: {"number": row["number"], "waiting": row["waiting"]} for row in rows}


def numbers_at_home(user: User, today: date) -> dict[str, int]:
    """Return how many applications a person's initiatives have, and how many we wait to hear of. One query."""
    due = Application.objects.due_on(today).values("pk")
    return Application.objects.visible_to(user).aggregate(
        number=Count("pk"), waiting=Count("pk", filter=Q(pk__in=due))
    )


@dataclass(frozen=True)
class Figure:
    """What those who have answered say of an offer, as numbers."""

    answered: int
    applied: int
    got_it: int


def figure_of(offer: SupportOffer) -> Figure | None:
    """Return how many applied and how many got a yes, from five organisations that have answered. One query."""
    if not is_applied_for_elsewhere(offer):
        return None
    told = Application.objects.filter(offer=offer).told()
    found = told.aggregate(
        organisations=Count("initiative__organisation", distinct=True),
        answered=Count("pk"),
        applied=Count("pk", filter=Q(did_apply=DidApply.YES)),
        got_it=Count("pk", filter=Q(outcome=Outcome.YES)),
    )
    if found["organisations"] < FEWEST_ANSWERS:
        return None
    return Figure(found["answered"], found["applied"], found["got_it"])


@dataclass(frozen=True)
class Shown:
    """Support that an initiative's people say that they have got, and have chosen to show."""

    what: str
    giver: str
    offer: SupportOffer | None


def shown_support(initiatives: Iterable[Initiative]) -> dict[int, list[Shown]]:
    """Return, by initiative, the support that its people show on its page. One query."""
    rows = (
        Application.objects.filter(initiative__in=[one.pk for one in initiatives], award__isnull=False)
        .select_related("offer__organisation", "award")
        .order_by("-answered_at", "-pk")
    )
    found: dict[int, list[Shown]] = {}
    for row in rows:
        assert row.award is not None  # asked for above
        kind = str(row.award.get_kind_display() or _("Support"))
        what = kind if row.amount is None else f"{kind}, {format_money(row.amount)}"
        is_open = row.offer.state == PublicationState.PUBLISHED
        found.setdefault(row.initiative_id, []).append(
            Shown(what, giver_name(row.offer.organisation), row.offer if is_open else None)
        )
    return found
