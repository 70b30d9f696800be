"""What would make this a match: pairs that one rule alone stops, and the smallest change that lets them in.

Every change is tried: the facts with the change in them are judged by the same rules as the facts
themselves, so a gain that is told is a gain. What cannot be changed (who is behind both, a day that has
passed, what somebody has said no to) is named as such and nothing is advised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.ablation import last_obstacle
from matching.kernel.arrays import InitiativeArrays, OfferArrays, encode_initiatives, encode_offers
from matching.kernel.changes import MOST_TRIED, Change, initiative_changes, offer_changes
from matching.kernel.eligibility import Verdicts, overall_verdict, requirement_verdicts
from matching.kernel.facts import InitiativeFacts, OfferFacts

Rows = NDArray[np.int64]

#: Changes told of one rule.
MOST = 5
#: Changes that may shut out something that was open before.
_MAY_LOSE: Final = frozenset(
    {"form_organisation", "be_led_by", "take_in_partner", "take_in_anyone", "ask_at_most", "ask_at_least"}
)


@dataclass(frozen=True)
class Gain:
    """What a change lets in.

    Parameters
    ----------
    rows : ndarray of int
        Rows of the other side that no rule stops any more.
    unclear : int
        How many of them have some rule that lacks a fact.
    loses : int
        How many pairs that no rule stops today the change would stop.
    """

    change: Change
    rows: Rows
    unclear: int
    loses: int = 0


@dataclass(frozen=True)
class Counterfactuals:
    """All that one step would give.

    Parameters
    ----------
    gains
        By rule in the order of `codes.REQUIREMENTS`; within a rule, most rows first. A row may stand in
        several gains.
    unreachable
        Rule -> rows that it alone stops and that no change told here lets in.
    """

    gains: tuple[Gain, ...]
    unreachable: dict[str, Rows]


def for_initiative(
    initiative: InitiativeFacts, offers: OfferArrays, verdicts: Verdicts, now_day: float, most: int = MOST
) -> Counterfactuals:
    """Return what would let more offers in for an initiative.

    Parameters
    ----------
    initiative
        The facts as they are.
    offers
        m rows.
    verdicts : ndarray of shape (m, R), int8
        The initiative's row of `requirement_verdicts` against these offers.
    now_day
        Today, as days since 1970-01-01 in Stockholm.

    Returns
    -------
    Counterfactuals
        Of offers that one rule alone stops. Kind of organisation and organisation number count as one
        obstacle: who founds an association gets both at once. Cost: one `requirement_verdicts` per rule
        of the changes tried (at most `MOST_TRIED`) against the offers it stops.
    """

    def judge(changed: Sequence[InitiativeFacts], rows: Rows) -> Verdicts:
        arrays = encode_initiatives(
            [replace(one, key=str(place)) for place, one in enumerate(changed)], offers.trees
        )
        return requirement_verdicts(arrays, offers.rows(rows), now_day)

    obstacles = _with_entity(last_obstacle(verdicts), verdicts)
    may_meet = np.flatnonzero(overall_verdict(verdicts) != codes.DOES_NOT_FIT)
    gains: list[Gain] = []
    unreachable: dict[str, Rows] = {}
    for rule in codes.REQUIREMENTS:
        rows = np.flatnonzero(obstacles == codes.REQUIREMENTS.index(rule))
        if not len(rows):
            continue
        if rule == "dates":
            found = _openings(offers, rows, now_day)
        else:
            tried = list(initiative_changes(rule, initiative, offers.rows(rows)))[:MOST_TRIED]
            found = []
            if tried:
                after = judge([facts for _change, facts in tried], rows)
                reached = (overall_verdict(after) != codes.DOES_NOT_FIT) & _within(
                    [change for change, _facts in tried], offers, rows
                )
                found = _kept([change for change, _ in tried], reached, after, rows, most)
            losers = [one for one in found if one.change.kind in _MAY_LOSE]
            if losers and len(may_meet):
                facts_of = {change: facts for change, facts in tried}
                lost = judge([facts_of[one.change] for one in losers], may_meet)
                number = (overall_verdict(lost) == codes.DOES_NOT_FIT).sum(axis=1)
                loses = dict(zip([one.change for one in losers], number.tolist(), strict=True))
                found = [replace(one, loses=loses.get(one.change, 0)) for one in found]
        gains += found
        left = np.setdiff1d(rows, np.concatenate([rows[:0], *(one.rows for one in found)]))
        if len(left):
            unreachable[rule] = left
    return Counterfactuals(tuple(gains), unreachable)


def for_offer(
    offer: OfferFacts, initiatives: InitiativeArrays, verdicts: Verdicts, now_day: float, most: int = MOST
) -> Counterfactuals:
    """Return which softer rule would let more initiatives in: the same for the giver.

    `verdicts` is the offer's column, shape (n, R). Every change is the giver's to decide.

    Parameters
    ----------
    offer
        The facts as they are.
    initiatives
        n rows.
    verdicts : ndarray of shape (n, R), int8
        The offer's column of `requirement_verdicts`.
    now_day : float
        Today, as days since 1970-01-01 in Stockholm.
    most : int
        How many changes are told.

    Returns
    -------
    Counterfactuals
        Cost as `for_initiative`.
    """
    obstacles = last_obstacle(verdicts)
    gains: list[Gain] = []
    unreachable: dict[str, Rows] = {}
    for rule in codes.REQUIREMENTS:
        rows = np.flatnonzero(obstacles == codes.REQUIREMENTS.index(rule))
        if not len(rows):
            continue
        stopped = initiatives.rows(rows)
        tried = list(offer_changes(rule, offer, stopped))[:MOST_TRIED]
        found: list[Gain] = []
        if tried:
            changed = [replace(facts, key=str(place)) for place, (_change, facts) in enumerate(tried)]
            after = requirement_verdicts(stopped, encode_offers(changed, initiatives.trees), now_day)
            after = after.transpose(1, 0, 2)
            reached = overall_verdict(after) != codes.DOES_NOT_FIT
            found = _kept([change for change, _ in tried], reached, after, rows, most)
        gains += found
        left = np.setdiff1d(rows, np.concatenate([rows[:0], *(one.rows for one in found)]))
        if len(left):
            unreachable[rule] = left
    return Counterfactuals(tuple(gains), unreachable)


def _with_entity(obstacles: Rows, verdicts: Verdicts) -> Rows:
    """Let kind of organisation and organisation number, broken together, count as the first of them."""
    broken = verdicts == codes.DOES_NOT_FIT
    kind, entity = (codes.REQUIREMENTS.index(name) for name in ("organisation_kind", "legal_entity"))
    both = broken[:, kind] & broken[:, entity] & (broken.sum(axis=1) == 2)
    return np.where(both, kind, obstacles)


def _kept(
    changes: Sequence[Change], reached: NDArray[np.bool_], after: Verdicts, rows: Rows, most: int
) -> list[Gain]:
    """Return the changes worth telling: none that another, no harder, does at least as well."""
    numbers = reached.sum(axis=1)
    # Easiest first among equals, so that of two that do the same the easier one is seen first.
    order = sorted(range(len(changes)), key=lambda place: (-int(numbers[place]), changes[place].effort))
    kept: list[int] = []
    for place in order:
        if not numbers[place]:
            continue
        beaten = (
            changes[other].effort <= changes[place].effort and not (reached[place] & ~reached[other]).any()
            for other in kept
        )
        if not any(beaten):
            kept.append(place)
    unclear = overall_verdict(after) == codes.UNCLEAR
    return [
        Gain(changes[place], rows[reached[place]], int((unclear[place] & reached[place]).sum()))
        for place in kept[:most]
    ]


def _openings(offers: OfferArrays, rows: Rows, now_day: float) -> list[Gain]:
    """Return those that have not opened yet, as one change: waiting for the first of them."""
    later = rows[(offers.opens_day[rows] > now_day) & (offers.closes_day[rows] >= now_day)]
    if not len(later):
        return []
    later = later[np.argsort(offers.opens_day[later], kind="stable")]
    first = float(offers.opens_day[later[0]])
    return [Gain(Change("dates", "wait_for_opening", "wait", number=first), later, 0)]


def _within(changes: Sequence[Change], offers: OfferArrays, rows: Rows) -> NDArray[np.bool_]:
    """Say where a place or topic lies inside what the offer is for, shape (n_changes, n_rows).

    The rules are content when one contains the other. For advice that is too kind: who begins in a
    county has not begun in the one municipality of it that an offer is for.
    """
    result = np.ones((len(changes), len(rows)), dtype=bool)
    trees = offers.trees
    chosen = {
        "work_in": (trees.areas, offers.areas),
        "be_about": (trees.themes, offers.themes),
        "be_for": (trees.target_groups, offers.target_groups),
    }
    for kind, (tree, choices) in chosen.items():
        asked = [place for place, one in enumerate(changes) if one.kind == kind and one.code is not None]
        if asked:
            # One product for all the changes of a kind: cutting columns for each costs more than the rest.
            above = np.stack([tree.distances[tree.index[changes[place].code or ""]] >= 0 for place in asked])
            result[asked] = (choices[rows] @ above.T.astype(np.float32)).T > 0
    return result
