"""Once a year an initiative's people are asked whether what it says still holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Greatest

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.enums import WRITING_ROLES
from brygga.organisations.models import Membership
from brygga.organisations.selectors import writers_of
from brygga.users.models import User
from innovators import permissions
from innovators.models import Initiative

logger = structlog.get_logger(__name__)
#: So long an answer holds: a change, publishing anew or saying that it is right.
HOLDS = timedelta(days=365)


def ask_all_due(*, now: datetime) -> int:
    """Ask the people of each initiative that nobody has looked over for a year; return how many. Safe to run twice."""
    asked = 0
    for number in list(_due(now).order_by("pk").values_list("pk", flat=True)):
        try:
            asked += ask_if_true(number=number, now=now)
        except Exception as error:
            # One initiative must not keep the others from being asked about; the next morning tries again.
            logger.warning("looking_over_failed", number=number, error=type(error).__name__)
    return asked


@transaction.atomic
def ask_if_true(*, number: int, now: datetime) -> bool:
    """Ask about one initiative and note that it is done. False: somebody has changed it meanwhile."""
    initiative = (
        _due(now).select_for_update(of=("self",)).select_related("organisation").filter(pk=number).first()
    )
    if initiative is None:
        return False
    Initiative.objects.filter(pk=initiative.pk).update(look_over_asked_at=now)
    for user in writers_of(initiative.organisation):
        notify(
            user=user,
            kind=NoticeKind.STILL_TRUE,
            parameters={"title": initiative.title, "initiative": initiative.public_id},
            key=f"still-true-{initiative.pk}-{now:%Y}",
            now=now,
        )
    return True


@transaction.atomic
def say_still_true(*, initiative: Initiative, actor: User, now: datetime) -> None:
    """Say that what a published initiative says still holds. Nothing of it changes. Raises PermissionDenied."""
    if not permissions.can_change_initiative(actor, initiative):
        raise PermissionDenied
    if Initiative.objects.published().filter(pk=initiative.pk).update(looked_over_at=now):
        record(
            verb="initiative.looked_over",
            subject=initiative,
            actor=actor,
            now=now,
            organisation_id=initiative.organisation_id,
        )


def _due(now: datetime) -> QuerySet[Initiative]:
    """Return what is published, has people behind it and has not been looked over or asked about for a year."""
    people = Membership.objects.filter(organisation=OuterRef("organisation_id"), role__in=WRITING_ROLES)
    # PostgreSQL's greatest() passes over what is null.
    last = Greatest("changed_at", "published_at", "looked_over_at", "look_over_asked_at")
    return (
        Initiative.objects.published()
        .annotate(last_said_at=last)
        .filter(Exists(people), last_said_at__lte=now - HOLDS)
    )
