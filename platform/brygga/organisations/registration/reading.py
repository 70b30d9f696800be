"""Advice on how a text reads, in words: never a demand, and nothing waits for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from brygga.core.formatting import format_number
from brygga.language import detect_language, lix, long_sentences, officialese, words_of

# In fewer words there is nothing to measure.
FEWEST_WORDS = 20
# A sentence with more words than this is often two.
LONGEST_SENTENCE = 25
MOST_SENTENCES = 3
MOST_WORDS = 4
# How much of a sentence is quoted: enough to find it.
QUOTED_WORDS = 8
EASY, ORDINARY, HARD = 40, 50, 60


@dataclass(frozen=True)
class Advice:
    """How a person's text reads, and what could be said more simply. Empty when there is little to read.

    `sentences` are about long sentences, `words` about officialese.
    """

    verdict: str = ""
    sentences: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.verdict)

    @property
    def tips(self) -> tuple[str, ...]:
        return self.sentences + self.words


def advice_on(texts: Iterable[str]) -> Advice:
    """Return advice on texts that belong together."""
    every = [text for text in texts if text.strip()]
    text = "\n\n".join(every)
    if len(words_of(text)) < FEWEST_WORDS:
        return Advice()
    measure = lix(text)
    found = long_sentences(text, most_words=LONGEST_SENTENCE)[:MOST_SENTENCES]
    said = tuple(
        gettext("“%(beginning)s …” has %(number)s words. Could it be two sentences?")
        % {"beginning": " ".join(sentence.split()[:QUOTED_WORDS]), "number": format_number(number)}
        for sentence, number in found
    )
    return Advice(_verdict(measure) % {"measure": format_number(round(measure))}, said, _plainer(text))


def _plainer(text: str) -> tuple[str, ...]:
    return tuple(
        gettext("Instead of “%(written)s”, could you write: %(plainer)s?")
        % {"written": one.written, "plainer": one.plainer}
        for one in officialese(text, "en" if detect_language(text) == "en" else "sv")[:MOST_WORDS]
    )


def _verdict(measure: float) -> str:
    if measure < EASY:
        return gettext("Easy to read (LIX %(measure)s).")
    if measure < ORDINARY:
        return gettext("Rather easy to read (LIX %(measure)s). Shorter words and sentences make it easier.")
    if measure < HARD:
        return gettext("Rather hard to read (LIX %(measure)s). Try shorter words and sentences.")
    return gettext("Hard to read (LIX %(measure)s). Try to say it as you would to a neighbour.")
