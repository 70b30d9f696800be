"""What the text score promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.kernel.terms import TextDocument
from matching.kernel.text import TextIndex, TextStatistics
from tests.matching.kernel.cast import DOCUMENTS, LEXICON

OFFERS = [
    TextDocument("Bidrag till ungdomsidrott", "Vi ger bidrag till föreningar där unga tränar fotboll.", "sv"),
    TextDocument("Stöd mot ensamhet", "För äldre som vill träffas och äta tillsammans.", "sv"),
    TextDocument("Integration i arbetslivet", "Fler nyanlända ska få jobb och lära sig språket.", "sv"),
    TextDocument("Clean water", "We support nature conservation along the coast.", "en"),
]


@pytest.fixture(scope="module")
def index():
    return TextIndex(OFFERS)


@pytest.mark.parametrize(
    ("query", "best"),
    [
        (TextDocument("Fotbollsskola", "Ungdomar i förorten spelar.", "sv"), 0),
        (TextDocument("Middag för pensionärer", "Ensamma äldre lagar mat.", "sv"), 1),
        (TextDocument("Integrationsprojekt", "Praktik för nyanlända.", "sv"), 2),
        (TextDocument("Newcomers and language", "Refugees find a job.", "en"), 2),
        (TextDocument("Loneliness", "Older people meet.", "en"), 1),
        (TextDocument("Rädda kusten", "Natur och vatten.", "sv"), 3),
    ],
)
def test_the_offer_that_is_about_the_same_comes_first(index, query, best):
    scores = index.scores([query])
    assert scores.shape == (1, 4) and scores.dtype == np.float32
    assert scores[0].argmax() == best
    order, values = index.top([query], 2)
    assert order[0, 0] == best and values[0, 0] >= values[0, 1]


def test_same_words_count_more_than_their_translation(index):
    swedish = index.scores([TextDocument("Ensamhet bland äldre", "", "sv")])[0, 1]
    english = index.scores([TextDocument("Loneliness among older people", "", "en")])[0, 1]
    assert swedish > english > 0


def test_texts_without_words_or_without_anything_in_common_give_nothing(index):
    scores = index.scores([TextDocument(), TextDocument("Zzzyx", "", "sv")])
    assert (scores == 0).all()
    assert TextIndex([TextDocument()]).scores([OFFERS[0]]).tolist() == [[0.0]]


def test_an_offer_that_is_the_query_itself_is_full_cosine(index):
    scores = index.scores(OFFERS)
    assert (scores.argmax(axis=1) == np.arange(4)).all()
    assert (np.diag(scores) > 0.5).all()


def test_statistics_read_back_give_the_same(index):
    again = TextIndex.from_bytes(index.to_bytes(), OFFERS)
    np.testing.assert_array_equal(again.scores(OFFERS), index.scores(OFFERS))
    assert again.to_bytes() == index.to_bytes()


def test_unknown_format_is_refused():
    with pytest.raises(ValueError, match="format"):
        TextStatistics.from_content({"format": 99})


def test_a_document_scores_alike_alone_and_among_others(index):
    for place, offer in enumerate(OFFERS):
        alone = TextIndex([offer], index.statistics).scores(OFFERS)
        np.testing.assert_array_equal(alone[:, 0], index.scores(OFFERS)[:, place])


def test_shared_terms_are_words_as_written_weightiest_first(index):
    shared = index.shared_terms(TextDocument("Ungdomars fotbollslag", "", "sv"), OFFERS[0])
    assert {term.term for term in shared} == {"ungdomars", "fotbollslag"}
    assert [term.weight for term in shared] == sorted((term.weight for term in shared), reverse=True)
    assert all(term.other in "bidrag till ungdomsidrott unga tränar fotboll" for term in shared)
    across = index.shared_terms(TextDocument("Loneliness", "", "en"), OFFERS[1])
    assert [(term.term, term.other) for term in across] == [("loneliness", "ensamhet")]
    assert index.shared_terms(TextDocument(), OFFERS[1]) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENTS, min_size=1, max_size=5), st.lists(DOCUMENTS, min_size=1, max_size=5), st.randoms())
def test_text_laws(documents, queries, random):
    statistics = TextStatistics.learn([*documents, *queries], LEXICON)
    index = TextIndex(documents, statistics)
    scores = index.scores(queries)
    assert ((scores >= 0) & (scores <= 1)).all()
    np.testing.assert_array_equal(scores, index.scores(queries))
    order = list(range(len(documents)))
    random.shuffle(order)
    mixed = TextIndex([documents[place] for place in order], statistics).scores(queries)
    np.testing.assert_array_equal(mixed, scores[:, order])
    for row, query in enumerate(queries):
        np.testing.assert_array_equal(index.scores([query])[0], scores[row])
        for column, document in enumerate(documents):
            assert bool(index.shared_terms(query, document)) == (scores[row, column] > 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(DOCUMENTS, min_size=2, max_size=6), st.randoms())
def test_statistics_do_not_depend_on_the_order_of_texts(documents, random):
    mixed = list(documents)
    random.shuffle(mixed)
    first, second = TextStatistics.learn(documents, LEXICON), TextStatistics.learn(mixed, LEXICON)
    assert first.compounds == second.compounds
    for space in first.spaces:
        assert first.spaces[space].idf == second.spaces[space].idf
        assert first.spaces[space].mean_length == pytest.approx(second.spaces[space].mean_length)
