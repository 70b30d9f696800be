"""What somebody meant to write: the nearest known word, also inside a Swedish compound.

Known are the lexicon's words. Two words are near when one slip parts them: a letter too many, too few,
wrong, or two that changed places (Damerau 1964). Short words are left alone: "mat" is not "man".
The words are found through what is left when any one letter is taken away, so a look-up costs as
many steps as the word has letters, whatever the lexicon holds.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from brygga.language.compounds import MIN_PART, CompoundTable, learn_compounds
from brygga.language.lexicon import Lexicon, TermGroup, load_lexicon
from brygga.language.stems import stem
from brygga.language.tokens import words_of

SHORTEST = 5
# A slip in a part of a compound is only looked for where the part is long: "gruppen" is "gruppen".
_SHORTEST_PART = 6
# A search for a head finds the compound only if the head is so long, or so long where the rest is not known.
SHORTEST_HEAD, _CLEAR_HEAD = 5, 7
# After these a word is not a kind of what stands last: "eftermiddag".
_NO_FIRST = frozenset("efter fram genom mellan till under utan över".split())


@dataclass(frozen=True)
class Speller:
    """Known words, and the way to them from a word with one slip."""

    words: frozenset[str]
    _near: dict[str, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        near: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.words):
            if len(word) >= SHORTEST - 1:
                for left in _with_one_less(word):
                    near[left].append(word)
        object.__setattr__(self, "_near", dict(near))

    def nearest(self, word: str) -> str:
        """Return the known word that is one slip away, "" when none is, or the word itself when it is known.

        Examples
        --------
        >>> speller = Speller(frozenset(["arbetslöshet", "integration", "skola"]))
        >>> speller.nearest("arbetslöset"), speller.nearest("intergation"), speller.nearest("skolor")
        ('arbetslöshet', 'integration', '')
        """
        if word in self.words:
            return word
        if len(word) < SHORTEST:
            return ""
        found = {near for left in (word, *_with_one_less(word)) for near in self._near.get(left, ())}
        found |= {left for left in _with_one_less(word) if left in self.words}
        near = [one for one in found if is_one_slip(word, one)]
        # The first letter is seldom wrong; then the likest length, then by spelling, so that it never varies.
        return min(near, key=lambda one: (one[0] != word[0], abs(len(one) - len(word)), one), default="")


def is_one_slip(first: str, second: str) -> bool:
    """Say whether one letter added, left out, changed, or two neighbours swapped make one word the other."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return first == second
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    a, b = first[start:], second[start:]
    swapped = a[:2] == b[1::-1] and len(a) == len(b) and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


