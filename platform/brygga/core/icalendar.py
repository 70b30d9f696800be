"""Calendar files (RFC 5545) that every calendar reads: days, meetings and feeds of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]

CONTENT_TYPE = "text/calendar; charset=utf-8"

# What a line may hold before its break, in octets.
_LONGEST_LINE = 75
_LINE_BREAKS = re.compile(r"\r\n|\r|\n")
# No calendar takes control characters, nor the halves of a character that UTF-8 cannot write.
_UNWRITABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing in a calendar: a whole day, or a meeting between two moments.

    `uid` stays the same for as long as the thing is the same, so that a calendar moves it and never
    doubles it. `changed_at` is when any of it last changed. `starts` and `ends` are both days (the last
    day counts, and may be left out) or both moments with a time zone. A greater `sequence` is a later
    word on the same thing; `cancelled` takes it back.
    """

    uid: str
    summary: str
    starts: date | datetime
    changed_at: datetime
    ends: date | datetime | None = None
    description: str = ""
    location: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False
    # Mail addresses: who invites, and who is invited. A calendar takes an invitation only with both.
    organizer: str = ""
    attendee: str = ""


def calendar(events: Iterable[Event], *, name: str = "", method: Method = "PUBLISH") -> bytes:
    """Return a calendar file with the events in the order given; the same events give the same bytes.

    `method` is what a mail asks a calendar to do (RFC 5546): REQUEST puts the event there, CANCEL takes it away.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Brygga//Brygga//SV", "CALSCALE:GREGORIAN"]
    lines.append(f"METHOD:{method}")
    if name:
        lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(event: Event) -> Iterator[str]:
    """Yield the lines of one event."""
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{_moment(event.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield from _times(event)
    yield f"SUMMARY:{_text(event.summary)}"
    for field, value in (("DESCRIPTION", event.description), ("LOCATION", event.location)):
        if value:
            yield f"{field}:{_text(value)}"
    if event.url:
        yield f"URL:{_one_line(event.url)}"
    if event.organizer:
        yield f"ORGANIZER:mailto:{_one_line(event.organizer)}"
    if event.attendee:
        yield f"ATTENDEE;RSVP=FALSE:mailto:{_one_line(event.attendee)}"
    if event.cancelled:
        yield "STATUS:CANCELLED"
    yield "END:VEVENT"


def _times(event: Event) -> Iterator[str]:
    """Yield when it is: a day fills no hours of anybody's calendar, a meeting does."""
    if isinstance(event.starts, datetime):
        ends = event.ends if event.ends is not None else event.starts + timedelta(hours=1)
        if not isinstance(ends, datetime):
            raise TypeError("an event that starts at a moment ends at one")
        yield f"DTSTART:{_moment(event.starts)}"
        yield f"DTEND:{_moment(ends)}"
        return
    last = event.ends if event.ends is not None else event.starts
    if isinstance(last, datetime):
        raise TypeError("an event that starts on a day ends on one")
    # The end is the first day after: RFC 5545 counts days as it counts moments.
    yield f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    yield "TRANSP:TRANSPARENT"


def _moment(moment: datetime) -> str:
    """Return a moment in UTC: no file then needs to carry the rules of a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Return a text as a property holds it: on one line, with what parts values escaped."""
    text = _UNWRITABLE.sub("", _LINE_BREAKS.sub("\n", text))
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", "\\n")


def _one_line(address: str) -> str:
    """Return an address without what would begin a new line or cannot be written."""
    return _UNWRITABLE.sub("", _LINE_BREAKS.sub("", address))


def _folded(line: str) -> Iterator[bytes]:
    """Yield a line in pieces of at most 75 octets, never broken inside a character."""
    octets = line.encode()
    room = _LONGEST_LINE
    lead = b""
    while len(octets) > room:
        end = room
        while octets[end] & 0xC0 == 0x80:  # in the middle of a character
            end -= 1
        yield lead + octets[:end]
        octets = octets[end:]
        lead, room = b" ", _LONGEST_LINE - 1
    yield lead + octets
