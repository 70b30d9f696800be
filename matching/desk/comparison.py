"""What each side has said, criterion by criterion, in words: the two middle columns of a details table.

Reads only what both sides may read of each other: public places, no contact details. An empty text
means that nothing is stated, and the table says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_day, format_money, format_money_range, format_number
from brygga.language import stem, tokenise
from brygga.organisations.registration.words import Terms, full_area_names
from brygga.taxonomy.enums import Driver, FormAfter, OrganisationKind, ProcessPart, SupportKind
from funders.models import SupportLine, SupportOffer
from funders.selectors import time_in_words
from innovators.models import Initiative, Need
from innovators.selectors import owner_name, public_places
from matching.awards.selectors import named_cases
from matching.challenges.selectors import public_challenges

CRITERION_NAMES: dict[str, str | Promise] = {
    "text": _("What the texts are about"),
    "themes": _("Themes"),
    "target_groups": _("Target groups"),
    "area": _("Place"),
    "process_parts": _("Part of the work"),
    "support_kind": _("Kind of support"),
    "amount": _("Amount"),
    "organisation": _("Who takes part"),
    "drivers": _("Drivers"),
    "history": _("Earlier support"),
    "challenge": _("Challenge that both answer"),
}
REQUIREMENT_NAMES: dict[str, str | Promise] = {
    "other_organisation": _("Different organisations"),
    "organisation_kind": _("Kind of organisation"),
    "must_include": _("Partners that must take part"),
    "consortium": _("Several apply together"),
    "legal_entity": _("Organisation number"),
    "age": _("Age of the organisation"),
    "area": _("Place"),
    "dates": _("Time"),
    "support_kind": _("Kind of support"),
    "forms_refused_by_initiative": _("What the initiative says no to"),
    "forms_refused_by_offer": _("What the giver says no to"),
    "strict_themes": _("Themes"),
    "strict_target_groups": _("Target groups"),
    "strict_process_parts": _("Part of the work"),
    "strict_language": _("Language"),
    "strict_amount": _("Amount"),
    "strict_co_funding": _("Own share of the cost"),
}
_HEAVY, _MIDDLE = 0.2, 0.1


def weight_in_words(weight: float) -> str:
    """Return how much a wish counts; a figure would look more exact than it is."""
    if weight >= _HEAVY:
        return gettext("weighs heavily")
    return gettext("weighs something") if weight >= _MIDDLE else gettext("weighs little")


def is_told(criterion: str, verdict: str) -> bool:
    """Say whether a wish is worth a line: to answer no challenge is so common that it says nothing."""
    return not (criterion == "challenge" and verdict == "no_rule")


def shown_verdict(criterion: str, verdict: str) -> str:
    """Without a wish from the giver everything fits; what a giver has supported before is only not known."""
    if verdict != "no_rule":
        return verdict
    return "unclear" if criterion == "history" else "fits"


@dataclass(frozen=True)
class Said:
    """What each side has said about one thing; empty = not stated."""

    initiative: str
    offer: str


class Comparison:
    """Both sides of one pair. Expects organisation, needs, actors and support lines at hand."""

    def __init__(self, initiative: Initiative, offer: SupportOffer, today: date) -> None:
        self.initiative = initiative
        self.offer = offer
        self.today = today

    def criterion(self, name: str) -> Said:
        return _CRITERIA[name](self)

    def requirement(self, name: str) -> Said:
        return _REQUIREMENTS[name](self)

    @property
    def needs(self) -> list[Need]:
        return list(self.initiative.needs.all())

    @property
    def lines(self) -> list[SupportLine]:
        return list(self.offer.support.all())

    def text(self) -> Said:
        return Said(_shortened(self.initiative.change), _shortened(self.offer.description))

    def terms(self, terms: Terms) -> Said:
        return Said(_terms(self.initiative, terms), _terms(self.offer, terms))

    def area(self) -> Said:
        mine = _joined(public_places(self.initiative))
        spread = [*full_area_names(self.initiative.spread_area_codes), *self.initiative.spread_area_words]
        if spread:
            may_spread = gettext("may spread to %(places)s") % {"places": _joined(spread)}
            mine = f"{mine}; {may_spread}" if mine else may_spread
        theirs = [*full_area_names(self.offer.area_codes), *self.offer.area_words]
        return Said(mine, _joined(theirs) or _anything_goes(self.offer.area_codes))

    def process_parts(self) -> Said:
        return Said(
            _labels(ProcessPart, self.initiative.process_parts),
            _labels(ProcessPart, self.offer.process_parts) or _anything_goes(self.offer.process_parts),
        )

    def support_kind(self) -> Said:
        return Said(
            _labels(SupportKind, [need.kind for need in self.needs]),
            _labels(SupportKind, [line.kind for line in self.lines]),
        )

    def amount(self) -> Said:
        given = {line.kind for line in self.lines}
        asked = [
            f"{need.get_kind_display()}: {_amount_of_need(need)}"
            for need in self.needs
            if (need.amount or need.hours) and need.kind in given
        ]
        offered = [
            f"{line.get_kind_display()}: {_amount_of_line(line)}"
            for line in self.lines
            if line.amount_min or line.amount_max or line.hours
        ]
        return Said(_joined(asked), _joined(offered))

    def organisations(self) -> Said:
        return Said(owner_name(self.initiative.organisation), owner_name(self.offer.organisation))

    def parties(self) -> Said:
        kinds = [self.initiative.organisation.kind, *(actor.kind for actor in self.initiative.actors.all())]
        wanted = [*(self.offer.eligible_kinds or []), *(self.offer.must_include_kinds or [])]
        return Said(
            _labels(OrganisationKind, kinds),
            _labels(OrganisationKind, wanted) or _anything_goes(self.offer.eligible_kinds),
        )

    def drivers(self) -> Said:
        return Said(
            _labels(Driver, self.initiative.driver_codes),
            _labels(Driver, self.offer.driver_codes)
            or _labels(SupportKind, (one.kind for one in self.lines)),
        )

    def earlier_support(self) -> Said:
        return Said(_shortened(self.initiative.change), "; ".join(named_cases(self.offer)))

    def challenges(self) -> Said:
        return Said(
            *(_joined(one.title for one in public_challenges(side)) for side in (self.initiative, self.offer))
        )

    def organisation_kind(self) -> Said:
        kinds = [self.initiative.organisation.kind]
        if self.offer.eligible_kinds_apply_to != "lead":
            kinds += [actor.kind for actor in self.initiative.actors.all()]
        return Said(
            _labels(OrganisationKind, kinds),
            _labels(OrganisationKind, self.offer.eligible_kinds) or _anything_goes(self.offer.eligible_kinds),
        )

    def must_include(self) -> Said:
        return Said(
            _labels(OrganisationKind, [actor.kind for actor in self.initiative.actors.all()]),
            _labels(OrganisationKind, self.offer.must_include_kinds),
        )

    def consortium(self) -> Said:
        others = len(self.initiative.actors.all())
        said = ngettext("%(number)d partner beside the lead", "%(number)d partners beside the lead", others)
        return Said(
            said % {"number": others} if others else "",
            gettext("At least two together") if self.offer.consortium_required else gettext("No requirement"),
        )

    def legal_entity(self) -> Said:
        mine = ""
        if self.initiative.legal_entity:
            mine = str(self.initiative.get_legal_entity_display())
        elif self.initiative.organisation.number:
            mine = gettext("Yes")
        return Said(
            mine, gettext("Required") if self.offer.legal_entity_required else gettext("No requirement")
        )

    def age(self) -> Said:
        begun = self.initiative.organisation.founded_on or self.initiative.started_on
        least = self.offer.min_age_months or 0
        years, months = divmod(least, 12)
        if not least:
            theirs = gettext("No requirement")
        elif months:
            theirs = ngettext("At least %(n)d month", "At least %(n)d months", least) % {"n": least}
        else:
            theirs = ngettext("At least %(n)d year", "At least %(n)d years", years) % {"n": years}
        return Said(gettext("Since %(day)s") % {"day": format_day(begun)} if begun else "", theirs)

    def dates(self) -> Said:
        today = gettext("Today is %(day)s") % {"day": format_day(self.today)}
        return Said(today, time_in_words(self.offer, self.today))

    def refused_by_initiative(self) -> Said:
        refused = _labels(SupportKind, self.initiative.forms_not_accepted)
        return Said(refused or gettext("Nothing"), self.support_kind().offer)

    def refused_by_offer(self) -> Said:
        mine = [
            self.support_kind().initiative,
            str(self.initiative.get_form_after_display()) if self.initiative.form_after else "",
            _labels(Driver, self.initiative.driver_codes),
        ]
        return Said("; ".join(one for one in mine if one), _refused_forms(self.offer.forms_not_accepted))

    def language(self) -> Said:
        return Said(str(self.initiative.get_language_display()), str(self.offer.get_language_display()))

    def co_funding(self) -> Said:
        percent = self.offer.co_funding_percent
        return Said("", gettext("%(number)d per cent") % {"number": percent} if percent else "")


_CRITERIA: dict[str, Callable[[Comparison], Said]] = {
    "text": Comparison.text,
    "themes": lambda pair: pair.terms(Terms.THEME),
    "target_groups": lambda pair: pair.terms(Terms.TARGET_GROUP),
    "area": Comparison.area,
    "process_parts": Comparison.process_parts,
    "support_kind": Comparison.support_kind,
    "amount": Comparison.amount,
    "organisation": Comparison.parties,
    "drivers": Comparison.drivers,
    "history": Comparison.earlier_support,
    "challenge": Comparison.challenges,
}
_REQUIREMENTS: dict[str, Callable[[Comparison], Said]] = {
    "other_organisation": Comparison.organisations,
    "organisation_kind": Comparison.organisation_kind,
    "must_include": Comparison.must_include,
    "consortium": Comparison.consortium,
    "legal_entity": Comparison.legal_entity,
    "age": Comparison.age,
    "area": Comparison.area,
    "dates": Comparison.dates,
    "support_kind": Comparison.support_kind,
    "forms_refused_by_initiative": Comparison.refused_by_initiative,
    "forms_refused_by_offer": Comparison.refused_by_offer,
    "strict_themes": lambda pair: pair.terms(Terms.THEME),
    "strict_target_groups": lambda pair: pair.terms(Terms.TARGET_GROUP),
    "strict_process_parts": Comparison.process_parts,
    "strict_language": Comparison.language,
    "strict_amount": Comparison.amount,
    "strict_co_funding": Comparison.co_funding,
}


def _joined(words: Iterable[str]) -> str:
    return ", ".join(word for word in words if word)


def _anything_goes(codes: Sequence[str] | None) -> str:
    """An empty list is an answer: no restriction. Null is none."""
    return gettext("No restriction") if codes is not None else ""


def _labels(choices: Any, codes: Iterable[str | None] | None) -> str:
    known = [str(choices(code).label) for code in dict.fromkeys(codes or ()) if code in choices.values]
    return _joined(known)


def _refused_forms(codes: Iterable[str] | None) -> str:
    labels: dict[str, Any] = {**dict(SupportKind.choices), **dict(FormAfter.choices), **dict(Driver.choices)}
    return _joined(str(labels[code]) for code in codes or () if code in labels)


def _terms(profile: Initiative | SupportOffer, terms: Terms) -> str:
    codes = getattr(profile, f"{terms.value}_codes")
    words = getattr(profile, f"{terms.value}_words")
    said = _joined([*terms.names(codes), *words])
    return said or (_anything_goes(codes) if isinstance(profile, SupportOffer) else "")


def _amount_of_need(need: Need) -> str:
    if need.amount:
        return format_money(need.amount)
    return _hours(need.hours or 0)


def _amount_of_line(line: SupportLine) -> str:
    if line.amount_min or line.amount_max:
        return format_money_range(line.amount_min, line.amount_max)
    return _hours(line.hours or 0)


def _hours(number: int) -> str:
    return ngettext("%(number)s hour", "%(number)s hours", number) % {"number": format_number(number)}


def _shortened(text: str, most: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + " …"


# -- the sentences that overlap --------------------------------------------------------------------

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
MOST_SENTENCES = 2


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence; `shared` is a word that the other side uses too."""

    text: str
    shared: bool


