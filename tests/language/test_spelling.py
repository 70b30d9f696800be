from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.language import spelling
from brygga.language.spelling import Speller, is_one_slip, word_reader

WORDS = st.text("abcdeö", min_size=1, max_size=7)


def distance(first: str, second: str) -> int:
    """Count slips as the textbook does: the restricted Damerau-Levenshtein distance, by its table."""
    table = {(i, 0): i for i in range(len(first) + 1)} | {(0, j): j for j in range(len(second) + 1)}
    for i, a in enumerate(first, 1):
        for j, b in enumerate(second, 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(first), len(second)]


@given(WORDS, WORDS)
def test_one_slip_is_what_the_textbook_counts_as_one(first: str, second: str) -> None:
    assert is_one_slip(first, second) == (distance(first, second) <= 1)


@given(
    st.frozensets(st.text("abcdeö", min_size=5, max_size=8), max_size=8),
    st.text("abcdeö", min_size=5, max_size=8),
)
def test_the_nearest_is_found_whenever_there_is_one(words: frozenset[str], word: str) -> None:
    nearest = Speller(words).nearest(word)
    assert bool(nearest) == any(distance(word, one) <= 1 for one in words)
    assert not nearest or nearest in words


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("klimatanpasning", "klimatanpassning"),
        ("ungdomsarbtslöshet", "ungdomsarbetslöshet"),
        ("intergation", "integration"),
        ("lonelyness", "loneliness"),
        ("ensamhet", "ensamhet"),
        ("skollunch", "skollunch"),
        ("mat", "mat"),
        ("xylofonhuset", ""),
    ],
)
def test_slips_are_mended_and_right_words_left_alone(word: str, expected: str) -> None:
    assert word_reader().meant(word) == expected


def test_examples() -> None:
    assert doctest.testmod(spelling).failed == 0
