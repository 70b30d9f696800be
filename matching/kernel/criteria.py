"""How well do they fit, criterion by criterion: a value in [0, 1], or not known.

Each function takes a block of initiatives and all offers and returns `Criterion`. More overlap never
lowers a value. Text has its own module.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.kernel import codes
from matching.kernel.arrays import GIVEN, NONE, InitiativeArrays, OfferArrays, any_of

#: What a place where an initiative may spread counts against one where it works now.
SPREAD_FACTOR = 0.7


@dataclass(frozen=True)
class Criterion:
    """One criterion of a block, three arrays of shape (n, m).

    Parameters
    ----------
    value
        In [0, 1]; 0 where not known.
    known
        Whether both sides have said enough for a value.
    indifferent
        Whether the giver has said that it makes no difference: no value, but nothing is missing.
    """

    value: NDArray[np.float32]
    known: NDArray[np.bool_]
    indifferent: NDArray[np.bool_]


def make_criterion(
    value: NDArray[np.float32] | NDArray[np.float64],
    known: NDArray[np.bool_],
    indifferent: NDArray[np.bool_] | None = None,
) -> Criterion:
    """Clip values to [0, 1], and set those that are not known to 0."""
    known = np.ascontiguousarray(np.broadcast_to(known, value.shape))
    if indifferent is None:
        indifferent = np.zeros_like(known)
    clipped = np.empty(value.shape, dtype=np.float32)
    # A product instead of a choice: three times as fast. What is no number becomes 0 first.
    np.fmax(value, 0.0, out=clipped, casting="same_kind")
    np.minimum(clipped, np.float32(1.0), out=clipped)
    np.multiply(clipped, known, out=clipped)
    return Criterion(clipped, known, np.ascontiguousarray(np.broadcast_to(indifferent, value.shape)))


def unit_vectors(soft: NDArray[np.float32], idf: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weigh soft choices by rarity and give each row the length one; an empty row stays empty.

    Parameters
    ----------
    soft : ndarray of shape (n_rows, n_codes)
    idf : ndarray of shape (n_codes,)
    """
    weighted = soft * idf
    norms = np.sqrt((weighted * weighted).sum(axis=1, keepdims=True))
    unit: NDArray[np.float32] = np.divide(weighted, norms, out=np.zeros_like(weighted), where=norms > 0)
    return unit


def tree_overlap(
    mine: NDArray[np.float32], theirs: NDArray[np.float32], state: NDArray[np.int8]
) -> Criterion:
    """Cosine of two sides' soft vectors: themes, and target groups.

    The same theme gives 1, parent and child less, siblings less again; rare themes count more.

    Parameters
    ----------
    mine : ndarray of shape (n, n_codes), rows of `unit_vectors`
    theirs : ndarray of shape (m, n_codes)
    state : ndarray of shape (m,)
        Whether the offer has wishes.
    """
    known = any_of(mine > 0)[:, None] & (any_of(theirs > 0) & (state == GIVEN))[None, :]
    # In double precision, so that what a block's size does to a sum is far below any rounding.
    cosine = mine.astype(np.float64) @ theirs.T.astype(np.float64)
    return make_criterion(cosine, known, (state == NONE)[None, :])


def area(initiatives: InitiativeArrays, offers: OfferArrays) -> Criterion:
    """The nearest pair of an area of the initiative and one of the offer; see `trees.area_nearness`.

    Cost O(areas of any initiative · areas of all offers + places of all initiatives · m).
    """
    works_in, may_spread_to = initiatives.works_in, initiatives.may_spread_to
    has_area = (np.diff(works_in.indptr) > 0) | (np.diff(may_spread_to.indptr) > 0)
    # How near each offer is to each area that some initiative names, once for all that name it.
    used = np.unique(np.concatenate([works_in.indices, may_spread_to.indices]))
    near = np.zeros((len(used), len(offers)), dtype=np.float32)
    given = np.flatnonzero(np.diff(offers.areas.indptr))
    if len(given):
        of_areas = initiatives.trees.nearness[np.ix_(used, offers.areas.indices)]
        near[:, given] = np.maximum.reduceat(of_areas, offers.areas.indptr[given], axis=1)
    value = _nearest(works_in, used, near, np.zeros((len(initiatives), len(offers)), dtype=np.float32))
    _nearest(may_spread_to, used, np.float32(SPREAD_FACTOR) * near, value)
    # An area with an unresolved name may be nearer than it looks: only a meeting is known.
    doubtful = initiatives.works_in_unresolved[:, None] | offers.areas_unresolved[None, :]
    known = has_area[:, None] & (np.diff(offers.areas.indptr) > 0)[None, :] & ~(doubtful & (value == 0))
    return make_criterion(value, known, (offers.areas_state == NONE)[None, :])


