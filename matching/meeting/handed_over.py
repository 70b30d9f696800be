"""The contact details that others see, when an initiative goes to another organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brygga.notifications.enums import NoticeKind
from brygga.users.models import User
from innovators.models import Initiative
from innovators.signals import initiative_handed_over
from matching.adopting.enums import AdoptionSide
from matching.adopting.models import AdoptionContact
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import Introduction, SharedContact
from matching.meeting.telling import tell_writers
from matching.together.enums import TogetherSide
from matching.together.models import TogetherContact


def connect() -> None:
    """Listen to handovers; doing it again changes nothing."""
    initiative_handed_over.connect(put_in_new_contact, dispatch_uid="matching.handed_over")


def put_in_new_contact(*, initiative: Initiative, contact: User, actor: User, at: datetime, **_: Any) -> None:
    """Let the others reach who took it over, and tell those in an open conversation. Phone numbers do not go along."""
    reached = {"name": contact.name, "email": contact.email, "phone": ""}
    SharedContact.objects.filter(introduction__initiative=initiative, side=Side.INITIATIVE).update(**reached)
    TogetherContact.objects.filter(question__initiative=initiative, side=TogetherSide.ASKED).update(**reached)
    AdoptionContact.objects.filter(question__initiative=initiative, side=AdoptionSide.INITIATIVE).update(
        **reached
    )
    talking = Introduction.objects.filter(
        initiative=initiative, state=IntroductionState.ACCEPTED, ended_at=None
    )
    for introduction in talking.select_related("initiative__organisation", "offer__organisation"):
        _tell(introduction, actor, at)


def _tell(introduction: Introduction, actor: User, at: datetime) -> None:
    tell_writers(
        introduction=introduction,
        side=Side.OFFER,
        kind=NoticeKind.CONTACT_CHANGED,
        key=lambda _user: f"handed-over-{introduction.pk}-{at:%Y%m%dT%H%M%S}",
        actor=actor,
        now=at,
    )
