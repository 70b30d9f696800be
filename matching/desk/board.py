"""The desk of one offer: every case where it lies, as columns or as a table. Few queries for any number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext

from brygga.organisations.enums import WRITING_ROLES
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.cards import Case, case_of
from matching.desk.enums import DECIDED, NEXT_STAGES, Stage
from matching.desk.models import Decision, Recusal, ShortlistEntry
from matching.desk.selectors import Asked, entries_of, recusals_of
from matching.engine.selectors import explain, matches_for_offer
from matching.meeting.answer_days import is_past
from matching.meeting.models import Introduction
from matching.meeting.selectors import newest_introductions

if TYPE_CHECKING:
    from matching.engine.models import Match

#: The columns, from left to right. What was put aside has its own place, below the shortlist.
COLUMNS = (Stage.SUGGESTED, Stage.SHORTLISTED, Stage.IN_DIALOGUE, Stage.SUPPORTED, Stage.DECLINED)
MOST_IN_COLUMN = 10
PAGE_SIZE = 40
SORTS = ("stage", "moved", "due", "fit", "title")
DUE = ("late", "week", "none")
MINE, NOBODY = "me", "nobody"
_A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Place:
    """Where a case lies: all that sorting and filtering need, and nothing to show."""

    initiative: int
    stage: Stage
    title: str
    fit: float | None
    changed_at: datetime | None = None
    due_on: date | None = None
    assignee: int | None = None


@dataclass(frozen=True)
class Card:
    """A case as the desk shows it. `steps` are the stages it may go to, with what the button's list calls them."""

    case: Case
    stage: Stage
    is_visible: bool
    steps: list[tuple[str, str]]
    due_on: date | None
    is_late: bool
    assignee: User | None
    recusals: Sequence[Recusal]
    decision: Decision | None
    # By when the initiative, which has said yes, has been promised an answer; None when there is a decision.
    answer_by: date | None = None
    answer_is_late: bool = False

    @property
    def is_decided(self) -> bool:
        return self.stage in DECIDED


def places(offer: SupportOffer, user: User, now: datetime) -> list[Place]:
    """Return every case of an offer but those put aside, and those that the user stands aside from. Two queries."""
    matches = (
        matches_for_offer(offer, user, now)
        .prefetch_related(None)
        .values_list("initiative_id", "fit", "initiative__title")
    )
    matched = {initiative: (fit, title) for initiative, fit, title in matches}
    found: list[Place] = []
    placed: set[int] = set()
    rows = ShortlistEntry.objects.filter(offer=offer).exclude(
        initiative__in=Recusal.objects.initiatives_hidden_from(user, offer)
    )
    for initiative, stage, title, changed_at, due_on, assignee in rows.values_list(
        "initiative_id", "stage", "initiative__title", "changed_at", "due_on", "assignee_id"
    ):
        placed.add(initiative)
        # What is no longer put forward and was put back lies nowhere.
        if stage == Stage.DISMISSED or (stage == Stage.SUGGESTED and initiative not in matched):
            continue
        fit = matched[initiative][0] if initiative in matched else None
        found.append(Place(initiative, Stage(stage), title, fit, changed_at, due_on, assignee))
    for initiative, (fit, title) in matched.items():
        if initiative not in placed:
            found.append(Place(initiative, Stage.SUGGESTED, title, fit))
    return found


def narrowed(rows: Iterable[Place], asked: Asked, user: User, today: date) -> list[Place]:
    """Return the cases that lie, are taken care of and are due as the address asks."""
    return [
        row
        for row in rows
        if (not asked["stage"] or row.stage in asked["stage"])
        and (not asked["who"] or any(_is_with(row, who, user) for who in asked["who"]))
        and (not asked["due"] or any(_is_due(row, when, today) for when in asked["due"]))
    ]


def _is_with(row: Place, who: str, user: User) -> bool:
    wanted = {MINE: user.pk, NOBODY: None}.get(who, who)
    return str(row.assignee) == str(wanted)


def _is_due(row: Place, when: str, today: date) -> bool:
    if row.due_on is None:
        return when == "none"
    return row.due_on < today if when == "late" else when == "week" and today <= row.due_on <= today + _A_WEEK


