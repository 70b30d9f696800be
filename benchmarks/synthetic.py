"""Made-up profiles of realistic shape, seeded: the same seed gives the same world.

Words follow Zipf's law, with the lexicon's words of the field among the common ones and a third of a text
about its theme; one text in ten is English. Themes are skewed, places follow the counties' population,
and facts are missing about as often as in what people write. Nothing is taken from a real profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.tables import read_taxonomy
from brygga.language import load_lexicon
from matching.kernel import codes
from matching.kernel.analysis import Analysis, tree_idf
from matching.kernel.arrays import InitiativeArrays, OfferArrays, Trees, encode_initiatives, encode_offers
from matching.kernel.facts import (
    AnsweredChallenge,
    InitiativeFacts,
    NeedFacts,
    OfferFacts,
    SupportedCase,
    SupportFacts,
)
from matching.kernel.term_counts import SPACES, TermCounts
from matching.kernel.terms import BRIDGE_MARK_WEIGHTS, MARK_WEIGHTS, TITLE_WEIGHT, TextDocument
from matching.kernel.text import TermSpace, TextStatistics

TODAY = 20_700
WORDS = {"sv": 24_000, "en": 9_000}
#: Inhabitants of the counties, thousands, by code.
PEOPLE = {
    "01": 2460, "03": 405, "04": 303, "05": 473, "06": 370, "07": 205, "08": 247, "09": 61, "10": 158,
    "12": 1420, "13": 344, "14": 1770, "17": 283, "18": 308, "19": 280, "20": 288, "21": 287, "22": 243,
    "23": 133, "24": 279, "25": 249,
}  # fmt: skip
#: Challenges that are told; one profile in twelve answers one, and some two. Some are answered by many.
CHALLENGES = 150
_LEADS = (45, 6, 7, 10, 12, 4, 2, 5, 3, 4, 2)
_SYLLABLES = (
    "ba be bi bo da de di fa fe fi ga gra ha he ja ka ki la le lo ma me mo na ne ni pa ra re ro sa se \
si ska ta te ti tra va ve vi å ö än ör".split()
)


@dataclass(frozen=True)
class Texts:
    """Texts as numbers of words: of each text its language, its title's words and its body's."""

    is_swedish: NDArray[np.bool_]
    titles: list[NDArray[np.int64]]
    bodies: list[NDArray[np.int64]]


@dataclass
class World:
    """Both sides encoded, and everything frozen but the criterion means."""

    initiatives: InitiativeArrays
    offers: OfferArrays
    initiative_counts: TermCounts
    offer_counts: TermCounts
    analysis: Analysis


class Vocabulary:
    """Words by rank, each language its own; about a third of the common ones belong to some theme."""

    def __init__(self, generator: np.random.Generator, n_themes: int) -> None:
        lexicon = load_lexicon()
        self.words: dict[str, list[str]] = {}
        self.chance: dict[str, NDArray[np.float64]] = {}
        self.of_theme: dict[str, list[NDArray[np.int64]]] = {}
        for language, size in WORDS.items():
            known = sorted({word for word in lexicon.words(language) if len(word) > 2})
            generator.shuffle(known)
            made: dict[str, None] = dict.fromkeys(known[: size // 3])
            choices, syllables = np.array(known), np.array(_SYLLABLES)
            while len(made) < size:
                if language == "sv" and known and generator.random() < 0.3:
                    first, second = generator.choice(choices, 2)
                    made[f"{first}{second}"] = None
                else:
                    made["".join(generator.choice(syllables, generator.integers(2, 6)))] = None
            words = list(made)
            generator.shuffle(words)
            self.words[language] = words
            chance = 1.0 / (np.arange(size) + 30.0)
            self.chance[language] = np.cumsum(chance / chance.sum())
            themes = generator.integers(0, n_themes, size)
            self.of_theme[language] = [np.flatnonzero(themes == theme) for theme in range(n_themes)]

    def text(
        self, generator: np.random.Generator, language: str, length: int, themes: list[int]
    ) -> NDArray[np.int64]:
        """Draw the words of a text."""
        words = np.searchsorted(self.chance[language], generator.random(length)).astype(np.int64)
        words = np.minimum(words, len(self.words[language]) - 1)
        about = generator.random(length) < 0.33
        for theme in themes[:2]:
            own = self.of_theme[language][theme]
            chosen = np.flatnonzero(about & (generator.random(length) < 0.6))
            # Of a theme's words too the first are the common ones.
            words[chosen] = own[(len(own) * generator.random(len(chosen)) ** 2.5).astype(np.int64)]
        return words

    def written(self, language: str, words: NDArray[np.int64]) -> str:
        """Write words down."""
        own = self.words[language]
        return " ".join(own[word] for word in words.tolist())


def counts_of(texts: Texts, vocabulary: Vocabulary, statistics: TextStatistics) -> TermCounts:
    """Return what `statistics.counts` gives for the written texts, each word taken apart once.

    Each word is taken alone: phrases of the lexicon hardly come up by chance.
    """
    n = len(texts.titles)
    by_space: dict[str, list[sparse.csr_array]] = {space: [] for space in SPACES}
    rows_of = {}
    for language in WORDS:
        of_words = statistics.counts(
            TextDocument(body=word, language=language) for word in vocabulary.words[language]
        )
        rows = np.flatnonzero(texts.is_swedish == (language == "sv"))
        rows_of[language] = rows
        parts = [
            (np.repeat(np.arange(len(rows)), [len(part[row]) for row in rows]), part, weight)
            for part, weight in ((texts.titles, TITLE_WEIGHT), (texts.bodies, 1.0))
        ]
        chosen = sparse.csr_array(
            (
                np.concatenate([np.full(len(place), weight, np.float32) for place, _, weight in parts]),
                (
                    np.concatenate([place for place, _, _ in parts]),
                    np.concatenate([part[row] for _, part, _ in parts for row in rows] or [np.empty(0, int)]),
                ),
            ),
            shape=(len(rows), len(vocabulary.words[language])),
        )
        for space in SPACES:
            by_space[space].append(sparse.csr_array(chosen @ of_words.spaces[space]))
    order = np.argsort(np.concatenate([rows_of[language] for language in WORDS]), kind="stable")
    spaces = {}
    for space in SPACES:
        matrix = sparse.csr_array(sparse.vstack(by_space[space], format="csr")[order])
        matrix.sort_indices()
        matrix.data = matrix.data.astype(np.float32)
        # As `TextReader` gives them.
        matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
        spaces[space] = matrix
    return TermCounts(texts.is_swedish, np.ones(n, dtype=bool), spaces)


class Maker:
    """Draws profiles one after the other."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        # Drawn apart, so that the rest of the world stays what it was before there were challenges.
        self.answering = np.random.default_rng([seed, CHALLENGES])
        taxonomy = read_taxonomy()
        self.trees = Trees(taxonomy)
        self.themes = sorted(taxonomy.themes)
        self.groups = sorted(taxonomy.target_groups)
        self.generator.shuffle(self.themes)
        self.generator.shuffle(self.groups)
        self.theme_chance = self._skewed(len(self.themes))
        self.group_chance = self._skewed(len(self.groups))
        areas = sorted(taxonomy.areas)
        self.counties = [f"SE-{code}" for code in PEOPLE]
        self.county_chance = np.array(list(PEOPLE.values())) / sum(PEOPLE.values())
        self.towns = {
            county: [area for area in areas if taxonomy.areas[area] == county] for county in self.counties
        }
        self.vocabulary = Vocabulary(self.generator, len(self.themes))

    def _skewed(self, number: int) -> NDArray[np.float64]:
        chance = 1.0 / (np.arange(number) + 4.0)
        return np.asarray(chance / chance.sum())

    def chance(self, probability: float) -> bool:
        """Throw a coin."""
        return bool(self.generator.random() < probability)

    def some(
        self, values: Any, most: int, missing: float, chance: NDArray[np.float64] | None = None
    ) -> tuple[Any, ...] | None:
        """Draw one to `most` values, or None."""
        if self.chance(missing):
            return None
        number = min(len(values), int(self.generator.integers(1, most + 1)))
        places = self.generator.choice(len(values), number, replace=False, p=chance)
        return tuple(values[place] for place in places)

    def place(self, wide: float, county: float) -> tuple[str, ...]:
        """Draw where something is: the country, a county, or towns of one county."""
        if self.chance(wide):
            return ("SE",)
        home = self.counties[self.generator.choice(len(self.counties), p=self.county_chance)]
        if self.chance(county):
            return (home,)
        towns = self.towns[home]
        # The first towns of a county have most of what there is.
        chosen = {
            towns[int(len(towns) * self.generator.random() ** 2)] for _ in range(1 + self.chance(0.12) * 2)
        }
        return tuple(sorted(chosen))

    def money(self, middle: float, spread: float = 1.0) -> float:
        """Draw a sum that somebody would write: two figures and zeros."""
        value = float(np.exp(np.log(middle) + spread * self.generator.standard_normal()))
        size = 10.0 ** max(3, int(np.log10(value)) - 1)
        return max(5_000.0, round(value / size) * size)

    def words(self, themes: tuple[str, ...] | None, middle: float) -> tuple[str, NDArray[Any], NDArray[Any]]:
        """Draw language, title and body."""
        language = "en" if self.chance(0.1) else "sv"
        places = [self.themes.index(theme) for theme in themes or ()]
        length = int(np.clip(middle * np.exp(0.6 * self.generator.standard_normal()), 8, 400))
        return (
            language,
            self.vocabulary.text(self.generator, language, int(self.generator.integers(2, 7)), places),
            self.vocabulary.text(self.generator, language, length, places),
        )

    def challenges(self) -> tuple[AnsweredChallenge, ...]:
        """Draw which challenges a profile answers."""
        if self.answering.random() > 1 / 12:
            return ()
        number = int(self.answering.integers(1, 3))
        keys = np.minimum(self.answering.zipf(1.3, number), CHALLENGES)
        return tuple(AnsweredChallenge(int(key)) for key in dict.fromkeys(keys.tolist()))

    def initiative(self, place: int, n: int) -> tuple[InitiativeFacts, tuple[str, Any, Any]]:
        """Draw an initiative and its words."""
        generator = self.generator
        themes = self.some(self.themes, 3, 0.06, self.theme_chance)
        text = self.words(themes, 40)
        leads = np.array(_LEADS) / sum(_LEADS)
        lead = codes.ORGANISATION_KINDS[generator.choice(len(leads), p=leads)]
        needs = None
        if not self.chance(0.08):
            kinds = {"grant"} if self.chance(0.6) else set()
            kinds |= set(generator.choice(codes.SUPPORT_KINDS, int(generator.integers(0, 3)), replace=False))
            needs = tuple(
                NeedFacts(
                    kind,
                    self.money(250_000) if kind in codes.SUPPORT_KINDS[:6] and self.chance(0.65) else None,
                    20.0 if kind in ("mentoring", "staff_time") and self.chance(0.3) else None,
                )
                for kind in sorted(kinds or {"network"})
            )
        return InitiativeFacts(
            key=f"i{(place * 7919) % n:07}",
            organisation_id=int(generator.integers(0, max(1, int(n * 0.8)))),
            lead_kind=None if self.chance(0.03) else lead,
            actor_kinds=self.some(codes.ORGANISATION_KINDS, 3, 0.5),
            legal_entity=None if self.chance(0.4) else not self.chance(0.1),
            age_months=None if self.chance(0.25) else float(int(generator.exponential(36))),
            works_in=None if self.chance(0.06) else self.place(0.08, 0.14),
            works_in_unresolved=("trakten",) if self.chance(0.03) else (),
            may_spread_to=None if self.chance(0.7) else self.place(0.4, 0.6),
            themes=themes,
            target_groups=self.some(self.groups, 3, 0.12, self.group_chance),
            process_parts=self.some(codes.PROCESS_PARTS, 2, 0.15),
            needs=needs,
            forms_not_accepted=self.some(("loan", "equity", "outcome_contract"), 2, 0.8),
            form_after=None if self.chance(0.6) else codes.FORMS_AFTER[int(generator.integers(0, 5))],
            drivers=self.some(codes.DRIVERS, 3, 0.2),
            language=text[0],
            co_funding_percent=None if self.chance(0.85) else float(10 * generator.integers(0, 6)),
            challenges=self.challenges(),
        ), text

    def history(self, themes: tuple[str, ...] | None) -> tuple[SupportedCase, ...]:
        """Draw what an offer has supported before."""
        cases = []
        for place in range(int(self.generator.integers(1, 7))):
            language, title, body = self.words(themes, 30)
            written = (self.vocabulary.written(language, words) for words in (title, body))
            cases.append(
                SupportedCase(
                    f"c{place}",
                    TextDocument(*written, language),
                    decided_day=float(TODAY - self.generator.integers(0, 3000)),
                )
            )
        return tuple(cases)

    def offer(self, place: int, m: int, owners: int) -> tuple[OfferFacts, tuple[str, Any, Any]]:
        """Draw an offer and its words; `owners` is how many organisations have initiatives."""
        generator = self.generator
        themes = self.some(self.themes, 4, 0.1, self.theme_chance)
        text = self.words(themes, 50)
        leads = np.array(_LEADS) / sum(_LEADS)
        kinds = {"grant"} if self.chance(0.5) else set()
        kinds |= set(generator.choice(codes.SUPPORT_KINDS, int(generator.integers(0, 3)), replace=False))
        support = []
        for kind in sorted(kinds or {"knowledge"}):
            low = high = None
            if kind in codes.SUPPORT_KINDS[:6] and self.chance(0.6):
                high = self.money(500_000, 1.2)
                low = self.money(high / 6, 0.5) if self.chance(0.4) else None
                low = None if low is None else min(low, high)
            support.append(SupportFacts(kind, low, high, 30.0 if self.chance(0.05) else None))
        roll = generator.random()
        areas: tuple[str, ...] | None = None
        if roll > 0.08:
            areas = self.place(0.42, 0.5) if roll > 0.16 else self.some(self.counties, 4, 0.0)
        strict: tuple[str, ...] = ()
        if self.chance(0.1):
            strict = (codes.STRICT[int(generator.integers(0, len(codes.STRICT)))],)
        opens = TODAY + 20.0 if self.chance(0.04) else None
        closes = None if self.chance(0.35) else float(TODAY + generator.integers(0, 200))
        return OfferFacts(
            key=f"o{(place * 7919) % m:07}",
            # One offer in fifty belongs to somebody who has an initiative too.
            organisation_id=int(generator.integers(0, max(1, owners)))
            if self.chance(0.02)
            else 10**7 + int(generator.integers(0, max(1, m // 3))),
            eligible_organisation_kinds=()
            if self.chance(0.1)
            else self.some(codes.ORGANISATION_KINDS, 5, 0.2, leads),
            applies_to=codes.APPLIES_TO[int(generator.choice(3, p=(0.8, 0.15, 0.05)))],
            must_include_kinds=self.some(codes.ORGANISATION_KINDS, 2, 0.92, leads),
            consortium_required=None if self.chance(0.7) else self.chance(0.3),
            legal_entity_required=None if self.chance(0.4) else self.chance(0.85),
            min_age_months=None if self.chance(0.85) else float(12 * generator.integers(1, 4)),
            areas=areas,
            areas_unresolved=("bygden",) if self.chance(0.03) else (),
            themes=() if self.chance(0.05) else themes,
            target_groups=() if self.chance(0.05) else self.some(self.groups, 3, 0.2, self.group_chance),
            process_parts=self.some(codes.PROCESS_PARTS, 3, 0.3),
            support=tuple(support),
            forms_not_accepted=self.some(("none_yet", "taken_over", "internal_unit"), 1, 0.93),
            languages=None if self.chance(0.9) else ("sv",),
            opens_day=opens,
            closes_day=closes if opens is None or closes is None else max(opens, closes),
            strict=strict,
            co_funding_percent=None if self.chance(0.85) else float(10 * generator.integers(0, 6)),
            drivers=self.some(codes.DRIVERS, 3, 0.7),
            challenges=self.challenges(),
        ), text


def written_profiles(n: int, m: int, seed: int = 1) -> Iterator[InitiativeFacts | OfferFacts]:
    """Yield `n` initiatives, then `m` offers, one at a time, with their texts written out."""
    maker = Maker(seed)
    owners = max(1, int(n * 0.8))

    def with_text(facts: Any, text: tuple[str, Any, Any]) -> Any:
        title, body = (maker.vocabulary.written(text[0], words) for words in text[1:])
        return replace(facts, document=TextDocument(title, body, text[0]))

    for place in range(n):
        yield with_text(*maker.initiative(place, n))
    for place in range(m):
        offer = with_text(*maker.offer(place, m, owners))
        yield replace(offer, history=maker.history(offer.themes) if maker.chance(0.08) else ())


def made_world(n: int, m: int, seed: int = 1) -> World:
    """Make `n` initiatives and `m` offers."""
    maker = Maker(seed)
    owners = max(1, int(n * 0.8))
    drawn = [maker.initiative(place, n) for place in range(n)]
    drawn_offers = [maker.offer(place, m, owners) for place in range(m)]
    vocabulary = maker.vocabulary
    learned = TextStatistics.learn(
        [
            TextDocument(body=word, language=language)
            for language in WORDS
            for word in vocabulary.words[language]
        ]
    )
    counts = counts_of(_texts([text for _, text in [*drawn, *drawn_offers]]), vocabulary, learned)
    statistics = TextStatistics(
        {space: _space(learned, counts, space) for space in SPACES}, learned.compounds, learned.lexicon
    )
    facts = [
        # The words are counted already: what stays of a text is its title.
        replace(facts, document=TextDocument(vocabulary.written(text[0], text[1]), "", text[0]))
        for facts, text in drawn
    ]
    offer_facts = [
        replace(
            facts,
            document=TextDocument(vocabulary.written(text[0], text[1]), "", text[0]),
            history=maker.history(facts.themes) if maker.chance(0.08) else (),
        )
        for facts, text in drawn_offers
    ]
    initiatives = encode_initiatives(facts, maker.trees)
    offers = encode_offers(offer_facts, maker.trees)
    analysis = Analysis(
        number=1,
        text=statistics,
        theme_idf=tree_idf(maker.trees.themes, np.vstack([initiatives.themes, offers.themes])),
        target_group_idf=tree_idf(
            maker.trees.target_groups, np.vstack([initiatives.target_groups, offers.target_groups])
        ),
        means=(0.5,) * len(codes.CRITERIA),
    )
    return World(initiatives, offers, counts.rows(slice(0, n)), counts.rows(slice(n, n + m)), analysis)


def _texts(drawn: list[tuple[str, Any, Any]]) -> Texts:
    return Texts(
        np.array([language == "sv" for language, _, _ in drawn], dtype=bool),
        [title for _, title, _ in drawn],
        [body for _, _, body in drawn],
    )


def _space(learned: TextStatistics, counts: TermCounts, space: str) -> TermSpace:
    """Return a space with the frequencies of these texts."""
    matrix = counts.spaces[space]
    n = matrix.shape[0]
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    marks = MARK_WEIGHTS if space == "own" else BRIDGE_MARK_WEIGHTS
    idf = np.log(1 + (n - frequency + 0.5) / (frequency + 0.5)).astype(np.float32).tolist()
    return TermSpace(
        {term: idf[place] * marks.get(term[0], 1.0) for place, term in enumerate(learned.spaces[space].idf)},
        float(matrix.sum(dtype=np.float64) / max(1, n)),
    )
