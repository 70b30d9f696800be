"""The contact details that adopters and initiatives see of each other, when the person behind them leaves."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations import leaving
from brygga.organisations.leaving import ContactMissing, HandOver, Held
from brygga.organisations.models import Organisation
from brygga.organisations.selectors import writers_of
from brygga.users.models import User
from brygga.users.selectors import confirmed_addresses
from innovators.selectors import owner_name
from matching.adopting.enums import AdoptionSide, other_side
from matching.adopting.models import AdoptionContact
from matching.meeting.enums import IntroductionState


class AdoptionContacts:
    """What the other side sees: a new address instead of the old."""

    code = "adoption_contacts"

    def held(self, *, organisation: Organisation, person: User) -> Held | None:
        """Return where others reach the person. One query, and one for the person's addresses."""
        number = _rows(organisation, person).count()
        if not number:
            return None
        said = ngettext(
            "The contact in %(number)s question about taking something up",
            "The contact in %(number)s questions about taking something up",
            number,
        )
        return Held(
            title=gettext("Others’ way to reach you"), rows=(said % {"number": number},), needs_contact=True
        )

    def hand_over(self, step: HandOver) -> list[int]:
        """Write the new contact everywhere; a telephone number goes with the person. Raises ContactMissing."""
        rows = _rows(step.organisation, step.person).select_for_update(of=("self",)).order_by("pk")
        keys = list(rows.values_list("pk", flat=True))
        if keys and step.contact is None:
            raise ContactMissing
        if keys and step.contact is not None:
            AdoptionContact.objects.filter(pk__in=keys).update(
                name=step.contact.name, email=step.contact.email, phone=""
            )
            _tell_others(keys, step)
        return keys


def _rows(organisation: Organisation, person: User) -> Any:
    theirs = Q()
    for address in sorted({*confirmed_addresses(person), person.email.lower()}):
        theirs |= Q(email__iexact=address)
    asked, answered = Q(question__asked_by=person), Q(question__answered_by=person)
    theirs |= Q(email="") & (asked | answered)
    on_a_side = Q(side=AdoptionSide.ADOPTER, question__adopter__organisation=organisation) | Q(
        side=AdoptionSide.INITIATIVE, question__initiative__organisation=organisation
    )
    return AdoptionContact.objects.filter(theirs & on_a_side)


def _tell_others(keys: list[int], step: HandOver) -> None:
    """Tell the other side of each that has got a yes; before that nobody has seen a contact."""
    changed = (
        AdoptionContact.objects.filter(pk__in=keys, question__state=IntroductionState.ACCEPTED)
        .select_related("question__initiative__organisation", "question__adopter__organisation")
        .order_by("pk")
    )
    moment = f"{timezone.localtime(step.now):%Y%m%dT%H%M%S}"
    for one in changed:
        question = one.question
        whose = {
            AdoptionSide.ADOPTER: question.adopter.organisation,
            AdoptionSide.INITIATIVE: question.initiative.organisation,
        }
        parameters = {
            "organisation": owner_name(step.organisation),
            "title": question.initiative.title,
            "wanted": question.adopter.title,
            "adoption": question.public_id,
        }
        for user in writers_of(whose[other_side(one.side)]):
            if user.pk != step.actor.pk:
                notify(
                    user=user,
                    kind=NoticeKind.ADOPTION_CONTACT_CHANGED,
                    parameters=parameters,
                    key=f"adoption-contact-{one.pk}-{moment}",
                    now=step.now,
                )


def connect() -> None:
    """Let contact details be handed over; doing it again changes nothing."""
    leaving.register(AdoptionContacts())
