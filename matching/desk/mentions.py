"""Mentions in notes: "@" and a colleague's name tells that colleague that there is something to read.

Only people of the giver's organisation who see the case can be mentioned. They are told that they are, never what
the note says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.models import ShortlistEntry
from matching.desk.selectors import who_stands_aside


def who_can_be_mentioned(offer: SupportOffer, initiative: Initiative) -> list[User]:
    """Return the people who see the case, readers too, by name. One query."""
    people = User.objects.filter(
        is_active=True, memberships__organisation=offer.organisation_id, name__gt=""
    ).exclude(pk__in=who_stands_aside(offer, initiative))
    return sorted(people, key=lambda one: str(one).casefold())


def mentioned_in(note: str, people: Sequence[User]) -> set[User]:
    """Return those of the people whose name stands after an @ in a note. A first name is enough if it is alone.

    Two people of the same name are both meant.
    """
    named: dict[str, set[User]] = {}
    for one in people:
        named.setdefault(_folded(str(one)), set()).add(one)
    by_first: dict[str, set[User]] = {}
    for one in people:
        by_first.setdefault(_folded(str(one)).split(" ")[0], set()).add(one)
    for first, bearers in by_first.items():
        if len(bearers) == 1:
            named.setdefault(first, bearers)
    # The longest first: "@Eva Berg" is not the Eva of another name.
    longest_first = sorted(filter(None, named), key=len, reverse=True)
    if not longest_first:
        return set()
    pattern = rf"(?<!\w)@({'|'.join(map(re.escape, longest_first))})(?!\w)"
    return set().union(*(named[name] for name in re.findall(pattern, _folded(note))))


def with_mention(note: str, person: User | None, people: Sequence[User]) -> str:
    """Return a note that mentions a person, as it is if it does so already."""
    if person is None or person in mentioned_in(note, people):
        return note
    return f"{note.rstrip()}\n@{person}".strip()


def tell_mentioned(*, entry: ShortlistEntry, before: str, actor: User, now: datetime) -> list[User]:
    """Tell those whom a note mentions and did not mention before, at most once a day. Return whom, by name.

    Whoever writes is not told of it. Call it in the transaction that writes the note.
    """
    if "@" not in entry.note:
        return []
    people = who_can_be_mentioned(entry.offer, entry.initiative)
    new = mentioned_in(entry.note, people) - mentioned_in(before, people) - {actor}
    told = []
    for person in sorted(new, key=lambda one: str(one).casefold()):
        notice = notify(
            user=person,
            kind=NoticeKind.MENTIONED,
            parameters={
                "title": entry.initiative.title,
                "offer_title": entry.offer.title,
                "initiative": entry.initiative.public_id,
                "offer": entry.offer.public_id,
            },
            key=f"mention-{entry.pk}-{timezone.localdate(now).isoformat()}",
            now=now,
        )
        if notice is not None:
            told.append(person)
    return told


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
