"""Ask, once, how it went for those who meant to apply."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.enums import WRITING_ROLES
from brygga.users.models import User
from matching.applying.models import Application

logger = structlog.get_logger(__name__)


def ask_all_due(*, now: datetime) -> int:
    """Ask about every application whose day has come. Return how many it was. Safe to run twice, and at once."""
    due = Application.objects.due_on(timezone.localdate(now)).filter(asked_at__isnull=True)
    asked = 0
    for number in list(due.order_by("meant_on", "pk").values_list("pk", flat=True)):
        try:
            asked += ask_due(number=number, now=now)
        except Exception as error:
            # One question must not keep the others from being asked; the next morning tries again.
            logger.warning("asking_how_it_went_failed", number=number, error=type(error).__name__)
    return asked


@transaction.atomic
def ask_due(*, number: int, now: datetime) -> bool:
    """Ask about one application, and note that it is done. False when it has been, or when nothing is to be asked.

    The row is locked, as answering locks it: of two at once the second finds it asked.
    """
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("offer", "initiative__organisation", "meant_by")
        .filter(pk=number, asked_at__isnull=True)
        .first()
    )
    # Asked anew once the row is locked: an answer may have come while we waited for it.
    if application is None or not Application.objects.due_on(timezone.localdate(now)).filter(pk=number):
        return False
    Application.objects.filter(pk=number).update(asked_at=now)
    parameters = {
        "title": application.initiative.title,
        "offer_title": application.offer.title,
        "day": application.meant_on.isoformat(),
        "application": application.public_id,
    }
    for person in _whom_to_ask(application):
        notify(
            user=person,
            kind=NoticeKind.HOW_DID_IT_GO,
            parameters=parameters,
            key=f"application-{application.pk}",
            now=now,
        )
    record(
        verb="ask_how_it_went",
        subject=application,
        actor=None,
        now=now,
        organisation_id=application.initiative.organisation_id,
        details={"offer": application.offer.public_id, "initiative": application.initiative.public_id},
    )
    return True


def _whom_to_ask(application: Application) -> list[User]:
    """Return who meant to apply; if they no longer write for the initiative, everybody who does."""
    memberships = application.initiative.organisation.memberships.filter(role__in=WRITING_ROLES)
    writers = [one.user for one in memberships.select_related("user").order_by("pk") if one.user.is_active]
    return [one for one in writers if one.pk == application.meant_by_id] or writers
