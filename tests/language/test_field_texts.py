"""The lexicon knows most of what texts of the field say, also of texts that nobody read while writing it."""

from pathlib import Path

import pytest

from brygga.language import coverage

FOLDER = Path(__file__).parent / "field_texts"
FLOOR = 0.80


def _texts():
    for path in sorted(FOLDER.glob("*.txt")):
        first, _, text = path.read_text(encoding="utf-8").partition("\n")
        assert first in ("language: sv", "language: en"), path.name
        yield first.removeprefix("language: "), text


def test_there_are_fifty_texts_in_both_languages():
    languages = [language for language, _ in _texts()]
    assert len(languages) >= 50
    assert min(languages.count("sv"), languages.count("en")) >= 20


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_lexicon_covers_the_content_words(language):
    found = coverage(_texts())[language]
    assert found.content_words > 300
    # The commonest words that it lacks are told, so that whoever breaks this sees a field of meaning.
    assert found.share >= FLOOR, found.missing.most_common(10)
