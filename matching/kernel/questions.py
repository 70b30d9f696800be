"""The next best question: the fact that is not stated and settles the most unclear offers.

An offer is settled by a fact when every rule that is unclear for it waits for that fact and for nothing
else: whatever the answer is, the offer then fits or does not. What the offer's own side has left open
(a place nobody can find) is never settled by asking the initiative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.arrays import OfferArrays, any_of, encode_initiatives
from matching.kernel.eligibility import Verdicts, overall_verdict
from matching.kernel.facts import InitiativeFacts

_Mask = NDArray[np.bool_]

#: What can be asked of an initiative, the easiest to answer first: this order breaks ties.
FACTS: Final = (
    "legal_entity",
    "age",
    "lead_kind",
    "language",
    "works_in",
    "process_parts",
    "form_after",
    "needs",
    "amount",
    "co_funding",
    "target_groups",
    "themes",
    "drivers",
    "actors",
)


@dataclass(frozen=True)
class Question:
    """One fact that is missing, and the offers that wait for it.

    Parameters
    ----------
    fact
        One of `FACTS`.
    settles : ndarray of int
        Rows of the offers that this answer alone makes clear.
    waiting : ndarray of int
        Rows of the unclear offers that wait for this answer, perhaps for others too.
    """

    fact: str
    settles: NDArray[np.int64]
    waiting: NDArray[np.int64]


def questions(initiative: InitiativeFacts, offers: OfferArrays, verdicts: Verdicts) -> list[Question]:
    """Return what could be asked, the best question first.

    Parameters
    ----------
    initiative
        The facts as they are.
    offers
        m rows.
    verdicts : ndarray of shape (m, R), int8
        The initiative's row of `requirement_verdicts` against these offers.

    Returns
    -------
    list of Question
        Those that some unclear offer waits for: most settled first, then most waiting, then the easiest
        to answer. Needs are thought of as stated with their amounts. Cost O(m · R).
    """
    unclear = overall_verdict(verdicts) == codes.UNCLEAR
    waits, beyond = _waits(initiative, offers, verdicts == codes.UNCLEAR)
    alone = unclear & ~beyond & (waits.sum(axis=1) == 1)
    found = [
        Question(fact, np.flatnonzero(alone & waits[:, place]), np.flatnonzero(unclear & waits[:, place]))
        for place, fact in enumerate(FACTS)
    ]
    return sorted(
        (one for one in found if len(one.waiting)), key=lambda one: (-len(one.settles), -len(one.waiting))
    )


def _waits(initiative: InitiativeFacts, offers: OfferArrays, unclear: _Mask) -> tuple[_Mask, _Mask]:
    """Return which facts each offer waits for, (m, n_facts), and where no answer of ours is enough, (m,)."""
    waits = np.zeros((len(offers), len(FACTS)), dtype=bool)
    beyond = np.zeros(len(offers), dtype=bool)
    mine = encode_initiatives([initiative], offers.trees)
    missing = _missing(initiative)

    def rule(name: str) -> _Mask:
        return unclear[:, codes.REQUIREMENTS.index(name)]

    def wait(rows: _Mask, *facts: str) -> None:
        """These rows wait for those of the facts that are missing, or for nothing we could be told."""
        lacking = [fact for fact in facts if missing[fact]]
        for fact in lacking:
            waits[rows, FACTS.index(fact)] = True
        if not lacking:
            beyond[rows] = True

    asks_lead = offers.applies_to == codes.APPLIES_TO.index("lead")
    wait(rule("organisation_kind") & asks_lead, "lead_kind")
    wait(rule("organisation_kind") & ~asks_lead, "lead_kind", "actors")
    wait(rule("must_include"), "lead_kind", "actors")
    wait(rule("consortium"), "actors")
    wait(rule("legal_entity"), "legal_entity")
    wait(rule("age"), "age")
    wait(rule("area"), "works_in")
    spreads = (mine.may_spread_to @ offers.trees.areas.related) @ offers.areas.T > 0
    # It may spread there: saying where it works now leaves that as open as before.
    beyond |= rule("area") & (offers.areas_unresolved | np.asarray(spreads)[0])
    wait(rule("support_kind"), "needs")
    refused = rule("forms_refused_by_offer")
    for fact, kinds in (
        ("needs", offers.refused_kinds),
        ("form_after", offers.refused_forms_after),
        ("drivers", offers.refused_drivers),
    ):
        if missing[fact]:
            wait(refused & any_of(kinds), fact)
    wait(rule("strict_themes"), "themes")
    beyond |= rule("strict_themes") & offers.themes_unresolved
    wait(rule("strict_target_groups"), "target_groups")
    beyond |= rule("strict_target_groups") & offers.target_groups_unresolved
    wait(rule("strict_process_parts"), "process_parts")
    wait(rule("strict_language"), "language")
    wait(rule("strict_amount"), "needs" if missing["needs"] else "amount")
    wait(rule("strict_co_funding"), "co_funding")
    beyond |= (unclear & ~_KNOWN_RULES).any(axis=1)
    return waits, beyond


#: Rules that `_waits` knows the causes of; one that is added to the kernel and not here is beyond asking.
_KNOWN_RULES = np.isin(
    codes.REQUIREMENTS,
    [
        "organisation_kind",
        "must_include",
        "consortium",
        "legal_entity",
        "age",
        "area",
        "support_kind",
        "forms_refused_by_offer",
        *(f"strict_{name}" for name in codes.STRICT),
    ],
)


def _missing(facts: InitiativeFacts) -> dict[str, bool]:
    """Say of each fact whether it is not stated, or stated in words that lead to no code."""
    return {
        "legal_entity": facts.known_legal_entity is None,
        "age": facts.age_months is None,
        "lead_kind": facts.lead_kind is None,
        "language": facts.language is None,
        "works_in": True,
        "process_parts": not facts.process_parts,
        "form_after": facts.form_after is None,
        "needs": not facts.needs,
        "amount": any(not need.amount for need in facts.needs or ()),
        "co_funding": facts.co_funding_percent is None,
        "target_groups": True,
        "themes": True,
        "drivers": not facts.drivers,
        "actors": facts.actor_kinds is None or None in facts.actor_kinds,
    }
