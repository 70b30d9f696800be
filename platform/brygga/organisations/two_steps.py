"""An organisation may ask all its members to sign in with two steps, from a day that its owners choose."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from brygga.audit.services import record
from brygga.organisations import permissions
from brygga.organisations.models import Membership, Organisation
from brygga.organisations.signals import two_steps_required
from brygga.users.models import User
from brygga.users.selectors import has_second_factor, with_second_factor

DEFAULT_DAYS = 14
LONGEST_DAYS = 365


class NoSecondFactor(Exception):
    """Whoever asks it of others has it themselves."""


class BadDay(Exception):
    """Today or before, or more than a year ahead: nobody is shut out by surprise."""


def is_asked_of_person() -> Exists:
    """Return a condition for a person's row: one of their organisations asks for two steps today."""
    return Exists(
        Membership.objects.filter(user=OuterRef("pk"), organisation__two_steps_from__lte=timezone.localdate())
    )


def without_two_steps(organisation: Organisation) -> list[User]:
    """Return the members who sign in with one step, by name. Two queries."""
    members = list(
        User.objects.filter(memberships__organisation=organisation, is_active=True).order_by("name", "pk")
    )
    having = with_second_factor(one.pk for one in members)
    return [one for one in members if one.pk not in having]


@transaction.atomic
def require_two_steps(*, organisation: Organisation, day: date, actor: User, now: datetime) -> Organisation:
    """Ask all members for two steps from a day, and tell those who lack it. The same again changes nothing.

    Raises PermissionDenied, NoSecondFactor or BadDay.
    """
    if not permissions.can_manage_members(actor, organisation):
        raise PermissionDenied
    if not has_second_factor(actor):
        raise NoSecondFactor
    today = timezone.localdate(now)
    if not today < day <= today + timedelta(days=LONGEST_DAYS):
        raise BadDay
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.two_steps_from == day:
        return locked
    locked.two_steps_from = day
    locked.save(update_fields=["two_steps_from"])
    _record("two_steps_required", locked, actor, now, {"day": day.isoformat()})
    two_steps_required.send(
        sender=Organisation,
        organisation=locked,
        actor=actor,
        day=day,
        users=without_two_steps(locked),
        at=now,
    )
    return locked


@transaction.atomic
def stop_requiring_two_steps(*, organisation: Organisation, actor: User, now: datetime) -> None:
    """Ask no longer. Twice is as once. Raises PermissionDenied."""
    if not permissions.can_manage_members(actor, organisation):
        raise PermissionDenied
    asking = Organisation.objects.filter(pk=organisation.pk, two_steps_from__isnull=False)
    if asking.update(two_steps_from=None):
        _record("two_steps_not_required", organisation, actor, now, {})


def _record(
    verb: str, organisation: Organisation, actor: User, now: datetime, details: dict[str, str]
) -> None:
    record(
        verb=verb,
        subject=organisation,
        actor=actor,
        now=now,
        organisation_id=organisation.pk,
        details=details,
    )
