"""How much of a text the lexicon knows: the measure that its size is judged by.

Counted are content words: no stop words, no general words, no numbers, no names. A word counts as
known when the lexicon leads from it, from the phrase it stands in or, in Swedish, from a part of the
compound. A name is a word that the text never writes in lower case and has, with a capital, inside a
sentence; digits in a word make it a number or a code.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from brygga.language.compounds import CompoundTable, learn_compounds
from brygga.language.general import is_general_word
from brygga.language.lexicon import Lexicon, load_lexicon
from brygga.language.stems import stem
from brygga.language.tokens import Token, tokenise

_SENTENCE_END = re.compile(r"[.!?:;•\n\"”»(–—-][\s\"”»(–—-]*$")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")


@dataclass(frozen=True)
class Coverage:
    """How many content words of the texts in one language the lexicon knows, and those it lacks."""

    language: str
    content_words: int
    known: int
    missing: Counter[str]

    @property
    def share(self) -> float:
        """The share of content words that it knows, 1.0 when there are none."""
        return self.known / self.content_words if self.content_words else 1.0


def coverage(texts: Iterable[tuple[str, str]], lexicon: Lexicon | None = None) -> dict[str, Coverage]:
    """Measure how much of some texts, as (language, text), the lexicon knows, for each language.

    The compounds are learned and split as matching does it, from the lexicon and these texts together.

    Examples
    --------
    >>> found = coverage([("sv", "Arbetslösa ungdomar lagar mat i Göteborg med zorkning 2024")])
    >>> found["sv"].content_words, found["sv"].known, dict(found["sv"].missing)
    (5, 4, {'zorkning': 1})
    """
    lexicon = lexicon or load_lexicon()
    read = [(language, unicodedata.normalize("NFC", _ADDRESS.sub(" ", text))) for language, text in texts]
    words = Counter(lexicon.words("sv"))
    for language, text in read:
        if language == "sv":
            words.update(token.word for token in tokenise(text))
    compounds = learn_compounds(words)
    totals: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for language, text in read:
        content, missing = totals.setdefault(language, (Counter(), Counter()))
        for word, known in _content_words(text, language, lexicon, compounds):
            content[word] += 1
            if not known:
                missing[word] += 1
    return {
        language: Coverage(language, content.total(), content.total() - missing.total(), missing)
        for language, (content, missing) in sorted(totals.items())
    }


def _content_words(
    text: str, language: str, lexicon: Lexicon, compounds: CompoundTable
) -> Iterable[tuple[str, bool]]:
    tokens = tokenise(text)
    names = _names(text, tokens)
    stems = [stem(token.word, language) for token in tokens]
    known = {place for first, last, _ in lexicon.find(stems, language) for place in range(first, last)}
    for place, token in enumerate(tokens):
        word = token.word
        if len(word) < 2 or not word.replace("-", "").replace("'", "").replace("’", "").isalpha():
            continue
        if word in names or is_general_word(word, language):
            continue
        parts = compounds.parts(word) if language == "sv" and len(word) >= 7 else ()
        yield word, place in known or any(lexicon.concepts((part,), language) for part in parts)


def _names(text: str, tokens: Iterable[Token]) -> set[str]:
    inside, small = set(), set()
    for token in tokens:
        written = text[token.start : token.end]
        if written == token.word:
            small.add(token.word)
        elif not _SENTENCE_END.search(text[: token.start][-8:]) and token.start and not written.isupper():
            inside.add(token.word)
    return inside - small
