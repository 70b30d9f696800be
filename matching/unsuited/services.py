"""Put support aside that does not suit an initiative, and take it back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.waiting import hold_nobody_waiting
from matching.unsuited import permissions
from matching.unsuited.enums import UnsuitedReason
from matching.unsuited.models import Unsuited


@transaction.atomic
def put_aside(
    *, initiative: Initiative, offer: SupportOffer, reason: UnsuitedReason, actor: User, now: datetime
) -> Unsuited:
    """Say that an offer does not suit an initiative; said again, the new reason counts. The giver is not told.

    Raises PermissionDenied, or WaitsForWord while a question between the two waits or has been answered yes.
    """
    if not permissions.can_put_aside(actor, initiative):
        raise PermissionDenied
    hold_nobody_waiting(offer, initiative)
    made, _is_new = Unsuited.objects.update_or_create(
        initiative=initiative,
        offer=offer,
        defaults={"reason": UnsuitedReason(reason), "put_by": actor, "put_at": now},
    )
    _record("put_support_aside", initiative, offer, actor, now, reason=str(made.reason))
    return made


@transaction.atomic
def take_back(*, initiative: Initiative, offer: SupportOffer, actor: User, now: datetime) -> bool:
    """Let an offer be among the suggestions again. False when somebody was first. Raises PermissionDenied."""
    if not permissions.can_put_aside(actor, initiative):
        raise PermissionDenied
    deleted, _rows = Unsuited.objects.filter(initiative=initiative, offer=offer).delete()
    if deleted:
        _record("take_support_back", initiative, offer, actor, now)
    return bool(deleted)


def _record(
    verb: str, initiative: Initiative, offer: SupportOffer, actor: User, now: datetime, **more: str
) -> None:
    record(
        verb=verb,
        subject=initiative,
        actor=actor,
        now=now,
        organisation_id=initiative.organisation_id,
        details={"offer": offer.public_id, **more},
    )
