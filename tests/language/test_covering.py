"""How much of a text the lexicon knows, counted by hand on small texts."""

import pytest

from brygga.language import coverage
from brygga.language.lexicon import parse_lexicon

LEXICON = parse_lexicon(
    "concept,sv,en\nunemployed,arbetslös,unemployed\nyouth,ungdom|unga,youth|young\nfood,mat,food\n"
    "school,skola,school\nmental-health,psykisk hälsa,mental health\ngarden,trädgård,garden\n"
)


@pytest.mark.parametrize(
    ("language", "text", "content", "missing"),
    [
        ("sv", "Arbetslösa ungdomar", 2, {}),
        ("sv", "Psykisk hälsa och psykisk oro", 4, {"psykisk": 1, "oro": 1}),
        ("sv", "Vi odlar i skolträdgården.", 2, {"odlar": 1}),
        ("sv", "Unga i Kiruna och Anna Larsson, 12 personer, 2024", 1, {}),
        ("sv", "Kirunas unga", 2, {"kirunas": 1}),
        ("sv", "Skriv till anna@exempel.se eller www.exempel.se om mat", 1, {}),
        ("en", "The young and the unemployed cook food", 4, {"cook": 1}),
        ("en", "Mental health for young Londoners", 3, {}),
        ("en", "", 0, {}),
    ],
)
def test_content_words_are_counted_as_by_hand(language, text, content, missing):
    found = coverage([(language, text)], LEXICON)[language]
    assert (found.content_words, dict(found.missing)) == (content, missing)
    assert found.known == content - sum(missing.values())


def test_languages_are_counted_apart_and_an_empty_text_lacks_nothing():
    found = coverage([("sv", "mat fika"), ("en", "food"), ("sv", "mat")], LEXICON)
    assert list(found) == ["en", "sv"]
    assert (found["sv"].content_words, found["sv"].share) == (3, pytest.approx(2 / 3))
    assert coverage([("en", "")], LEXICON)["en"].share == 1.0
