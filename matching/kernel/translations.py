"""Words that mean the same in the two languages, learned from texts that exist in both.

What the lexicon lacks, profiles told in both languages can teach: a Swedish and an English word that stand
in the same profiles, and in no others, belong together. Learned groups join the lexicon that an analysis
freezes, so they are refitted with it and every score names the analysis it was made under.

Source of the measure: Dice (1945), "Measures of the Amount of Ecologic Association Between Species"; that a
pair must be the best of both its words is the competitive linking of Melamed (2000), "Models of
Translational Equivalence among Words".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from brygga.language import Lexicon, TermGroup, is_stop_word, stem, words_of

#: Texts that two words must share.
LEAST_TEXTS = 3
#: Dice's measure at which two words that mostly stand together are taken for translations.
LEAST_DICE = 0.6
#: How much better than the next best, on both sides. What somebody writes at the end of every text makes all
#: its words equally good, and then none is learned.
CLEARLY = 0.1
SHORTEST = 3
FIELD = "learned"


@dataclass(frozen=True)
class ParallelText:
    """What says the same in both languages."""

    swedish: str
    english: str


def with_translations(lexicon: Lexicon, texts: Iterable[ParallelText]) -> Lexicon:
    """Return the lexicon with what texts in both languages teach it, one text a profile.

    The same lexicon when there is nothing to learn. The order of the texts does not matter. Cost: linear in
    the words of the texts, and in the pairs of words of each.

    Parameters
    ----------
    lexicon
        What is known already.
    texts : iterable of ParallelText

    Returns
    -------
    Lexicon
        The given one, or a larger one.
    """
    learned = learn_translations(lexicon, list(texts))
    return Lexicon((*lexicon.groups, *learned)) if learned else lexicon


def learn_translations(lexicon: Lexicon, texts: Sequence[ParallelText]) -> list[TermGroup]:
    """Return pairs of words that the lexicon lacks and that stand together in the texts.

    Examples
    --------
    >>> texts = [
    ...     ParallelText(f"Vävstuga {sv}", f"A weavery {en}")
    ...     for sv, en in (("i skogen", "in the woods"), ("vid havet", "by the sea"), ("för alla", "for all"))
    ... ]
    >>> [(group.swedish, group.english) for group in learn_translations(Lexicon(()), texts)]
    [(('vävstuga',), ('weavery',))]
    """
    swedish, swedish_words = _table(lexicon, [text.swedish for text in texts], "sv")
    english, english_words = _table(lexicon, [text.english for text in texts], "en")
    together = sparse.coo_array(swedish.T @ english)
    of_swedish, of_english = swedish.sum(axis=0), english.sum(axis=0)
    rows, columns = together.coords
    dice = 2.0 * together.data / (of_swedish[rows] + of_english[columns])
    clear = _clearly_best(rows, dice, len(of_swedish)) & _clearly_best(columns, dice, len(of_english))
    chosen = np.flatnonzero(clear & (together.data >= LEAST_TEXTS) & (dice >= LEAST_DICE))
    pairs = sorted((swedish_words[rows[place]], english_words[columns[place]]) for place in chosen.tolist())
    # The same word in both is a name, or meets itself by its first letters.
    return [TermGroup(f"{FIELD}:{sv}-{en}", FIELD, (sv,), (en,)) for sv, en in pairs if sv != en]


def _table(lexicon: Lexicon, texts: Sequence[str], language: str) -> tuple[sparse.csr_array, list[str]]:
    """Return which stems the lexicon lacks stand in which text, and of each the form most often written."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    in_texts: list[set[str]] = []
    for text in texts:
        words = words_of(text)
        stems = [stem(word, language) for word in words]
        covered = {place for first, last, _ in lexicon.find(stems, language) for place in range(first, last)}
        found = set()
        for place, (word, its_stem) in enumerate(zip(words, stems, strict=True)):
            if place in covered or len(word) < SHORTEST or word.isdigit() or is_stop_word(word, language):
                continue
            forms[its_stem][word] += 1
            found.add(its_stem)
        in_texts.append(found)
    columns = {its_stem: place for place, its_stem in enumerate(sorted(forms))}
    rows = [row for row, found in enumerate(in_texts) for _ in found]
    places = [columns[its_stem] for found in in_texts for its_stem in found]
    table = sparse.csr_array(
        (np.ones(len(rows), dtype=np.int32), (rows, places)), shape=(len(texts), len(columns))
    )
    written = [min(forms[one].items(), key=lambda item: (-item[1], item[0]))[0] for one in columns]
    return table, written


def _clearly_best(of: NDArray[np.int32], value: NDArray[np.float64], size: int) -> NDArray[np.bool_]:
    """Say which pairs beat every other pair of the same word by `CLEARLY`."""
    order = np.lexsort((-value, of))
    first = np.searchsorted(of[order], np.arange(size))
    best, second = np.zeros(size), np.zeros(size)
    has = np.flatnonzero(np.bincount(of, minlength=size) > 0)
    best[has] = value[order[first[has]]]
    several = np.flatnonzero(np.bincount(of, minlength=size) > 1)
    second[several] = value[order[first[several] + 1]]
    clearly: NDArray[np.bool_] = (value == best[of]) & (best - second >= CLEARLY)[of]
    return clearly
