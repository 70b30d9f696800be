"""The lists of officialese, and what they find in texts."""

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.language import officialese, tokenise
from brygga.language.stems import Language


def listed(language: Language) -> list[tuple[str, str]]:
    text = (
        resources.files("brygga.language").joinpath(f"officialese_{language}.tsv").read_text(encoding="utf-8")
    )
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [(form, plainer) for forms, plainer in lines for form in forms.split("|")]


@pytest.mark.parametrize(("language", "fewest"), [("sv", 200), ("en", 70)])
def test_every_listed_expression_is_found_and_its_advice_is_plain(language: Language, fewest: int) -> None:
    forms = listed(language)
    assert len(forms) >= fewest
    assert len({form for form, _plainer in forms}) == len(forms)
    for form, plainer in forms:
        written = form.replace("*", "")
        assert [tuple(one) for one in officialese(f"Nu {written}.", language)] == [(written, plainer)]
        assert officialese(plainer, language) == [], plainer


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Medel kan ERHÅLLAS av sökande föreningar.", ["erhållas", "sökande"]),
        # The longest expression, and nothing inside it once more.
        ("Vi vidtar åtgärder nu.", ["vidtar åtgärder"]),
        ("Vidtar vi något? Åtgärden är klar.", ["vidtar", "åtgärden"]),
        # Two forms with the same advice are told once.
        ("Vi erhåller mer än vi erhöll.", ["erhåller"]),
        # Ordinary words that begin or end as listed ones do.
        ("De söker stöd, har en adress och pengar till alla, inga medelålders ingenjörer, tills vi ses.", []),
        ("", []),
    ],
)
def test_what_is_found_in_swedish(text: str, found: list[str]) -> None:
    assert [one.written for one in officialese(text, "sv")] == found


def test_what_is_found_in_english() -> None:
    text = "In order to submit, utilise the form. Its use is free; the terminal is open to order."
    assert [one.written for one in officialese(text, "en")] == ["in order to", "submit", "utilise"]


@given(st.text(max_size=300), st.sampled_from(["sv", "en"]))
def test_any_text_can_be_read_and_what_is_found_stands_in_it(text: str, language: Language) -> None:
    for one in officialese(text, language):
        assert one.plainer
        assert {word.word for word in tokenise(one.written)} <= {word.word for word in tokenise(text)}
