"""The day to answer: who is told what and when, once, and what both sides read."""

from __future__ import annotations

import html
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from brygga.audit.models import AuditEvent
from brygga.core.enums import PublicationState
from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from brygga.taxonomy.enums import SupportKind
from funders.models import SupportOffer
from funders.services import InvalidAnswers, change_offer
from innovators.models import Initiative
from matching.desk import deciding, reminding, services
from matching.desk.decided import standing_of
from matching.desk.deciding import Given
from matching.desk.enums import DECIDED, Stage
from matching.desk.models import Decision, ShortlistEntry
from matching.desk.recusing import recuse
from matching.meeting import services as meeting
from matching.meeting.answer_days import Step, promised_day, step_due
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import Introduction
from matching.meeting.selectors import Contact
from tests.cast import Cast
from tests.factories import InitiativeFactory, MembershipFactory
from tests.matching.desk.lists import cases_url
from tests.matching.meeting.races import race

pytestmark = pytest.mark.django_db
CONTACT = Contact(name="Ruth", email="ruth@exempel.example")
ZONE = ZoneInfo("Europe/Stockholm")
YES = datetime(2026, 3, 2, 12, tzinfo=ZONE)
#: Thirty days after the yes; summer time begins on the way there.
LAST = date(2026, 4, 1)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(7, 5), ZONE)


def before(days: int) -> datetime:
    return morning(LAST - timedelta(days=days))


AFTER = before(-1)


@pytest.fixture
def offer(offer: SupportOffer) -> SupportOffer:
    offer.answer_days = 30
    offer.save()
    return offer


@pytest.fixture
def asked(cast: Cast, offer: SupportOffer, initiative: Initiative) -> Introduction:
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=YES)
    return meeting.ask_for_introduction(
        offer=offer, initiative=initiative, actor=cast.ruth, message="Hej", contact=CONTACT, now=YES
    )


@pytest.fixture
def met(cast: Cast, asked: Introduction) -> Introduction:
    found = meeting.accept(introduction=asked, actor=cast.amina, contact=CONTACT, now=YES)
    forget_told()
    return found


def forget_told() -> None:
    Notice.objects.all().delete()
    OutboxMessage.objects.all().delete()


def told() -> list[tuple[str, str]]:
    """Who has been told what, but of decisions."""
    rows = Notice.objects.exclude(kind__startswith="decision").values_list("user__email", "kind")
    return sorted((email.partition("@")[0], kind) for email, kind in rows)


REMINDED = [("ruth", "answer_due")]
ANSWERED = [("amina", "answer_time_out"), ("erik", "answer_time_out"), ("ruth", "answered_for_you")]


# -- the day ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "yes_at", "last"),
    [
        (30, YES, LAST),
        (None, YES, None),
        # Summer time begins on 29 March and ends on 25 October 2026.
        (7, datetime(2026, 3, 28, 23, 30, tzinfo=ZONE), date(2026, 4, 4)),
        (7, datetime(2026, 3, 29, 0, 30, tzinfo=ZONE), date(2026, 4, 5)),
        (7, datetime(2026, 10, 24, 23, 59, tzinfo=ZONE), date(2026, 10, 31)),
        (90, datetime(2026, 1, 1, 12, tzinfo=ZONE), date(2026, 4, 1)),
        # Late in the evening by Greenwich is already the next day in Sweden.
        (7, datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 4, 5)),
        (7, datetime(2026, 3, 29, 22, 30, tzinfo=UTC), date(2026, 4, 6)),
        (7, datetime(2026, 3, 29, 21, 30, tzinfo=UTC), date(2026, 4, 5)),
    ],
)
def test_day_is_counted_in_sweden(days: int | None, yes_at: datetime, last: date | None) -> None:
    assert promised_day(days, yes_at) == last


def test_every_day_of_every_promise_has_at_most_one_step_and_each_comes_once() -> None:
    for days in range(7, 91):
        one = Introduction(answered_at=YES, answer_by=promised_day(days, YES))
        happened: list[tuple[int, Step]] = []
        for passed in range(days + 30):
            step = step_due(one, YES.date() + timedelta(days=passed))
            if step is not None:
                setattr(one, step.value, YES)
                happened.append((days - passed, step))
        week = [] if days == 7 else [(7, Step.REMIND_WEEK)]
        assert happened == [*week, (1, Step.REMIND_DAY), (-1, Step.TIME_OUT)], days


