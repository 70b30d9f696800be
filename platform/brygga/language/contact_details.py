"""Find e-mail addresses and phone numbers in free text, and hide them.

Contact details are shown only after both sides have agreed to meet, so a text that carries them
is shown with markers in their place. Phone numbers are written in many ways and so are years,
amounts and organisation numbers: a false alarm hides a word, a miss shows somebody's number, so
doubtful cases lean towards hiding, except for the listed kinds of figures that people need to read.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "phone"]

EMAIL_MARKER = "[e-post]"
PHONE_MARKER = "[telefon]"


@dataclass(frozen=True)
class ContactDetail:
    """One detail found: its kind, the text as written, and where it stood in the original."""

    kind: Kind
    written: str
    start: int
    end: int


@dataclass(frozen=True)
class MaskedText:
    """A text with its contact details replaced by markers, and what was replaced, in order."""

    text: str
    found: tuple[ContactDetail, ...]


_BRACKETED = r"[(\[{{<]\s*(?:{words})\s*[)\]}}>]"
_AT = (
    r"(?:\s*[@＠﹫]\s*|\s*" + _BRACKETED.format(words=r"at|a|@|snabel-?a|kanelbulle") + r"\s*|\s+snabel-?a\s+"
    # A bare "at" is an ordinary English word, so it counts only when "dot" or "punkt" follows.
    r"|\s+at\s+(?=[\w-]+(?:\s*" + _BRACKETED.format(words=r"dot|punkt|\.") + r"\s*|\s+(?:dot|punkt)\s+)))"
)
_DOT = r"(?:\.|\s*" + _BRACKETED.format(words=r"dot|punkt|\.") + r"\s*|\s+(?:dot|punkt)\s+)"
_EMAIL = re.compile(
    rf"(?<![\w.+%-])[\w+%'-]+(?:{_DOT}[\w+%'-]+)*{_AT}[^\W_][\w-]*(?:{_DOT}[\w-]+)*{_DOT}[^\W\d_]{{2,24}}(?![\w-])",
    re.IGNORECASE,
)

_GAP = r"[\s\-‐‑‒–—./()·]{0,3}"
# Country code first: +46, 0046, +46 (0)70 ...; seven digits or more may follow.
_INTERNATIONAL = re.compile(rf"(?<![\w+])(?:\(\s*)?(?:[+＋]\s?|00\s?)[1-9](?:{_GAP}\d){{7,15}}(?!\d)")
# A Swedish number: trunk zero, area or mobile code, seven to ten digits in all.
_NATIONAL = re.compile(rf"(?<![\w+])\(?0[1-9](?:{_GAP}\d){{5,8}}(?!\d)")
# Without zero or plus only a word such as "telefon" tells that the figures are a number.
_LABELLED = re.compile(
    r"\b(?:tele(?:fon|phone)?|tel|tfn|mob(?:il|ile)?|phone|cell|sms|swish|växel|whatsapp|direktnr)"
    r"(?:\s?(?:nr|nummer|number|no))?\s?[.:]?\s{0,2}(?P<number>[1-9](?:[\s\-–./]{0,2}\d){4,11})(?!\d)",
    re.IGNORECASE,
)
_MONEY_AFTER = re.compile(
    r"\s?(?:kr\b|kronor|sek\b|kkr|tkr|mkr|mnkr|msek|ksek|tusen|miljon|mdkr|euro?\b|usd\b|€|\$|£|%|procent|per cent"
    r"|percent|million|thousand)",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:sek|eur|usd|nok|dkk|€|\$|£)\s?$", re.IGNORECASE)
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-–—/]\s?(?:19|20)?\d\d)?$")
_DATE = re.compile(r"\d{1,2}[\s./-]\d{1,2}[\s./-](?:19|20)\d\d(?!\d)")
_TIMES = re.compile(r"[0-2]?\d[.:][0-5]\d\s?[-–—]\s?[0-2]?\d[.:][0-5]\d(?!\d)")
# A personal number; an organisation number never begins with a zero.
_SIX_AND_FOUR = re.compile(r"\d{6}[-–+]\d{4}$")
_TRAILING_YEAR = re.compile(r"[\s(/.,–-]+(?:19|20)\d\d(?:\s?[-–—/]\s?(?:19|20)?\d\d)?$")
_THREE_DIGIT_GROUPS = re.compile(r"\d{3}(?:\s\d{3})+$")


def mask_contact_details(
    text: str, *, email_marker: str = EMAIL_MARKER, phone_marker: str = PHONE_MARKER
) -> MaskedText:
    """Return the text with e-mail addresses and phone numbers replaced by markers.

    Years and spans of years, amounts, percentages, dates, opening hours, organisation numbers,
    postal codes and diary numbers are left as they are. Masking twice changes nothing more.

    Examples
    --------
    >>> mask_contact_details("Ring 070-123 45 67 eller skriv till anna (at) exempel.se!").text
    'Ring [telefon] eller skriv till [e-post]!'
    >>> mask_contact_details("Vi söker 200 000 kr för 2024–2025 (802001-1234).").text
    'Vi söker 200 000 kr för 2024–2025 (802001-1234).'
    """
    found = [ContactDetail("email", m.group(), m.start(), m.end()) for m in _EMAIL.finditer(text)]
    for start, end in _phone_spans(text):
        if not any(detail.start < end and start < detail.end for detail in found):
            found.append(ContactDetail("phone", text[start:end], start, end))
    found.sort(key=lambda detail: detail.start)
    pieces, place = [], 0
    for detail in found:
        pieces += [text[place : detail.start], email_marker if detail.kind == "email" else phone_marker]
        place = detail.end
    pieces.append(text[place:])
    return MaskedText("".join(pieces), tuple(found))


def _phone_spans(text: str) -> list[tuple[int, int]]:
    """Return the places of phone numbers, without overlaps."""
    spans: list[tuple[int, int]] = []
    for pattern, group in ((_INTERNATIONAL, 0), (_NATIONAL, 0), (_LABELLED, "number")):
        place = 0
        while match := pattern.search(text, place):
            start, end = match.span(group)
            end = _without_trailing_year(text, start, end)
            if any(first < end and start < last for first, last in spans):
                place = max(match.start() + 1, start + 1)
            elif _is_something_else(text, start, end, national=pattern is not _INTERNATIONAL):
                place = start + 1
            else:
                # An opening bracket without its end belongs to the sentence, not to the number.
                if text[start] == "(" and text.count("(", start, end) > text.count(")", start, end):
                    start += 1
                spans.append((start, end))
                place = end
    return spans


def _without_trailing_year(text: str, start: int, end: int) -> int:
    year = _TRAILING_YEAR.search(text, start, end)
    if year and sum(letter.isdigit() for letter in text[start : year.start()]) >= 8:
        return year.start()
    return end


def _is_something_else(text: str, start: int, end: int, *, national: bool) -> bool:
    """Say whether the figures are an amount, a year, a date, a time or an official number."""
    written, before = text[start:end].lstrip("("), text[:start]
    if _MONEY_AFTER.match(text, end) or _MONEY_BEFORE.search(before[-6:]):
        return True
    if not national:
        return False
    if re.search(r"\d[-–./,:]$", before[-2:]):
        # The tail of a longer number, such as 2021-05202 or 5.012345.
        return True
    if re.search(r"\d\s$", before[-2:]) and _THREE_DIGIT_GROUPS.match(written):
        return True
    return any(pattern.match(written) for pattern in (_YEARS, _DATE, _TIMES, _SIX_AND_FOUR))
