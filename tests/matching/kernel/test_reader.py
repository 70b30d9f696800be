"""Texts read as sums of their words: the very counts that taking apart every document gives."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from brygga.language import load_lexicon
from matching.kernel import reader
from matching.kernel.reader import TextReader
from matching.kernel.term_counts import SPACES, TermCounts, counted, occurrences_in
from matching.kernel.terms import TextDocument, document_terms
from matching.kernel.text import TextStatistics

WHOLE = load_lexicon()
PHRASES = [
    " ".join(term) for table in WHOLE._by_phrase.values() for term in list(table)[:400] if len(term) > 1
]
TEXTS = st.lists(
    st.sampled_from(
        [
            *PHRASES,
            *"arbetslöshet ungdomsarbetslöshet psykisk ohälsa hälsa och för unga projekt 13 a e-hälsa İ "
            "community health garden kvällsgaraget mental the youth social ekonomi".split(),
        ]
    ),
    max_size=14,
).map(" ".join)
DOCUMENTS = st.lists(st.builds(TextDocument, TEXTS, TEXTS, st.sampled_from(["sv", "en", None])), max_size=6)
STATISTICS = TextStatistics.learn(
    [TextDocument(body=" ".join(PHRASES[:200]), language=language) for language in ("sv", "en")]
)


def plainly(documents: list[TextDocument]) -> TermCounts:
    return TermCounts.of(
        (
            (document_terms(document, STATISTICS.compounds, WHOLE), not document.is_empty)
            for document in documents
        ),
        {space: STATISTICS.spaces[space].columns for space in SPACES},
    )


@given(DOCUMENTS)
@settings(deadline=None)
def test_the_counts_are_those_of_taking_every_document_apart(documents):
    read, plain = STATISTICS.counts(documents), plainly(documents)
    assert read.is_swedish.tolist() == plain.is_swedish.tolist()
    assert read.has_words.tolist() == plain.has_words.tolist()
    for space in SPACES:
        mine, theirs = read.spaces[space], plain.spaces[space]
        assert mine.shape == theirs.shape
        assert mine.indptr.tolist() == theirs.indptr.tolist()
        assert mine.indices.tolist() == theirs.indices.tolist()
        np.testing.assert_allclose(mine.data, theirs.data, rtol=1e-6)


@given(DOCUMENTS, DOCUMENTS)
@settings(deadline=None, max_examples=40)
def test_a_row_is_the_same_in_any_company_and_after_forgetting(first, second):
    alone = STATISTICS.counts(first)
    fresh = TextReader(
        STATISTICS.compounds, WHOLE, {space: STATISTICS.spaces[space].columns for space in SPACES}
    )
    beside = fresh.counts([*second, *first]).rows(slice(len(second), None))
    for space in SPACES:
        assert (alone.spaces[space] != beside.spaces[space]).nnz == 0


def test_words_beyond_what_is_kept_are_taken_apart_again(monkeypatch):
    documents = [TextDocument("", phrase, "sv") for phrase in PHRASES[:30]]
    monkeypatch.setattr(reader, "MOST_ATOMS", 3)
    monkeypatch.setattr(reader, "BLOCK", 4)
    small = TextReader(
        STATISTICS.compounds, WHOLE, {space: STATISTICS.spaces[space].columns for space in SPACES}
    )
    assert (small.counts(documents).spaces["own"] != plainly(documents).spaces["own"]).nnz == 0


def test_an_open_reader_gives_every_term_a_column_and_counts_the_documents_that_have_it():
    documents = [TextDocument("Psykisk hälsa", "unga"), TextDocument("", "unga på landet"), TextDocument()]
    open_reader = TextReader(STATISTICS.compounds, WHOLE)
    counts = open_reader.counts(documents)
    for space in SPACES:
        expected: dict[str, int] = {}
        for document in documents:
            terms = counted(occurrences_in(document_terms(document, STATISTICS.compounds, WHOLE), space))
            for term in terms:
                expected[term] = expected.get(term, 0) + 1
        found = reader.documents_with(counts, space)
        every = dict(zip(open_reader.columns[space], found.tolist(), strict=True))
        # Words that stand in a phrase alone are known too, in no document.
        assert {term: count for term, count in every.items() if count} == expected


def test_several_who_ask_at_once_get_what_each_would_get_alone(monkeypatch):
    columns = {space: STATISTICS.spaces[space].columns for space in SPACES}
    texts = [TextDocument(body=" ".join(PHRASES[place : place + 10 * place + 10])) for place in range(4)]
    alone = [TextReader(STATISTICS.compounds, WHOLE, columns).counts([text]) for text in texts]

    def slowly(work):
        """Let the others come in between."""

        def worked(*given, **named):
            sleep(0.001)
            return work(*given, **named)

        return worked

    monkeypatch.setattr(reader, "word_terms", slowly(reader.word_terms))
    monkeypatch.setattr(reader, "sparse", SimpleNamespace(csr_array=slowly(reader.sparse.csr_array)))
    shared = TextReader(STATISTICS.compounds, WHOLE, columns)
    with ThreadPoolExecutor(max_workers=len(texts)) as threads:
        together = list(threads.map(lambda text: shared.counts([text]), texts))
    for one, other in zip(alone, together, strict=True):
        for space in SPACES:
            np.testing.assert_array_equal(one.spaces[space].toarray(), other.spaces[space].toarray())
