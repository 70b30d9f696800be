"""Take no more questions from the other side of an introduction, and lift that."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.organisations.models import Organisation
from brygga.organisations.permissions import can_write_for
from brygga.users.models import User
from matching.meeting import permissions
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.blocking.proposals import end_proposals
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.sides import organisation_on, other_side
from matching.signals import contact_blocked


def hold_for_asking(organisation_id: int) -> None:
    """Let a question to an organisation and a block by it come one after the other."""
    # Nobody else waits for this lock to refer to the row.
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id)
    list(rows.values("pk"))


@transaction.atomic
def block_other_side(
    *, introduction: Introduction, side: Side | str, actor: User, now: datetime
) -> ContactBlock | None:
    """Take no more questions from the other side's organisation. They are not told. Again changes nothing.

    What intermediaries have proposed for the two, and waits, ends as after a no.
    None where the two sides are one organisation. Raises PermissionDenied.
    """
    ours, theirs = organisation_on(introduction, side), organisation_on(introduction, other_side(side))
    return block_organisation(ours=ours, theirs=theirs, actor=actor, now=now)


@transaction.atomic
def block_organisation(
    *, ours: Organisation, theirs: Organisation, actor: User, now: datetime
) -> ContactBlock | None:
    """Take no more questions from an organisation, as `block_other_side`. Raises PermissionDenied."""
    if not can_write_for(actor, ours.pk):
        raise PermissionDenied
    if ours == theirs:
        return None
    return block(ours=ours, theirs=theirs, actor=actor, now=now)


@transaction.atomic
def block(*, ours: Organisation, theirs: Organisation, actor: User, now: datetime) -> ContactBlock:
    """Take no more questions from an organisation that has asked ours. Again changes nothing.

    Raises PermissionDenied.
    """
    if not can_write_for(actor, ours.pk):
        raise PermissionDenied
    hold_for_asking(ours.pk)
    made, is_new = ContactBlock.objects.get_or_create(
        organisation=ours, against=theirs, defaults={"made_by": actor, "made_at": now}
    )
    if is_new:
        _record("block_contact", made, actor, now)
        end_proposals(ours=ours, theirs=theirs, actor=actor, now=now)
        contact_blocked.send(sender=ContactBlock, ours=ours, theirs=theirs, actor=actor, at=now)
    return made


@transaction.atomic
def lift_block(*, block: ContactBlock, actor: User, now: datetime) -> bool:
    """Take questions from them again. False when a colleague was first. Raises PermissionDenied."""
    if not permissions.can_lift_block(actor, block):
        raise PermissionDenied
    lifted, _rows = ContactBlock.objects.filter(pk=block.pk).delete()
    if lifted:
        _record("lift_contact_block", block, actor, now)
    return bool(lifted)


def _record(verb: str, block: ContactBlock, actor: User, now: datetime) -> None:
    record(
        verb=verb,
        subject=block,
        actor=actor,
        now=now,
        organisation_id=block.organisation_id,
        details={"against": block.against.public_id},
    )
