"""Words of the two languages that belong together, learned from texts that exist in both."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from brygga.language import Lexicon, TermGroup, stem
from matching.kernel.terms import TextDocument
from matching.kernel.text import TextIndex, TextStatistics
from matching.kernel.translations import (
    LEAST_TEXTS,
    ParallelText,
    learn_translations,
    with_translations,
)

EMPTY = Lexicon(())
#: Words that nobody has: (Swedish, English).
PAIRS = tuple((f"{sv}bygd", f"{en}stead") for sv, en in zip("kvlmrsgt", "dfhjnpwz", strict=True))
NOISE = ("fjällräv", "gnistregn", "blåklocka", "stenmur", "vindspel")


def told(*pairs: tuple[str, str]) -> ParallelText:
    return ParallelText(" ".join(sv for sv, _ in pairs), " ".join(en for _, en in pairs))


def learned(texts: list[ParallelText], lexicon: Lexicon = EMPTY) -> set[tuple[str, str]]:
    return {(group.swedish[0], group.english[0]) for group in learn_translations(lexicon, texts)}


def test_words_that_keep_each_other_company_are_learned() -> None:
    first, second, third = PAIRS[:3]
    texts = [told(first, second)] * 2 + [told(first, third)] * 2 + [told(second, third)] * 2
    assert learned(texts) == {first, second, third}


def test_what_always_stands_together_cannot_be_told_apart() -> None:
    assert learned([told(*PAIRS[:3])] * 10) == set()
    # One more text tells one of them from the two others.
    assert learned([told(*PAIRS[:3])] * 10 + [told(PAIRS[0])] * 10) == {PAIRS[0]}


def test_two_texts_are_too_few() -> None:
    assert learned([told(PAIRS[0])] * (LEAST_TEXTS - 1)) == set()
    assert learned([told(PAIRS[0])] * LEAST_TEXTS) == {PAIRS[0]}


def test_what_the_lexicon_knows_is_not_learned_again() -> None:
    known = Lexicon((TermGroup("k", "", ("kbygd",), ("farm",)),))
    assert learned([told(PAIRS[0])] * 5, known) == set()
    assert with_translations(known, [told(PAIRS[0])] * 5) is known


def test_names_and_numbers_and_common_words_are_not_learned() -> None:
    assert learned([ParallelText("Amina 2024 och", "Amina 2024 and")] * 5) == set()


def test_forms_of_a_word_are_one_and_the_commonest_is_written() -> None:
    texts = [
        ParallelText("vävstugan", "weavery"),
        ParallelText("vävstugan", "weaveries"),
        ParallelText("vävstugor", "weavery"),
    ]
    assert learned(texts) == {("vävstugan", "weavery")}


@given(
    st.lists(st.sets(st.integers(0, len(PAIRS) - 1), min_size=1, max_size=3), min_size=1, max_size=40),
    st.lists(st.sampled_from(NOISE), max_size=40),
    st.randoms(use_true_random=False),
)
def test_laws(chosen: list[set[int]], noise: list[str], random: object) -> None:
    texts = [told(*(PAIRS[place] for place in sorted(some))) for some in chosen]
    texts += [ParallelText(word, "") for word in noise]
    groups = learn_translations(EMPTY, texts)
    # Each word once, in enough texts, and always with its own: no other stands beside it more often.
    for side, words in (
        ("sv", [group.swedish[0] for group in groups]),
        ("en", [g.english[0] for g in groups]),
    ):
        assert len({stem(word, side) for word in words}) == len(words)
    for group in groups:
        sv, en = group.swedish[0], group.english[0]
        assert (sv, en) in PAIRS
        assert sum(PAIRS.index((sv, en)) in some for some in chosen) >= LEAST_TEXTS
    shuffled = list(texts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert learn_translations(EMPTY, shuffled) == groups


def test_an_english_text_meets_a_swedish_one_by_what_was_learned() -> None:
    query, document = (
        TextDocument(body="a dstead", language="en"),
        TextDocument(body="en kbygd", language="sv"),
    )
    others = [TextDocument(body=f"{word} {word}", language="sv") for word in NOISE]
    scores = {}
    for name, lexicon in (
        ("before", EMPTY),
        ("after", with_translations(EMPTY, [told(PAIRS[0])] * LEAST_TEXTS)),
    ):
        statistics = TextStatistics.learn([query, document, *others], lexicon)
        scores[name] = TextIndex([document, *others], statistics).scores([query])[0]
    assert scores["before"].max() == 0
    assert scores["after"][0] > 0.5
    assert scores["after"][1:].max() == 0
