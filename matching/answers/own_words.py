"""Themes and target groups that an initiative's own text names, for the questions that ask for them.

Never a fact about anybody: the boxes are offered unticked, and only what a person ticks is stored.
"""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from brygga.core import warming
from brygga.language import load_lexicon
from brygga.organisations.registration import own_words as registration
from brygga.organisations.registration.words import Terms
from brygga.taxonomy.selectors import current_taxonomy
from matching.kernel.found_terms import PLACES_NOT_PEOPLE, TermTable, clearly_named

#: More than this nobody reads before the list itself.
MOST_OFFERED = 5


def connect() -> None:
    """Let the questions below offer what texts name; doing it again changes nothing."""
    registration.register(named_in)
    warming.register("own words", warm)


def named_in(terms: Terms, title: str, text: str, language: str) -> list[str]:
    """Return the codes in use that the texts clearly name, those named most often first. No query.

    Of an entry and one above it the narrower is enough.
    """
    if terms not in (Terms.THEME, Terms.TARGET_GROUP) or language not in ("sv", "en"):
        return []
    vocabulary = terms.vocabulary
    found = [
        one.code for one in clearly_named(title, text, language, _table(terms, current_taxonomy().version))
    ]
    above = {code for one in found for code in vocabulary.with_ancestors(one)[1:]}
    return [code for code in found if code in vocabulary.entries and code not in above][:MOST_OFFERED]


def warm() -> None:
    """Make the tables before the first visitor asks; half a second in all."""
    for terms in (Terms.THEME, Terms.TARGET_GROUP):
        named_in(terms, "", "", "sv")


@lru_cache(maxsize=4)
def _table(terms: Terms, version: UUID | None) -> TermTable:
    """Return the look-ups of a word list; `version` tells that the list has changed."""
    return TermTable.of(
        {
            entry.code: {language: entry.words(language) for language in ("sv", "en")}
            for entry in terms.vocabulary.active()
        },
        load_lexicon(),
        without=PLACES_NOT_PEOPLE if terms is Terms.TARGET_GROUP else (),
    )
