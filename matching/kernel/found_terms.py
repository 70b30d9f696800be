"""Entries of a word list that a text names: themes and target groups in what people write freely.

A text names an entry when one of the entry's names or other words stands in it, in any inflection and in
upper or lower case. Swedish compounds are opened ("integrationsarbetet" names integration) where neither the
list nor the lexicon knows the whole word as something of its own. The longest phrase wins, so "psykisk
hälsa" is not health as well.

What a text names is a sign of what it is about and no more: "we do not work with school" names school, and
so does a quotation. One word in passing says little ("the neighbour's children"), so `clearly_named` asks for
two, or a phrase, or a place in the title. Nothing here is a fact about a profile until a person has said that
it is right.

Places and kinds of support are not looked for. In running text too many places are words ("Mark", "Ale",
"Lund"), and "bidrag" or "lokal" says as seldom as not what somebody needs.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from brygga.language import CompoundTable, Lexicon, Token, is_general_word, learn_compounds, stem, tokenise

LANGUAGES = ("sv", "en")
#: A first part of a compound must have so many letters to speak for the whole: "odlingsdag" is about
#: "odling", "matsal" is not about "mat".
LEAST_FIRST_PART = 6
#: Words and phrases of the lists that in running text mostly mean something else, as people write them. They
#: name nothing, and a phrase here hides the words in it.
PASSED_OVER: Mapping[str, tuple[str, ...]] = {
    "sv": (
        # Who takes part, and where: nearly every text has them.
        *(
            "kommun",
            "region",
            "myndighet",
            "politiker",
            "förening",
            "civilsamhället",
            "företag",
            "bostadsbolag",
        ),
        *(
            "fastighetsägare",
            "universitet",
            "lärosäte",
            "forskare",
            "förskola",
            "skolgård",
            "boende",
        ),
        *("granne", "lokal", "samlingslokal", "byar", "städer"),
        # What everybody does.
        *("arbete", "samarbete", "samverkan", "kontakt", "dialog", "inflytande", "förankring", "delning"),
        *(
            "kunskap",
            "utbildning",
            "undervisning",
            "läsning",
            "träning",
            "forskning",
            "utvärdering",
            "kartläggning",
        ),
        *("tillväxt", "spridning", "service", "resor", "rörelse", "normer", "ekosystem"),
        # Words of two meanings.
        *("bok", "spel", "isolering", "leader", "rättvisa", "anläggning", "hav", "skog", "vatten", "vård"),
        *("beroende av", "beroende på", "syskon", "ensamma", "romer", "motion", "medling"),
    ),
    "en": (
        *("association", "civil society", "business", "company", "employers", "municipality"),
        *("university", "researchers", "residents", "neighbours", "premises", "city", "home", "homes"),
        *("work", "collaboration", "service", "knowledge", "learning", "teaching", "lectures", "reading"),
        *("book", "research", "evaluation", "impact", "growth", "prototype", "digital platform"),
        *("play", "exercise", "wise", "trust", "equity", "history", "norms", "water"),
    ),
}

#: Words of a list of people that in running text mean the place more often than those who are there.
PLACES_NOT_PEOPLE = ("skolor", "schools")

Phrase = tuple[str, ...]

# The ways in which nouns are inflected, an "s" for the genitive apart: flicka, pojke, bild, hus, möte, anhörig.
_SWEDISH_NOUNS = (
    ("a", "an", "or", "orna"),
    ("", "e", "en", "ar", "arna"),
    ("", "en", "er", "erna"),
    ("", "et", "en"),
    ("e", "et", "en", "ena"),
    ("ig", "iga", "ige"),
    ("lös", "lösa", "löse"),
    ("el", "eln", "lar", "larna"),
    ("er", "ern", "rar", "rarna"),
    ("are", "aren", "arna"),
    ("", "met", "men"),
)
# After a vowel: sko, by, foto. "lokalt" is no noun.
_SWEDISH_NOUNS_IN_VOWELS = (("", "n", "r", "rna"), ("", "n", "ar", "arna"), ("", "t", "n", "na"))
_ENGLISH_NOUNS = (("", "s", "es", "'s", "’s", "s'"), ("y", "ies", "y's", "y’s"))
_VOWELS = "eiouyåäöé"


def _with_genitives(classes: tuple[tuple[str, ...], ...]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset([*forms, *(f"{form}s" for form in forms)]) for forms in classes)


_ENDINGS = {"sv": _with_genitives(_SWEDISH_NOUNS), "en": tuple(map(frozenset, _ENGLISH_NOUNS))}
_ENDINGS_AFTER_VOWELS = {"sv": _with_genitives(_SWEDISH_NOUNS_IN_VOWELS), "en": ()}


@dataclass(frozen=True)
class FoundTerm:
    """An entry that a text names.

    Parameters
    ----------
    code
        Of the entry.
    count
        How many times the text names it, at least 1.
    written
        The words as the text has them, in lower case, each way once, in the order of the text.
    """

    code: str
    count: int
    written: tuple[str, ...]

    @property
    def is_by_phrase(self) -> bool:
        """Whether some of the words are a phrase, which is seldom said in passing."""
        return any(" " in words for words in self.written)


@dataclass(frozen=True)
class TermTable:
    """What words lead to which entry of one list, in both languages. Make it once with `of`.

    A word that two entries claim leads to neither; one that exactly one entry writes so leads there, even
    if it is an inflection of another entry's word.
    """

    _exact: Mapping[str, Mapping[Phrase, str]] = field(repr=False)
    _stemmed: Mapping[str, Mapping[Phrase, tuple[str, frozenset[str]]]] = field(repr=False)
    _passed_over: Mapping[str, Mapping[Phrase, frozenset[str]]] = field(repr=False)
    _lexicon: Lexicon = field(repr=False)
    _compounds: CompoundTable = field(repr=False)
    longest: int

    @classmethod
    def of(
        cls,
        entries: Mapping[str, Mapping[str, Iterable[str]]],
        lexicon: Lexicon,
        without: Collection[str] = (),
    ) -> TermTable:
        """Make a table of code -> language (`sv`, `en`) -> names and other words, but those in `without`.

        Cost: linear in the words of the list and of the lexicon, which tells where compounds part; about
        a tenth of a second with the project's own.
        """
        exact: dict[str, dict[Phrase, str]] = {}
        stemmed: dict[str, dict[Phrase, tuple[str, frozenset[str]]]] = {}
        passed_over: dict[str, dict[Phrase, frozenset[str]]] = {}
        swedish = list(lexicon.words("sv"))
        for language in LANGUAGES:
            as_written: dict[Phrase, set[str]] = defaultdict(set)
            as_stems: dict[Phrase, set[str]] = defaultdict(set)
            last_words: dict[Phrase, set[str]] = defaultdict(set)
            for code in sorted(entries):
                for term in entries[code].get(language, ()):
                    words = tuple([token.word for token in tokenise(term)])
                    if (
                        not words
                        or term in without
                        or (len(words) == 1 and is_general_word(words[0], language))
                    ):
                        continue
                    stems = _stems(words, language)
                    as_written[words].add(code)
                    as_stems[stems].add(code)
                    last_words[stems].add(words[-1])
                    if language == "sv":
                        swedish += words
            exact[language] = {words: min(codes) for words, codes in as_written.items() if len(codes) == 1}
            stemmed[language] = {
                stems: (min(codes), frozenset(last_words[stems]))
                for stems, codes in as_stems.items()
                if len(codes) == 1
            }
            hidden: dict[Phrase, set[str]] = defaultdict(set)
            for term in PASSED_OVER[language]:
                words = tuple([token.word for token in tokenise(term)])
                hidden[_stems(words, language)].add(words[-1])
            passed_over[language] = {stems: frozenset(last) for stems, last in hidden.items()}
        lengths = [
            len(words) for table in (exact, passed_over) for phrases in table.values() for words in phrases
        ]
        compounds = learn_compounds(swedish)
        return cls(exact, stemmed, passed_over, lexicon, compounds, max(lengths, default=1))

    def code_of(self, words: Phrase, language: str) -> str | None:
        """Return the entry that exactly this word or phrase (lower case, any inflection) names."""
        if len(words) == 1 and is_general_word(words[0], language):
            return None
        code = self._exact[language].get(words)
        if code is not None:
            return code
        found = self._stemmed[language].get(_stems(words, language))
        if found is None or not any(is_inflection(words[-1], last, language) for last in found[1]):
            return None
        return found[0]

    def is_passed_over(self, words: Phrase, language: str) -> bool:
        """Say whether exactly this word or phrase (any inflection) names nothing."""
        last_words = self._passed_over[language].get(_stems(words, language), ())
        return any(words[-1] == last or is_inflection(words[-1], last, language) for last in last_words)

    def code_in_compound(self, word: str) -> str | None:
        """Return the entry that a Swedish compound names by one of its parts; its head goes first."""
        if self._lexicon.concepts((stem(word, "sv"),), "sv"):
            return None
        parts = self._compounds.parts(word)
        if len(parts) != 2:
            return None
        head, first = (self._compounds.written_part(word, part) for part in (parts[1], parts[0]))
        for part in (head, first if len(first) >= LEAST_FIRST_PART else ""):
            if part and not self.is_passed_over((part,), "sv"):
                code = self.code_of((part,), "sv")
                if code is not None:
                    return code
        return None


def found_terms(text: str, language: str, table: TermTable) -> tuple[FoundTerm, ...]:
    """Return the entries that a text names, those named most often first, then in the order of the text.

    Parameters
    ----------
    text
        As people wrote it. A phrase never goes across a comma, full stop or other mark.
    language
        `sv` or `en`: which of the list's words are looked for.
    table
        The list.

    Raises
    ------
    ValueError
        If the language is another.

    Notes
    -----
    Cost O(words * longest phrase) look-ups, and the letters of Swedish compounds.

    Examples
    --------
    >>> from brygga.language import Lexicon
    >>> table = TermTable.of(
    ...     {"health": {"sv": ["hälsa"]}, "mental": {"sv": ["psykisk hälsa"]}, "school": {"sv": ["skola"]}},
    ...     Lexicon(()),
    ... )
    >>> [(one.code, one.count) for one in found_terms("Skolans arbete med psykisk hälsa i skolor", "sv", table)]
    [('school', 2), ('mental', 1)]
    """
    if language not in LANGUAGES:
        raise ValueError(f"no words in language {language!r}")
    counts: dict[str, int] = defaultdict(int)
    written: dict[str, dict[str, None]] = defaultdict(dict)
    for words in _pieces(text):
        place = 0
        while place < len(words):
            code, length = _longest(words[place : place + table.longest], language, table)
            if code is not None:
                counts[code] += 1
                written[code][" ".join(words[place : place + length])] = None
            place += length
    order = list(counts)
    return tuple(
        FoundTerm(code, counts[code], tuple(written[code]))
        for code in sorted(order, key=lambda code: (-counts[code], order.index(code)))
    )


def clearly_named(title: str, body: str, language: str, table: TermTable) -> tuple[FoundTerm, ...]:
    """Return the entries that a profile's texts name in its title, by a phrase, or at least twice.

    Takes, raises and costs what `found_terms` does.

    Parameters
    ----------
    title, body : str
        The profile's texts.
    language : {"sv", "en"}
    table
        The entries and their words.

    Returns
    -------
    tuple of FoundTerm
        As `found_terms` orders them.

    Examples
    --------
    >>> from brygga.language import Lexicon
    >>> table = TermTable.of({"food": {"en": ["food"]}, "sport": {"en": ["football"]}}, Lexicon(()))
    >>> [one.code for one in clearly_named("Food for all", "We meet after football.", "en", table)]
    ['food']
    """
    in_title = {one.code for one in found_terms(title, language, table)}
    return tuple(
        one
        for one in found_terms(f"{title}. {body}", language, table)
        if one.count > 1 or one.is_by_phrase or one.code in in_title
    )


def _pieces(text: str) -> list[list[str]]:
    """Return the words of each piece of a text between marks."""
    text = unicodedata.normalize("NFC", text)
    pieces: list[list[str]] = [[]]
    before: Token | None = None
    for token in tokenise(text):
        if before is not None and text[before.end : token.start].strip():
            pieces.append([])
        pieces[-1].append(token.word)
        before = token
    return pieces


def _longest(words: Sequence[str], language: str, table: TermTable) -> tuple[str | None, int]:
    """Return what the words begin with, and how many words that takes."""
    for length in range(len(words), 0, -1):
        phrase = tuple(words[:length])
        if table.is_passed_over(phrase, language):
            return None, length
        code = table.code_of(phrase, language)
        if code is not None:
            return code, length
    return (table.code_in_compound(words[0]) if language == "sv" else None), 1


def _stems(words: Phrase, language: str) -> Phrase:
    return tuple([stem(word, language) for word in words])


def is_inflection(word: str, term: str, language: str) -> bool:
    """Say whether two words (lower case) are forms of one noun, for words whose stems are the same.

    Stems bring more together than that: "papper" and "pappor", "lokalt" and "lokal", "works" and "working".

    Examples
    --------
    >>> is_inflection("lokalerna", "lokal", "sv"), is_inflection("lokalt", "lokal", "sv")
    (True, False)
    >>> is_inflection("papporna", "pappor", "sv"), is_inflection("papper", "pappor", "sv")
    (True, False)
    >>> is_inflection("shelters", "shelter", "en"), is_inflection("aged", "ageing", "en")
    (True, False)
    """
    shared = 0
    while shared < min(len(word), len(term)) and word[shared] == term[shared]:
        shared += 1
    # Lists say "unga" and "nyanlända", texts also "ung" and "nyanländ". Of "vård" no "vårda" is made, though.
    if language == "sv" and term == f"{word}a":
        return True
    # "skola" and "skolan" share an "a" that belongs to the ending.
    for cut in range(max(2, shared - 2), shared + 1):
        pair = {word[cut:], term[cut:]}
        after_vowel = _ENDINGS_AFTER_VOWELS[language] if word[cut - 1] in _VOWELS else ()
        if any(pair <= endings for endings in (*_ENDINGS[language], *after_vowel)):
            return True
    return False
