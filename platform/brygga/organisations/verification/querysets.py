from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from brygga.organisations.verification.enums import VerificationState

if TYPE_CHECKING:
    from brygga.organisations.verification.models import VerificationRequest
    from brygga.users.models import User


class VerificationRequestQuerySet(models.QuerySet["VerificationRequest"]):
    def waiting(self) -> VerificationRequestQuerySet:
        return self.filter(state=VerificationState.OPEN)

    def end(
        self, *, state: VerificationState, now: datetime, decided_by: User | None = None, note: str = ""
    ) -> int:
        """Let the waiting ones end, and return how many. What was said for the check is kept no longer than that."""
        return self.waiting().update(
            state=state, decided_at=now, decided_by=decided_by, note=note, signatory="", words=""
        )
