"""What a block ends between two initiatives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brygga.organisations.models import Organisation
from brygga.users.models import User
from matching.signals import contact_blocked
from matching.together.services import end_by_block


def connect() -> None:
    contact_blocked.connect(end_what_waits, dispatch_uid="matching.together_blocked")


def end_what_waits(*, ours: Organisation, theirs: Organisation, actor: User, at: datetime, **_: Any) -> None:
    end_by_block(ours=ours, theirs=theirs, actor=actor, now=at)
