"""A support package: the fewest offers that together cover what an initiative needs.

A need is covered by an offer that gives its kind; of money and hours as much as the offer gives at most,
and several offers add up. What nobody gives, or not enough of, stays uncovered and is told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.arrays import InitiativeArrays, OfferArrays

Shares = NDArray[np.float64]

#: Offers in a package: more than this is no help to a person.
MOST = 6
#: Up to so many offers that differ, every combination is tried; beyond, the greedy choice is taken.
EXACT = 18
_DECIMALS = 6


@dataclass(frozen=True)
class Package:
    """The offers chosen, and what they cover.

    Parameters
    ----------
    offers
        Rows of the offers, in the order in which they add most.
    gives : ndarray of shape (n_chosen, S)
        The share of each need that each of them could carry, 0 where it gives no such thing.
    covered : ndarray of shape (S,)
        The share of each need that they carry together, at most 1; 0 for kinds that are not needed.
    needed : ndarray of shape (S,), bool
    is_exact
        Whether every combination was tried. Otherwise the choice was greedy.
    """

    offers: tuple[int, ...]
    gives: Shares
    covered: Shares
    needed: NDArray[np.bool_]
    is_exact: bool

    @property
    def uncovered(self) -> tuple[str, ...]:
        """Kinds of support that are needed and not wholly covered."""
        short = self.needed & (self.covered < 1.0)
        return tuple(kind for kind, is_short in zip(codes.SUPPORT_KINDS, short, strict=True) if is_short)


def shares(initiative: InitiativeArrays, offers: OfferArrays) -> Shares:
    """Return the share of each need that each offer could carry, shape (m, S), in [0, 1].

    1 where no figure is asked for, or where the offer has no upper limit; of a sum and of hours the
    smaller share counts. `initiative` is one row.
    """
    asked, hours = initiative.need_amount[0], initiative.need_hours[0]
    carried = (offers.kinds & (initiative.need_urgency[0] > 0)[None, :]).astype(np.float64)
    for wanted, most in ((asked, offers.amount_max), (hours, offers.hours)):
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.where((wanted > 0)[None, :] & (most > 0), most / wanted[None, :], 1.0)
        carried = np.minimum(carried, carried * part)
    rounded: Shares = np.round(carried, _DECIMALS)
    return rounded


def support_package(
    initiative: InitiativeArrays,
    offers: OfferArrays,
    *,
    may_meet: NDArray[np.bool_],
    preference: NDArray[np.float64],
    most: int = MOST,
) -> Package:
    """Choose offers that together cover the needs.

    Parameters
    ----------
    initiative
        One row.
    offers
        m rows.
    may_meet : ndarray of shape (m,)
        Offers that no rule stops; others are never chosen.
    preference : ndarray of shape (m,)
        Which of equally useful offers is rather taken, such as the fit.

    Returns
    -------
    Package
        Of at most `most` offers, in this order: what covers most (by urgency), with fewest offers, of
        most preference, and then by key. Exact where at most `EXACT` offers are left when those that
        others replace in every respect are gone; else greedy set cover, without what proved needless.
        Cost O(m) and at most the combinations of `EXACT` over `most`.
    """
    gives = shares(initiative, offers)
    urgency = initiative.need_urgency[0].astype(np.float64)
    useful = np.flatnonzero(may_meet & (gives.sum(axis=1) > 0))
    # The best first, so that whichever comes first among equals is the right one.
    useful = useful[np.lexsort((offers.key_order[useful], -preference[useful]))]
    left = _not_replaced(gives[useful], most)
    rows = useful[left]
    is_exact = len(rows) <= EXACT
    choose = _best_combination if is_exact else _greedy
    chosen = choose(gives[rows], urgency, preference[rows], most)
    picked = [int(rows[place]) for place in _most_first(gives[rows], urgency, chosen)]
    return Package(
        offers=tuple(picked),
        gives=gives[picked],
        covered=np.minimum(gives[picked].sum(axis=0), 1.0),
        needed=urgency > 0,
        is_exact=is_exact,
    )


def _worth(gives: Shares, urgency: Shares) -> Shares:
    """Return how much is covered by sums of shares, weighted by urgency: (..., S) gives (...)."""
    worth: Shares = np.round((np.minimum(gives, 1.0) * urgency).sum(axis=-1), _DECIMALS)
    return worth


def _not_replaced(gives: Shares, most: int) -> list[int]:
    """Return the rows of which fewer than `most` preferred ones give at least as much of everything.

    Rows come the preferred first. A package that holds another row has room for one of its betters.
    """
    kept: list[int] = []
    alike: Counter[bytes] = Counter()
    for place, one in enumerate(gives):
        alike[one.tobytes()] += 1
        if alike[one.tobytes()] <= most and (gives[kept] >= one).all(axis=1).sum() < most:
            kept.append(place)
    return kept


def _best_combination(gives: Shares, urgency: Shares, preference: Shares, most: int) -> list[int]:
    """Try every combination, smallest first."""
    everything = float(_worth(gives.sum(axis=0), urgency))
    best: list[int] = []
    best_worth = 0.0
    for size in range(1, min(most, len(gives)) + 1):
        tried = np.array(list(combinations(range(len(gives)), size)), dtype=np.int64)
        worth = _worth(gives[tried].sum(axis=1), urgency)
        if worth.max() > best_worth:
            best_worth = float(worth.max())
            among = tried[worth == best_worth]
            liked = np.round(preference[among].sum(axis=1), _DECIMALS)
            # Combinations come in the order of their rows, and rows the preferred first.
            best = among[int(liked.argmax())].tolist()
        if best_worth >= everything:
            break
    return best


def _greedy(gives: Shares, urgency: Shares, preference: Shares, most: int) -> list[int]:
    """Take what adds most until nothing adds, then leave out what the others made needless."""
    chosen: list[int] = []
    total = np.zeros(gives.shape[1])
    while len(chosen) < most:
        added = _worth(total[None, :] + gives, urgency) - _worth(total, urgency)
        added[chosen] = 0.0
        if added.max() <= 0:
            break
        chosen.append(int(added.argmax()))
        total = gives[chosen].sum(axis=0)
    for place in list(chosen):
        others = [one for one in chosen if one != place]
        if _worth(gives[others].sum(axis=0), urgency) >= _worth(gives[chosen].sum(axis=0), urgency):
            chosen = others
    return chosen


def _most_first(gives: Shares, urgency: Shares, chosen: list[int]) -> list[int]:
    """Order a choice so that each offer adds most to those before it."""
    ordered: list[int] = []
    left = sorted(chosen)
    while left:
        total = gives[ordered].sum(axis=0)
        added = [float(_worth(total + gives[place], urgency)) for place in left]
        ordered.append(left.pop(int(np.argmax(added))))
    return ordered
