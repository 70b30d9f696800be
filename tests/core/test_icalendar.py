from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.core.icalendar import Event, calendar

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
# What no file can carry: control characters and halves of characters. Line breaks are one kind afterwards.
UNWRITABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


def read(octets: bytes) -> list[tuple[str, str]]:
    """Read a file as a calendar does: unfold the lines, part name from value."""
    assert octets.endswith(b"\r\n")
    lines = octets.decode().removesuffix("\r\n").replace("\r\n ", "").split("\r\n")
    return [(name, value) for name, _, value in (line.partition(":") for line in lines)]


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


def as_kept(text: str) -> str:
    return UNWRITABLE.sub("", re.sub(r"\r\n|\r", "\n", text))


@given(text=st.text(max_size=300) | st.text("åäö😀;,\\\r\n :\"'", max_size=300))
def test_whatever_the_text_it_is_read_back_and_no_line_is_too_long(text: str) -> None:
    event = Event(uid="a@b", summary=text, starts=date(2026, 12, 1), changed_at=NOW, description="x" + text)
    octets = calendar([event])

    lines = octets.removesuffix(b"\r\n").split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    for line in lines:
        line.decode()  # no character is broken over two lines
    said = dict(read(octets))
    assert unescaped(said["SUMMARY"]) == as_kept(text)
    assert unescaped(said["DESCRIPTION"]) == "x" + as_kept(text)
    assert [value for name, value in read(octets) if name == "BEGIN"] == ["VCALENDAR", "VEVENT"]


def test_a_day_is_a_day_and_ends_with_it() -> None:
    event = Event(
        uid="closes-abc@brygga.test",
        summary="Sista dag; söka",
        starts=date(2026, 12, 31),
        changed_at=NOW,
        url="https://brygga.test/stod/abc/",
    )
    assert read(calendar([event], name="Mina dagar")) == [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Brygga//Brygga//SV"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("NAME", "Mina dagar"),
        ("X-WR-CALNAME", "Mina dagar"),
        ("BEGIN", "VEVENT"),
        ("UID", "closes-abc@brygga.test"),
        ("DTSTAMP", "20261122T120000Z"),
        ("LAST-MODIFIED", "20261122T120000Z"),
        ("SEQUENCE", "0"),
        ("DTSTART;VALUE=DATE", "20261231"),
        ("DTEND;VALUE=DATE", "20270101"),
        ("TRANSP", "TRANSPARENT"),
        ("SUMMARY", "Sista dag\\; söka"),
        ("URL", "https://brygga.test/stod/abc/"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


def test_a_meeting_is_told_in_utc_and_may_be_taken_back() -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    event = Event(
        uid="m@b",
        summary="Möte",
        starts=datetime(2026, 7, 1, 9, 0, tzinfo=stockholm),
        ends=datetime(2026, 7, 1, 9, 45, tzinfo=stockholm),
        changed_at=NOW,
        location="Storgatan 1, Umeå",
        sequence=2,
        cancelled=True,
    )
    said = dict(read(calendar([event])))
    assert (said["DTSTART"], said["DTEND"]) == ("20260701T070000Z", "20260701T074500Z")
    assert said["LOCATION"] == "Storgatan 1\\, Umeå"
    assert (said["SEQUENCE"], said["STATUS"]) == ("2", "CANCELLED")
    assert "TRANSP" not in said


def test_a_line_cannot_be_smuggled_in() -> None:
    event = Event(
        uid="a@b\r\nATTENDEE:x",
        summary="x\r\nATTENDEE:y",
        starts=date(2026, 12, 1),
        changed_at=NOW,
        url="https://a.test/\r\nATTENDEE:z",
    )
    assert not any(name == "ATTENDEE" for name, _ in read(calendar([event])))


def test_a_moment_without_a_zone_is_refused() -> None:
    local = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001  # the very thing that is refused
    with pytest.raises(ValueError, match="time zone"):
        calendar([Event(uid="a@b", summary="x", starts=local, changed_at=NOW)])
    with pytest.raises(TypeError):
        calendar([Event(uid="a@b", summary="x", starts=NOW, ends=date(2026, 12, 1), changed_at=NOW)])
