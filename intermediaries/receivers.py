"""Demo data: the flags of the made-up intermediaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from brygga.users.models import User
from innovators.models import Initiative
from intermediaries import permissions
from intermediaries.models import Flag
from intermediaries.services import flag_initiative, withdraw_flag


def load_demo_flags(
    *,
    people: Mapping[str, User],
    initiatives: Mapping[str, Initiative],
    flags: Sequence[Mapping[str, Any]],
    now: datetime,
    **_: Any,
) -> None:
    """Flag what the demo files say, as long ago as they say. A flag that is there stays as it is."""
    for given in flags:
        person, initiative = people[given["by"]], initiatives[given["initiative"]]
        organisation = permissions.intermediaries_of(person)[0]
        if Flag.objects.filter(initiative=initiative, organisation=organisation).exists():
            continue
        flag = flag_initiative(
            initiative=initiative,
            organisation=organisation,
            actor=person,
            reasons=given["reasons"],
            text=given["text"],
            evidence_url=given["evidence_url"] or "",
            conflict=given["conflict"] or "",
            now=now - timedelta(days=given["days_ago"]),
        )
        if given.get("withdrawn_reason"):
            withdraw_flag(
                flag=flag,
                actor=person,
                reason=given["withdrawn_reason"],
                now=now - timedelta(days=given["withdrawn_days_ago"]),
            )
