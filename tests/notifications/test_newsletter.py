"""The newsletter: asked for, confirmed, sent once, stopped; an address nobody confirms is gone in a week."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from brygga.core.cache import ForgivingRedisCache
from brygga.core.mornings import next_monthly_morning
from brygga.notifications import newsletter
from brygga.notifications.models import NewsletterReader
from brygga.outbox.models import OutboxMessage
from tests.factories import NOW, InitiativeFactory, SupportOfferFactory

ASK = "/nyhetsbrev/"
DAY = timedelta(days=1)


def ask(email: str = "eva@exempel.example", now: Any = NOW, language: str = "sv") -> None:
    newsletter.ask_for_newsletter(email=email, language=language, now=now)


def mails() -> list[dict[str, Any]]:
    rows = OutboxMessage.objects.filter(key__startswith="newsletter-").order_by("pk")
    return [row.arguments for row in rows]


def confirmed(email: str = "eva@exempel.example", language: str = "sv") -> NewsletterReader:
    return NewsletterReader.objects.create(
        email=email,
        language=language,
        asked_at=NOW,
        answered_at=NOW,
        confirmed_at=NOW,
        told_until=NOW,
        due_at=next_monthly_morning(NOW),
    )


@pytest.fixture(autouse=True)
def no_counts() -> None:
    cache.clear()


def test_asked_for_and_confirmed(client: Client, db: None) -> None:
    answer = client.post(ASK, {"email": "Eva@Exempel.example"})
    assert answer["Location"] == "/nyhetsbrev/bestallt/"
    (mail,) = mails()
    assert mail["recipients"] == ["eva@exempel.example"]
    assert mail["subject"] == "Bekräfta att du vill ha vårt nyhetsbrev"
    (link,) = [word for word in mail["body"].split() if "/bekrafta/" in word]
    path = link.removeprefix("http://localhost:8000")
    strict = Client(enforce_csrf_checks=True)
    assert "Vill du ha nyhetsbrevet?" in strict.get(path).content.decode()
    assert NewsletterReader.objects.get().confirmed_at is None, "a program has read the link, no more"
    assert strict.post(path).status_code == 403
    assert "från och med nu" in client.post(path).content.decode()
    first = NewsletterReader.objects.get().confirmed_at
    client.post(path)
    assert first is not None
    assert NewsletterReader.objects.get().confirmed_at == first


def test_the_answer_is_the_same_for_every_address(client: Client, db: None) -> None:
    confirmed("kand@exempel.example")
    NewsletterReader.objects.update(answered_at=timezone.now() - 2 * DAY)
    ask("nyss@exempel.example", now=timezone.now())
    answers = []
    for address in ("ny@exempel.example", "kand@exempel.example", "nyss@exempel.example"):
        answer = client.post(ASK, {"email": address})
        answers.append((answer.status_code, answer["Location"], answer.content))
    assert len(set(answers)) == 1
    assert [mail["subject"] for mail in mails()] == [
        "Bekräfta att du vill ha vårt nyhetsbrev",
        "Bekräfta att du vill ha vårt nyhetsbrev",
        "Du får redan vårt nyhetsbrev",
    ]


def test_an_address_gets_one_such_mail_a_day(db: None) -> None:
    for hours in (0, 1, 23):
        ask(now=NOW + timedelta(hours=hours))
    assert len(mails()) == 1
    ask(now=NOW + timedelta(hours=25), language="en")
    assert mails()[-1]["subject"] == "Confirm that you want our newsletter"


def test_so_many_from_one_place_and_none_without_a_count(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(newsletter.ASKING.most):
        assert client.post(ASK, {"email": f"eva{number}@exempel.example"}).status_code == 302
    assert client.post(ASK, {"email": "en.till@exempel.example"}).status_code == 429
    cache.clear()

    def gone(*_: Any, **__: Any) -> Any:
        from redis.exceptions import ConnectionError as Unreachable

        raise Unreachable

    monkeypatch.setattr(ForgivingRedisCache, "incr", gone)
    assert client.post(ASK, {"email": "en.till@exempel.example"}).status_code == 429
    assert len(mails()) == newsletter.ASKING.most


def test_wrong_addresses_and_robots(client: Client, db: None) -> None:
    wrong = client.post(ASK, {"email": "eva"})
    assert wrong.status_code == 422
    assert "namn@exempel.se" in wrong.content.decode()
    robot = client.post(ASK, {"email": "eva@exempel.example", "website": "https://x.example"})
    assert robot["Location"] == "/nyhetsbrev/bestallt/"
    assert not NewsletterReader.objects.exists()


def test_an_address_that_nobody_confirms_is_gone_in_seven_days(client: Client, db: None) -> None:
    ask()
    confirmed("kvar@exempel.example")
    token = newsletter.confirm_token(NewsletterReader.objects.get(email="eva@exempel.example"))
    assert newsletter.forget_unconfirmed(now=NOW + 7 * DAY - timedelta(seconds=1)) == 0
    assert newsletter.forget_unconfirmed(now=NOW + 7 * DAY) == 1
    assert NewsletterReader.objects.get().email == "kvar@exempel.example"
    assert not newsletter.confirm_newsletter(token=token, now=NOW + 8 * DAY)
    assert "Länken fungerar inte längre" in client.get(f"/nyhetsbrev/bekrafta/{token}/").content.decode()


def test_one_click_stops_and_the_address_is_gone(db: None) -> None:
    reader = confirmed()
    strict = Client(enforce_csrf_checks=True)
    address = f"/nyhetsbrev/sluta/{newsletter.stop_token(reader)}/"
    assert "Vill du sluta" in strict.get(address).content.decode()
    for _ in range(2):
        answer = strict.post(address, {"List-Unsubscribe": "One-Click"})
        assert "Din adress är borttagen." in answer.content.decode()
    assert not NewsletterReader.objects.exists()
    assert strict.post(f"/nyhetsbrev/sluta/{newsletter.confirm_token(reader)}/").status_code == 404
    assert newsletter.reader_to_confirm(newsletter.stop_token(reader)) is None


def test_a_letter_of_what_everybody_may_see(db: None) -> None:
    reader = confirmed()
    shown = InitiativeFactory(title="Öppen verkstad", published_at=NOW + timedelta(hours=1))
    for hidden in ({"draft": True}, {"visibility": "chosen"}, {"paused": True}):
        InitiativeFactory(**{"title": "Hemlig verkstad", "published_at": NOW + timedelta(hours=1), **hidden})
    InitiativeFactory(title="Gammal verkstad", published_at=NOW - DAY)
    for number in range(7):
        SupportOfferFactory(title=f"Stöd nummer {number}", published_at=NOW + timedelta(hours=1))
    due = reader.due_at
    assert due is not None
    assert (due.day <= 7, due.weekday()) == (True, 1)
    assert newsletter.send_all_due(now=due - timedelta(seconds=1)) == 0
    assert newsletter.send_all_due(now=due) == 1
    assert newsletter.send_all_due(now=due) == 0
    (mail,) = mails()
    assert mail["subject"] == "Nytt på Brygga"
    stop = f"http://localhost:8000/nyhetsbrev/sluta/{newsletter.stop_token(reader)}/"
    assert mail["headers"] == {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert mail["body"].startswith(
        f"Nya initiativ\n\nÖppen verkstad\n{shown.organisation.name}\n"
        f"http://localhost:8000/initiativ/{shown.public_id}/\n\nSe alla:\nhttp://localhost:8000/initiativ/\n"
    )
    assert mail["body"].count("Stöd nummer") == 5
    assert "Och 2 till, som du ser på sidan." in mail["body"]
    assert "Hemlig" not in mail["body"]
    assert "Gammal" not in mail["body"]
    assert newsletter.send_all_due(now=due + 40 * DAY) == 0, "nothing new is no letter"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_and_one_that_is_killed() -> None:
    reader = confirmed()
    InitiativeFactory(published_at=NOW + timedelta(hours=1))
    assert reader.due_at is not None
    due = reader.due_at

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction.atomic():
        assert newsletter.send_letter(number=reader.pk, now=due)
        raise Killed
    assert mails() == []
    together = threading.Barrier(2)
    outcomes: list[int] = []

    def send() -> None:
        try:
            together.wait(timeout=10)
            outcomes.append(newsletter.send_all_due(now=due))
        finally:
            connection.close()

    def ask_again() -> None:
        try:
            together.wait(timeout=10)
            ask("samtidigt@exempel.example")
        finally:
            connection.close()

    for work in (send, ask_again):
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert sorted(outcomes) == [0, 1]
    assert len(mails()) == 2, "one letter, and one mail to the address that asked twice at once"
