"""Who answers a challenge, on its page; and what an initiative or an offer answers, on theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from brygga.challenges.models import Challenge
from brygga.core.slots import register
from brygga.organisations.permissions import can_write_for
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.challenges.selectors import MOST_SHOWN, answers_of, challenges_answered


def connect() -> None:
    """Hang everything up; doing it again changes nothing."""
    register("challenge_sections", answers)
    register("initiative_sections", answered)
    register("offer_sections", answered)


def answers(challenges: Sequence[Challenge], request: HttpRequest) -> dict[Any, SafeString]:
    """On a challenge's page: who answers it, and a way to do so."""
    contents = {}
    for challenge in challenges:
        is_own = can_write_for(request.user, challenge.organisation_id)
        context = {
            "challenge": challenge,
            "answers": answers_of(challenge, request.user, timezone.localdate()),
            "is_own": is_own,
            "most": MOST_SHOWN,
        }
        if not challenge.is_draft:
            contents[challenge.pk] = render_to_string("matching/challenges/_answers.html", context, request)
    return contents


def answered(
    profiles: Sequence[Initiative] | Sequence[SupportOffer], request: HttpRequest
) -> dict[Any, SafeString]:
    """On the page of an initiative or an offer: the challenges that it answers."""
    return {
        key: render_to_string("matching/challenges/_answered.html", {"challenges": found}, request)
        for key, found in challenges_answered(list(profiles), request.user).items()
    }
