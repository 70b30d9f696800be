"""Which column tells what, guessed by its heading, and the words for stages: Swedish and English."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matching.desk.enums import Stage
from matching.intake.enums import Column

_HEADINGS: dict[Column, str] = {
    Column.ADDRESS: "adress i brygga, adress, länk, webbadress, url, nyckel, brygga, address in brygga, address, "
    "link, key",
    Column.TITLE: "initiativ, initiativets namn, titel, projekt, projektnamn, projektets namn, namn, ansökan, "
    "ärende, initiative, title, project, project name, name, case, name of the initiative",
    Column.NUMBER: "organisationsnummer, organisationsnr, orgnummer, orgnr, org nr, organisation number, "
    "organization number, registration number",
    Column.STAGE: "läge, steg, status, fas, var det ligger, where they stand, where the case stands, stage, state",
    Column.NOTE: "anteckning, anteckningar, kommentar, kommentarer, notering, note, notes, comment, comments",
    Column.ASSIGNEE: "handläggare, ansvarig, tar hand om, vem tar hand om det, assignee, officer, responsible, "
    "who takes care of it",
    Column.DUE: "klart senast, senast, deadline, förfallodag, bevakas, due, due date, due on, done by",
}
_STAGES: dict[Stage | None, str] = {
    Stage.SUGGESTED: "föreslagen, föreslaget, förslag, ny, nytt, inkommen, inkommet, suggested, suggestion, new",
    Stage.SHORTLISTED: "på listan, på vår lista, listan, intressant, utvald, on the shortlist, shortlist, shortlisted",
    Stage.IN_DIALOGUE: "i dialog, dialog, samtal, pågående, pågår, kontaktad, in dialogue, dialogue, in dialog, "
    "contacted, ongoing",
    # Decisions, and what was put aside.
    None: "får stöd, fått stöd, stöds, beviljad, beviljat, godkänd, godkänt, avslag, avslagen, avslaget, avböjt, "
    "avböjd, nekad, avslutad, avslutat, inte relevant, ej aktuell, ej relevant, supported, granted, approved, "
    "turned down, declined, rejected, dismissed, not relevant, closed",
}


def plain(text: str) -> str:
    """Return a word as it is compared: small letters, no signs, single spaces."""
    return " ".join(re.sub(r"[^\w]+", " ", text.replace(".", "").casefold()).split())


_IS_ADDRESS = re.compile(r"\s*https?://", re.IGNORECASE)
_COLUMN_OF = {plain(word): column for column, words in _HEADINGS.items() for word in words.split(",")}
_STAGE_OF = {plain(word): stage for stage, words in _STAGES.items() for word in words.split(",")}


def guessed(headings: Sequence[str], first: Sequence[str] = ()) -> dict[str, int]:
    """Return for each thing that a table may tell which column tells it; of two the first.

    A column whose first cell is a web address tells the address, whatever its heading says.
    """
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        cell = first[place] if place < len(first) else ""
        column = Column.ADDRESS if _IS_ADDRESS.match(cell) else _COLUMN_OF.get(plain(heading))
        if column is not None:
            found.setdefault(column.value, place)
    return found


def stage_named(word: str) -> Stage | None:
    """Return the stage that a word means, None for a decision or what was put aside. Raises KeyError."""
    return _STAGE_OF[plain(word)]
