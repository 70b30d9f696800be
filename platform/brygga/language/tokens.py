"""From running text to words, with their places, so that they can be shown again as written."""

import re
import unicodedata
from typing import NamedTuple

# A word is letters and digits, joined by inner hyphens or apostrophes ("e-hälsa", "people's").
# Combining marks are composed first, so å typed as a + ring is one letter here.
_WORD = re.compile(r"[^\W_]+(?:[-‐‑'’][^\W_]+)*")
#: Letters printed as one, which texts out of a PDF keep: "oﬃce" is the word "office".
_LIGATURES = {ord(one): unicodedata.normalize("NFKC", one) for one in "ﬀﬁﬂﬃﬄﬅﬆ"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_NOT_NAME = re.compile(r"[\W_]+")

_SWEDISH_STOP_WORDS = frozenset(
    """
    alla allt all alltså andra annan annat att av bara behöver bl bli blir blev blivit bland både båda
    de dem den denna deras dess dessa det detta dig din dina ditt du där därför då efter eller en er era
    ert ett exempel exempelvis finns flera fler från för får få fått genom ger ge ges gör göra gjort ha
    hade han har hela helt her hon hos hur här i ibland in inom inte innan ingen inga inget jag ju kan
    kommer kring kunna kunde man med mellan men mer mera mest mig min mina minst minska mot mycket många
    måste ned ni nog nu något någon några när nära och också om oss på redan samt sedan ska skall skulle
    själv själva sig sin sina sitt skapa ske sker som så sådan sådana t ta tar till tid under upp ur ut
    utan utifrån vad var vara varit varje vem vi vid vidare vilka vilken vilket vill ville är än även år
    åt över öka ökar dvs etc kr mkr via per del delar ex olika annat hen dock bidra bidrar bidrag ansöka
    ansökan söka söker projekt projektet projekten stöd stödet stödja
    """.split()
)
_ENGLISH_STOP_WORDS = frozenset(
    """
    a about above after all also an and any are as at be because been before being between both but by
    can could did do does during each etc for from further get gets give given had has have having he
    her here him his how i if in into is it its itself just may me might more most must my new no nor not
    of off on once one only or other our out over own per same she should so some such than that the
    their them then there these they this those through to too under until up upon us use used using very
    via was we well were what when where which while who whom why will with within without would you your
    apply application applications project projects support supports funding grant grants call calls
    proposal proposals
    """.split()
)
_STOP_WORDS = {"sv": _SWEDISH_STOP_WORDS, "en": _ENGLISH_STOP_WORDS}


class Token(NamedTuple):
    """One word: in lower case, and where it stands in the text it came from."""

    word: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Split a text into words in lower case, with their places in the composed (NFC) text.

    Examples
    --------
    >>> [token.word for token in tokenise("E-hälsa för unga, 13–19 år!")]
    ['e-hälsa', 'för', 'unga', '13', '19', 'år']
    """
    text = unicodedata.normalize("NFC", text)
    tokens = [Token(match.group().lower(), match.start(), match.end()) for match in _WORD.finditer(text)]
    if _LIGATURE.search(text):
        return [token._replace(word=token.word.translate(_LIGATURES)) for token in tokens]
    return tokens


def words_of(text: str) -> list[str]:
    """Return the words that `tokenise` finds, without their places, which is faster.

    Examples
    --------
    >>> words_of("Children's rights: e-hälsa")
    ["children's", 'rights', 'e-hälsa']
    """
    words = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text))]
    return [word.translate(_LIGATURES) for word in words] if _LIGATURE.search(text) else words


def is_stop_word(word: str, language: str) -> bool:
    """Say whether a word (lower case) is too common in `language` (`sv` or `en`) to tell texts apart.

    Words that every support offer uses about itself ("projekt", "stöd", "grant") count as such.
    """
    return word in _STOP_WORDS[language]


def normalise_name(text: str) -> str:
    """Return a name in the form in which two spellings of it are compared.

    Lower case, composed letters, no punctuation, single spaces. Å, ä and ö are kept, since
    they tell Swedish names apart.

    Examples
    --------
    >>> normalise_name("  Västra  Götalands LÄN. ")
    'västra götalands län'
    >>> normalise_name("Upplands-Väsby") == normalise_name("upplands väsby")
    True
    """
    composed = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_NAME.sub(" ", unicodedata.normalize("NFC", composed)).strip()
