"""The question that goes with an offer which was begun on an initiative's page: put as soon as it may be.

It waits until the offer is published and its giver has been checked. It is asked once; what stands in its way then
stands in the way of asking by hand too, and there it is said why.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.core.enums import PublicationState
from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from matching.meeting.models import Introduction
from matching.meeting.selectors import proposed_contact_of_offer, proposed_message
from matching.meeting.services import AlreadyAsked, CannotAsk, NotReachable, ask_for_introduction
from matching.offering.models import OfferedSupport, OfferedSupportQuerySet


def ask_when_published(*, offer: SupportOffer, at: datetime, **_: Any) -> None:
    """When an offer is published: ask the initiative that it was begun for."""
    _ask_for_all(OfferedSupport.objects.waiting().filter(offer=offer), at)


def ask_when_verified(*, organisation: Organisation, at: datetime, **_: Any) -> None:
    """When we have checked who somebody is: put the questions that waited for it."""
    _ask_for_all(OfferedSupport.objects.waiting().filter(offer__organisation=organisation), at)


def _ask_for_all(waiting: OfferedSupportQuerySet, now: datetime) -> None:
    """Ask where the offer is published.

    The rows are held before that is read: an offer that is published just when its giver has been checked would else
    seem a draft to the one and unchecked to the other, and nobody would ask.
    """
    held = waiting.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
    published = OfferedSupport.objects.waiting().filter(
        pk__in=list(held), offer__state=PublicationState.PUBLISHED
    )
    for begun in published.order_by("pk"):
        _ask(begun, now)


def _ask(begun: OfferedSupport, now: datetime) -> None:
    """Ask in the name of whoever began the offer, with its words, or let it wait."""
    offer, initiative, asker = begun.offer, begun.initiative, begun.begun_by
    if asker is None or not asker.is_active:
        return
    if Introduction.objects.filter(offer=offer, initiative=initiative).exists():
        return
    try:
        with transaction.atomic():
            # Of two at once only one asks; who is refused below leaves it waiting.
            if not OfferedSupport.objects.waiting().filter(pk=begun.pk).update(asked_at=now):
                return
            ask_for_introduction(
                offer=offer,
                initiative=initiative,
                actor=asker,
                message=proposed_message(offer, initiative),
                contact=proposed_contact_of_offer(offer, asker),
                now=now,
            )
    except (PermissionDenied, NotReachable, CannotAsk, AlreadyAsked):
        return
