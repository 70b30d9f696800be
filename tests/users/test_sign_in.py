"""Sign-up and sign-in: codes by e-mail, the same answer for known and unknown addresses."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import override

from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from tests.factories import UserFactory
from tests.users.conftest import newest_code, waiting_mails

LOGIN = "/konto/logga-in/"
SIGN_UP = "/konto/skapa/"
NEW_PERSON = {"name": "Eva Lind", "email": "Eva.Lind@Exempel.example", "language": "sv", "website": ""}


def sign_up(client: Client, **changes: str) -> None:
    response = client.post(SIGN_UP, {**NEW_PERSON, **changes})
    assert response.status_code == 302, response.content.decode()


def confirm(client: Client, address: str) -> str:
    response = client.post(address, {"code": newest_code()})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def test_sign_up_confirms_the_address_by_code_and_needs_no_password(client: Client, db: None) -> None:
    sign_up(client)

    assert "_auth_user_id" not in client.session, "nobody is signed in before the code"
    assert confirm(client, "/konto/e-post/bekrafta/") == "/min-sida/"

    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("eva.lind@exempel.example", "Eva Lind", "sv")
    assert not user.has_usable_password()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("eva.lind@exempel.example", True, True)
    ]


def test_a_wrong_code_is_told_and_does_not_sign_in(client: Client, db: None) -> None:
    sign_up(client)
    wrong = f"{(int(newest_code()) + 1) % 10**6:06d}"

    response = client.post("/konto/e-post/bekrafta/", {"code": wrong})

    assert response.status_code == 422
    assert "inte koden vi skickade senast" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_sign_in_by_code(client: Client, db: None) -> None:
    user = UserFactory(email="amina@exempel.example")

    response = client.post(LOGIN, {"login": "Amina@Exempel.example "})

    assert (response.status_code, response["Location"]) == (302, "/konto/logga-in/kod/skriv/")
    assert confirm(client, "/konto/logga-in/kod/skriv/") == "/min-sida/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_code_works_once(client: Client, db: None) -> None:
    UserFactory(email="amina@exempel.example")
    client.post(LOGIN, {"login": "amina@exempel.example"})
    code = newest_code()
    confirm(client, "/konto/logga-in/kod/skriv/")
    client.post("/konto/logga-ut/")

    client.post("/konto/logga-in/kod/skriv/", {"code": code})

    assert "_auth_user_id" not in client.session


def test_where_the_person_was_going_is_kept_all_the_way(client: Client, db: None) -> None:
    UserFactory(email="amina@exempel.example")
    going_to = "/organisationer/ny/?a=1"
    asked = client.get(going_to)
    assert asked.status_code == 302
    page = client.get(asked["Location"])
    assert 'name="next" value="/organisationer/ny/?a=1"' in page.content.decode()

    response = client.post(LOGIN, {"login": "amina@exempel.example", "next": going_to})
    page = client.get(response["Location"])
    assert 'name="next" value="/organisationer/ny/?a=1"' in page.content.decode()

    done = client.post("/konto/logga-in/kod/skriv/", {"code": newest_code(), "next": going_to})
    assert done["Location"] == going_to


def test_next_never_leads_to_another_site(client: Client, db: None) -> None:
    UserFactory(email="amina@exempel.example")
    client.post(LOGIN, {"login": "amina@exempel.example", "next": "https://ond.example/"})

    done = client.post("/konto/logga-in/kod/skriv/", {"code": newest_code(), "next": "https://ond.example/"})

    assert done["Location"] == "/min-sida/"


class _Words(HTMLParser):
    """The words of a page, without what differs on every load."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def words(html: bytes) -> list[str]:
    parser = _Words()
    parser.feed(html.decode())
    return parser.words


def test_sign_in_answers_alike_for_known_and_unknown_addresses(db: None) -> None:
    UserFactory(email="kand@exempel.example")
    answers = {}
    for address in ("kand@exempel.example", "okand@exempel.example"):
        client = Client()
        response = client.post(LOGIN, {"login": address})
        page = client.get(response["Location"])
        shown = [word.replace(address, "ADDRESS") for word in words(page.content)]
        answers[address] = (response.status_code, response["Location"], page.status_code, shown)

    assert answers["kand@exempel.example"] == answers["okand@exempel.example"]
    known, unknown = waiting_mails()
    assert re.search(r"\d{6}", str(known["subject"]))
    assert unknown["subject"] == "Du har inget konto på Brygga än"
    assert unknown["recipients"] == ["okand@exempel.example"]
    assert "/konto/skapa/" in str(unknown["body"])


def test_sign_up_answers_alike_for_known_and_unknown_addresses(db: None) -> None:
    UserFactory(email="kand@exempel.example", name="Förra Namnet")
    answers = {}
    for address in ("kand@exempel.example", "okand@exempel.example"):
        client = Client()
        response = client.post(SIGN_UP, {**NEW_PERSON, "email": address})
        page = client.get(response["Location"])
        shown = [word.replace(address, "ADDRESS") for word in words(page.content)]
        wrong = client.post(response["Location"], {"code": "000000"})
        again = [word.replace(address, "ADDRESS") for word in words(wrong.content)]
        answers[address] = (response["Location"], page.status_code, shown, wrong.status_code, again)

    assert answers["kand@exempel.example"] == answers["okand@exempel.example"]
    assert User.objects.get(email="kand@exempel.example").name == "Förra Namnet"
    assert waiting_mails()[0]["subject"] == "Du har redan ett konto"


