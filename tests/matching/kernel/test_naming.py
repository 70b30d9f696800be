"""Which shared words are named to people: only such that count, and that say something."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brygga.language import is_general_word
from matching.kernel.naming import named_terms
from matching.kernel.terms import TextDocument
from matching.kernel.text import TextIndex, TextStatistics
from tests.matching.kernel.cast import DOCUMENTS, LEXICON

VOCABULARY = TextDocument(
    "", "kväll garage verkstad flicka idrott ungdom plats möte kultur gård skola lunch annons", "sv"
)


def named(query, document, language="sv", other_language="sv"):
    """Return (written in the one, written in the other, shown to the one, shown to the other)."""
    one, other = TextDocument("", query, language), TextDocument("", document, other_language)
    found = named_terms(one, other, TextStatistics.learn([one, other, VOCABULARY]))
    return {term[:4] for term in found}


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("Samtidigt har hälften börjat.", "Hälften börjar samtidigt."),
        ("En plats där alla hör. Han sitter ner.", "Platsen ligger längre ner, och den hörs."),
        ("Kommunikation", "Kommunen"),
        ("Verktygen att fortsätta.", "Vi fortsätter med verktyg."),
        ("En mötesplats", "En platsannons"),
        ("En skollunch", "Skolgården"),
    ],
)
def test_words_that_say_nothing_are_not_named(query, document):
    one, other = TextDocument("", query, "sv"), TextDocument("", document, "sv")
    statistics = TextStatistics.learn([one, other, VOCABULARY], LEXICON)
    assert TextIndex([other], statistics).scores([one])[0, 0] > 0
    assert named_terms(one, other, statistics) == []


@pytest.mark.parametrize(
    ("query", "document", "expected"),
    [
        ("Forskarna", "En forskare", {("forskarna", "forskare", "forskare", "forskarna")}),
        ("På kvällsgaraget", "Ett garage", {("kvällsgaraget", "garage", "garage", "garage")}),
        ("Ett garage", "På kvällsgaraget", {("garage", "kvällsgaraget", "garage", "garage")}),
        ("Garaget. Kvällsgaraget.", "Garage", {("garaget", "garage", "garage", "garaget")}),
        (
            "Kvällsgaraget",
            "Garageverkstad",
            {("kvällsgaraget", "garageverkstad", "garage", "garaget")},
        ),
    ],
)
def test_a_word_is_shown_as_the_other_side_writes_it(query, document, expected):
    assert named(query, document) == expected


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("Tillgängligheten", "Framgängligheten"),
        ("Verksamhet", "Stödsamheten"),
    ],
)
def test_the_end_of_a_word_is_no_word(query, document):
    one, other = TextDocument("", query, "sv"), TextDocument("", document, "sv")
    known = TextDocument("", "gäng till fram samer verk dans stöd medborgare ledare skap", "sv")
    statistics = TextStatistics.learn([one, other, known])
    assert TextIndex([other], statistics).scores([one])[0, 0] > 0
    assert named_terms(one, other, statistics) == []


def test_a_translation_is_shown_to_each_side_in_its_own_words():
    found = named("Ensamhet", "Loneliness", "sv", "en")
    assert found == {("ensamhet", "loneliness", "ensamhet", "loneliness")}


@settings(max_examples=80, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_named_words_are_among_those_that_count(query, document):
    statistics = TextStatistics.learn([query, document], LEXICON)
    first, second = statistics.terms(query), statistics.terms(document)
    space = "own" if first.language == second.language else "bridge"
    idf = statistics.spaces[space].idf
    found = named_terms(query, document, statistics)
    for one in found:
        mine = {item.term for item in getattr(first, space) if item.written == one.term}
        theirs = {item.term for item in getattr(second, space) if item.written == one.other}
        assert {term for term in mine & theirs & idf.keys() if not term.startswith("~")}
        assert one.to_query and one.to_document and one.weight > 0
        if " " not in one.term:
            assert not is_general_word(one.term, first.language)
    if found:
        assert TextIndex([document], statistics).scores([query])[0, 0] > 0


@given(st.lists(DOCUMENTS, min_size=2, max_size=2))
@settings(max_examples=40, deadline=None)
def test_naming_is_the_same_from_both_sides(both):
    statistics = TextStatistics.learn(both, LEXICON)
    there = named_terms(*both, statistics, 50)
    back = named_terms(*reversed(both), statistics, 50)
    assert {(one.to_query, one.to_document) for one in there} == {
        (one.to_document, one.to_query) for one in back
    }