# -- who gets what ---------------------------------------------------------------------------------

MORNINGS = {8: [], 7: REMINDED, 2: REMINDED, 1: REMINDED, 0: REMINDED, -1: ANSWERED, -40: ANSWERED}


def test_yes_makes_a_promise(met: Introduction) -> None:
    assert met.answer_by == LAST


@pytest.mark.parametrize("days", list(MORNINGS))
def test_who_gets_what(cast: Cast, offer: SupportOffer, days: int) -> None:
    """Every stage with every way an introduction may have gone, side by side: each is told its own and no more."""
    expected = {}
    for how in ("never asked", *IntroductionState.values):
        for stage in Stage.values:
            title = f"{how}, {stage}"
            lay(cast, offer, InitiativeFactory(organisation=cast.association, title=title), how, stage)
            owed = how == IntroductionState.ACCEPTED and stage not in DECIDED
            expected[title] = MORNINGS[days] if owed else []
    stages = list(ShortlistEntry.objects.order_by("pk").values_list("pk", "stage"))

    reminding.tell_all_due(now=before(days))

    rows = Notice.objects.values_list("parameters__title", "user__email", "kind")
    assert {
        title: sorted((email.partition("@")[0], kind) for about, email, kind in rows if about == title)
        for title in expected
    } == expected
    assert OutboxMessage.objects.filter(task="outbox.deliver_mail").count() == len(rows)
    assert list(ShortlistEntry.objects.order_by("pk").values_list("pk", "stage")) == stages


def lay(cast: Cast, offer: SupportOffer, initiative: Initiative, how: str, stage: str) -> None:
    entry = ShortlistEntry.objects.create(offer=offer, initiative=initiative, stage=stage, reason="amount")
    accepted = how == IntroductionState.ACCEPTED
    if how in IntroductionState.values:
        Introduction.objects.create(
            offer=offer,
            initiative=initiative,
            state=how,
            message="Hej",
            asked_by=cast.ruth,
            asked_at=YES,
            answered_at=None if how == IntroductionState.ASKED else YES,
            answer_by=LAST if accepted else None,
        )
    if stage in DECIDED:
        Decision.objects.create(
            entry=entry,
            outcome=stage,
            is_told=accepted,
            kind=SupportKind.GRANT if stage == Stage.SUPPORTED else "",
            decided_on=YES.date(),
            decided_by=cast.ruth,
        )


def test_no_promise_tells_nobody(cast: Cast, offer: SupportOffer, asked: Introduction) -> None:
    asked.offer.answer_days = None
    found = meeting.accept(introduction=asked, actor=cast.amina, contact=CONTACT, now=YES)
    forget_told()
    reminding.tell_all_due(now=before(-300))
    assert (found.answer_by, told()) == (None, [])


@pytest.mark.parametrize("state", [PublicationState.PAUSED, PublicationState.CLOSED])
def test_offer_that_pauses_closes_or_changes_its_mind_keeps_its_promise(
    offer: SupportOffer, met: Introduction, state: str
) -> None:
    SupportOffer.objects.filter(pk=offer.pk).update(
        state=state, closed_at=YES if state == "closed" else None, answer_days=None
    )
    reminding.tell_all_due(now=AFTER)
    assert told() == ANSWERED


@pytest.mark.parametrize(("side", "expected"), [(Side.INITIATIVE, []), (Side.OFFER, ANSWERED)])
def test_who_has_ended_the_conversation_waits_for_nothing(
    met: Introduction, side: Side, expected: list[tuple[str, str]]
) -> None:
    Introduction.objects.filter(pk=met.pk).update(ended_side=side, ended_at=YES)
    reminding.tell_all_due(now=AFTER)
    assert told() == expected


def test_readers_and_those_who_stand_aside_are_told_nothing(
    cast: Cast, offer: SupportOffer, initiative: Initiative, met: Introduction
) -> None:
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    MembershipFactory(organisation=cast.foundation, role="reader")
    recuse(offer=offer, initiative=initiative, actor=cast.ruth, reason="", now=YES)
    forget_told()
    reminding.tell_all_due(now=before(7))
    assert told() == [(colleague.email.partition("@")[0], "answer_due")]


