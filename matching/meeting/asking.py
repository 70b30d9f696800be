"""An initiative asks a giver for an introduction. The giver answers as an initiative does, with `services`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Q
from django.utils import timezone

from brygga.organisations.enums import WRITING_ROLES
from brygga.organisations.models import Organisation
from brygga.users.models import User
from funders.enums import ApplyWay
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.selectors import who_stands_aside
from matching.engine.models import Match
from matching.meeting import permissions
from matching.meeting.answer_days import promised_day
from matching.meeting.blocking.selectors import is_blocked
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.proposing.models import Proposal
from matching.meeting.selectors import Contact
from matching.meeting.services import CannotAsk, NotReachable, WhyNot, has_said_no, put_question

# So many questions may be asked for one initiative within a day, those taken back included.
MOST_A_DAY = 5
_A_DAY = timedelta(days=1)


def why_not_ask_giver(
    *, offer: SupportOffer, initiative: Initiative, now: datetime, is_proposed: bool = False
) -> WhyNot | None:
    """Return what stands in the way of the initiative's question, or None.

    Support that an intermediary has proposed need not be among the initiative's matches.
    """
    if not offer.is_confirmed:
        return WhyNot.NOT_CONFIRMED
    if offer.apply_way != ApplyWay.INTRODUCTION:
        return WhyNot.OTHER_WAY
    if not offer.organisation.is_verified:
        return WhyNot.NOT_VERIFIED
    if not initiative.is_published:
        return WhyNot.OWN_NOT_PUBLISHED
    if not SupportOffer.objects.open_on(timezone.localdate(now)).filter(pk=offer.pk).exists():
        return WhyNot.NOT_OPEN
    is_match = is_proposed or Match.objects.current().filter(offer=offer, initiative=initiative).exists()
    if offer.organisation_id == initiative.organisation_id or not is_match:
        return WhyNot.NO_MATCH
    if not is_seen_by_giver(offer, initiative):
        return WhyNot.CANNOT_SEE
    if has_said_no(offer, initiative, asker=Side.INITIATIVE, now=now):
        return WhyNot.SAID_NO
    if is_blocked(offer, initiative, asker=Side.INITIATIVE):
        return WhyNot.NOT_NOW
    lately = Introduction.objects.filter(
        initiative=initiative, asked_side=Side.INITIATIVE, asked_at__gt=now - _A_DAY
    )
    return WhyNot.TOO_MANY if lately.count() >= MOST_A_DAY else None


@transaction.atomic
def ask_giver(
    *,
    offer: SupportOffer,
    initiative: Initiative,
    actor: User,
    message: str,
    contact: Contact,
    now: datetime,
    proposal: Proposal | None = None,
) -> Introduction:
    """Ask the giver of an offer that fits to be introduced, and tell its people.

    Contact details in the message are masked. `contact` is what they will see if they say yes. The giver's days to
    answer are counted from today. With a `proposal`, which the question takes up, the offer need not be a match.
    Raises PermissionDenied, NotReachable, CannotAsk, AlreadyAsked, or AnsweredAlready for a proposal that is gone.
    """
    if not permissions.can_ask_giver(actor, initiative):
        raise PermissionDenied
    if not contact.is_reachable:
        raise NotReachable
    # Two questions at once are counted one after the other. Nobody else waits for this lock to refer to the row.
    list(Initiative.objects.select_for_update(no_key=True).filter(pk=initiative.pk).values("pk"))
    is_proposed = proposal is not None
    if why := why_not_ask_giver(offer=offer, initiative=initiative, now=now, is_proposed=is_proposed):
        raise CannotAsk(why)
    return put_question(
        offer=offer,
        initiative=initiative,
        side=Side.INITIATIVE,
        actor=actor,
        message=message,
        contact=contact,
        now=now,
        answer_by=promised_day(offer.answer_days, now),
        proposal=proposal,
    )


def is_seen_by_giver(offer: SupportOffer, initiative: Initiative) -> bool:
    """Return whether somebody is there to answer: who may write for the giver, sees the initiative and the case.

    One query, however many they are.
    """
    writers = User.objects.filter(
        memberships__organisation=offer.organisation_id, memberships__role__in=WRITING_ROLES, is_active=True
    ).exclude(pk__in=who_stands_aside(offer, initiative))
    theirs = Organisation.objects.filter(memberships__user__in=writers.values("pk"))
    one = Initiative.objects.published().filter(pk=initiative.pk)
    # Staff see every initiative.
    seen = Q(pk__in=one.seen_from(theirs).values("pk")) | Exists(writers.filter(is_staff=True))
    return one.filter(Exists(writers), seen).exists()
