"""On an offer's public page: its last day as a file for one's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from brygga.core.slots import register
from funders.models import SupportOffer


def last_day(offers: Sequence[SupportOffer], request: HttpRequest) -> dict[Any, SafeString]:
    """For everybody, while there is time left to apply."""
    today = timezone.localdate()
    return {
        offer.pk: render_to_string("matching/calendar/_last_day.html", {"offer": offer}, request)
        for offer in offers
        if offer.is_published and offer.closes_on is not None and offer.closes_on >= today
    }


def connect() -> None:
    """Hang it up; doing it again changes nothing."""
    register("offer_sections", last_day)
