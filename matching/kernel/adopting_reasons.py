"""Why somebody could take up an initiative, and what to ask about first, in Swedish and English.

From the facts of both and the verdicts of `adopting`; what nobody has said is a question, never a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from matching.kernel import codes
from matching.kernel.adopting import CONDITIONS, MONEY, PROOFS
from matching.kernel.collaboration_reasons import collaboration_reasons, collaboration_sentence
from matching.kernel.explain import Reason
from matching.kernel.facts import InitiativeFacts, Taxonomy
from matching.kernel.reasons import Names, joined
from matching.kernel.text import TextStatistics

#: Told as they are for two initiatives: they speak of both sides alike.
_ALIKE: Final = ("themes", "themes_near", "target_groups", "text")

#: By who reads: the adopter, or the initiative.
SWEDISH: Mapping[str, Mapping[str, str]] = {
    "adopter": {
        "place_spread": "Får spridas till er plats: {places}",
        "place_here": "Finns redan där ni är: {places}",
        "like": "Andra som ni har redan tagit upp det ({kinds})",
        "taken_up": "Andra har redan tagit upp det",
        "measured": "De mäter vad det leder till",
        "in_use": "De har hållit på i minst två år",
        "means": "Ni kan lägga in det de söker: {needs}",
        "ask_place": "De har inte sagt vart det får spridas. Fråga om det kan bli hos er.",
        "ask_core": "De har inte skrivit vad som måste vara kvar. Fråga det först.",
        "ask_proof": "De har inte visat vad det leder till eller om andra har tagit upp det. Fråga hur det gick.",
        "ask_means": "De söker också: {needs}. Fråga om det krävs hos er.",
        "check_core": "Gå igenom det som måste vara kvar, och se om ni kan det.",
    },
    "initiative": {
        "place_spread": "De finns där ni vill sprida: {places}",
        "place_here": "De finns där ni redan är: {places}",
        "means": "De kan lägga in det ni söker: {needs}",
        "ask_place": "Ni har inte sagt vart det får spridas. Säg det, så vet de om det kan bli hos dem.",
        "ask_core": "Ni har inte skrivit vad som måste vara kvar. Det är det första de behöver veta.",
        "ask_proof": "Ni har inte visat vad det leder till eller om andra har tagit upp det. De kommer att fråga.",
        "ask_means": "De har inte sagt att de kan lägga in: {needs}",
        "check_core": "Gå igenom med dem vad som måste vara kvar.",
    },
}
ENGLISH: Mapping[str, Mapping[str, str]] = {
    "adopter": {
        "place_spread": "May spread to your place: {places}",
        "place_here": "Is already where you are: {places}",
        "like": "Others like you have taken it up ({kinds})",
        "taken_up": "Others have taken it up",
        "measured": "They measure what it leads to",
        "in_use": "They have done it for at least two years",
        "means": "You can put in what they look for: {needs}",
        "ask_place": "They have not said where it may spread. Ask whether it can come to you.",
        "ask_core": "They have not written what must stay the same. Ask that first.",
        "ask_proof": "They have not shown whether others have taken it up or what it leads to. Ask how it has gone.",
        "ask_means": "They also look for: {needs}. Ask whether it is needed where you are.",
        "check_core": "Go through what must stay the same, and see whether you can do it.",
    },
    "initiative": {
        "place_spread": "They are where you want to spread: {places}",
        "place_here": "They are where you already are: {places}",
        "means": "They can put in what you look for: {needs}",
        "ask_place": "You have not said where it may spread. Say so, and they know whether it can come to them.",
        "ask_core": "You have not written what must stay the same. It is the first thing they need to know.",
        "ask_proof": "You have not shown what it leads to or whether others have taken it up. They will ask.",
        "ask_means": "They have not said that they can put in: {needs}",
        "check_core": "Go through with them what must stay the same.",
    },
}
_VOCABULARY: Final = {
    "place_spread": "area",
    "place_here": "area",
    "like": "organisation_kind",
    "means": "support_kind",
    "ask_means": "support_kind",
}


@dataclass(frozen=True)
class AdoptionFacts:
    """What there is to say of one pair beside the two profiles.

    Parameters
    ----------
    verdicts
        By name of `adopting.CONDITIONS`.
    proofs
        Those of `adopting.PROOFS` that there are.
    brings
        Kinds of support that the adopter can put in.
    has_core
        Whether the initiative has written what must stay the same.
    """

    verdicts: Mapping[str, int]
    proofs: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()
    has_core: bool = False

    def __post_init__(self) -> None:
        if set(self.verdicts) != set(CONDITIONS) or not set(self.proofs) <= set(PROOFS):
            raise ValueError("a verdict for each condition, and proofs that there are")


def adoption_reasons(
    adopter: InitiativeFacts,
    initiative: InitiativeFacts,
    pair: AdoptionFacts,
    *,
    reader: str,
    taxonomy: Taxonomy,
    text: TextStatistics,
) -> list[Reason]:
    """Return what speaks for it to a reader, "adopter" or "initiative", the most telling first.

    At most one reason of each aspect. Its own proof an initiative knows, so it is not told of that.

    Parameters
    ----------
    adopter, initiative
        The facts of both.
    pair
        The pair's numbers.
    reader : {"adopter", "initiative"}
    taxonomy, text
        For names of codes that are shared, and words that are.

    Returns
    -------
    list of Reason
        Empty when nothing speaks for it. Cost: the words of both texts.
    """
    alike = {
        reason.kind: reason
        for reason in collaboration_reasons(adopter, initiative, taxonomy=taxonomy, text=text)
        if reason.kind in _ALIKE
    }
    theme = alike.get("themes") or alike.get("themes_near")
    found = [
        theme,
        _place(adopter, initiative, taxonomy.areas) if pair.verdicts["place"] == codes.FITS else None,
        _proof(adopter, pair) if reader == "adopter" else None,
        _means(initiative, pair),
        alike.get("target_groups"),
        alike.get("text"),
    ]
    return [reason for reason in found if reason is not None]


def caveat(initiative: InitiativeFacts, pair: AdoptionFacts) -> Reason:
    """Return what to ask about or go through first. There is always something.

    Parameters
    ----------
    initiative
        The facts of what could be taken up.
    pair
        The pair's numbers.

    Returns
    -------
    Reason
        The first found of: a place that is unclear, what must stay the same if that is not said, proof that is
        missing, means that the adopter does not have; else to go through what must stay. Cost O(needs).
    """
    if pair.verdicts["place"] == codes.UNCLEAR:
        return _reason("place", "ask_place")
    if not pair.has_core:
        return _reason("core", "ask_core")
    if not pair.proofs:
        return _reason("proof", "ask_proof")
    lacking = [kind for kind in _needs(initiative) if kind not in pair.brings]
    if lacking:
        return _reason("means", "ask_means", {"needs": lacking[:3]})
    return _reason("core", "check_core")


def adoption_sentence(reason: Reason, names: Names, language: str, reader: str) -> str:
    """Return one reason as a sentence for a reader, "adopter" or "initiative"; `names` gives names in that language.

    Parameters
    ----------
    reason
        One of `adoption_reasons` or `caveat`.
    names
        Gives names of codes in that language.
    language : {"sv", "en"}
    reader : {"adopter", "initiative"}

    Returns
    -------
    str
        Without a full stop. Cost O(names in it).
    """
    if reason.kind in _ALIKE:
        return collaboration_sentence(reason, names, language)
    said = (SWEDISH if language == "sv" else ENGLISH)[reader]
    vocabulary = _VOCABULARY.get(reason.kind, "")
    words = {
        name: joined([names(vocabulary, code) for code in value], language)
        for name, value in reason.parameters.items()
    }
    return said[reason.kind].format(**words)


def _reason(aspect: str, kind: str, parameters: Mapping[str, Any] | None = None) -> Reason:
    return Reason(aspect, "fits", kind, parameters or {})


def _place(
    adopter: InitiativeFacts, initiative: InitiativeFacts, tree: Mapping[str, str | None]
) -> Reason | None:
    places = adopter.works_in or ()
    here = _within(initiative.works_in or (), places, tree)
    if here:
        return _reason("place", "place_here", {"places": here[:3]})
    wider = initiative.may_spread_to or ()
    spread = _within(wider, places, tree) or _within(places, wider, tree)
    return _reason("place", "place_spread", {"places": spread[:3]}) if spread else None


def _within(wider: tuple[str, ...], places: tuple[str, ...], tree: Mapping[str, str | None]) -> list[str]:
    """Return the places that lie in any of the wider ones."""
    found = []
    for place in places:
        step: str | None = place if place in tree else None
        while step is not None and step not in wider:
            step = tree[step]
        if step is not None:
            found.append(place)
    return found


def _proof(adopter: InitiativeFacts, pair: AdoptionFacts) -> Reason | None:
    if pair.verdicts["like"] == codes.FITS and adopter.lead_kind:
        return _reason("proof", "like", {"kinds": [adopter.lead_kind]})
    first = next((proof for proof in PROOFS if proof in pair.proofs), None)
    return _reason("proof", first) if first else None


def _needs(initiative: InitiativeFacts) -> list[str]:
    return list(dict.fromkeys(need.kind for need in initiative.needs or () if need.kind not in MONEY))


def _means(initiative: InitiativeFacts, pair: AdoptionFacts) -> Reason | None:
    met = [kind for kind in _needs(initiative) if kind in pair.brings]
    return _reason("means", "means", {"needs": met[:3]}) if met else None