def test_who_belongs_to_both_sides_is_told_on_each(cast: Cast, met: Introduction) -> None:
    MembershipFactory(organisation=cast.foundation, user=cast.amina, role="editor")
    reminding.tell_all_due(now=AFTER)
    assert [kind for who, kind in told() if who == "amina"] == ["answer_time_out", "answered_for_you"]


# -- once ------------------------------------------------------------------------------------------


def test_every_morning_from_the_yes_tells_each_thing_once(met: Introduction) -> None:
    for days in range(30, -10, -1):
        for _again in range(2):
            reminding.tell_all_due(now=before(days))
    assert told() == sorted([*REMINDED, *REMINDED, *ANSWERED])
    met.refresh_from_db()
    assert (met.reminded_week_at, met.reminded_day_at, met.time_out_told_at) == (before(7), before(1), AFTER)
    steps = AuditEvent.objects.filter(verb__startswith="answer_").order_by("pk")
    assert [(one.verb, one.details["step"], one.actor_label) for one in steps] == [
        ("answer_reminded", "remind_week", "system"),
        ("answer_reminded", "remind_day", "system"),
        ("answer_time_out", "time_out", "system"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_tell_once(met: Introduction) -> None:
    def tell() -> str:
        return str(reminding.tell_all_due(now=AFTER))

    assert race(tell, tell) == ["0", "1"]
    assert told() == ANSWERED
    assert OutboxMessage.objects.count() == len(ANSWERED)
    assert AuditEvent.objects.filter(verb="answer_time_out").count() == 1


@pytest.mark.django_db(transaction=True)
def test_decision_at_the_same_moment_comes_before_or_after(
    cast: Cast, offer: SupportOffer, initiative: Initiative, met: Introduction
) -> None:
    def tell() -> str:
        return f"told {reminding.tell_all_due(now=AFTER)}"

    def decide() -> str:
        decline(cast, offer, initiative)
        return "decided"

    [decided, answered] = race(tell, decide)
    assert decided == "decided"
    assert told() == (ANSWERED if answered == "told 1" else [])
    assert Notice.objects.filter(kind="decision_made").count() == 2


def test_one_that_fails_leaves_the_others_and_is_told_the_next_morning(
    monkeypatch: pytest.MonkeyPatch, met: Introduction
) -> None:
    def break_down(**_given: object) -> None:
        raise ValueError("broken")

    with monkeypatch.context() as broken:
        broken.setattr(reminding, "record", break_down)
        assert reminding.tell_all_due(now=AFTER) == 0
    assert told() == []
    assert reminding.tell_all_due(now=AFTER + timedelta(days=1)) == 1
    assert told() == ANSWERED


# -- afterwards ------------------------------------------------------------------------------------


def decline(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    deciding.decline(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        reason="amount",
        message="Tack.",
        is_told=True,
        decided_on=LAST,
        now=AFTER,
    )


def test_giver_decides_after_the_automatic_answer(
    cast: Cast, offer: SupportOffer, initiative: Initiative, met: Introduction
) -> None:
    reminding.tell_all_due(now=AFTER)
    assert ShortlistEntry.objects.get().stage == Stage.SHORTLISTED
    deciding.support(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        given=Given(SupportKind.GRANT, LAST, 10_000, None, None),
        message="Välkomna!",
        is_told=True,
        now=AFTER,
    )
    assert Notice.objects.filter(kind="decision_made", user=cast.amina).exists()
    reminding.tell_all_due(now=before(-30))
    assert told() == ANSWERED


# -- words -----------------------------------------------------------------------------------------


def mail_to(email: str) -> str:
    [found] = [
        one.arguments
        for one in OutboxMessage.objects.filter(task="outbox.deliver_mail")
        if one.arguments["recipients"] == [email]
    ]
    return f"{found['subject']}\n{found['body']}"


@pytest.mark.parametrize("running_in", ["sv", "en"])
def test_each_is_told_in_their_own_language(cast: Cast, met: Introduction, running_in: str) -> None:
    cast.erik.language = "en"
    cast.erik.save()
    with translation.override(running_in):
        reminding.tell_all_due(now=AFTER)
    swedish, english, giver = mail_to(cast.amina.email), mail_to(cast.erik.email), mail_to(cast.ruth.email)
    assert "Tiden för svar har gått ut. Det betyder inte nej." in swedish
    assert "senast 1 april 2026" in swedish
    assert "That does not mean no." in english
    assert "by 1 April 2026" in english
    assert "har fått ett automatiskt svar" in giver
    for mail in (swedish, english, giver):
        assert "%(" not in mail
        assert "exempel.example" not in mail.replace("testserver", "")


def test_reminder_says_the_day_and_leads_to_the_desk(
    cast: Cast, offer: SupportOffer, met: Introduction
) -> None:
    reminding.tell_all_due(now=before(7))
    mail = mail_to(cast.ruth.email)
    assert "senast 1 april 2026" in mail
    assert reverse("matching:desk", args=[offer.public_id]) in mail


@pytest.mark.parametrize(
    ("days", "side", "words"),
    [
        (5, Side.INITIATIVE, "Givaren bestämmer sig och svarar er senast 1 april 2026."),
        (0, Side.INITIATIVE, "Givaren bestämmer sig och svarar er senast 1 april 2026."),
        (-1, Side.INITIATIVE, "Det betyder inte nej."),
        (0, Side.OFFER, "Bestäm er och svara dem senast 1 april 2026."),
        (-1, Side.OFFER, "Ni skulle svara senast 1 april 2026."),
    ],
)
def test_both_sides_read_when_and_who(met: Introduction, days: int, side: Side, words: str) -> None:
    with time_machine.travel(before(days), tick=False):
        assert words in standing_of(met, side, {}).next


def test_who_is_asked_reads_how_soon_the_answer_comes(asked: Introduction) -> None:
    assert "svarar givaren inom 30 dagar" in standing_of(asked, Side.INITIATIVE, {}).next


@pytest.mark.parametrize("view", ["", "?view=table"])
def test_desk_says_by_when_and_that_it_has_passed(
    client: Client, cast: Cast, offer: SupportOffer, met: Introduction, view: str
) -> None:
    client.force_login(cast.ruth)

    def page() -> str:
        answer = client.get(cases_url(offer, "vart-bord/") + view)
        assert answer.status_code == 200
        return " ".join(html.unescape(strip_tags(answer.content.decode())).split())

    with time_machine.travel(before(0), tick=False):
        client.force_login(cast.ruth)
        text = page()
        assert "Svara senast 1 apr" in text
        assert "Tiden har gått ut" not in text
    with time_machine.travel(AFTER, tick=False):
        client.force_login(cast.ruth)
        assert "Tiden har gått ut" in page()
        entry = ShortlistEntry.objects.get()
        decline(cast, offer, entry.initiative)
        assert "Svara senast" not in page()


def test_desk_is_chosen_and_sorted_by_the_day_of_the_answer(
    client: Client, cast: Cast, offer: SupportOffer, met: Introduction
) -> None:
    services.shortlist(
        offer=offer, initiative=InitiativeFactory(title="Ingen väntar"), actor=cast.ruth, now=AFTER
    )

    def shown(asked: str) -> list[str]:
        client.force_login(cast.ruth)
        table = client.get(cases_url(offer, f"vart-bord/?view=table&{asked}"))
        titles = [card.case.title for card in table.context.get("cards", [])]
        board = client.get(cases_url(offer, f"vart-bord/?{asked}"))
        columns = [column["cards"] for column in board.context.get("columns", [])]
        assert [card.case.title for cards in columns for card in cards] == titles
        return titles

    both = ["Lagningsverkstaden", "Ingen väntar"]
    for day, late, week in ((before(20), [], []), (before(3), [], both[:1]), (AFTER, both[:1], [])):
        with time_machine.travel(day, tick=False):
            assert (shown("answer=late"), shown("answer=week")) == (late, week)
            assert shown("answer=any") == both[:1]
            assert shown("sort=answer") == both
            assert shown("") == both[::-1]
    decline(cast, offer, met.initiative)
    assert shown("answer=any") == []


@pytest.mark.parametrize("days", [6, 91, 0])
def test_days_outside_are_refused(cast: Cast, offer: SupportOffer, days: int) -> None:
    with pytest.raises(InvalidAnswers):
        change_offer(offer=offer, actor=cast.ruth, changes={"answer_days": days}, now=YES)
