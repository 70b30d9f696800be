"""Flag an initiative as promising, and take a flag back. Neither touches a score."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from brygga.audit.services import record
from brygga.language.contact_details import mask_contact_details
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.models import Organisation
from brygga.users.models import User
from innovators.models import Initiative
from intermediaries import permissions
from intermediaries.models import Flag


class AlreadyFlagged(Exception):
    """The organisation has a standing flag on this initiative."""


class AlreadyWithdrawn(Exception):
    """Somebody took the flag back first."""


@transaction.atomic
def flag_initiative(
    *,
    initiative: Initiative,
    organisation: Organisation,
    actor: User,
    reasons: Collection[str],
    text: str,
    evidence_url: str,
    conflict: str,
    now: datetime,
) -> Flag:
    """Put a named judgement on an initiative and tell its owners.

    Contact details in the text are masked, since the flag is public. Raises PermissionDenied, or
    AlreadyFlagged when the organisation's flag already stands.
    """
    if not permissions.can_flag(actor, initiative, organisation):
        raise PermissionDenied
    try:
        # A savepoint, so that the constraint that stops a double click leaves the transaction usable.
        with transaction.atomic():
            flag = Flag.objects.create(
                initiative=initiative,
                organisation=organisation,
                flagged_by=actor,
                flagged_by_name=str(actor),
                reasons=sorted(set(reasons)),
                text=mask_contact_details(text).text,
                evidence_url=evidence_url,
                conflict=mask_contact_details(conflict).text,
                flagged_at=now,
            )
    except IntegrityError as error:
        if Flag.objects.standing().filter(initiative=initiative, organisation=organisation).exists():
            raise AlreadyFlagged from error
        raise
    record(
        verb="flag",
        subject=flag,
        actor=actor,
        now=now,
        organisation_id=organisation.pk,
        details={"initiative": initiative.public_id, "reasons": flag.reasons},
    )
    for membership in initiative.organisation.memberships.select_related("user"):
        notify(
            user=membership.user,
            kind=NoticeKind.FLAGGED,
            parameters={
                "initiative": initiative.public_id,
                "title": initiative.title,
                "organisation": organisation.name,
            },
            key=f"flag-{flag.pk}",
            now=now,
        )
    return flag


@transaction.atomic
def withdraw_flag(*, flag: Flag, actor: User, reason: str, now: datetime) -> Flag:
    """Take a flag back. It disappears from public pages and stays in the record with its reason.

    Raises PermissionDenied, or AlreadyWithdrawn when somebody was first.
    """
    if not permissions.can_withdraw(actor, flag):
        raise PermissionDenied
    # Standing is part of the WHERE clause, so of two clicks only one wins.
    changed = (
        Flag.objects.standing()
        .filter(pk=flag.pk)
        .update(withdrawn_at=now, withdrawn_by=actor, withdrawn_reason=reason)
    )
    if changed != 1:
        raise AlreadyWithdrawn
    flag.refresh_from_db()
    record(
        verb="withdraw_flag",
        subject=flag,
        actor=actor,
        now=now,
        organisation_id=flag.organisation_id,
        details={"initiative": flag.initiative.public_id},
    )
    return flag