@dataclass(frozen=True)
class WordReader:
    """Reads a word of a search: the word that was meant, and the parts it is made of."""

    speller: Speller
    compounds: CompoundTable
    lexicon: Lexicon
    _groups: dict[str, TermGroup] = field(init=False, repr=False, compare=False)
    _by_stem: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_stem: dict[str, str] = {}
        for word in self.lexicon.words("sv"):
            key = stem(word, "sv")
            by_stem[key] = min(by_stem.get(key, word), word, key=lambda one: (len(one), one))
        object.__setattr__(self, "_by_stem", by_stem)
        object.__setattr__(self, "_groups", {group.concept: group for group in self.lexicon.groups})

    def meant(self, word: str) -> str:
        """Return the word with its slip mended, itself when nothing is wrong with it, "" when nothing is known.

        Examples
        --------
        >>> reader = word_reader()
        >>> reader.meant("ungdomsarbtslöshet"), reader.meant("ensamhet"), reader.meant("xyzzyxyz")
        ('ungdomsarbetslöshet', 'ensamhet', '')
        """
        if self._is_known(word):
            return word
        if mended := self.speller.nearest(word):
            return mended
        for split in range(len(word) - MIN_PART, MIN_PART - 1, -1):
            first, head = word[:split], word[split:]
            if len(head) >= _SHORTEST_PART and (mended := self.speller.nearest(head)):
                whole = first + mended
                if mended != head and self.compounds.parts(whole):
                    return whole
        for split in range(_SHORTEST_PART, len(word) - MIN_PART + 1):
            first, head = word[:split], word[split:]
            for link in ("s", ""):
                if link and not first.endswith(link):
                    continue
                bare = first.removesuffix(link) if link else first
                if (mended := self.speller.nearest(bare)) and mended != bare:
                    whole = mended + link + head
                    if self.compounds.parts(whole):
                        return whole
        return ""

    def base(self, word: str) -> str:
        """Return the lexicon's shortest word that is a form of this one, "" when it knows none but itself.

        Examples
        --------
        >>> word_reader().base("barnets"), word_reader().base("arbetslöset"), word_reader().base("barn")
        ('barn', 'arbetslös', '')
        """
        found = self._by_stem.get(stem(word, "sv"), "")
        return "" if found == word else found

    def parts(self, word: str) -> tuple[tuple[str, ...], ...]:
        """Return, for each part of a Swedish compound, the words and phrases that say it in either language.

        Examples
        --------
        >>> first, second = word_reader().parts("ungdomsarbetslöshet")
        >>> "unga" in first, "arbetslöshet" in second, word_reader().parts("ensam")
        (True, True, ())
        """
        stems = self.compounds.parts(word)
        return tuple(self._said(part, word) for part in stems)

    def heads(self, word: str) -> tuple[str, ...]:
        """Return the stems of what a compound is a kind of, and of the heads inside its first part.

        Short heads are none ("Värmland" is no "land"), nor is what is left of a word that is no compound.

        Examples
        --------
        >>> heads = word_reader().heads
        >>> heads("ungdomsarbetslösheten"), heads("långtidsarbetslöshet"), heads("ungdomsarbetslöshetsprojekt")
        (('arbetslös',), ('arbetslös',), ('projek', 'arbetslös'))
        >>> heads("utbildning"), heads("gemensamhet"), heads("eftermiddag"), heads("samordnaren"), heads("transport")
        ((), (), (), (), ())
        """
        head = self._head(word)
        if not head:
            return ()
        first = word[: len(word) - len(head)]
        inner = self.heads(first) or (self.heads(first[:-1]) if first.endswith("s") else ())
        return tuple(dict.fromkeys((stem(head, "sv"), *inner)))

    def _head(self, word: str) -> str:
        """Return the head as it is written, "" when there is none."""
        if len(word) < MIN_PART + SHORTEST_HEAD or not word.isalpha():
            return ""
        if parts := self.compounds.parts(word):
            head = self.compounds.written_part(word, parts[-1])
            shortest = SHORTEST_HEAD
        else:
            # A long known word at the end is a head whatever stands before it, and the longest of them.
            ends = (word[split:] for split in range(MIN_PART, len(word) - _CLEAR_HEAD + 1))
            head = next((end for end in ends if self._by_stem.get(stem(end, "sv"))), "")
            shortest = _CLEAR_HEAD
        base = self._by_stem.get(stem(head, "sv"), "") if head else ""
        first = word[: len(word) - len(head)]
        # Of two short parts one is often there by chance: "transport" is no sport.
        is_clear = len(base) > SHORTEST_HEAD or len(first) >= SHORTEST_HEAD
        is_head = len(head) >= len(base) >= shortest and is_clear and first not in _NO_FIRST
        return head if is_head else ""

    def _is_known(self, word: str) -> bool:
        return (
            word in self.speller.words
            or any(self.lexicon.concepts((stem(word, language),), language) for language in ("sv", "en"))
            or bool(self.compounds.parts(word))
        )

    def _said(self, part: str, word: str) -> tuple[str, ...]:
        said = [self.compounds.written_part(word, part) or part]
        for concept in self.lexicon.concepts((part,), "sv"):
            said += [*self._groups[concept].swedish, *self._groups[concept].english]
        return tuple(dict.fromkeys(said))


def _with_one_less(word: str) -> Iterable[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


@lru_cache(maxsize=1)
def word_reader() -> WordReader:
    """Return the reader that knows the project's lexicon, made once per process."""
    lexicon = load_lexicon()
    words = {word for language in ("sv", "en") for term in lexicon.words(language) for word in words_of(term)}
    return WordReader(
        Speller(frozenset(word for word in words if word.isalpha())),
        learn_compounds(lexicon.words("sv")),
        lexicon,
    )
