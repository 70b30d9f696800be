"""From stored numbers and the facts of both sides to words. Loads the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext, override
from numpy.typing import NDArray

from brygga.core.enums import Language
from brygga.taxonomy import selectors as taxonomy
from brygga.taxonomy.enums import Driver, FormAfter, OrganisationKind, ProcessPart, SupportKind
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import Frozen, frozen_by, frozen_for
from matching.engine.encoding import (
    initiative_facts,
    offer_facts,
    today,
    with_initiative_facts,
    with_offer_facts,
)
from matching.engine.enums import Verdict
from matching.engine.models import Match, MatchRun
from matching.engine.selectors import (
    CriterionResult,
    HowWell,
    MatchExplanation,
    Perspective,
    RequirementResult,
)
from matching.engine.storing import StoredNumbers, pack_rules, pack_values, unpack
from matching.kernel import codes
from matching.kernel.arrays import encode_initiatives, encode_offers
from matching.kernel.combine import band
from matching.kernel.combine import base as base_fit
from matching.kernel.explain import Reason, card_reasons, explain_pair
from matching.kernel.facts import InitiativeFacts, OfferFacts
from matching.kernel.reasons import reason_en, reason_sv
from matching.kernel.scoring import PreparedOffers, score_block

#: How far below and above the base the bar of a band begins and ends.
_SHORTEST, _LONGEST = -0.1, 0.25


def explain_match(
    match: Match, language: str | None, perspective: Perspective, now: datetime
) -> MatchExplanation:
    """Explain a stored match; see `selectors.explain`."""
    frozen = frozen_by(match.analysis_id)
    if match.kept_at is not None and max(match.initiative.changed_at, match.offer.changed_at) > match.kept_at:
        # Nobody has scored the pair since either side changed.
        pair = match.initiative_id, match.offer_id
        return _explained(frozen, [match.initiative], [match.offer], language, perspective, now)[pair]
    numbers = unpack(match.numbers, match.rules, frozen.analysis, frozen.weights)
    fit = match.fit
    if match.kept_at is not None:
        # Stored with an earlier analysis, perhaps: its numbers are weighed as all others are now.
        total = base_fit(frozen.analysis.mean_array(), frozen.weights) + sum(numbers.contributions)
        fit = round(min(1.0, max(0.0, total)), 4)
    return _in_words(
        frozen,
        initiative_facts(match.initiative, now),
        offer_facts(match.offer),
        numbers=numbers,
        verdict=match.verdict,
        fit=fit,
        confidence=match.confidence,
        language=language,
        perspective=perspective,
        now=now,
    )


def how_well(match: Match) -> HowWell:
    """Say how well a stored match fits; see `selectors.how_well`."""
    frozen = frozen_by(match.analysis_id)
    base = base_fit(frozen.analysis.mean_array(), frozen.weights)
    return HowWell(match.fit, *_band_and_share(match.fit, base, match.verdict))


def _band_and_share(fit: float, base: float, verdict: str) -> tuple[str, float]:
    share = min(1.0, max(0.05, (fit - base - _SHORTEST) / (_LONGEST - _SHORTEST)))
    return band(fit, base, is_clear=verdict == Verdict.FITS), share


def explain_any(
    run: MatchRun,
    initiative: Initiative,
    offer: SupportOffer,
    language: str | None,
    perspective: Perspective,
    now: datetime,
) -> MatchExplanation:
    """Score one pair and explain it; see `selectors.pair_explanation`."""
    first = with_initiative_facts(Initiative.objects.all()).get(pk=initiative.pk)
    second = with_offer_facts(SupportOffer.objects.all()).get(pk=offer.pk)
    return explain_pairs(run, [first], [second], language, perspective, now)[first.pk, second.pk]


def explain_pairs(
    run: MatchRun,
    initiatives: Sequence[Initiative],
    offers: Sequence[SupportOffer],
    language: str | None,
    perspective: Perspective,
    now: datetime,
) -> dict[tuple[int, int], MatchExplanation]:
    """Score and explain every pair of these rows, by their primary keys.

    The rows come from `with_initiative_facts` and `with_offer_facts`. No query, but for the run's
    analysis the first time. To givers support that has closed is as on its last day.
    """
    if not (initiatives and offers):
        return {}
    if perspective == "initiative":
        return _explained(frozen_for(run), initiatives, offers, language, perspective, now)
    explained: dict[tuple[int, int], MatchExplanation] = {}
    for offer in offers:
        explained |= _explained(frozen_for(run), initiatives, [offer], language, perspective, now)
    return explained


def _explained(
    frozen: Frozen,
    initiatives: Sequence[Initiative],
    offers: Sequence[SupportOffer],
    language: str | None,
    perspective: Perspective,
    now: datetime,
) -> dict[tuple[int, int], MatchExplanation]:
    first = [initiative_facts(row, now) for row in initiatives]
    second = [offer_facts(row) for row in offers]
    last_days = [facts.closes_day for facts in second if facts.closes_day is not None]
    scores = score_block(
        encode_initiatives(first, frozen.trees),
        PreparedOffers(encode_offers(second, frozen.trees), frozen.analysis),
        frozen.analysis,
        frozen.weights,
        min([today(now), *last_days]) if perspective == "offer" else today(now),
    )
    explained = {}
    for row, initiative in enumerate(initiatives):
        for column, offer in enumerate(offers):
            place = row, column
            # Through the stored form, so that a stored pair and this one are the same to the last digit.
            numbers = unpack(
                pack_values(scores.values[place], scores.known[place]).tobytes(),
                int(pack_rules(scores.requirement_verdicts[place])),
                frozen.analysis,
                frozen.weights,
            )
            explained[initiative.pk, offer.pk] = _in_words(
                frozen,
                first[row],
                second[column],
                numbers=numbers,
                verdict=codes.VERDICTS[scores.verdict[place]],
                fit=float(scores.fit[place]),
                confidence=float(scores.confidence[place]),
                language=language,
                perspective=perspective,
                now=now,
            )
    return explained


def explain_scored(
    frozen: Frozen,
    initiative: InitiativeFacts,
    offer: SupportOffer,
    *,
    values: NDArray[Any],
    known: NDArray[Any],
    rules: NDArray[Any],
    verdict: str,
    fit: float,
    confidence: float,
    now: datetime,
) -> MatchExplanation:
    """Explain numbers that have just been made for facts that stand in no row, to whoever stated them.

    The offer comes from `with_offer_facts`. No query.
    """
    # Through the stored form: the same words as when the facts have become an initiative.
    numbers = unpack(
        pack_values(values, known).tobytes(), int(pack_rules(rules)), frozen.analysis, frozen.weights
    )
    return _in_words(
        frozen,
        initiative,
        offer_facts(offer),
        numbers=numbers,
        verdict=verdict,
        fit=fit,
        confidence=confidence,
        language=None,
        perspective="initiative",
        now=now,
    )


def reasons_of(
    frozen: Frozen,
    initiative: InitiativeFacts,
    offer: OfferFacts,
    *,
    numbers: StoredNumbers,
    now: datetime,
) -> list[Reason]:
    """Return the kernel's reasons for a pair's numbers."""
    return explain_pair(
        initiative,
        offer,
        taxonomy=frozen.trees.taxonomy,
        text=frozen.analysis.text,
        values=numbers.values,
        known=numbers.known,
        contributions=numbers.contributions,
        requirement_verdicts=numbers.requirements,
        weights=frozen.weights.as_array().tolist(),
        now_day=today(now),
    )


def _in_words(
    frozen: Frozen,
    initiative: InitiativeFacts,
    offer: OfferFacts,
    *,
    numbers: StoredNumbers,
    verdict: str,
    fit: float,
    confidence: float,
    language: str | None,
    perspective: Perspective,
    now: datetime,
) -> MatchExplanation:
    reasons = reasons_of(frozen, initiative, offer, numbers=numbers, now=now)
    chosen = "en" if (language or get_language() or "sv").startswith("en") else "sv"
    base = base_fit(frozen.analysis.mean_array(), frozen.weights)
    word, share = _band_and_share(fit, base, verdict)
    with override(chosen):
        card = card_reasons(reasons)
        return MatchExplanation(
            verdict=verdict,
            fit=fit,
            base=base,
            confidence=confidence,
            band=word,
            share=share,
            confidence_words=confidence_in_words(confidence),
            reasons=tuple(sentence(reason, chosen, perspective) for reason in card.reasons),
            caveat=sentence(card.caveat, chosen, perspective) if card.caveat else "",
            criteria=tuple(
                CriterionResult(
                    criterion=reason.criterion,
                    verdict=reason.verdict,
                    value=reason.value,
                    weight=reason.weight or 0.0,
                    contribution=reason.contribution or 0.0,
                    sentence=sentence(reason, chosen, perspective),
                )
                for reason in reasons
                if not reason.is_requirement
            ),
            requirements=tuple(
                RequirementResult(reason.criterion, reason.verdict, sentence(reason, chosen, perspective))
                for reason in reasons
                if reason.is_requirement
            ),
            shared_words=_shared_words(reasons),
        )


def _shared_words(reasons: Sequence[Reason]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for reason in reasons:
        if "their_words" in reason.parameters:
            return tuple(reason.parameters["words"]), tuple(reason.parameters["their_words"])
    return (), ()


def confidence_in_words(confidence: float) -> str:
    """Say how much of the comparison rests on known facts, in the active language."""
    if confidence >= 0.75:
        return gettext("Based on most of what matters")
    if confidence >= 0.5:
        return gettext("Some facts are missing")
    return gettext("Many facts are missing")


def sentence(reason: Reason, language: str, perspective: Perspective) -> str:
    """Return a reason in words, with names of codes in the language."""
    with override(language):
        if language == "en":
            return reason_en(reason, name_of, perspective)
        return reason_sv(reason, name_of, perspective)


def name_of(vocabulary: str, code: str) -> str:
    """Return the name of a code as it stands inside a sentence, in the active language."""
    if vocabulary == "area":
        return taxonomy.area_name(code)
    named = {
        "theme": lambda: taxonomy.theme_names([code])[0],
        "target_group": lambda: taxonomy.target_group_names([code])[0],
        "process_part": lambda: str(ProcessPart(code).label),
        "support_kind": lambda: str(SupportKind(code).label),
        "organisation_kind": lambda: str(OrganisationKind(code).label),
        "form_after": lambda: str(FormAfter(code).label),
        "driver": lambda: str(Driver(code).label),
        "form": lambda: _form(code),
        "language": lambda: str(Language(code).label),
    }
    return _inside(named[vocabulary](), keep_case=vocabulary == "language" and get_language() == "en")


def _form(code: str) -> str:
    for kinds in (SupportKind, FormAfter, Driver):
        if code in kinds.values:
            return str(kinds(code).label)
    return code


def _inside(name: str, *, keep_case: bool = False) -> str:
    """Return a label without its explanation and with a small first letter, unless it is an acronym."""
    short = name.split(":")[0].strip()
    if keep_case or short[1:2].isupper() or not short:
        return short
    return short[0].lower() + short[1:]