def test_sign_up_takes_about_as_long_for_known_and_unknown_addresses(db: None) -> None:
    """Loosely: no password is hashed in either branch, so none is many times slower than the other."""
    for number in range(6):
        UserFactory(email=f"kand{number}@exempel.example")

    def seconds(address: str) -> float:
        client = Client()
        started = time.perf_counter()
        client.post(SIGN_UP, {**NEW_PERSON, "email": address})
        return time.perf_counter() - started

    seconds("varm@exempel.example")
    known = sorted(seconds(f"kand{number}@exempel.example") for number in range(6))[2]
    unknown = sorted(seconds(f"ny{number}@exempel.example") for number in range(6))[2]

    assert max(known, unknown) / min(known, unknown) < 5


def test_mails_go_through_the_outbox_as_plain_text_in_the_readers_language(db: None) -> None:
    UserFactory(email="english@exempel.example", language="en")

    Client().post(LOGIN, {"login": "english@exempel.example"})  # a Swedish page, an English account

    assert mail.outbox == []
    (written,) = waiting_mails()
    assert str(written["subject"]).startswith("Your code is ")
    assert "It works for 15 minutes." in str(written["body"])
    assert "html" not in written
    assert "Questions? Write to" in str(written["body"])


def test_asking_twice_sends_two_mails_with_keys_of_their_own(db: None) -> None:
    UserFactory(email="amina@exempel.example")
    for _ in range(2):
        Client().post(LOGIN, {"login": "amina@exempel.example"})

    assert OutboxMessage.objects.values("key").distinct().count() == 2


@pytest.mark.parametrize(
    ("page", "fields", "said"),
    [
        (LOGIN, {"login": "inte en adress"}, "e-postadress"),
        (LOGIN, {}, ""),
        (SIGN_UP, {**NEW_PERSON, "email": "nej"}, "Eva Lind"),
        (SIGN_UP, {"email": "eva@exempel.example"}, "eva@exempel.example"),
    ],
)
def test_what_cannot_be_accepted_is_422_and_keeps_what_was_typed(
    client: Client, db: None, page: str, fields: dict[str, str], said: str
) -> None:
    response = client.post(page, fields)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert "<title>Fel: " in response.content.decode()
    assert User.objects.count() == 0


def test_programs_that_fill_in_everything_get_no_account(client: Client, db: None) -> None:
    response = client.post(SIGN_UP, {**NEW_PERSON, "website": "https://skrap.example"})

    assert response.status_code == 302
    assert User.objects.count() == 0


def test_home_is_in_the_accounts_language_whatever_the_sign_in_page_was(client: Client, db: None) -> None:
    UserFactory(email="english@exempel.example", language="en")
    client.post(LOGIN, {"login": "english@exempel.example"})

    assert confirm(client, "/konto/logga-in/kod/skriv/") == "/en/my-page/"


def test_sign_in_with_a_password_that_was_chosen(client: Client, db: None) -> None:
    user = UserFactory(email="amina@exempel.example")
    user.set_password("lagom hemligt lösenord")
    user.save()
    address = reverse("users:password-sign-in")

    wrong = client.post(address, {"login": "amina@exempel.example", "password": "fel"})
    right = client.post(address, {"login": "amina@exempel.example", "password": "lagom hemligt lösenord"})

    assert wrong.status_code == 422
    assert "hör inte ihop" in wrong.content.decode()
    assert (right.status_code, right["Location"]) == (302, "/min-sida/")


@override_settings(ACCOUNT_RATE_LIMITS={"request_login_code": "2/m/key"})
def test_codes_are_not_sent_without_end(db: None) -> None:
    UserFactory(email="amina@exempel.example")
    answers = [Client().post(LOGIN, {"login": "amina@exempel.example"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "många försök" in answers[-1].content.decode()
    assert len(waiting_mails()) == 2


def test_closed_accounts_get_no_code(client: Client, db: None) -> None:
    UserFactory(email="stangd@exempel.example", is_active=False)

    client.post(LOGIN, {"login": "stangd@exempel.example"})

    assert [m["subject"] for m in waiting_mails()] == ["Du har inget konto på Brygga än"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_for_visitors_is_translated(client: Client, db: None, language: str) -> None:
    with override(language):
        for name in ("account_login", "account_signup", "users:password-sign-in", "account_reset_password"):
            response = client.get(reverse(name))
            assert response.status_code == 200
            assert f'<html lang="{language}"' in response.content.decode()
            assert 'style="' not in response.content.decode()


def test_forgotten_password_by_code(client: Client, db: None) -> None:
    user = UserFactory(email="amina@exempel.example")
    user.set_password("det gamla lösenordet")
    user.save()
    client.post("/konto/losenord/glomt/", {"email": "amina@exempel.example"})
    client.post("/konto/losenord/glomt/kod/", {"code": newest_code()})
    new = {"password1": "det nya längre lösenordet", "password2": "det nya längre lösenordet"}

    response = client.post("/konto/losenord/glomt/nytt/", new)

    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password("det nya längre lösenordet")
