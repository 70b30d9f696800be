"""Swedish organisation numbers as people write them."""

from __future__ import annotations

import re

from stdnum import luhn


class NotAnOrganisationNumber(ValueError):
    """The text is no organisation number."""


class LooksLikePersonalNumber(ValueError):
    """The digits are a person's number. They must be kept nowhere, not even on the page."""


_NOISE = re.compile(r"[\s\u00a0\u2009\u202f.‐‑–—-]+")
_PERSONAL = re.compile(
    r"(?<!\d)(?:(?:18|19|20)\d\d|\d\d)(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[67]\d)[-–+ ]?\d{4}(?!\d)"
)
_WORDS = re.compile(r"^(?:org(?:anisations)?\.?(?:nr|nummer)?\.?:?)", re.IGNORECASE)


def read_organisation_number(text: str) -> str:
    """Return ten digits from "556016-0680", "16 556016 0680", "SE556016068001" or "org.nr 5560160680".

    Raises LooksLikePersonalNumber, or NotAnOrganisationNumber for anything else that is none.

    >>> read_organisation_number("Org.nr: 556016-0680")
    '5560160680'
    """
    bare = _NOISE.sub("", _WORDS.sub("", _NOISE.sub("", text)))
    if bare[:2].upper() == "SE" and bare.endswith("01") and len(bare) == 14:
        bare = bare[2:-2]  # a VAT number is the organisation number between SE and 01
    bare = bare.replace("+", "")
    if not bare.isascii() or not bare.isdigit():
        raise NotAnOrganisationNumber
    if len(bare) == 12:
        century, bare = bare[:2], bare[2:]
        if century in {"18", "19", "20"}:
            raise LooksLikePersonalNumber
        if century != "16":
            raise NotAnOrganisationNumber
    if len(bare) != 10:
        raise NotAnOrganisationNumber
    # In an organisation number the third and fourth digits are at least 20: no month is that late. So a
    # personal number shows itself even when its last digit is mistyped.
    if int(bare[2]) < 2:
        raise LooksLikePersonalNumber
    if not luhn.is_valid(bare):
        raise NotAnOrganisationNumber
    return bare


def holds_personal_number(text: str) -> bool:
    """Tell whether somewhere in a text there is a personal number, or a coordination number.

    >>> holds_personal_number("Eva Lund, 811218-9876, ring 070-174 06 05")
    True
    """
    digits = (re.sub(r"\D", "", found.group())[-10:] for found in _PERSONAL.finditer(text))
    return any(luhn.is_valid(one) for one in digits)