def _nearest(
    chosen: sparse.csr_array, used: NDArray[np.int64], near: NDArray[np.float32], value: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Raise `value` (n, m) to the nearness of the nearest chosen area; `near` has a row for each used one."""
    number = np.diff(chosen.indptr)
    # Most have one place, so the first round does nearly all.
    for place in range(int(number.max(initial=0))):
        rows = np.flatnonzero(number > place)
        of_rows = near[np.searchsorted(used, chosen.indices[chosen.indptr[rows] + place])]
        value[rows] = np.maximum(value[rows], of_rows)
    return value


def process_parts(initiatives: InitiativeArrays, offers: OfferArrays) -> Criterion:
    """1 when any part the initiative is in now is one the giver wishes to support, else 0."""
    shared = (initiatives.process_parts.astype(np.float32) @ offers.process_parts.astype(np.float32).T) > 0
    known = any_of(initiatives.process_parts)[:, None] & (offers.process_parts_state == GIVEN)[None, :]
    return make_criterion(shared.astype(np.float32), known, (offers.process_parts_state == NONE)[None, :])


def support_kind(initiatives: InitiativeArrays, offers: OfferArrays) -> Criterion:
    """The share of the needs, weighted by urgency, that the offer meets; offering more is no fault."""
    urgency = initiatives.need_urgency.astype(np.float64)
    total = urgency.sum(axis=1, keepdims=True)
    met = urgency @ offers.kinds.astype(np.float64).T
    share = np.divide(met, total, out=np.zeros_like(met), where=total > 0)
    return make_criterion(share, (total > 0) & any_of(offers.kinds)[None, :])


def amount(initiatives: InitiativeArrays, offers: OfferArrays) -> Criterion:
    """How well what is asked lies in the range given, best of the shared kinds of support.

    1 inside the range and halved for every factor two outside it, which in logarithms of money is a
    straight side: `min(1, asked / least, most / asked)`. Hours asked against hours given likewise.
    """
    shape = (len(initiatives), len(offers))
    value = np.zeros(shape, dtype=np.float32)
    known = np.zeros(shape, dtype=bool)
    for kind in range(len(codes.SUPPORT_KINDS)):
        for asked, low, high in (
            (initiatives.need_amount[:, kind], offers.amount_min[:, kind], offers.amount_max[:, kind]),
            (initiatives.need_hours[:, kind], None, offers.hours[:, kind]),
        ):
            rows = np.flatnonzero(asked > 0)
            bounded = (high > 0) if low is None else (high > 0) | (low > 0)
            columns = np.flatnonzero(bounded & offers.kinds[:, kind])
            if not (len(rows) and len(columns)):
                continue
            wanted = asked[rows][:, None]
            with np.errstate(invalid="ignore", divide="ignore"):
                fit = np.fmin(np.float32(1.0), high[columns][None, :] / wanted)
                if low is not None:
                    fit = np.fmin(fit, wanted / low[columns][None, :])
            place = np.ix_(rows, columns)
            value[place] = np.maximum(value[place], fit)
            known[place] = True
    return make_criterion(value, known)


def challenge(initiatives: InitiativeArrays, offers: OfferArrays) -> Criterion:
    """1 when both answer the same challenge, 0 when each answers others; not known where one answers none.

    Nothing is missing then: to answer a challenge is no duty. Cost O(n + m), and the pairs of those that
    answer any.
    """
    rows = np.flatnonzero(initiatives.challenges[:, 0])
    columns = np.flatnonzero(offers.challenges[:, 0])
    mine, theirs = initiatives.challenges[rows], offers.challenges[columns]
    shared = np.zeros((len(rows), len(columns)), dtype=bool)
    for one in mine.T:
        for other in theirs.T:
            shared |= (one[:, None] == other[None, :]) & (one > 0)[:, None]
    value = np.zeros((len(initiatives), len(offers)), dtype=np.float32)
    value[np.ix_(rows, columns)] = shared
    known = (initiatives.challenges[:, 0] > 0)[:, None] & (offers.challenges[:, 0] > 0)[None, :]
    return make_criterion(value, known, ~known)
