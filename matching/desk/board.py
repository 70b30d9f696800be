"""Every case where it lies, at the desk of one offer or of several. Few queries for any number of cases or offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from brygga.organisations.enums import WRITING_ROLES
from brygga.users.models import User
from funders.models import SupportOffer
from funders.selectors import Telling, telling
from innovators.models import Initiative
from matching.desk.cards import Case, case_of
from matching.desk.enums import DECIDED, NEXT_STAGES, Stage
from matching.desk.models import Decision, Recusal, ShortlistEntry
from matching.desk.news import new_pairs, why_gone
from matching.desk.querysets import Pair
from matching.desk.selectors import Asked, entries_by_key, recusals_of_pairs
from matching.engine.models import Match
from matching.engine.selectors import HowWell, how_well, matches_for_offers
from matching.meeting.answer_days import is_past
from matching.meeting.enums import IntroductionState
from matching.meeting.models import Introduction
from matching.meeting.proposing.models import Proposal
from matching.meeting.proposing.selectors import waiting_of_pairs
from matching.meeting.selectors import newest_of_pairs

#: The columns, from left to right. What was put aside has its own place, below the shortlist.
COLUMNS = (Stage.SUGGESTED, Stage.SHORTLISTED, Stage.IN_DIALOGUE, Stage.SUPPORTED, Stage.DECLINED)
MOST_IN_COLUMN = 20
PAGE_SIZE = 40
MOST_ROWS = 200
SORTS = ("stage", "moved", "due", "answer", "fit", "title")
DUE = ("late", "week", "none")
ANSWER = ("late", "week", "any")
WANTS_CONTACT = "wanted"
IS_NEW = "yes"
MINE, NOBODY = "me", "nobody"
_A_WEEK = timedelta(days=7)
_HAS_CARE = ExpressionWrapper(
    ~Q(note="") | Q(assignee__isnull=False) | Q(due_on__isnull=False), output_field=BooleanField()
)


@dataclass(frozen=True)
class Place:
    """Where a case lies: all that sorting and filtering need, and nothing to show."""

    offer: int
    initiative: int
    stage: Stage
    title: str
    fit: float | None
    changed_at: datetime | None = None
    due_on: date | None = None
    assignee: int | None = None
    # By when the initiative has been promised an answer; None when nothing is owed.
    answer_by: date | None = None
    public_id: str = ""
    # The initiative has asked for contact and waits for an answer.
    wants_contact: bool = False
    # The rows that it is made of, if any: its match and its place on the desk.
    match: int | None = None
    entry: int | None = None
    # It is put forward and nobody of the offer's people has opened it yet.
    is_new: bool = False

    @property
    def pair(self) -> Pair:
        return self.offer, self.initiative


@dataclass(frozen=True)
class Card:
    """A case as the desk shows it. `steps` are the stages it may go to, with what the button's list calls them."""

    case: Case
    offer: SupportOffer
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
    # Why a case that somebody has written about or takes care of is no longer suggested; empty = it is.
    gone_because: str | Promise = ""
    # It is put forward and nobody of the offer's people has opened it yet.
    is_new: bool = False
    # What an intermediary has proposed of the two, and waits for an answer.
    proposal: Proposal | None = None
    # None for what is not among the matches.
    how_well: HowWell | None = None

    @property
    def support(self) -> Telling:
        """The offer's name in the reader's language."""
        return telling(self.offer)

    @property
    def is_decided(self) -> bool:
        return self.stage in DECIDED

    @property
    def may_be_asked(self) -> bool:
        """Whether the giver may ask for an introduction: it is on its way, and nothing is open between the two."""
        asked = self.case.introduction
        is_free = asked is None or asked.state in (IntroductionState.DECLINED, IntroductionState.WITHDRAWN)
        return is_free and self.is_visible and self.stage in (Stage.SHORTLISTED, Stage.IN_DIALOGUE)


