"""Standing aside: somebody with a conflict of interest no longer sees a case, and colleagues see that."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.language import mask_contact_details
from brygga.organisations.services import hold_writer
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import permissions
from matching.desk.models import RECUSAL_LENGTH, Recusal
from matching.desk.services import lock_case


@transaction.atomic
def recuse(
    *, offer: SupportOffer, initiative: Initiative, actor: User, now: datetime, reason: str = ""
) -> Recusal:
    """Stand aside from a case. Whoever took care of it does so no more. Twice is as once.

    Contact details in the reason are masked. Raises PermissionDenied.
    """
    if not permissions.can_recuse(actor, offer):
        raise PermissionDenied
    # The membership first, as when somebody is given a case: also of a case that has no row yet, nobody is given
    # it at the moment they leave it.
    hold_writer(user=actor, organisation_id=offer.organisation_id)
    entry = lock_case(offer, initiative)
    recusal, is_new = Recusal.objects.get_or_create(
        offer=offer,
        initiative=initiative,
        person=actor,
        defaults={
            "reason": mask_contact_details(reason.strip()).text[:RECUSAL_LENGTH],
            "created_at": now,
        },
    )
    if not is_new:
        return recusal
    if entry is not None and entry.assignee_id == actor.pk:
        entry.assignee = None
        entry.save(update_fields=["assignee"])
    _record("desk_recuse", recusal, actor, now)
    return recusal


@transaction.atomic
def lift(*, recusal: Recusal, actor: User, now: datetime) -> None:
    """Let a colleague back to a case. Twice is as once. Raises PermissionDenied for the colleague themselves."""
    if not permissions.can_lift(actor, recusal):
        raise PermissionDenied
    gone, _tables = Recusal.objects.filter(pk=recusal.pk).delete()
    if gone:
        _record("desk_recusal_lifted", recusal, actor, now)


def _record(verb: str, recusal: Recusal, actor: User, now: datetime) -> None:
    record(
        verb=verb,
        subject=recusal.offer,
        actor=actor,
        now=now,
        organisation_id=recusal.offer.organisation_id,
        details={"initiative": recusal.initiative.public_id, "person": recusal.person_id},
    )
