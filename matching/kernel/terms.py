"""From a text to weighted terms: stems, compound parts, truncations and concepts.

Two spaces of terms are made for every text. In its *own* space a text meets texts of the same
language: stems, stems of Swedish compound parts, five-letter truncations of Swedish words, and the
concepts of the lexicon, which let synonyms meet. In the *bridge* space it meets texts of the other
language: the concepts, and five-letter truncations, since words of Greek and Latin descent begin
alike ("integration", "demokrati" and "democracy" do not, which is what the lexicon is for).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from brygga.language import (
    CompoundTable,
    Lexicon,
    detect_language,
    is_stop_word,
    stem,
    words_of,
)

TRUNCATION = 5
#: How many times a word of the title counts.
TITLE_WEIGHT = 2.0
#: A compound's part says less than the whole word.
PART_WEIGHT = 0.7
#: How much a kind of term weighs against a stem, by its mark (the first character).
MARK_WEIGHTS = {"=": 0.5, "~": 0.3}
BRIDGE_MARK_WEIGHTS = {"=": 1.0, "~": 0.4}


@dataclass(frozen=True)
class TextDocument:
    """The words of one profile.

    Parameters
    ----------
    title
        Words that stand for the whole; they count double. Tags that the taxonomy does not know
        belong here too.
    body
        The rest.
    language
        `sv`, `en`, or None: then it is detected, and Swedish when there is no sign of either.
    """

    title: str = ""
    body: str = ""
    language: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is not one word in it."""
        return not words_of(self.title) and not words_of(self.body)

    def resolved_language(self) -> str:
        """Return the language the text is read in."""
        if self.language in ("sv", "en"):
            return self.language
        return detect_language(f"{self.title} {self.body}", default="sv") or "sv"


@dataclass(frozen=True)
class Occurrence:
    """One term where it was met: its name, its count and the word or phrase as written.

    `part` is the stem of the part of a compound that the term was found in; "" for the whole word.
    """

    term: str
    count: float
    written: str
    part: str = ""


@dataclass(frozen=True)
class DocumentTerms:
    """All terms of one document in both spaces."""

    language: str
    own: tuple[Occurrence, ...]
    bridge: tuple[Occurrence, ...]


def document_terms(document: TextDocument, compounds: CompoundTable, lexicon: Lexicon) -> DocumentTerms:
    """Take a document apart. Cost: linear in its words, times the letters of compounds."""
    language = document.resolved_language()
    own: list[Occurrence] = []
    bridge: list[Occurrence] = []
    for text, weight in ((document.title, TITLE_WEIGHT), (document.body, 1.0)):
        words = words_of(text)
        for word in words:
            of_word = word_terms(word, language, compounds, weight)
            own += of_word[0]
            bridge += of_word[1]
        concepts = concept_terms(words, language, compounds, lexicon, weight)
        own += concepts
        bridge += concepts
    return DocumentTerms(language, tuple(own), tuple(bridge))


def word_terms(
    word: str, language: str, compounds: CompoundTable, weight: float = 1.0
) -> tuple[list[Occurrence], list[Occurrence]]:
    """Return a word's own terms and those of the bridge, concepts apart; none of a word that says nothing."""
    own: list[Occurrence] = []
    bridge: list[Occurrence] = []
    if len(word) < 2 or word.isdigit() or is_stop_word(word, language):
        return own, bridge
    word_stem = stem(word, language)
    word_parts = _parts(word, language, compounds)
    own.append(Occurrence(f"{language}:{word_stem}", weight, word))
    for part in word_parts:
        own.append(Occurrence(f"{language}:{part}", weight * PART_WEIGHT, word, part))
    for piece in (word_stem, *word_parts):
        if len(piece) >= TRUNCATION:
            cut = Occurrence(f"~{piece[:TRUNCATION]}", weight, word)
            bridge.append(cut)
            if language == "sv":
                own.append(cut)
    return own, bridge


def _parts(word: str, language: str, compounds: CompoundTable) -> tuple[str, ...]:
    is_split = language == "sv" and len(word) >= 7 and not word.isdigit()
    return compounds.parts(word) if is_split else ()


def concept_terms(
    words: Sequence[str], language: str, compounds: CompoundTable, lexicon: Lexicon, weight: float = 1.0
) -> list[Occurrence]:
    """Find the lexicon's concepts: of phrases, of words, and of the parts of words it lacks."""
    occurrences: list[Occurrence] = []
    covered: set[int] = set()
    for first, last, concepts in lexicon.find([stem(word, language) for word in words], language):
        covered.update(range(first, last))
        if last - first == 1 and is_stop_word(words[first], language):
            continue
        written = " ".join(words[first:last])
        occurrences += [Occurrence(f"={concept}", weight / len(concepts), written) for concept in concepts]
    for place, word in enumerate(words):
        if place in covered:
            continue
        for part in _parts(word, language, compounds):
            concepts = lexicon.concepts((part,), language)
            occurrences += [
                Occurrence(f"={concept}", weight * PART_WEIGHT / len(concepts), word, part)
                for concept in concepts
            ]
    return occurrences
