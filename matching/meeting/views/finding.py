"""Find the introduction that a page is about, closed by default: strangers and staff meet 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from matching.meeting.models import Introduction

if TYPE_CHECKING:
    from brygga.users.models import User


def find_introduction(user: User, public_id: str) -> Introduction:
    found = (
        Introduction.objects.visible_to(user)
        .select_related("initiative__organisation", "offer__organisation", "asked_by", "answered_by")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found
