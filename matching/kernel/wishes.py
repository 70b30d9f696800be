"""Two light wishes: the kinds of organisations and how they stand together, and drivers against forms.

Neither is a rule (`eligibility` asks those). Both are means of the aspects that both sides have stated,
so that what nobody has said counts neither way.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.arrays import GIVEN, NONE, InitiativeArrays, OfferArrays, any_of
from matching.kernel.criteria import Criterion, make_criterion

#: An eligible kind among the other actors counts this much of an eligible lead.
OTHER_ACTOR = 0.5
#: What each kind that an offer is for, and that the initiative is not, takes off: an offer for all
#: eleven kinds is half as clear a sign as an offer for this kind alone.
PER_OTHER_KIND = 0.1

#: Forms of support that suit each driver well, as givers of social finance describe them: an enterprise
#: whose surplus does good can carry a loan, a wish that the municipality works better needs a mandate.
SUITABLE_FORMS: Final[dict[str, tuple[str, ...]]] = {
    "own_experience": ("grant", "mentoring", "staff_time", "premises", "communication"),
    "unmet_need": ("grant", "procurement", "staff_time", "premises", "mandate"),
    "equal_chances": ("grant", "outcome_contract", "mandate", "knowledge", "communication"),
    "belonging": ("grant", "premises", "staff_time", "network"),
    "own_voice": ("grant", "communication", "network", "mandate", "knowledge"),
    "local_place": ("grant", "loan", "guarantee", "premises", "network"),
    "climate_and_nature": ("grant", "loan", "premises", "test_site", "knowledge"),
    "jobs_for_more": ("grant", "loan", "procurement", "outcome_contract", "mentoring", "test_site"),
    "better_public_service": (
        "procurement",
        "outcome_contract",
        "mandate",
        "test_site",
        "data",
        "evaluation",
    ),
    "knowledge_to_use": ("grant", "knowledge", "evaluation", "data", "test_site"),
    "lasting_enterprise": ("loan", "guarantee", "equity", "procurement", "mentoring", "network"),
    "spread_what_works": ("grant", "equity", "mandate", "evaluation", "network", "communication"),
}
SUITS: Final[NDArray[np.bool_]] = np.array(
    [[kind in SUITABLE_FORMS[driver] for kind in codes.SUPPORT_KINDS] for driver in codes.DRIVERS], dtype=bool
)


def _mean_of(aspects: list[tuple[NDArray[Any], NDArray[np.bool_]]]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the mean of the aspects that are known, and where any is."""
    total = sum(np.where(known, value, 0.0) for value, known in aspects)
    number = sum(known.astype(np.float64) for _, known in aspects)
    known = np.asarray(number > 0)
    return np.asarray(total / np.maximum(number, 1.0)), known


def organisation(initiatives: InitiativeArrays, offers: OfferArrays) -> Criterion:
    """How clearly the offer is meant for such as these: mean of *kind* and *together*, where stated.

    Kind: `s / (s + 0.1 u)` with s = 1 for an eligible lead, half for another eligible actor, and u the
    kinds that the offer is for and nobody here is. Together (offers that ask for several, or for
    certain partners): half for two actors or more, half for a wanted partner. Neither another actor nor
    another eligible kind that is shared ever lowers it. Cost: three products of (n, K) and (K, m).
    """
    lead = np.zeros_like(initiatives.actor_kinds)
    has_lead = initiatives.lead_kind >= 0
    lead[np.flatnonzero(has_lead), initiatives.lead_kind[has_lead]] = True
    kind = _kinds(lead, initiatives.actor_kinds, offers.eligible_kinds)
    known = has_lead[:, None] & (offers.eligible_state == GIVEN)[None, :]

    asks_partner = offers.must_include_state == GIVEN
    asks_several = offers.consortium_required == 1
    # Few offers ask how those who take part stand together.
    asks = np.flatnonzero(asks_partner | asks_several)
    number = initiatives.number_of_actors[:, None]
    partner = (
        initiatives.actor_kinds.astype(np.float64) @ offers.must_include[asks].astype(np.float64).T
    ) > 0
    together = _mean_of(
        [
            (
                np.broadcast_to(np.where(number >= 2, 1.0, 0.0), partner.shape),
                (number >= 0) & asks_several[None, asks],
            ),
            (
                partner.astype(np.float64),
                (partner | initiatives.actors_complete[:, None]) & asks_partner[None, asks],
            ),
        ]
    )
    mean, mean_known = _mean_of([(np.take(kind, asks, axis=1), np.take(known, asks, axis=1)), together])
    kind[:, asks], known[:, asks] = mean, mean_known
    anybody = (offers.eligible_state == NONE) & ~asks_partner & ~asks_several
    return make_criterion(kind, known, anybody[None, :])


def _kinds(
    lead: NDArray[np.bool_], actors: NDArray[np.bool_], eligible: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the aspect *kind* of `organisation`, shape (n, m); three small numbers decide it.

    Whether the lead is eligible, how many eligible kinds take part, and how many there are: the three are
    the digits of one number, which a single product gives, and each such number has its value.
    """
    size = eligible.shape[1] + 1
    lead_fits, shared, total = np.ogrid[:2, :size, :size]
    strength = np.where(lead_fits > 0, 1.0, np.where(shared > 0, OTHER_ACTOR, 0.0))
    others = np.maximum(total - shared, 0)
    values = strength / np.maximum(strength + PER_OTHER_KIND * others, PER_OTHER_KIND)
    mine = np.hstack([actors * np.float32(size) + lead * np.float32(size**2), np.ones((len(actors), 1))])
    theirs = np.hstack([eligible, eligible.sum(axis=1, keepdims=True)])
    number = mine.astype(np.float32) @ theirs.astype(np.float32).T
    found: NDArray[np.float64] = values.ravel().take(number.astype(np.intp), mode="clip")
    return found


def drivers(initiatives: InitiativeArrays, offers: OfferArrays) -> Criterion:
    """Do the forms of support suit why they do it: mean of *forms* and *shared*, where stated.

    Forms: the share of the initiative's drivers that some given form suits (`SUITABLE_FORMS`). Shared:
    the share of its drivers that the giver names as its own. Giving more is no fault. Cost: two
    products of (n, D) and (D, m).
    """
    mine = initiatives.drivers.astype(np.float64)
    number = mine.sum(axis=1, keepdims=True)
    has_drivers = number > 0
    suited = (SUITS.astype(np.float64) @ offers.kinds.astype(np.float64).T) > 0
    forms = np.divide(mine @ suited, number, out=np.zeros((len(initiatives), len(offers))), where=has_drivers)
    shared = np.divide(
        mine @ offers.drivers.astype(np.float64).T, number, out=np.zeros_like(forms), where=has_drivers
    )
    value, known = _mean_of(
        [
            (forms, has_drivers & any_of(offers.kinds)[None, :]),
            (shared, has_drivers & (offers.drivers_state == GIVEN)[None, :]),
        ]
    )
    return make_criterion(value, known)
