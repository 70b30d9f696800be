"""Organisation numbers as people write them, and personal numbers that must go nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.se import orgnr

from brygga.organisations.services import (
    LooksLikePersonalNumber,
    NotAnOrganisationNumber,
    read_organisation_number,
)


@pytest.mark.parametrize(
    "written",
    [
        "5560160680",
        "556016-0680",
        "556016 - 0680",
        " 556016–0680 ",
        "556016\u00a00680",
        "16556016-0680",
        "16 556016 0680",
        "SE556016068001",
        "se 556016-0680 01",
        "org.nr 556016-0680",
        "Org.nr: 556016-0680",
        "Organisationsnummer 5560160680",
        "55.60.16.06.80",
    ],
)
def test_number_is_read_however_it_is_written(written: str) -> None:
    assert read_organisation_number(written) == "5560160680"


@pytest.mark.parametrize(
    "written",
    [
        "811218-9876",
        "8112189876",
        "198112189876",
        "19811218-9876",
        "20120229-1231",
        "811278-9873",
        "811218-9875",
    ],
)
def test_personal_numbers_are_told_apart(written: str) -> None:
    """With and without century, coordination numbers too, and with the last digit mistyped."""
    with pytest.raises(LooksLikePersonalNumber):
        read_organisation_number(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "abc",
        "556016-0681",
        "55601606",
        "556016068012",
        "12556016-0680",
        "５５６０１６０６８０",
        "²",
        "5560160680 9",
    ],
)
def test_other_texts_are_refused(written: str) -> None:
    with pytest.raises(NotAnOrganisationNumber):
        read_organisation_number(written)


def _valid_numbers() -> st.SearchStrategy[str]:
    def complete(digits: str) -> str:
        return digits + luhn.calc_check_digit(digits)

    return st.from_regex(r"\A[1-9][0-9][2-9][0-9]{6}\Z").filter(str.isascii).map(complete)


@given(number=_valid_numbers(), dash=st.sampled_from(["", "-", " ", " - "]), lead=st.sampled_from(["", "16"]))
def test_every_valid_number_is_read(number: str, dash: str, lead: str) -> None:
    assert orgnr.is_valid(number)
    assert read_organisation_number(f"{lead}{number[:6]}{dash}{number[6:]}") == number


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_our_own_words(text: str) -> None:
    try:
        number = read_organisation_number(text)
    except (LooksLikePersonalNumber, NotAnOrganisationNumber):
        return
    assert len(number) == 10
    assert int(number[2]) >= 2
