"""The text score of plain lists of strings, and texts kept as counted terms."""

import gc
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.kernel.term_counts import TermCounts
from matching.kernel.terms import TextDocument
from matching.kernel.text import TextIndex, TextStatistics
from tests.matching.kernel.cast import DOCUMENTS, LEXICON, WORDS

MIXED = [
    "Unga som saknar jobb får praktik på ett café.",
    "A community garden where newcomers grow food together.",
    "",
    "Äldre som känner sig ensamma äter middag tillsammans.",
    "Mental health support for young people out of work.",
]


def test_plain_strings_are_scored_without_anything_else():
    scores = TextIndex(MIXED).scores(["jobb och praktik för unga", "growing food in a garden", "", "zzyx"])
    assert scores.shape == (4, 5) and scores.dtype == np.float32
    assert scores[0].argmax() == 0 and scores[1].argmax() == 1
    assert (scores[2:] == 0).all() and (scores[:, 2] == 0).all()
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_plain_text_is_a_document_without_a_title():
    index = TextIndex(MIXED)
    query = "jobb för unga"
    np.testing.assert_array_equal(
        index.scores([query]), index.scores([TextDocument(body=query, language="sv")])
    )


def test_a_short_text_takes_the_language_of_the_collection():
    english = ["We grow food in the city", "Support for jobs and skills", "garden"]
    index = TextIndex(english)
    assert [document.language for document in index.documents] == ["en", "en", "en"]
    assert index.scores(["gardens"])[0].argmax() == 2
    assert TextIndex(["Vi odlar mat", "garden"]).documents[1].language == "sv"
    assert TextIndex(["zzyx"]).documents[0].language is None


@pytest.mark.parametrize(
    ("texts", "said"), [(["a", None], "text 1 is NoneType"), ("one text", "a list"), ([3], "text 0 is int")]
)
def test_what_is_no_text_is_refused(texts, said):
    index = TextIndex(["mat"])
    with pytest.raises(TypeError, match=said):
        index.scores(texts)
    with pytest.raises(TypeError, match=said):
        TextIndex(texts)


def test_texts_that_can_be_read_only_once_are_read_once():
    index = TextIndex(text for text in MIXED)
    assert [document.body for document in index.documents] == MIXED
    np.testing.assert_array_equal(
        index.scores(iter(["jobb", "mat"])), TextIndex(MIXED).scores(["jobb", "mat"])
    )
    assert index.top(iter(["jobb", "mat"]), 2)[0].shape == (2, 2)


def test_a_word_without_end_is_read_in_no_time():
    # A file in letters, or a script without spaces: some splits of it would hold its length squared.
    endless = "arbets" * 700
    tracemalloc.start()
    try:
        scores = TextIndex([endless, "arbete för unga"]).scores([endless])
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert scores[0, 0] > 0.5 and scores[0, 1] == 0


def test_no_texts_at_all_give_empty_results():
    assert TextIndex([]).scores(["mat"]).shape == (1, 0)
    assert TextIndex(["mat"]).scores([]).shape == (0, 1)
    assert TextIndex([]).top(["mat"], 3)[0].shape == (1, 0)
    assert TextIndex(["mat"]).scores(["mat"]).shape == (1, 1)
    assert TextIndex(["mat"]).top(["mat"], 0)[0].shape == (1, 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6), st.lists(WORDS, min_size=1, max_size=6), st.integers(1, 7))
def test_the_top_is_that_of_a_plain_sort(documents, queries, k):
    index = TextIndex(documents)
    scores = index.scores(queries)
    order, values = index.top(queries, k)
    wanted = np.argsort(-np.round(scores, 4), axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(order, wanted)
    np.testing.assert_array_equal(values, np.take_along_axis(scores, wanted, axis=1))


def test_many_texts_are_not_held_as_objects():
    generator = np.random.default_rng(7)
    words = np.array([f"ord{'abcdefghij'[number % 10]}{number}x" for number in range(3000)])
    texts = [" ".join(words[generator.zipf(1.3, 12) % 3000]) for _ in range(2_000)]
    # What a process keeps of words it has met, and what waits to be collected, is not the index's.
    TextIndex(texts)
    gc.collect()
    tracemalloc.start()
    try:
        index = TextIndex(texts)
        order, values = index.top(texts[:100], 5)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # All their terms as objects would be five times as much.
    assert peak < 12e6
    assert (values[:, 0] >= 0.5).all()
    for row in range(3):
        assert texts[order[row, 0]] == texts[row] or values[row, 0] > 0.5


@settings(max_examples=30, deadline=None)
@given(st.lists(DOCUMENTS, min_size=2, max_size=5), DOCUMENTS, st.data())
def test_one_replaced_row_is_the_index_made_anew(tmp_path_factory, documents, other, data):
    statistics = TextStatistics.learn([*documents, other], LEXICON)
    place = data.draw(st.integers(0, len(documents)))
    changed = [*documents[:place], other, *documents[place + 1 :]]
    counts = statistics.counts(documents).with_row(place, statistics.counts([other]))
    folder = tmp_path_factory.mktemp("counts")
    counts.save(folder)
    for kept in (counts, TermCounts.load(folder), TermCounts.load(folder, None)):
        again = TextIndex(changed, statistics, kept).scores(documents)
        np.testing.assert_array_equal(again, TextIndex(changed, statistics).scores(documents))


def test_counts_of_another_length_or_place_are_refused():
    statistics = TextStatistics.learn([TextDocument("mat")], LEXICON)
    one = statistics.counts([TextDocument("mat")])
    with pytest.raises(ValueError, match="1 rows of counts for 2"):
        TextIndex(["mat", "jobb"], statistics, one)
    with pytest.raises(ValueError, match="no place 2"):
        one.with_row(2, one)
    with pytest.raises(ValueError, match="nothing to join"):
        TermCounts.joined([])
