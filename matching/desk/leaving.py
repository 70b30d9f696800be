"""The cases that somebody takes care of, when they leave the giver's organisation."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Min
from django.utils.translation import gettext, ngettext

from brygga.core.formatting import format_day
from brygga.organisations import leaving
from brygga.organisations.leaving import HandOver, Held
from brygga.organisations.models import Organisation
from brygga.users.models import User
from matching.desk.models import Recusal, ShortlistEntry


class Cases:
    """Cases go to who takes over, with their days; those that this person stands aside from are nobody's."""

    code = "cases"

    def held(self, *, organisation: Organisation, person: User) -> Held | None:
        """Return how many cases of each offer the person takes care of. One query.

        No case is named: whoever reads this may stand aside from some of them.
        """
        rows = (
            ShortlistEntry.objects.filter(offer__organisation=organisation, assignee=person)
            .values_list("offer__title")
            .annotate(number=Count("pk"), first=Min("due_on"))
            .order_by("offer__title", "offer")
        )
        found = list(rows)
        if not found:
            return None
        number = sum(one[1] for one in found)
        title = ngettext("%(number)s case to take care of", "%(number)s cases to take care of", number)
        return Held(
            title=title % {"number": number},
            rows=tuple(_in_words(*one) for one in found),
            needs_successor=True,
        )

    def hand_over(self, step: HandOver) -> list[int]:
        """Give every case to who takes over. Two queries and two changes."""
        mine = ShortlistEntry.objects.filter(offer__organisation=step.organisation, assignee=step.person)
        rows = list(
            mine.select_for_update(of=("self",)).order_by("pk").values_list("pk", "offer", "initiative")
        )
        aside = (
            set(
                Recusal.objects.filter(
                    offer__organisation=step.organisation, person=step.successor
                ).values_list("offer", "initiative")
            )
            if step.successor is not None
            else set()
        )
        taken = [key for key, offer, initiative in rows if (offer, initiative) not in aside]
        every = [key for key, _offer, _initiative in rows]
        ShortlistEntry.objects.filter(pk__in=every).update(assignee=None)
        ShortlistEntry.objects.filter(pk__in=taken).update(assignee=step.successor)
        return every


def _in_words(title: str, number: int, first: date | None) -> str:
    said = ngettext("“%(title)s”: %(number)s case", "“%(title)s”: %(number)s cases", number)
    words = said % {"title": title or gettext("Offer without a name"), "number": number}
    if first is None:
        return words
    return gettext("%(cases)s, the first by %(day)s") % {"cases": words, "day": format_day(first)}


def connect() -> None:
    """Let cases be handed over; doing it again changes nothing."""
    leaving.register(Cases())
