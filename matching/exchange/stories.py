"""Demo data: what has happened on the made-up givers' desks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import services as desk
from matching.desk.models import ShortlistEntry
from matching.exchange.demonstration import FOLDER
from matching.meeting import services as meeting
from matching.meeting.models import Introduction
from matching.meeting.selectors import Contact


def load_demo_desk(
    *,
    people: Mapping[str, User],
    initiatives: Mapping[str, Initiative],
    offers: Mapping[str, SupportOffer],
    now: datetime,
    **_: Any,
) -> None:
    """Shortlist, put aside and introduce as `desk.json` says. What is there stays as it is."""
    said = json.loads((FOLDER / "desk.json").read_text(encoding="utf-8"))
    for given in (*said["shortlisted"], *said["dismissed"]):
        offer, initiative = offers[given["offer"]], initiatives[given["initiative"]]
        if ShortlistEntry.objects.filter(offer=offer, initiative=initiative).exists():
            continue
        actor, moment = people[given["by"]], now - timedelta(days=given["days_ago"])
        if "reason" in given:
            desk.dismiss(offer=offer, initiative=initiative, actor=actor, reason=given["reason"], now=moment)
        else:
            desk.shortlist(offer=offer, initiative=initiative, actor=actor, note=given["note"], now=moment)
    for given in said["introductions"]:
        offer, initiative = offers[given["offer"]], initiatives[given["initiative"]]
        if Introduction.objects.filter(offer=offer, initiative=initiative).exists():
            continue
        introduction = meeting.ask_for_introduction(
            offer=offer,
            initiative=initiative,
            actor=people[given["by"]],
            message=given["message"],
            contact=_contact(offer.contact),
            now=now - timedelta(days=given["days_ago"]),
        )
        if "answered_by" in given:
            meeting.accept(
                introduction=introduction,
                actor=people[given["answered_by"]],
                contact=_contact(initiative.contact),
                now=now - timedelta(days=given["answered_days_ago"]),
            )


def _contact(kept: Any) -> Contact:
    return Contact(name=kept.name, email=kept.email, phone=kept.phone)
