"""Where an offer says one thing and the giver's other offer of the same thing says another; advice, never a stop.

Only what is certain: both have said it, and a seeker who may apply for both reads two answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from funders.lines import LINE_FIELDS, line_in_words
from funders.models import SupportLine, SupportOffer

#: A year of this century, standing alone; not part of an amount or an organisation number.
_YEAR = re.compile(r"(?<![\d-])20\d\d(?!\d| \d{3}\b)")


@dataclass(frozen=True)
class Contradiction:
    """Another offer, and in what it says something else: what, here, there."""

    other: SupportOffer
    differences: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Doubt:
    """Something in an offer itself that cannot be right, and the question where it is written."""

    sentence: str
    question: str


def contradictions(offer: SupportOffer, overlaps: Sequence[SupportOffer]) -> list[Contradiction]:
    """Return where offers of the same thing say otherwise; `overlaps` as `overlapping_own_offers` gives them.

    Offers for different kinds of organisation are meant to differ. No query.
    """
    found = [
        Contradiction(other, (*_lines(offer, other), *_rules(offer, other)))
        for other in overlaps
        if _may_both_be_applied_for(offer, other)
    ]
    return [one for one in found if one.differences]


def doubts(offer: SupportOffer, today: date) -> list[Doubt]:
    """Return what in an offer speaks against itself or is over. Of one that has closed nothing. No query."""
    if offer.closes_on is not None and offer.closes_on < today:
        return []
    said = []
    if offer.closes_on and offer.decision_on and offer.decision_on < offer.closes_on:
        said.append(Doubt(gettext("The decision comes before the last day to apply."), "times"))
    for text, question in ((offer.title, "title"), (offer.how_to_apply, "apply")):
        years = [int(year) for year in _YEAR.findall(text)]
        # A year that is over beside one that is not tells of what was.
        if years and max(years) < today.year:
            sentence = gettext("It says %(year)d, a year that is over.") % {"year": max(years)}
            said.append(Doubt(sentence, question))
    return said


def _may_both_be_applied_for(one: SupportOffer, other: SupportOffer) -> bool:
    kinds, others = one.eligible_kinds, other.eligible_kinds
    return not kinds or not others or bool(set(kinds) & set(others))


def _lines(one: SupportOffer, other: SupportOffer) -> Iterable[tuple[str, str, str]]:
    mine, theirs = _by_kind(one), _by_kind(other)
    for kind, line in mine.items():
        beside = theirs.get(kind)
        if beside is None:
            continue
        said = [(getattr(line, name), getattr(beside, name)) for name in LINE_FIELDS]
        if any(here != there for here, there in said if here is not None and there is not None):
            yield line.get_kind_display(), _in_words(line), _in_words(beside)


def _by_kind(offer: SupportOffer) -> dict[str, SupportLine]:
    """Return the lines of kinds that an offer has once; several of one kind are already several answers."""
    lines = list(offer.support.all())
    kinds = [line.kind for line in lines]
    return {line.kind: line for line in lines if kinds.count(line.kind) == 1}


def _in_words(line: SupportLine) -> str:
    words = line_in_words({name: getattr(line, name) for name in LINE_FIELDS})
    return words.removeprefix(f"{line.get_kind_display()}: ")


def _rules(one: SupportOffer, other: SupportOffer) -> Iterable[tuple[str, str, str]]:
    for name, what in (
        ("legal_entity_required", gettext("Organisation number")),
        ("consortium_required", gettext("Several together")),
    ):
        here, there = getattr(one, name), getattr(other, name)
        if None not in (here, there) and here != there:
            yield what, _must(here), _must(there)
    here, there = one.co_funding_percent, other.co_funding_percent
    if here is not None and there is not None and here != there:
        yield gettext("Co-funding"), _percent(here), _percent(there)


def _must(is_required: bool) -> str:
    return gettext("Required") if is_required else gettext("No requirement")


def _percent(share: int) -> str:
    return gettext("%(number)d per cent") % {"number": share}
