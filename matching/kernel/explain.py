"""Why: reasons made of the stored numbers of one pair and the facts of both sides.

A reason never says anything that the score did not use. It is plain data (codes and figures), so that
it can be stored; `reasons` puts it into words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matching.kernel import codes
from matching.kernel.facts import InitiativeFacts, OfferFacts, Taxonomy
from matching.kernel.findings import (
    CRITERION_FINDINGS,
    Found,
    Pair,
    history_finding,
    text_finding,
    unknown_finding,
)
from matching.kernel.rule_findings import REQUIREMENT_FINDINGS
from matching.kernel.text import TextStatistics

#: Kinds that fit a little and are worth a warning, not a praise.
_CAVEAT_KINDS = frozenset({"amount_above", "amount_below", "text_little", "hours_short"})
#: A wish that is not met and yet nobody's fault: never a caveat.
_NO_CAVEAT_KINDS = frozenset({"challenge_other"})
#: Alike without anything to name, or nothing that sets a pair apart: told among the details, never a
#: reason on a card.
_DETAIL_KINDS = frozenset(
    {"text_whole", "text_partly", "text_meaning_little", "history_other", "organisation_many"}
)


@dataclass(frozen=True)
class Reason:
    """One line of an explanation.

    Parameters
    ----------
    criterion
        One of `codes.CRITERIA` or `codes.REQUIREMENTS`.
    verdict
        One of `codes.VERDICTS`. A criterion fits when it meets at all, is unclear when a fact is
        missing, and has no rule when the giver has no wish.
    kind
        Which sentence, see `reasons`.
    parameters
        What fills it: codes (lists), words and figures, all of plain JSON types.
    value, weight, contribution
        Of a criterion; None for a requirement, and the value None where it is not known.
    is_requirement
        A hard rule, not a wish.
    """

    criterion: str
    verdict: str
    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    value: float | None = None
    weight: float | None = None
    contribution: float | None = None
    is_requirement: bool = False


@dataclass(frozen=True)
class CardReasons:
    """What a match card shows: two or three reasons, and one caveat when there is any."""

    reasons: tuple[Reason, ...]
    caveat: Reason | None


def explain_pair(
    initiative: InitiativeFacts,
    offer: OfferFacts,
    *,
    taxonomy: Taxonomy,
    text: TextStatistics,
    values: Sequence[float],
    known: Sequence[bool],
    contributions: Sequence[float],
    requirement_verdicts: Sequence[int],
    weights: Sequence[float],
    now_day: float,
) -> list[Reason]:
    """Return every criterion and every requirement that has a rule, as reasons.

    Parameters
    ----------
    values, known, contributions : of length C
        The pair's stored numbers, in the order of `codes.CRITERIA`.
    requirement_verdicts : of length R
        In the order of `codes.REQUIREMENTS`.
    weights : of length C
        `Weights.as_array()` of the run.

    Returns
    -------
    list of Reason
        Criteria in their order, then requirements in theirs. Contributions are those given, so
        they sum to the fit together with the base.
        Cost: the words of both texts and the supported cases.
    """
    pair = Pair(initiative, offer, taxonomy, now_day)
    reasons = []
    for place, name in enumerate(codes.CRITERIA):
        if known[place]:
            kind, parameters = _known_finding(
                pair, text, name, float(values[place]), float(contributions[place])
            )
            verdict = "fits" if values[place] > 0 else "does_not_fit"
        else:
            verdict, kind, parameters = unknown_finding(pair, name)
        reasons.append(
            Reason(
                name,
                verdict,
                kind,
                parameters,
                round(float(values[place]), 4) if known[place] else None,
                float(weights[place]),
                float(contributions[place]),
            )
        )
    for place, name in enumerate(codes.REQUIREMENTS):
        verdict = codes.VERDICTS[requirement_verdicts[place]]
        if verdict != "no_rule":
            kind, parameters = REQUIREMENT_FINDINGS[name](pair, verdict)
            reasons.append(Reason(name, verdict, kind, parameters, is_requirement=True))
    return reasons


def _known_finding(pair: Pair, text: TextStatistics, name: str, value: float, contribution: float) -> Found:
    if name == "text":
        return text_finding(pair, text, value, contribution)
    if name == "history":
        return history_finding(pair, text, contribution)
    return CRITERION_FINDINGS[name](pair, value)


def card_reasons(reasons: Sequence[Reason]) -> CardReasons:
    """Choose what a card shows.

    Reasons: the criteria that contribute most, up to three, and only those that meet and have something
    to name; so that there
    are two where possible, those that meet below the mean follow. Caveat, first found: a rule that is
    broken, a rule that is unclear, a wish that is not met, a fact that one side has not stated (the
    innovator's before the giver's, the weightiest first).

    Parameters
    ----------
    reasons : sequence of Reason
        What `explain_pair` gives.

    Returns
    -------
    CardReasons
        Cost O(reasons log reasons).
    """
    wishes = [reason for reason in reasons if not reason.is_requirement]
    met = sorted(
        (
            reason
            for reason in wishes
            if reason.verdict == "fits" and reason.kind not in _CAVEAT_KINDS | _DETAIL_KINDS
        ),
        key=lambda reason: -(reason.contribution or 0.0),
    )
    strong = [reason for reason in met if (reason.contribution or 0.0) > 0][:3]
    chosen = strong if len(strong) >= 2 else met[:2]
    rules = [reason for reason in reasons if reason.is_requirement]
    by_loss = sorted(wishes, key=lambda reason: reason.contribution or 0.0)
    by_weight = sorted(wishes, key=lambda reason: -(reason.weight or 0.0))
    missing = [reason for reason in by_weight if reason.verdict == "unclear"]
    candidates = [
        *(reason for reason in rules if reason.verdict == "does_not_fit"),
        *(reason for reason in rules if reason.verdict == "unclear"),
        *(reason for reason in by_loss if reason.kind in _CAVEAT_KINDS),
        *(
            reason
            for reason in by_loss
            if reason.verdict == "does_not_fit" and reason.kind not in _NO_CAVEAT_KINDS
        ),
        # What the reader can mend first; what neither side has mentioned is no caveat at all.
        *(reason for reason in missing if reason.parameters.get("side") == "initiative"),
        *(reason for reason in missing if reason.parameters.get("side") != "both"),
    ]
    return CardReasons(tuple(chosen), candidates[0] if candidates else None)
