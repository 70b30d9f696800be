"""Those who are asked and do not answer are reminded once, after a week, and nobody else is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import services as desk
from matching.meeting import asking, services
from matching.meeting.models import Introduction
from matching.meeting.reminding import remind_all_asked, remind_asked
from matching.meeting.selectors import Contact
from matching.tasks import keep_answer_days
from tests.cast import Cast
from tests.matching.meeting.races import race

pytestmark = pytest.mark.django_db
CONTACT = Contact(name="Ruth", email="ruth@exempel.example")
WEEK = timedelta(days=7)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def asked(cast: Cast, offer: SupportOffer, initiative: Initiative, now: datetime) -> Introduction:
    desk.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=now)
    return services.ask_for_introduction(
        offer=offer, initiative=initiative, actor=cast.ruth, message="Hej", contact=CONTACT, now=now
    )


def reminded() -> list[str]:
    rows = Notice.objects.filter(kind="introduction_waits").values_list("user__name", flat=True)
    return sorted(rows)


def test_once_after_a_week_and_only_those_who_may_answer(
    cast: Cast, asked: Introduction, now: datetime
) -> None:
    assert remind_all_asked(now=now + WEEK - timedelta(minutes=1)) == 0
    assert reminded() == []
    assert remind_all_asked(now=now + WEEK) == 1
    assert reminded() == ["Amina Warsame", "Erik Lindqvist"]
    assert remind_all_asked(now=now + 3 * WEEK) == 0
    assert len(reminded()) == 2
    event = AuditEvent.objects.get(verb="question_reminded")
    assert event.details == {"offer": asked.offer.public_id, "initiative": asked.initiative.public_id}


@pytest.mark.parametrize("answer", ["accept", "decline", "withdraw"])
def test_who_has_answered_is_left_alone(cast: Cast, asked: Introduction, now: datetime, answer: str) -> None:
    if answer == "accept":
        services.accept(introduction=asked, actor=cast.amina, contact=CONTACT, now=now)
    elif answer == "decline":
        services.decline(introduction=asked, actor=cast.amina, answer="", now=now)
    else:
        services.withdraw(introduction=asked, actor=cast.ruth, now=now)
    assert remind_all_asked(now=now + 2 * WEEK) == 0
    assert reminded() == []


def test_a_giver_who_is_asked_has_a_promise_of_their_own(
    cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Callable[[], None], now: datetime
) -> None:
    matched()
    asking.ask_giver(
        offer=offer, initiative=initiative, actor=cast.amina, message="Hej", contact=CONTACT, now=now
    )
    assert remind_all_asked(now=now + 2 * WEEK) == 0


def test_the_morning_task_does_it(asked: Introduction, now: datetime) -> None:
    Introduction.objects.update(asked_at=now - WEEK)
    keep_answer_days()
    assert len(reminded()) == 2


@pytest.mark.django_db(transaction=True)
def test_two_mornings_at_once_remind_once(asked: Introduction, now: datetime) -> None:
    def remind() -> str:
        return "told" if remind_asked(number=asked.pk, now=now + WEEK) else "nothing"

    assert race(remind, remind) == ["nothing", "told"]
    assert len(reminded()) == 2
