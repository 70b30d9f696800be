"""Why two initiatives could do something together, from the facts of both, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from matching.kernel.collaboration import BRINGS, SECTORS
from matching.kernel.explain import Reason
from matching.kernel.facts import InitiativeFacts, Taxonomy
from matching.kernel.naming import named_terms
from matching.kernel.reasons import Names, joined
from matching.kernel.text import TextStatistics

_AND: Final = {"sv": "och", "en": "and"}
#: Fewer words than this are a coincidence.
FEWEST_WORDS = 2

SWEDISH: Mapping[str, str] = {
    "challenge": "Ni svarar på samma utmaning: {challenges}",
    "themes": "Samma ämne: {themes}",
    "themes_near": "Närliggande ämnen: {mine} och {theirs}",
    "target_groups": "Samma målgrupp: {target_groups}",
    "text": "Båda skriver om samma sak: {words}",
    "place": "Båda arbetar i {places}",
    "place_covers": "Ni arbetar delvis på samma plats: {mine} och {theirs}",
    "spread_there": "De arbetar där du vill sprida: {places}",
    "spread_here": "De vill sprida till där du arbetar: {places}",
    "they_bring": "De kan ofta bidra med det du behöver: {needs}",
    "you_bring": "Du kan ofta bidra med det de behöver: {needs}",
    "perspective": "De ser frågan från ett annat håll: {kinds}",
}
ENGLISH: Mapping[str, str] = {
    "challenge": "You answer the same challenge: {challenges}",
    "themes": "Same theme: {themes}",
    "themes_near": "Related themes: {mine} and {theirs}",
    "target_groups": "Same target group: {target_groups}",
    "text": "Both write about the same thing: {words}",
    "place": "Both work in {places}",
    "place_covers": "You work partly in the same place: {mine} and {theirs}",
    "spread_there": "They work where you want to spread: {places}",
    "spread_here": "They want to spread to where you work: {places}",
    "they_bring": "They can often bring what you need: {needs}",
    "you_bring": "You can often bring what they need: {needs}",
    "perspective": "They see it from another side: {kinds}",
}
_VOCABULARY: Final = {
    "themes": "theme",
    "themes_near": "theme",
    "target_groups": "target_group",
    "place": "area",
    "place_covers": "area",
    "spread_there": "area",
    "spread_here": "area",
    "they_bring": "support_kind",
    "you_bring": "support_kind",
    "perspective": "organisation_kind",
}


def collaboration_reasons(
    mine: InitiativeFacts,
    theirs: InitiativeFacts,
    *,
    taxonomy: Taxonomy,
    text: TextStatistics,
    challenges: Sequence[str] = (),
) -> list[Reason]:
    """Return what there is to say, the most telling first: what is alike, then what each could bring.

    Only facts that both may read of each other. At most one reason of each aspect, and the `challenges` that
    both answer, by title.

    Parameters
    ----------
    mine, theirs
        The facts of both.
    taxonomy, text
        For codes that are shared, and words that are.
    challenges : sequence of str

    Returns
    -------
    list of Reason
        Empty when there is nothing to say. Cost: the words of both texts.
    """
    found = [
        _reason("themes", "challenge", {"challenges": list(challenges)[:2]}) if challenges else None,
        _themes(mine, theirs, taxonomy.themes),
        _brings("they_bring", receiver=mine, giver=theirs),
        _places(mine, theirs, taxonomy.areas),
        _shared("target_groups", mine.target_groups, theirs.target_groups),
        _words(mine, theirs, text),
        _brings("you_bring", receiver=theirs, giver=mine),
        _perspective(mine, theirs),
    ]
    return [reason for reason in found if reason is not None]


def collaboration_sentence(reason: Reason, names: Names, language: str) -> str:
    """Return one reason as a sentence without a full stop; `names` gives names in that language.

    Parameters
    ----------
    reason
        One of `collaboration_reasons`.
    names
        Gives names of codes in that language.
    language : {"sv", "en"}

    Returns
    -------
    str
        Without a full stop. Cost O(names in it).
    """
    template = (SWEDISH if language == "sv" else ENGLISH)[reason.kind]
    vocabulary = _VOCABULARY.get(reason.kind)
    words: dict[str, str] = {}
    for name, value in reason.parameters.items():
        told = [names(vocabulary, code) for code in value] if vocabulary else list(value)
        # "lokaler och utrustning och kunskap" would be three things: then commas alone.
        has_and = any(f" {_AND[language]} " in one for one in told)
        words[name] = ", ".join(told) if has_and else joined(told, language)
    return template.format(**words)


def _reason(aspect: str, kind: str, parameters: Mapping[str, Any]) -> Reason:
    return Reason(aspect, "fits", kind, parameters)


def _shared(kind: str, mine: Sequence[str] | None, theirs: Sequence[str] | None) -> Reason | None:
    shared = [code for code in mine or () if code in (theirs or ())]
    return _reason(kind, kind, {kind: shared[:3]}) if shared else None


def _ancestors(tree: Mapping[str, str | None], code: str) -> list[str]:
    found, step = [], code if code in tree else None
    while step is not None:
        found.append(step)
        step = tree[step]
    return found


def _themes(mine: InitiativeFacts, theirs: InitiativeFacts, tree: Mapping[str, str | None]) -> Reason | None:
    same = _shared("themes", mine.themes, theirs.themes)
    if same is not None:
        return same
    for code in mine.themes or ():
        for other in theirs.themes or ():
            if code in _ancestors(tree, other) or other in _ancestors(tree, code):
                return _reason("themes", "themes_near", {"mine": [code], "theirs": [other]})
    return None


def _places(mine: InitiativeFacts, theirs: InitiativeFacts, tree: Mapping[str, str | None]) -> Reason | None:
    here, there = mine.works_in or (), theirs.works_in or ()
    both = [place for place in here if place in there]
    if both:
        return _reason("place", "place", {"places": both[:3]})
    spread = _within(mine.may_spread_to or (), there, tree)
    if spread:
        return _reason("place", "spread_there", {"places": spread[:3]})
    wanted = _within(theirs.may_spread_to or (), here, tree)
    if wanted:
        return _reason("place", "spread_here", {"places": wanted[:3]})
    for place in here:
        for other in there:
            if place in _ancestors(tree, other) or other in _ancestors(tree, place):
                return _reason("place", "place_covers", {"mine": [place], "theirs": [other]})
    return None


def _within(wider: Sequence[str], places: Sequence[str], tree: Mapping[str, str | None]) -> list[str]:
    """Return the places that lie in any of the wider ones."""
    return [place for place in places if set(_ancestors(tree, place)) & set(wider)]


def _kinds(facts: InitiativeFacts) -> list[str]:
    every = (facts.lead_kind, *(facts.actor_kinds or ()))
    return list(dict.fromkeys(kind for kind in every if kind))


def _brings(kind: str, *, receiver: InitiativeFacts, giver: InitiativeFacts) -> Reason | None:
    brought = {form for party in _kinds(giver) for form in BRINGS[party]}
    needs = [need.kind for need in receiver.needs or () if need.kind in brought]
    return _reason("complement", kind, {"needs": list(dict.fromkeys(needs))[:3]}) if needs else None


def _perspective(mine: InitiativeFacts, theirs: InitiativeFacts) -> Reason | None:
    def sector(kind: str) -> str:
        return next(name for name, kinds in SECTORS.items() if kind in kinds)

    own = {sector(kind) for kind in _kinds(mine)}
    others = [kind for kind in _kinds(theirs) if own and sector(kind) not in own]
    return _reason("complement", "perspective", {"kinds": others[:2]}) if others else None


def _words(mine: InitiativeFacts, theirs: InitiativeFacts, text: TextStatistics) -> Reason | None:
    named = named_terms(mine.document, theirs.document, text, 3)
    if len(named) < FEWEST_WORDS:
        return None
    return _reason("text", "text", {"words": [term.to_query for term in named]})
