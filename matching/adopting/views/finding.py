"""Find what a page of adopting is about, closed by default: strangers and staff meet 404, readers who write 403."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from brygga.organisations.models import Organisation
from innovators.adopting.permissions import can_change_adopter
from innovators.models import Adopter

if TYPE_CHECKING:
    from brygga.users.models import User


def own_adopter(user: User, public_id: str, *, writing: bool = False) -> Adopter:
    mine = Organisation.objects.of(user).values("pk")
    rows = Adopter.objects.filter(organisation__in=mine, public_id=public_id).select_related("organisation")
    found = rows.first()
    if found is None:
        raise Http404
    if writing and not can_change_adopter(user, found):
        raise PermissionDenied
    return found
