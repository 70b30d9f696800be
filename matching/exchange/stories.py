"""Demo data: what has happened between the made-up initiatives and givers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brygga.users.models import User
from funders.models import SupportOffer
from funders.services import change_offer
from innovators.models import Initiative
from matching.applying.models import Application
from matching.applying.services import mean_to_apply
from matching.desk import services as desk
from matching.desk.models import ShortlistEntry
from matching.exchange.demonstration import FOLDER
from matching.meeting import asking
from matching.meeting import services as meeting
from matching.meeting.models import Introduction
from matching.meeting.proposing.models import Proposal
from matching.meeting.proposing.selectors import proposing_organisations
from matching.meeting.proposing.services import propose
from matching.meeting.selectors import Contact


def load_demo_promises(
    *, people: Mapping[str, User], offers: Mapping[str, SupportOffer], now: datetime, **_: Any
) -> None:
    """Let givers promise an answer within the days that `desk.json` says, before anything is matched."""
    for given in _said()["answer_days"]:
        offer, days = offers[given["offer"]], given["days"]
        if offer.answer_days != days:
            change_offer(offer=offer, changes={"answer_days": days}, actor=people[given["by"]], now=now)
            # The same object is told of later, when somebody says yes.
            offer.refresh_from_db()


def load_demo_desk(
    *,
    people: Mapping[str, User],
    initiatives: Mapping[str, Initiative],
    offers: Mapping[str, SupportOffer],
    now: datetime,
    **_: Any,
) -> None:
    """Shortlist, put aside, ask, apply and propose as `desk.json` says. What is there stays as it is."""
    said = _said()
    for given in (*said["shortlisted"], *said["dismissed"]):
        offer, initiative = offers[given["offer"]], initiatives[given["initiative"]]
        if ShortlistEntry.objects.filter(offer=offer, initiative=initiative).exists():
            continue
        actor, moment = people[given["by"]], now - timedelta(days=given["days_ago"])
        if "reason" in given:
            desk.dismiss(offer=offer, initiative=initiative, actor=actor, reason=given["reason"], now=moment)
        else:
            desk.shortlist(offer=offer, initiative=initiative, actor=actor, note=given["note"], now=moment)
        if "assignee" in given:
            due_on = timezone.localdate(now) + timedelta(days=given["due_in_days"])
            assignee = people[given["assignee"]]
            desk.take_care(
                offer=offer, initiative=initiative, actor=actor, assignee=assignee, due_on=due_on, now=moment
            )
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
    for given in said["questions"]:
        offer, initiative = offers[given["offer"]], initiatives[given["initiative"]]
        if Introduction.objects.filter(offer=offer, initiative=initiative).exists():
            continue
        asking.ask_giver(
            offer=offer,
            initiative=initiative,
            actor=people[given["by"]],
            message=given["message"],
            contact=_contact(initiative.contact),
            now=now - timedelta(days=given["days_ago"]),
        )
    for given in said["applications"]:
        offer, initiative = offers[given["offer"]], initiatives[given["initiative"]]
        if not Application.objects.filter(offer=offer, initiative=initiative).exists():
            moment = now - timedelta(days=given["days_ago"])
            mean_to_apply(offer=offer, initiative=initiative, actor=people[given["by"]], now=moment)
    for given in said["proposals"]:
        offer, initiative = offers[given["offer"]], initiatives[given["initiative"]]
        if Proposal.objects.filter(offer=offer, initiative=initiative).exists():
            continue
        actor = people[given["by"]]
        propose(
            offer=offer,
            initiative=initiative,
            organisation=proposing_organisations(actor)[0],
            actor=actor,
            text=given["text"],
            conflict="",
            now=now - timedelta(days=given["days_ago"]),
        )


def _said() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((FOLDER / "desk.json").read_text(encoding="utf-8"))
    return told


def _contact(kept: Any) -> Contact:
    return Contact(name=kept.name, email=kept.email, phone=kept.phone)
