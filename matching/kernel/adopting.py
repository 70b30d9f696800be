"""Proven initiatives for somebody who wants to take one up, and those who want to for an initiative.

Likeness is text, and themes with target groups. To that come what belongs to taking something up: whether the
place lies where the initiative may spread to, whether the adopter can put in what it looks for beside money,
and whether there is proof. Three conditions are told apart from the score, three-valued: a place outside where
it may spread to does not fit, and such a pair is never shown; what nobody has said is unclear, and neutral.

Asked for one adopter or one initiative at a time, of some hundred others: cost O(n · m · terms) for the text
and O(n · m · areas) for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.analysis import Analysis
from matching.kernel.arrays import InitiativeArrays
from matching.kernel.collaboration import CollaborationIndex

ASPECTS: Final = ("text", "themes", "place", "means", "proof")
WEIGHTS: Final = np.array([0.35, 0.30, 0.15, 0.10, 0.10])
#: What an aspect counts as where it is not known: that of an ordinary pair.
NEUTRAL: Final = np.array([0.05, 0.25, 0.50, 0.50, 0.40])
#: Conditions of the receiving place, each with a verdict of `codes`.
CONDITIONS: Final = ("place", "means", "like")
#: What counts as proof, each as yes or no: by how many others is popularity, and weighs nothing.
PROOFS: Final = ("taken_up", "measured", "in_use")
#: Money is asked of givers, not of those who take it up.
MONEY: Final = ("grant", "loan", "guarantee", "equity", "procurement", "outcome_contract")
_NOT_MONEY: Final = np.array([kind not in MONEY for kind in codes.SUPPORT_KINDS], dtype=np.float64)
#: An adopter's wider place in which the initiative may spread to a part.
IN_PART: Final = 0.7


@dataclass(frozen=True)
class Receivers:
    """Adopters; n rows.

    Parameters
    ----------
    arrays
        Encoded as initiatives are: their places as `works_in`, and no needs.
    brings : ndarray of shape (n, S)
        Kinds of support that they can put in.
    brings_known : ndarray of shape (n,)
        Whether they have said so; False = "don't know yet".
    """

    arrays: InitiativeArrays
    brings: NDArray[np.bool_]
    brings_known: NDArray[np.bool_]

    def __post_init__(self) -> None:
        _check("brings", self.brings, (len(self.arrays), len(codes.SUPPORT_KINDS)))
        _check("brings_known", self.brings_known, (len(self.arrays),))


@dataclass(frozen=True)
class Spreaders:
    """Initiatives that want to spread; m rows.

    Parameters
    ----------
    arrays
        The initiatives.
    proofs : ndarray of shape (m, 3)
        In the order of `PROOFS`; False = nothing is known.
    adopter_kinds : ndarray of shape (m, K)
        Kinds of organisations that have taken it up.
    place_doubtful : ndarray of shape (m,)
        Whether it may spread to a place whose name could not be resolved.
    """

    arrays: InitiativeArrays
    proofs: NDArray[np.bool_]
    adopter_kinds: NDArray[np.bool_]
    place_doubtful: NDArray[np.bool_]

    def __post_init__(self) -> None:
        m = len(self.arrays)
        _check("proofs", self.proofs, (m, len(PROOFS)))
        _check("adopter_kinds", self.adopter_kinds, (m, len(codes.ORGANISATION_KINDS)))
        _check("place_doubtful", self.place_doubtful, (m,))


def _check(name: str, values: NDArray[np.bool_], shape: tuple[int, ...]) -> None:
    if values.shape != shape:
        raise ValueError(f"{name} has the shape {values.shape}, not {shape}")


@dataclass(frozen=True)
class Adoptions:
    """Every adopter with every initiative.

    Parameters
    ----------
    score : ndarray of shape (n, m)
        In [0, 1], 4 decimals; the base and the contributions sum to it. Says nothing where `fits` is False.
    values, known : ndarray of shape (n, m, 5)
        In the order of `ASPECTS`; 0 where not known.
    conditions : ndarray of shape (n, m, 3)
        Verdicts of `codes`, in the order of `CONDITIONS`.
    """

    score: NDArray[np.float64]
    values: NDArray[np.float64]
    known: NDArray[np.bool_]
    conditions: NDArray[np.int8]

    @property
    def fits(self) -> NDArray[np.bool_]:
        """Whether no condition is broken, shape (n, m)."""
        broken: NDArray[np.bool_] = (self.conditions == codes.DOES_NOT_FIT).any(axis=-1)
        return ~broken

    @property
    def contributions(self) -> NDArray[np.float64]:
        """What each aspect adds to `BASE` or takes from it, shape (n, m, 5); nothing where it is not known."""
        added: NDArray[np.float64] = np.where(self.known, self.values - NEUTRAL, 0.0) * WEIGHTS
        return added


#: The score of a pair of which nothing is known.
BASE: Final = float(NEUTRAL @ WEIGHTS)


def adoptions(receivers: Receivers, spreaders: Spreaders, analysis: Analysis) -> Adoptions:
    """Compare every adopter with every initiative; the same number from both sides under one analysis.

    Parameters
    ----------
    receivers, spreaders
        n adopters and m initiatives, encoded under the same trees.
    analysis
        Frozen statistics of the run.

    Returns
    -------
    Adoptions
        Of shape (n, m). Cost O(n · m), and two sparse products of the texts.
    """
    mine = CollaborationIndex(receivers.arrays, analysis)
    theirs = CollaborationIndex(spreaders.arrays, analysis)
    place, place_known, place_verdict = _place(receivers.arrays, spreaders)
    means, means_known, means_verdict = _means(receivers, spreaders.arrays)
    proof, proof_known = _proof(spreaders, len(receivers.arrays))
    pairs = (_text(mine, theirs), _themes(mine, theirs), (place, place_known), (means, means_known))
    aspects = (*pairs, (proof, proof_known))
    known = np.stack([one for _, one in aspects], axis=-1)
    values = np.where(known, np.round(np.stack([value for value, _ in aspects], axis=-1), 6), 0.0)
    score = np.round(np.where(known, values, NEUTRAL) @ WEIGHTS, 4)
    verdicts = (place_verdict, means_verdict, _like(receivers.arrays, spreaders))
    return Adoptions(score, values, known, np.stack(verdicts, axis=-1))


def best(
    score: NDArray[np.float64], fits: NDArray[np.bool_], keys: tuple[str, ...], k: int
) -> NDArray[np.int64]:
    """Return the places of the best `k` that fit, best first; ties by key.

    Parameters
    ----------
    score, fits : ndarray of shape (n,)
        One row or one column of `Adoptions`.
    keys : tuple of str, n long
        Public ids, for ties.
    k : int

    Returns
    -------
    ndarray of shape (k',), int64, k' at most k
        Cost O(n log n).

    Examples
    --------
    >>> best(np.array([0.4, 0.9, 0.4, 0.8]), np.array([True, False, True, True]), ("d", "c", "b", "a"), 2).tolist()
    [3, 2]
    """
    rows = np.flatnonzero(fits)
    return np.array(sorted(rows.tolist(), key=lambda row: (-score[row], keys[row]))[:k], dtype=np.int64)


_Aspect = tuple[NDArray[np.float64], NDArray[np.bool_]]


def _text(mine: CollaborationIndex, theirs: CollaborationIndex) -> _Aspect:
    """Mean of both ways round, since either may look."""
    forward = theirs.text.scores_of_rows(theirs.text.query_rows(mine.text.counts))
    backward = mine.text.scores_of_rows(mine.text.query_rows(theirs.text.counts)).T
    known = mine.text.counts.has_words[:, None] & theirs.text.counts.has_words[None, :]
    return (forward.astype(np.float64) + backward) / 2, np.asarray(known)


def _themes(mine: CollaborationIndex, theirs: CollaborationIndex) -> _Aspect:
    """Mean of themes and target groups, where both have stated them."""
    shape = len(mine), len(theirs)
    total, number = np.zeros(shape), np.zeros(shape)
    for name in ("themes", "target_groups"):
        own, other = getattr(mine, name).astype(np.float64), getattr(theirs, name).astype(np.float64)
        known = (own > 0).any(axis=1)[:, None] & (other > 0).any(axis=1)[None, :]
        total += np.where(known, own @ other.T, 0.0)
        number += known
    return np.minimum(total / np.maximum(number, 1), 1.0), number > 0


def _place(
    receivers: InitiativeArrays, spreaders: Spreaders
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int8]]:
    """Whether an adopter's place lies where it may spread to, or where it is already; or holds such a place."""
    initiatives = spreaders.arrays
    above = receivers.trees.areas.distances >= 0
    places = receivers.works_in.toarray() > 0
    spread, works = initiatives.may_spread_to.toarray() > 0, initiatives.works_in.toarray() > 0
    around = (places.astype(np.float64) @ above) > 0
    inside = (places.astype(np.float64) @ above.T) > 0
    covered = _meet(around, spread | works)
    in_part = _meet(inside, spread)
    has_place = places.any(axis=1)[:, None]
    value = np.where(covered, 1.0, np.where(in_part, IN_PART, 0.0))
    is_said = spread.any(axis=1) & ~spreaders.place_doubtful
    fails = has_place & is_said[None, :] & (value == 0)
    verdict = np.where(value > 0, codes.FITS, np.where(fails, codes.DOES_NOT_FIT, codes.UNCLEAR))
    return value, (value > 0) | fails, verdict.astype(np.int8)


def _meet(places: NDArray[np.bool_], others: NDArray[np.bool_]) -> NDArray[np.bool_]:
    met: NDArray[np.bool_] = (places.astype(np.float64) @ others.T.astype(np.float64)) > 0
    return met


def _means(
    receivers: Receivers, initiatives: InitiativeArrays
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int8]]:
    """The share of what it looks for, beside money, that the adopter can put in. Never a reason to say no."""
    needs = initiatives.need_urgency.astype(np.float64) * _NOT_MONEY
    total = needs.sum(axis=1)[None, :]
    met = receivers.brings.astype(np.float64) @ needs.T
    value = np.divide(met, total, out=np.zeros_like(met), where=total > 0)
    known = receivers.brings_known[:, None] & (total > 0)
    verdict = np.where(known & (value > 1 - 1e-9), codes.FITS, codes.UNCLEAR)
    return np.minimum(value, 1.0), known, verdict.astype(np.int8)


def _proof(spreaders: Spreaders, n: int) -> _Aspect:
    """Nothing known is neutral; each kind of proof lifts from there."""
    number = spreaders.proofs.sum(axis=1)
    neutral = NEUTRAL[ASPECTS.index("proof")]
    value = np.where(number > 0, neutral + (1 - neutral) * number / len(PROOFS), 0.0)
    shape = n, len(value)
    return np.broadcast_to(value, shape), np.broadcast_to(number > 0, shape)


def _like(receivers: InitiativeArrays, spreaders: Spreaders) -> NDArray[np.int8]:
    """Whether somebody of the adopter's own kind has taken it up: an answer to "can it be done by such as us?"."""
    kinds = np.zeros((len(receivers), len(codes.ORGANISATION_KINDS)), dtype=bool)
    given = np.flatnonzero(receivers.lead_kind >= 0)
    kinds[given, receivers.lead_kind[given]] = True
    return np.where(_meet(kinds, spreaders.adopter_kinds), codes.FITS, codes.UNCLEAR).astype(np.int8)