def places(offers: Iterable[int], user: User, now: datetime, *, with_suggestions: bool = True) -> list[Place]:
    """Return every case of some offers but those put aside, and those that the user stands aside from. Four queries.

    Whoever waits for an answer to a question is there wherever their case lies, and if it lies nowhere. Without
    suggestions only what somebody has laid or handled is there besides.
    """
    keys = list(offers)
    answer_by: dict[Pair, date | None] = {}
    asking: dict[Pair, tuple[str, str]] = {}
    of_offers = Introduction.objects.filter(~Recusal.objects.of_pair(user), offer__in=keys)
    waits = of_offers.promised() | of_offers.waiting_for_giver()
    for one in waits.select_related("initiative").only(
        "state", "asked_side", "answer_by", "offer_id", "initiative__title", "initiative__public_id"
    ):
        pair = (one.offer_id, one.initiative_id)
        answer_by[pair] = one.answer_by
        if one.waits_for_giver:
            asking[pair] = (one.initiative.title, one.initiative.public_id)
    laid = ShortlistEntry.objects.filter(~Recusal.objects.of_pair(user), offer__in=keys)
    rows = list(
        laid.annotate(has_care=_HAS_CARE).values_list(
            "pk",
            "offer_id",
            "initiative_id",
            "stage",
            "initiative__title",
            "changed_at",
            "due_on",
            "assignee_id",
            "initiative__public_id",
            "has_care",
        )
    )
    handled = asking.keys() | {(row[1], row[2]) for row in rows}
    matches = matches_for_offers(keys, user, now).prefetch_related(None)
    if not with_suggestions:
        matches = matches.filter(initiative__in={initiative for _offer, initiative in handled})
    matched = {
        (offer, initiative): (fit, title, name, match)
        for offer, initiative, fit, title, name, match in matches.values_list(
            "offer_id", "initiative_id", "fit", "initiative__title", "initiative__public_id", "pk"
        )
        if with_suggestions or (offer, initiative) in handled
    }
    found: list[Place] = []
    placed: set[Pair] = set()
    for entry, offer, initiative, stage, title, changed_at, due_on, assignee, name, has_care in rows:
        pair = (offer, initiative)
        placed.add(pair)
        # What is no longer put forward and was put back lies nowhere, unless somebody has written of it or has it.
        is_left = stage == Stage.SUGGESTED and pair not in matched and not has_care
        lies_nowhere = stage == Stage.DISMISSED or is_left
        if lies_nowhere and pair not in asking:
            continue
        fit, match = (matched[pair][0], matched[pair][3]) if pair in matched else (None, None)
        promise, wants = answer_by.get(pair), pair in asking
        found.append(
            Place(
                *pair,
                Stage(stage),
                title,
                fit,
                changed_at,
                due_on,
                assignee,
                promise,
                name,
                wants,
                match,
                entry,
            )
        )
    unplaced: dict[Pair, tuple[float | None, str, str, int | None]] = {
        **{pair: (None, *names, None) for pair, names in asking.items()},
        **matched,
    }
    for pair, (fit, title, name, match) in unplaced.items():
        if pair not in placed:
            promise, wants = answer_by.get(pair), pair in asking
            found.append(
                Place(
                    *pair,
                    Stage.SUGGESTED,
                    title,
                    fit,
                    answer_by=promise,
                    public_id=name,
                    wants_contact=wants,
                    match=match,
                )
            )
    new = new_pairs(keys) & matched.keys()
    return [replace(row, is_new=True) if row.pair in new else row for row in found]


def narrowed(rows: Iterable[Place], asked: Asked, user: User, today: date) -> list[Place]:
    """Return the cases that lie, are taken care of and are due as the address asks."""
    return [
        row
        for row in rows
        if (not asked["stage"] or column_of(row) in asked["stage"])
        and (not asked["who"] or any(_is_with(row, who, user) for who in asked["who"]))
        and (not asked["due"] or any(_is_due(row.due_on, when, today) for when in asked["due"]))
        and (not asked["answer"] or any(_is_due(row.answer_by, when, today) for when in asked["answer"]))
        and (not asked["contact"] or row.wants_contact)
        and (not asked["new"] or row.is_new)
    ]


def _is_with(row: Place, who: str, user: User) -> bool:
    wanted = {MINE: user.pk, NOBODY: None}.get(who, who)
    return str(row.assignee) == str(wanted)


def _is_due(day: date | None, when: str, today: date) -> bool:
    if day is None:
        return when == "none"
    if when == "late":
        return day < today
    return when == "any" or (when == "week" and today <= day <= today + _A_WEEK)


def in_order(rows: Iterable[Place], sort: str) -> list[Place]:
    """Return the cases in an order: those without what is sorted by come last."""
    ordered = sorted(rows, key=lambda row: (-(row.fit or 0.0), row.initiative, row.offer))
    if sort == "title":
        return sorted(ordered, key=lambda row: row.title.casefold())
    if sort == "due":
        return sorted(ordered, key=lambda row: (row.due_on is None, row.due_on or date.max))
    if sort == "answer":
        # Soonest first, so that what is late stands first of all.
        return sorted(ordered, key=lambda row: (row.answer_by is None, row.answer_by or date.max))
    if sort == "moved":
        return sorted(ordered, key=last_moved_first)
    if sort == "stage":
        # As the columns: suggestions by fit, the others by when they came there.
        ordered = [row for row in ordered if row.stage == Stage.SUGGESTED] + sorted(
            (row for row in ordered if row.stage != Stage.SUGGESTED), key=last_moved_first
        )
        # Within a column who waits for an answer comes first.
        return sorted(ordered, key=lambda row: (COLUMNS.index(column_of(row)), not row.wants_contact))
    return ordered


