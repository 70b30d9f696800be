"""Ask for help, say that one helps, delete what one has asked."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.models import Organisation
from brygga.organisations.permissions import is_member
from brygga.organisations.selectors import writers_of
from brygga.taxonomy.selectors import area_name
from brygga.users.models import User
from innovators.models import Initiative
from intermediaries.helping import permissions
from intermediaries.helping.models import HelpRequest

#: So many may wait for an answer at once.
MOST_WAITING = 3


class NobodyToAsk(Exception):
    """No intermediary is here yet."""


class AskedEnough(Exception):
    """As many wait for an answer already as may."""


class SomebodyWasFirst(Exception):
    """Another has said yes, or it is deleted."""


def intermediaries_for(county: str) -> list[Organisation]:
    """Return the verified intermediaries in a county and those that are nobody's county; else all. One query."""
    every = list(Organisation.objects.intermediaries().order_by("pk"))
    near = [one for one in every if one.area_code.startswith(county)]
    wide = [one for one in every if not one.area_code.startswith("SE-")]
    return [*near, *wide] if near else every


@transaction.atomic
def ask_for_help(
    *, actor: User, county: str, text: str, now: datetime, initiative: Initiative | None = None
) -> HelpRequest:
    """Ask the intermediaries of a county for help. Those who may write for them are told, without the text.

    Raises PermissionDenied for an initiative of others, NobodyToAsk, or AskedEnough.
    """
    if initiative is not None and not is_member(actor, initiative.organisation_id):
        raise PermissionDenied
    # One at a time of a person, so that of many at once not too many come through.
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    if HelpRequest.objects.of(actor).waiting().count() >= MOST_WAITING:
        raise AskedEnough
    reached = intermediaries_for(county)
    if not reached:
        raise NobodyToAsk
    made = HelpRequest.objects.create(
        asked_by=actor, area_code=county, text=text.strip(), initiative=initiative, asked_at=now
    )
    made.reached.set(reached)
    for user in writers_of(*reached):
        if user.pk != actor.pk:
            notify(
                user=user,
                kind=NoticeKind.HELP_ASKED,
                parameters={"place": area_name(county, user.language), "help": made.public_id},
                key=f"help-{made.pk}",
                now=now,
            )
    record(verb="help_asked", subject=made, actor=actor, now=now, details={"county": county})
    return made


@transaction.atomic
def give_help(*, request: HelpRequest, organisation: Organisation, actor: User, now: datetime) -> HelpRequest:
    """Say that one helps. From now the two see how to reach each other. Raises PermissionDenied or SomebodyWasFirst."""
    if not permissions.can_help(actor, request, organisation):
        raise PermissionDenied
    changed = HelpRequest.objects.waiting().filter(pk=request.pk)
    if changed.update(organisation=organisation, taken_by=actor, taken_at=now) != 1:
        raise SomebodyWasFirst
    taken = HelpRequest.objects.select_related("asked_by").get(pk=request.pk)
    notify(
        user=taken.asked_by,
        kind=NoticeKind.HELP_GIVEN,
        parameters={"person": str(actor), "organisation": str(organisation), "help": taken.public_id},
        key=f"help-{taken.pk}-given",
        now=now,
    )
    record(verb="help_given", subject=taken, actor=actor, now=now, organisation_id=organisation.pk)
    return taken


@transaction.atomic
def forget_help(*, request: HelpRequest, actor: User, now: datetime) -> None:
    """Delete what one has asked, answered or not. Raises PermissionDenied."""
    if not permissions.can_forget(actor, request):
        raise PermissionDenied
    record(verb="help_forgotten", subject=request, actor=actor, now=now)
    request.delete()
