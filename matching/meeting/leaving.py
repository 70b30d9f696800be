"""The contact details that others see, when the person behind them leaves the organisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from brygga.notifications.enums import NoticeKind
from brygga.organisations import leaving
from brygga.organisations.leaving import ContactMissing, HandOver, Held
from brygga.organisations.models import Organisation
from brygga.users.models import User
from brygga.users.selectors import confirmed_addresses
from funders.models import OfferContact
from innovators.models import InitiativeContact
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import SharedContact
from matching.meeting.sides import other_side
from matching.meeting.telling import tell_writers
from matching.together.enums import TogetherSide
from matching.together.models import TogetherContact


class Contacts:
    """What the other side sees, and what stands in one's own forms: a new address instead of the old."""

    code = "contacts"

    def held(self, *, organisation: Organisation, person: User) -> Held | None:
        """Return where others reach the person. Four queries, and one for the person's addresses."""
        shared, together, *own = (rows.count() for rows in _rows(organisation, person))
        rows = []
        if shared:
            said = ngettext(
                "The contact in %(number)s introduction or conversation",
                "The contact in %(number)s introductions and conversations",
                shared,
            )
            rows.append(said % {"number": shared})
        if together:
            said = ngettext(
                "The contact in %(number)s question about doing it together",
                "The contact in %(number)s questions about doing it together",
                together,
            )
            rows.append(said % {"number": together})
        if number := sum(own):
            said = ngettext(
                "The contact of %(number)s initiative or offer",
                "The contact of %(number)s initiatives and offers",
                number,
            )
            rows.append(said % {"number": number})
        if not rows:
            return None
        return Held(title=gettext("Others’ way to reach you"), rows=tuple(rows), needs_contact=True)

    def hand_over(self, step: HandOver) -> list[int]:
        """Write the new contact everywhere; a telephone number goes with the person. Raises ContactMissing."""
        changed = []
        for rows in _rows(step.organisation, step.person):
            keys = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
            if keys and step.contact is None:
                raise ContactMissing
            if keys and step.contact is not None:
                rows.model._default_manager.filter(pk__in=keys).update(
                    name=step.contact.name, email=step.contact.email, phone=""
                )
                if rows.model is SharedContact:
                    _tell_others(keys, step)
            changed += keys
        return changed


def _tell_others(keys: list[int], step: HandOver) -> None:
    """Tell the other side of each open conversation; before both have said yes nobody has seen a contact."""
    changed = (
        SharedContact.objects.filter(
            pk__in=keys, introduction__state=IntroductionState.ACCEPTED, introduction__ended_at=None
        )
        .select_related("introduction__initiative__organisation", "introduction__offer__organisation")
        .order_by("pk")
    )
    moment = f"{timezone.localtime(step.now):%Y%m%dT%H%M%S}"
    for one in changed:
        tell_writers(
            introduction=one.introduction,
            side=other_side(one.side),
            kind=NoticeKind.CONTACT_CHANGED,
            key=_same_for_all(f"contact-{one.pk}-{moment}"),
            actor=step.actor,
            now=step.now,
        )


def _same_for_all(key: str) -> Callable[[User], str]:
    return lambda _: key


def _rows(organisation: Organisation, person: User) -> list[Any]:
    """Return what holds the person's address: shared on either side, at offers, at initiatives."""
    theirs = Q()
    for address in sorted({*confirmed_addresses(person), person.email.lower()}):
        theirs |= Q(email__iexact=address)
    by_phone = Q(email="")
    as_giver = Q(side=Side.OFFER, introduction__offer__organisation=organisation) & (
        theirs | by_phone & Q(introduction__asked_by=person)
    )
    as_seeker = Q(side=Side.INITIATIVE, introduction__initiative__organisation=organisation) & (
        theirs | by_phone & Q(introduction__answered_by=person)
    )
    asking = Q(side=TogetherSide.ASKER, question__organisation=organisation) & (
        theirs | by_phone & Q(question__asked_by=person)
    )
    answering = Q(side=TogetherSide.ASKED, question__initiative__organisation=organisation) & (
        theirs | by_phone & Q(question__answered_by=person)
    )
    return [
        SharedContact.objects.filter(as_giver | as_seeker),
        TogetherContact.objects.filter(asking | answering),
        OfferContact.objects.filter(theirs, offer__organisation=organisation),
        InitiativeContact.objects.filter(theirs, initiative__organisation=organisation),
    ]


def connect() -> None:
    """Let contact details be handed over; doing it again changes nothing."""
    leaving.register(Contacts())
