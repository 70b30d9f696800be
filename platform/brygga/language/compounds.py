"""Parts of Swedish compounds, learned from the words of a collection.

"integrationsprojekt" says nothing to a text that says "integration". A word is split where both
sides are words of their own in the collection (or in the lexicon); among several splits the one
whose parts are commonest wins, by geometric mean (Koehn & Knight 2003, "Empirical methods for
compound splitting", EACL).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from brygga.language.stems import stem

MIN_PART = 4
MIN_WORD = 2 * MIN_PART
# Longer ones are no words: a file in letters, or a script without spaces. All their splits hold their length squared.
MAX_WORD = 64
# Grammar ends a word in so many letters at most ("skol-ornas"); what cuts more leaves another word.
MAX_CUT = 5
# Endings that Swedish grammar, not the writer, puts at the end: not words when they stand last.
_NOT_HEADS = frozenset(
    "heten heter ing ingen ingar ingarna ning ningen ningar ningarna ande anden andet andets else elsen erna arna "
    "orna isk iska lig liga vitet viteten viteter nation nationen nationer nationerna".split()
)
# "rekrytering" is no ring: the same after an e.
_RINGS = frozenset("ring ringen ringens ringar ringarna".split())


@dataclass(frozen=True)
class CompoundTable:
    """Known simple words of a collection, as stem -> count.

    The whole table travels with a frozen analysis, so the same word is split alike until the next.
    """

    counts: Mapping[str, int]
    # Words recur far more often than they are new.
    _split: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def parts(self, word: str) -> tuple[str, ...]:
        """Return the stems of a compound's parts, or an empty tuple for a simple word.

        Examples
        --------
        >>> table = learn_compounds(["ungdom", "ungdomar", "arbetslöshet", "projekt", "skola", "lunch"])
        >>> table.parts("ungdomsarbetslöshet"), table.parts("skollunch"), table.parts("skola")
        (('ungdom', 'arbetslös'), ('skol', 'lunch'), ())
        """
        known = self._split.get(word)
        if known is None:
            known = self._split[word] = self._parts(word)
        return known

    def written_part(self, word: str, part: str) -> str:
        """Return a compound's part, given as its stem, as a word: "ungdom" of "ungdomsgård"; "" if it is none.

        Examples
        --------
        >>> table = learn_compounds(["ungdom", "garage", "kväll", "gård"])
        >>> table.written_part("kvällsgaraget", "garag"), table.written_part("ungdomsgård", "ungdom")
        ('garaget', 'ungdom')
        """
        parts = self.parts(word)
        if part not in parts:
            return ""
        if "-" in word:
            return next(piece for piece in word.split("-") if len(piece) >= 3 and stem(piece, "sv") == part)
        for split in range(MIN_PART, len(word) - MIN_PART + 1):
            first, head = word[:split], word[split:]
            if stem(head, "sv") == parts[1] and parts[0] in _first_part_stems(first):
                if part == parts[1]:
                    return head
                forms = [first[:-1] if first.endswith("s") else first, f"{first[:-1]}a", first]
                return next((form for form in forms if stem(form, "sv") == part), first)
        return ""

    def _parts(self, word: str) -> tuple[str, ...]:
        if "-" in word:
            pieces = [piece for piece in word.split("-") if len(piece) >= 3]
            return tuple(stem(piece, "sv") for piece in pieces) if len(pieces) > 1 else ()
        best: tuple[str, ...] = ()
        best_strength = 0.0
        if len(word) > MAX_WORD:
            return best
        for split in range(MIN_PART, len(word) - MIN_PART + 1):
            head = word[split:]
            head_stem = stem(head, "sv")
            head_count = self.counts.get(head_stem, 0)
            if not head_count or head in _NOT_HEADS or (head in _RINGS and word[split - 1] == "e"):
                continue
            for first in _first_part_stems(word[:split]):
                count = self.counts.get(first, 0)
                strength = (count * head_count) ** 0.5
                if strength > best_strength:
                    best, best_strength = (first, head_stem), strength
        return best


def learn_compounds(words: Iterable[str] | Mapping[str, int]) -> CompoundTable:
    """Learn the simple words of a collection from all its Swedish words (lower case), with repeats.

    A word that itself splits into other known words is no part, so that "skollunch" does not
    hide "skola" and "lunch" inside a longer word.
    """
    counts: dict[str, int] = {}
    pairs = words.items() if isinstance(words, Mapping) else ((word, 1) for word in words)
    shortest: dict[str, str] = {}
    for word, count in pairs:
        if len(word) < MIN_PART or not word.isalpha():
            continue
        key = stem(word, "sv")
        # "verk" is left of "verklighet", but no text has said "verk".
        if len(key) < 3 or len(word) - len(key) > MAX_CUT:
            continue
        counts[key] = counts.get(key, 0) + count
        # Ties by spelling, so that the order of the words never matters.
        shortest[key] = min(shortest.get(key, word), word, key=lambda form: (len(form), form))
    whole = CompoundTable(counts)
    simple = {key: count for key, count in counts.items() if not whole.parts(shortest[key])}
    return CompoundTable(dict(sorted(simple.items())))


def _first_part_stems(part: str) -> list[str]:
    """Return the stems a first part may have: "ungdoms" -> ungdom, "skol" -> skol, "hälso" -> häls."""
    forms = [part]
    if part.endswith("s"):
        forms.append(part[:-1])
    if part[-1] in "oue":
        forms.append(part[:-1] + "a")
    # The stemmer gives "skol" for skola, so a clipped first part already is its own stem.
    stems = [stem(form, "sv") for form in forms] + [part]
    return list(dict.fromkeys(stems))
