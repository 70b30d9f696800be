"""Reads of tables that somebody brings: their own only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from funders.models import SupportOffer
from funders.selectors import giver_name, telling
from matching.intake.enums import TAKEN, Outcome
from matching.intake.models import TABLE_KEPT, UNDO_KEPT, CaseImport
from matching.intake.planning import plan

if TYPE_CHECKING:
    from brygga.users.models import User

MOST_EARLIER = 5


def imports_of(offer: SupportOffer, user: User) -> QuerySet[CaseImport]:
    """Return the tables that the user brought to the offer, newest first."""
    return CaseImport.objects.filter(offer=offer, person=user).order_by("-created_at", "-pk")


def earlier(offer: SupportOffer, user: User) -> list[Any]:
    """Return the last tables that were taken in, with how many cases each still has. One query."""
    taken = imports_of(offer, user).filter(taken_at__isnull=False).defer("table", "outcomes")
    return list(taken.annotate(number=Count("cases"))[:MOST_EARLIER])


def has_table(case_import: CaseImport, now: datetime) -> bool:
    return bool(case_import.table) and now - case_import.created_at <= TABLE_KEPT


def can_be_undone(case_import: CaseImport, now: datetime) -> bool:
    taken, undone = case_import.taken_at, case_import.undone_at
    return taken is not None and undone is None and now - taken <= UNDO_KEPT


def counted(outcomes: Sequence[str]) -> list[dict[str, Any]]:
    """Return how many rows come to what, in a fixed order; what no row comes to is left out."""
    counts = Counter(outcomes)
    return [
        {"outcome": outcome, "number": counts[outcome.value]} for outcome in Outcome if counts[outcome.value]
    ]


def invitation(offer: SupportOffer, outcomes: Sequence[str]) -> str:
    """Return what the giver may write to those in the table who are not in Brygga; "" when all are.

    For the giver's own mail program: we send nothing, and keep nothing of people who have not come here themselves.
    """
    if Outcome.NOT_HERE not in outcomes:
        return ""
    return gettext(
        "Hello!\n\n"
        "We at %(giver)s now work with Brygga, where social initiatives and those who give support meet. "
        "It costs you nothing.\n\n"
        "1. Tell of your initiative here, it takes some minutes: %(start)s\n"
        "2. Publish it. Then we find you there. We write to you through Brygga, and you decide whether to answer.\n\n"
        "It is about our support “%(offer)s”: %(address)s\n\n"
        "You do not lose your place with us if you would rather not."
    ) % {
        "giver": giver_name(offer.organisation),
        "offer": telling(offer).title,
        "start": settings.SITE_ADDRESS + reverse("innovators:create"),
        "address": settings.SITE_ADDRESS + reverse("funders:detail", args=[offer.public_id]),
    }


def rest(case_import: CaseImport, user: User, now: datetime) -> tuple[list[str], list[list[str]]]:
    """Return the headings and rows of what did not come in, as they were in the table, each with the reason.

    Before anything was taken in: what would not come in.
    """
    said = {row.number: row for row in plan(case_import, user, now)}
    is_taken = case_import.taken_at is not None
    found = []
    for number, cells in enumerate(case_import.table[1:], 2):
        row = said.get(number)
        if row is None:
            continue
        outcome = Outcome(case_import.outcomes[number - 2]) if is_taken else row.outcome
        if outcome not in TAKEN:
            # What was said of a row holds as long as the row comes to the same.
            why = " ".join(row.said) if row.outcome == outcome else ""
            found.append([*cells, str(outcome.label), why])
    return case_import.table[0], found
