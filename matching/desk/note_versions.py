"""Earlier versions of a case's note: kept as they were written, read by whoever may write the note."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from brygga.users.models import User
from matching.desk.models import NoteVersion, ShortlistEntry

#: So many are shown. The others stay where they are.
MOST_SHOWN = 20


def keep_versions(before: Mapping[ShortlistEntry, str], *, actor: User, now: datetime) -> None:
    """Keep the notes of cases as they are written now; `before` holds what each was. Two queries, however many.

    Call it in the transaction that writes the notes and holds their rows, so that versions come in their order.
    """
    changed = {entry: old for entry, old in before.items() if entry.note != old}
    if not changed:
        return
    newest = NoteVersion.objects.filter(entry__in=changed).order_by("entry_id", "-pk").distinct("entry_id")
    kept = dict(newest.values_list("entry_id", "text"))
    versions = []
    for entry, old in changed.items():
        if kept.get(entry.pk, "") != old:
            # Written before versions were kept: nobody knows by whom.
            versions.append(NoteVersion(entry=entry, text=old))
        versions.append(NoteVersion(entry=entry, text=entry.note, written_by=actor, written_at=now))
    NoteVersion.objects.bulk_create(versions)


def earlier_versions(entry: ShortlistEntry) -> list[NoteVersion]:
    """Return what the note said before, the newest first, without what it says now. One query.

    The caller has asked whether the person may handle the case.
    """
    rows = entry.note_versions.select_related("written_by").order_by("-pk")[: MOST_SHOWN + 1]
    versions = list(rows)
    if versions and versions[0].text == entry.note:
        versions = versions[1:]
    return versions[:MOST_SHOWN]