def column_of(row: Place) -> Stage:
    """Return the column a case is shown in: one that was put aside and has asked since, among the suggestions."""
    return row.stage if row.stage in COLUMNS else Stage.SUGGESTED


def last_moved_first(row: Place) -> float:
    """Order cases by when they were moved, the latest first."""
    return -row.changed_at.timestamp() if row.changed_at else 0.0


def cards(
    offers: Iterable[SupportOffer],
    rows: Sequence[Place],
    user: User,
    now: datetime,
    as_seen: Callable[[Case, int], Case],
) -> dict[Pair, Card]:
    """Return what the desk shows of cases, by pair. The same number of queries for any number of cases and offers.

    `as_seen` hides names from who has asked for that.
    """
    by_key = {offer.pk: offer for offer in offers}
    pairs = [row.pair for row in rows]
    keys = {initiative for _offer, initiative in pairs}
    fits = {
        match.pk: how_well(match)
        for match in Match.objects.filter(pk__in=[row.match for row in rows if row.match is not None]).only(
            "analysis_id", "fit", "verdict"
        )
    }
    initiatives = {
        one.pk: one
        for one in Initiative.objects.filter(pk__in=keys)
        .select_related("organisation")
        .defer("search_swedish", "search_english")
        .prefetch_related("needs")
    }
    visible = set(
        Initiative.objects.published().visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    )
    entries = entries_by_key(row.entry for row in rows if row.entry is not None)
    introductions = newest_of_pairs(pairs)
    recusals = recusals_of_pairs(pairs)
    decisions = {one.entry_id: one for one in Decision.objects.filter(entry__in=list(entries.values()))}
    gone = why_gone([row.pair for row in rows if row.stage == Stage.SUGGESTED and row.match is None])
    proposed = waiting_of_pairs(pairs)
    today = timezone.localdate(now)
    found = {}
    for row in rows:
        if row.initiative not in initiatives:
            # Deleted while a long file is sent.
            continue
        entry = entries.get(row.pair)
        case = case_of(initiatives[row.initiative], None, entry, introductions.get(row.pair))
        answer_by = _answer_by(introductions.get(row.pair), row.stage)
        found[row.pair] = Card(
            case=as_seen(case, row.offer),
            offer=by_key[row.offer],
            stage=row.stage,
            is_visible=row.initiative in visible,
            steps=[(step.value, step_in_words(step)) for step in NEXT_STAGES[row.stage]],
            due_on=row.due_on,
            is_late=row.due_on is not None and row.due_on < today and row.stage not in DECIDED,
            assignee=entry.assignee if entry else None,
            recusals=recusals.get(row.pair, ()),
            decision=decisions.get(entry.pk) if entry else None,
            answer_by=answer_by,
            answer_is_late=answer_by is not None and is_past(answer_by, today),
            gone_because=gone.get(row.pair, ""),
            is_new=row.is_new,
            proposal=proposed.get(row.pair),
            how_well=fits.get(row.match) if row.match is not None else None,
        )
    return found


def _answer_by(introduction: Introduction | None, stage: Stage) -> date | None:
    if introduction is None or not (introduction.waits_for_giver or introduction.is_accepted):
        return None
    return introduction.answer_by if introduction.waits_for_giver or stage not in DECIDED else None


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


def writers_of(organisation: int) -> list[User]:
    """Return who may take care of the cases of an organisation's offers, by name. One query."""
    writers = User.objects.filter(memberships__organisation=organisation, memberships__role__in=WRITING_ROLES)
    return sorted(writers, key=lambda one: str(one).casefold())


def columns(
    rows: Iterable[Place],
    offer: SupportOffer,
    user: User,
    now: datetime,
    as_seen: Callable[[Case, int], Case],
    sort: str = "stage",
) -> list[dict[str, Any]]:
    """Return the board: for each stage how many cases lie there and the first of them, in an order, as cards."""
    lying: dict[Stage, list[Place]] = {stage: [] for stage in COLUMNS}
    for row in in_order(rows, sort):
        lying[column_of(row)].append(row)
    shown = cards(
        [offer], [row for column in lying.values() for row in column[:MOST_IN_COLUMN]], user, now, as_seen
    )
    return [
        {
            "stage": stage,
            "total": len(column),
            "cards": [shown[row.pair] for row in column[:MOST_IN_COLUMN]],
            "more": len(column) > MOST_IN_COLUMN,
        }
        for stage, column in lying.items()
    ]
