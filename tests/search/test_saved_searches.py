"""Saved searches: kept as they stand in the address, told once, never wider, never to others."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from brygga.core.mornings import next_morning, next_weekly_morning
from brygga.outbox.models import OutboxMessage
from brygga.search import services
from brygga.search.models import SavedSearch, ToldHit
from brygga.search.selectors import asked_by
from brygga.users.models import User
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, OrganisationFactory, SupportOfferFactory, UserFactory
from tests.queries import queries_for

STOCKHOLM = ZoneInfo("Europe/Stockholm")
THEME = "theme=employment"


def save(user: User, query: str = THEME, kind: str = "initiatives", **changes: Any) -> SavedSearch:
    options = {"name": "Jobb för unga", "rhythm": "daily", "now": NOW, **changes}
    return services.save_search(actor=user, kind=kind, query=query, **options)


def publish(days: float = 0.1, **changes: Any) -> Any:
    return InitiativeFactory(published_at=NOW + timedelta(days=days), **changes)


def mails() -> list[dict[str, Any]]:
    return [one.arguments for one in OutboxMessage.objects.filter(key__startswith="search-").order_by("pk")]


@pytest.fixture
def ruth(db: None) -> User:
    return UserFactory(email="ruth@exempel.example", name="Ruth Malmsten")


# -- when ------------------------------------------------------------------------------------------


@given(st.integers(0, 4 * 365 * 24 * 3600))
def test_mornings_are_at_seven_in_sweden_and_the_first_ones(seconds: int) -> None:
    now = NOW + timedelta(seconds=seconds)
    for found, longest in ((next_morning(now), 25), (next_weekly_morning(now), 7 * 24 + 1)):
        there = found.astimezone(STOCKHOLM)
        assert (there.hour, there.minute, there.second, there.microsecond) == (7, 0, 0, 0)
        assert timedelta(0) < found - now <= timedelta(hours=longest)
    assert next_weekly_morning(now).astimezone(STOCKHOLM).weekday() == 1


# -- saving ----------------------------------------------------------------------------------------


def test_the_address_is_the_search(ruth: User) -> None:
    search = save(ruth, "page=3&sort=newest&theme=employment&place=SE-14&view=map&q=verkstad&theme=nonsense")
    assert search.query == "q=verkstad&place=SE-14&theme=employment"
    assert save(ruth, "theme=employment&q=verkstad&place=SE-14").pk == search.pk


def test_a_filter_that_is_gone_finds_nothing_instead_of_everything(ruth: User) -> None:
    search = save(ruth)
    SavedSearch.objects.update(query="theme=no_longer_there")
    publish()
    assert not services.tell_of_new(search_id=search.pk, now=NOW + timedelta(days=1))
    assert asked_by("initiatives", "theme=no_longer_there", NOW).is_lost


def test_there_is_an_end_to_how_many(ruth: User) -> None:
    for number in range(services.MOST_SEARCHES):
        save(ruth, f"q=ord{number}")
    with pytest.raises(services.CannotSave):
        save(ruth, "q=ett+till")
    save(ruth, "q=ord3", name="Bytt namn")


# -- telling ---------------------------------------------------------------------------------------


def test_a_mail_says_what_is_new_and_how_to_stop(ruth: User) -> None:
    SupportOfferFactory(published_at=NOW - timedelta(days=1))
    search = save(ruth, THEME, "offers", name="Stöd till jobb")
    new = SupportOfferFactory(published_at=NOW + timedelta(hours=3), title="Bidrag till verkstäder")
    assert services.tell_all_due(now=NOW + timedelta(days=1)) == 1
    (mail,) = mails()
    token = services.stop_token(search)
    assert mail["recipients"] == ["ruth@exempel.example"]
    assert mail["subject"] == "1 nytt stöd: Stöd till jobb"
    assert mail["headers"] == {
        "List-Unsubscribe": f"<http://localhost:8000/bevakningar/sluta/{token}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert mail["body"] == (
        "Nytt i din bevakning ”Stöd till jobb”:\n\n"
        f"Bidrag till verkstäder\n{new.organisation.name}\nhttp://localhost:8000/stod/{new.public_id}/\n\n"
        "Se allt den hittar:\nhttp://localhost:8000/stod/?theme=employment\n\n"
        "Du får det här för att du bevakar sökningen. Ändra eller ta bort den här:\n"
        "http://localhost:8000/bevakningar/\n\n"
        f"Sluta få de här mejlen direkt, utan att logga in:\nhttp://localhost:8000/bevakningar/sluta/{token}/\n\n"
        "--\nBrygga\nFrågor? Skriv till hej@brygga.example.\n"
    )


def test_the_mail_is_in_the_persons_language(ruth: User) -> None:
    User.objects.update(language="en")
    save(ruth)
    publish()
    publish()
    services.tell_all_due(now=NOW + timedelta(days=1))
    (mail,) = mails()
    assert mail["subject"] == "2 new initiatives: Jobb för unga"
    assert "/en/initiatives/" in mail["body"]
    assert "/en/saved-searches/" in mail["body"]


def test_nothing_new_is_no_mail_and_nothing_is_told_twice(ruth: User) -> None:
    search = save(ruth)
    day = timedelta(days=1)
    assert services.tell_all_due(now=NOW + day) == 0
    told = publish(days=1.2)
    assert services.tell_all_due(now=NOW + 2 * day) == 1
    assert services.tell_all_due(now=NOW + 2 * day) == 0
    # Paused and published anew: its person knows it already.
    type(told).objects.update(published_at=NOW + 2.5 * day)
    assert services.tell_all_due(now=NOW + 3 * day) == 0
    # Published before the last look, in a transaction that came late.
    publish(days=2.9)
    assert services.tell_all_due(now=NOW + 4 * day) == 1
    assert ToldHit.objects.filter(search=search).count() == 2
    assert len(mails()) == 2


def test_a_mail_names_only_what_everybody_may_see(cast: Cast) -> None:
    save(cast.amina)
    publish(title="Öppen verkstad")
    publish(title="Hemlig verkstad", organisation=cast.association, visibility="chosen")
    publish(title="Andras hemlighet", visibility="chosen")
    publish(title="Utkast", draft=True)
    services.tell_all_due(now=NOW + timedelta(days=1))
    (mail,) = mails()
    assert mail["subject"].startswith("2 nya initiativ")
    assert "Öppen verkstad" in mail["body"]
    assert "Och 1 till, som du ser på sidan." in mail["body"]
    for hidden in ("Hemlig", "hemlighet", "Utkast"):
        assert hidden not in mail["body"]


def test_contact_details_in_a_title_and_private_owners_are_not_mailed(ruth: User) -> None:
    save(ruth)
    owner = OrganisationFactory(kind="individual", name="Karin Enskild")
    publish(title="Ring 070-174 06 05 eller karin@exempel.example", organisation=owner)
    services.tell_all_due(now=NOW + timedelta(days=1))
    (mail,) = mails()
    for secret in ("070-174", "karin@", "Enskild"):
        assert secret not in mail["body"]


def test_weekly_is_on_tuesdays_and_paused_is_not_at_all(ruth: User) -> None:
    weekly = save(ruth, rhythm="weekly")
    assert weekly.due_at.astimezone(STOCKHOLM) == datetime(2026, 3, 3, 7, tzinfo=STOCKHOLM)
    services.pause_search(search=weekly, actor=ruth, now=NOW)
    publish()
    assert services.tell_all_due(now=NOW + timedelta(days=9)) == 0
    services.resume_search(search=weekly, actor=ruth, now=NOW + timedelta(days=9))
    assert services.tell_all_due(now=NOW + timedelta(days=20)) == 0, "what came while it rested is not news"
    publish(days=21)
    assert services.tell_all_due(now=NOW + timedelta(days=30)) == 1


def test_one_that_fails_does_not_keep_the_others(ruth: User, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = save(ruth, "q=verkstad"), save(ruth)
    publish()
    real = services.news_of

    def news(search: SavedSearch, now: datetime) -> Any:
        if search.pk == broken.pk:
            raise RuntimeError("something")
        return real(search, now)

    monkeypatch.setattr(services, "news_of", news)
    assert services.tell_all_due(now=NOW + timedelta(days=1)) == 1
    broken.refresh_from_db()
    assert broken.due_at == NOW + timedelta(days=1) + services.AFTER_AN_ERROR
    assert ToldHit.objects.values_list("search_id", flat=True).get() == whole.pk


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail() -> None:
    search = save(UserFactory())
    publish()
    together = threading.Barrier(2)
    outcomes: list[int] = []

    def tell() -> None:
        try:
            together.wait(timeout=10)
            outcomes.append(services.tell_all_due(now=NOW + timedelta(days=1)))
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == [0, 1]
    assert len(mails()) == 1
    assert ToldHit.objects.filter(search=search).count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_is_killed_in_the_middle_has_done_nothing() -> None:
    search = save(UserFactory())
    publish()

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction.atomic():
        services.tell_of_new(search_id=search.pk, now=NOW + timedelta(days=1))
        raise Killed
    assert (mails(), ToldHit.objects.count()) == ([], 0)
    assert services.tell_all_due(now=NOW + timedelta(days=1)) == 1


# -- one's own -------------------------------------------------------------------------------------


def test_only_its_person_may_change_it(cast: Cast) -> None:
    search = save(cast.ruth)
    deeds: list[Any] = [services.pause_search, services.resume_search, services.delete_search]
    for deed in [*deeds, services.restore_search]:
        with pytest.raises(PermissionDenied):
            deed(search=search, actor=cast.sara, now=NOW)
    with pytest.raises(PermissionDenied):
        services.change_search(search=search, actor=cast.sara, name="x", rhythm="daily", now=NOW)


def test_delete_and_undo(ruth: User) -> None:
    search = save(ruth)
    services.delete_search(search=search, actor=ruth, now=NOW)
    assert services.tell_all_due(now=NOW + timedelta(days=1)) == 0
    assert services.restore_search(search=search, actor=ruth, now=NOW + timedelta(days=2))
    services.delete_search(search=search, actor=ruth, now=NOW)
    save(ruth, name="På nytt")
    assert not services.restore_search(search=search, actor=ruth, now=NOW + timedelta(days=2))
    assert services.forget_deleted_searches(now=NOW + timedelta(days=6)) == 0
    assert services.forget_deleted_searches(now=NOW + timedelta(days=7)) == 1
    assert [one.name for one in SavedSearch.objects.all()] == ["På nytt"]


# -- pages -----------------------------------------------------------------------------------------


def test_from_the_catalogue_to_my_page(ruth: User, client: Client) -> None:
    page = client.get("/initiativ/?theme=employment&page=1").content.decode()
    (address,) = re.findall(r'href="(/bevakningar/bevaka/[^"]+)"', page)
    assert address == "/bevakningar/bevaka/initiatives/?theme=employment"
    assert client.get(address)["Location"].endswith("%3Ftheme%3Demployment"), "sign-in keeps the search"
    client.force_login(ruth)
    assert asked_by("initiatives", THEME, NOW).labels[0] in client.get(address).content.decode()
    empty = client.post(address, {"name": "", "rhythm": "daily"})
    assert empty.status_code == 422
    assert client.post(address, {"name": "Jobb", "rhythm": "weekly"})["Location"] == "/bevakningar/"
    mine = client.get("/bevakningar/").content.decode()
    assert "Jobb" in mine
    assert "/initiativ/?theme=employment" in mine
    assert "/bevakningar/" in client.get("/min-sida/").content.decode()
    search = SavedSearch.objects.get()
    deleted = client.post(f"/bevakningar/{search.public_id}/ta-bort/")
    page = client.get(deleted["Location"]).content.decode()
    assert "”Jobb” är borttagen." in page
    assert client.post(f"/bevakningar/{search.public_id}/ta-tillbaka/").status_code == 302
    assert SavedSearch.objects.kept().count() == 1


def test_one_click_stops_without_signing_in_and_reading_the_link_does_not(ruth: User) -> None:
    search = save(ruth)
    strict = Client(enforce_csrf_checks=True)
    address = f"/bevakningar/sluta/{services.stop_token(search)}/"
    assert "Vill du sluta" in strict.get(address).content.decode()
    assert not SavedSearch.objects.filter(paused_at__isnull=False).exists()
    for _ in range(2):
        answer = strict.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert SavedSearch.objects.filter(paused_at__isnull=False).count() == 1
    assert "ruth" not in answer.content.decode().lower()
    for wrong in (search.public_id, f"{search.public_id}:x", services.stop_token(search)[:-1]):
        assert strict.post(f"/bevakningar/sluta/{wrong}/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three(ruth: User, client: Client) -> None:
    client.force_login(ruth)
    save(ruth, now=timezone.now())
    queries_for(client, "/bevakningar/")
    one = queries_for(client, "/bevakningar/")
    save(ruth, "q=verkstad")
    save(ruth, "place=SE-14", "offers")
    assert queries_for(client, "/bevakningar/") == one
