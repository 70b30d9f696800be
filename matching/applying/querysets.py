from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from brygga.core.enums import PublicationState
from matching.applying.days import WAIT
from matching.applying.enums import DidApply

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.applying.models import Application


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User | AnonymousUser) -> ApplicationQuerySet:
        """Those of the initiatives of the user's organisations. Neither givers nor staff see them one by one."""
        from brygga.organisations.models import Organisation  # noqa: PLC0415 - models import querysets

        return self.filter(initiative__organisation__in=Organisation.objects.of(user).values("pk"))

    def unanswered(self) -> ApplicationQuerySet:
        return self.filter(did_apply="")

    def told(self) -> ApplicationQuerySet:
        """Those whose people have said whether they applied."""
        return self.filter(did_apply__in=[DidApply.YES, DidApply.NO])

    def due_on(self, day: date) -> ApplicationQuerySet:
        """Those to ask about: the last day has passed, or three weeks where there is none to wait for."""
        has_last_day = Q(offer__closes_on__isnull=False, offer__state=PublicationState.PUBLISHED)
        return self.unanswered().filter(
            Q(has_last_day, offer__closes_on__lt=day) | Q(~has_last_day, meant_on__lte=day - WAIT)
        )