def in_order(rows: Iterable[Place], sort: str) -> list[Place]:
    """Return the cases in an order: those without what is sorted by come last."""
    ordered = sorted(rows, key=lambda row: (-(row.fit or 0.0), row.initiative))
    if sort == "title":
        return sorted(ordered, key=lambda row: row.title.casefold())
    if sort == "due":
        return sorted(ordered, key=lambda row: (row.due_on is None, row.due_on or date.max))
    if sort == "moved":
        return sorted(ordered, key=_last_moved_first)
    if sort == "stage":
        # As the columns: suggestions by fit, the others by when they came there.
        ordered = [row for row in ordered if row.stage == Stage.SUGGESTED] + sorted(
            (row for row in ordered if row.stage != Stage.SUGGESTED), key=_last_moved_first
        )
        return sorted(ordered, key=lambda row: COLUMNS.index(row.stage))
    return ordered


def _last_moved_first(row: Place) -> float:
    return -row.changed_at.timestamp() if row.changed_at else 0.0


def cards(
    offer: SupportOffer,
    rows: Sequence[Place],
    user: User,
    now: datetime,
    as_seen: Callable[[Case], Case],
) -> dict[int, Card]:
    """Return what the desk shows of cases, by initiative. The same number of queries for any number of cases.

    `as_seen` hides names from who has asked for that.
    """
    keys = [row.initiative for row in rows]
    matches: dict[int, Match] = {
        match.initiative_id: match
        for match in matches_for_offer(offer, user, now).filter(initiative__in=keys)
    }
    others = Initiative.objects.filter(pk__in=[key for key in keys if key not in matches])
    initiatives = {
        one.pk: one
        for one in others.select_related("organisation")
        .defer("search_swedish", "search_english")
        .prefetch_related("needs")
    }
    visible = set(
        Initiative.objects.published().visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    )
    entries = entries_of(offer, keys)
    introductions = newest_introductions(offer, keys)
    recusals = recusals_of(offer, keys)
    decisions = {
        one.entry_id: one for one in Decision.objects.filter(entry__offer=offer, entry__initiative__in=keys)
    }
    today = timezone.localdate(now)
    found = {}
    for row in rows:
        match, entry = matches.get(row.initiative), entries.get(row.initiative)
        case = case_of(
            match.initiative if match else initiatives[row.initiative],
            explain(match, perspective="offer", now=now) if match else None,
            entry,
            introductions.get(row.initiative),
        )
        answer_by = _answer_by(introductions.get(row.initiative), row.stage)
        found[row.initiative] = Card(
            case=as_seen(case),
            stage=row.stage,
            is_visible=row.initiative in visible,
            steps=[(step.value, step_in_words(step)) for step in NEXT_STAGES[row.stage]],
            due_on=row.due_on,
            is_late=row.due_on is not None and row.due_on < today and row.stage not in DECIDED,
            assignee=entry.assignee if entry else None,
            recusals=recusals.get(row.initiative, ()),
            decision=decisions.get(entry.pk) if entry else None,
            answer_by=answer_by,
            answer_is_late=answer_by is not None and is_past(answer_by, today),
        )
    return found


def _answer_by(introduction: Introduction | None, stage: Stage) -> date | None:
    return introduction.answer_by if introduction is not None and stage not in DECIDED else None


def step_in_words(step: Stage) -> str:
    """Return a stage as something to do; those that ask for more end in an ellipsis."""
    return {
        Stage.SUGGESTED: gettext("Back among the suggestions"),
        Stage.SHORTLISTED: gettext("On the shortlist"),
        Stage.IN_DIALOGUE: gettext("In dialogue"),
        Stage.SUPPORTED: gettext("Gets support …"),
        Stage.DECLINED: gettext("Turn down …"),
        Stage.DISMISSED: gettext("Not relevant …"),
    }[step]


def writers_of(offer: SupportOffer) -> list[User]:
    """Return who may take care of the offer's cases, by name. One query."""
    writers = User.objects.filter(
        memberships__organisation=offer.organisation_id, memberships__role__in=WRITING_ROLES
    )
    return sorted(writers, key=lambda one: str(one).casefold())


def columns(
    rows: Iterable[Place],
    offer: SupportOffer,
    user: User,
    now: datetime,
    as_seen: Callable[[Case], Case],
) -> list[dict[str, Any]]:
    """Return the board: for each stage how many cases lie there and the first of them as cards."""
    lying: dict[Stage, list[Place]] = {stage: [] for stage in COLUMNS}
    for row in in_order(rows, "stage"):
        lying[row.stage].append(row)
    shown = cards(
        offer, [row for column in lying.values() for row in column[:MOST_IN_COLUMN]], user, now, as_seen
    )
    return [
        {
            "stage": stage,
            "total": len(column),
            "cards": [shown[row.initiative] for row in column[:MOST_IN_COLUMN]],
            "more": len(column) > MOST_IN_COLUMN,
        }
        for stage, column in lying.items()
    ]