def overlapping_sentences(text: str, words: Sequence[str], language: str) -> list[list[Piece]]:
    """Return the sentences that hold most of the shared words, cut so that those can be marked.

    The words (or phrases) are as written in this very text: any inflection of one is marked, and
    nothing that only begins alike.
    """
    phrases = {tuple(stem(token.word, language) for token in tokenise(word)) for word in words} - {()}
    composed = unicodedata.normalize("NFC", text)
    sentences = [match.group().strip() for match in _SENTENCE.finditer(composed)]
    found = [(_spans(one, phrases, language), one) for one in sentences]
    best = sorted((pair for pair in found if pair[0]), key=lambda pair: -len(set(pair[0].values())))
    return [_pieces(one, sorted(spans)) for spans, one in best[:MOST_SENTENCES]]


def _spans(
    sentence: str, phrases: Collection[tuple[str, ...]], language: str
) -> dict[tuple[int, int], tuple[str, ...]]:
    """Return where the phrases (as stems) stand in a sentence, longest first, without overlaps."""
    tokens = tokenise(sentence)
    stems = [stem(token.word, language) for token in tokens]
    spans: dict[tuple[int, int], tuple[str, ...]] = {}
    place = 0
    while place < len(tokens):
        here = [phrase for phrase in phrases if tuple(stems[place : place + len(phrase)]) == phrase]
        if here:
            longest = max(here, key=len)
            spans[tokens[place].start, tokens[place + len(longest) - 1].end] = longest
            place += len(longest)
        else:
            place += 1
    return spans


def _pieces(sentence: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    pieces, place = [], 0
    for start, end in spans:
        pieces += [Piece(sentence[place:start], False), Piece(sentence[start:end], True)]
        place = end
    pieces.append(Piece(sentence[place:], False))
    return [piece for piece in pieces if piece.text]
