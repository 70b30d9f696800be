"""One's own account: what it shows, changing it, and proving first that it is oneself."""

from __future__ import annotations

import time

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from brygga.audit.models import AuditEvent
from brygga.users.models import User
from brygga.users.recent import RECENT_SECONDS
from tests.factories import UserFactory
from tests.users.conftest import newest_code, waiting_mails

PROTECTED = [
    "account_email",
    "account_set_password",
    "users:create-token",
    "mfa_activate_totp",
    "mfa_add_webauthn",
]


@pytest.fixture
def amina(db: None) -> User:
    return UserFactory(email="amina@exempel.example", name="Amina Warsame")


@pytest.fixture
def signed_in(client: Client, amina: User) -> Client:
    """A browser that has just signed in by code."""
    client.post("/konto/logga-in/", {"login": amina.email})
    client.post("/konto/logga-in/kod/skriv/", {"code": newest_code()})
    return client


def let_time_pass(client: Client, seconds: int) -> None:
    session = client.session
    records = session["account_authentication_methods"]
    for record in records:
        record["at"] -= seconds
    session["account_authentication_methods"] = records
    session.save()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_account_pages_open_in_both_languages(signed_in: Client, language: str) -> None:
    names = ["users:account", "users:profile", "users:tokens", "usersessions_list", "mfa_index", *PROTECTED]
    with override(language):
        for name in names:
            response = signed_in.get(reverse(name))
            assert response.status_code == 200, name
            html = response.content.decode()
            assert html.count("<h1") == 1, name
            assert 'style="' not in html, name


def test_account_pages_ask_visitors_to_sign_in(client: Client, db: None) -> None:
    for name in ["users:account", "users:profile", "users:tokens", "usersessions_list", "mfa_index"]:
        response = client.get(reverse(name))
        assert response.status_code == 302, name
        assert response["Location"].startswith("/konto/logga-in/?next="), name


def test_name_and_language_are_changed(signed_in: Client, amina: User) -> None:
    response = signed_in.post(reverse("users:profile"), {"name": "Amina W", "language": "en"})

    amina.refresh_from_db()
    assert (amina.name, amina.language) == ("Amina W", "en")
    assert response["Location"] == "/en/account/"


def test_profile_without_a_name_is_422_and_keeps_the_rest(signed_in: Client, amina: User) -> None:
    response = signed_in.post(reverse("users:profile"), {"name": " ", "language": "en"})

    assert response.status_code == 422
    amina.refresh_from_db()
    assert (amina.name, amina.language) == ("Amina Warsame", "sv")


def test_address_is_changed_by_code_to_the_new_address(signed_in: Client, amina: User) -> None:
    signed_in.post(reverse("account_email"), {"action_add": "1", "email": "ny@exempel.example"})
    assert waiting_mails()[-1]["recipients"] == ["ny@exempel.example"]

    signed_in.post(reverse("account_email_verification_sent"), {"code": newest_code()})

    amina.refresh_from_db()
    assert amina.email == "ny@exempel.example"
    assert list(EmailAddress.objects.filter(user=amina).values_list("email", "verified")) == [
        ("ny@exempel.example", True)
    ]
    told = waiting_mails()[-1]
    assert told["subject"] == "Din e-postadress är ändrad"
    assert "amina@exempel.example" in told["recipients"], "the old address is warned"
    changed = AuditEvent.objects.get(verb="change_email")
    assert changed.details == {}


def test_address_of_somebody_else_is_not_taken_and_not_given_away(signed_in: Client, amina: User) -> None:
    UserFactory(email="upptagen@exempel.example")

    response = signed_in.post(
        reverse("account_email"), {"action_add": "1", "email": "upptagen@exempel.example"}
    )

    assert response.status_code == 302, "the same answer as for a free address"
    amina.refresh_from_db()
    assert amina.email == "amina@exempel.example"


@pytest.mark.parametrize("name", PROTECTED)
def test_changing_how_one_signs_in_needs_a_new_code_after_a_while(signed_in: Client, name: str) -> None:
    address = reverse(name)
    assert signed_in.get(address).status_code == 200
    let_time_pass(signed_in, RECENT_SECONDS + 1)

    asked = signed_in.get(address)
    assert asked["Location"].startswith("/konto/bekrafta-att-det-ar-du/?next=")
    page = signed_in.get(asked["Location"])
    wrong = signed_in.post(asked["Location"], {"code": "nej"})
    right = signed_in.post(asked["Location"], {"code": f" {newest_code()[:3]} {newest_code()[3:]} "})

    assert (page.status_code, wrong.status_code) == (200, 422)
    assert right["Location"] == address
    assert signed_in.get(address).status_code == 200


def test_confirming_sends_one_mail_per_code_and_takes_five_attempts(signed_in: Client) -> None:
    let_time_pass(signed_in, RECENT_SECONDS + 1)
    address = "/konto/bekrafta-att-det-ar-du/"
    before = len(waiting_mails())
    signed_in.get(address)
    signed_in.get(address)
    assert len(waiting_mails()) == before + 1, "loading the page again sends nothing"
    code = newest_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    answers = [signed_in.post(address, {"code": wrong}).status_code for _ in range(5)]
    after = signed_in.post(address, {"code": code})

    assert answers == [422] * 5
    assert after["Location"] == address, "the right code comes too late: a new one is sent"
    assert len(waiting_mails()) == before + 2


def test_confirming_never_leads_to_another_site(signed_in: Client) -> None:
    response = signed_in.get("/konto/bekrafta-att-det-ar-du/?next=https://ond.example/")

    assert response["Location"] == "/konto/"


def test_password_is_chosen_and_then_asked_for(signed_in: Client, amina: User) -> None:
    password = "fyra ord i rad"
    signed_in.post(reverse("account_set_password"), {"password1": password, "password2": password})

    amina.refresh_from_db()
    assert amina.check_password(password)
    let_time_pass(signed_in, RECENT_SECONDS + 1)
    asked = signed_in.get(reverse("account_email"))
    assert asked["Location"].startswith("/konto/igen/")
    assert signed_in.post(asked["Location"], {"password": "fel"}).status_code == 422
    assert signed_in.post(asked["Location"], {"password": password})["Location"] == "/konto/e-post/"


def test_a_poor_password_is_told_why(signed_in: Client, amina: User) -> None:
    response = signed_in.post(reverse("account_set_password"), {"password1": "kort", "password2": "kort"})

    assert response.status_code == 422
    amina.refresh_from_db()
    assert not amina.has_usable_password()


def test_other_sessions_are_seen_and_ended(signed_in: Client, amina: User) -> None:
    other = Client(headers={"user-agent": "Telefonen"})
    other.post("/konto/logga-in/", {"login": amina.email})
    other.post("/konto/logga-in/kod/skriv/", {"code": newest_code()})

    assert "Telefonen" in signed_in.get(reverse("usersessions_list")).content.decode()
    signed_in.post(reverse("usersessions_list"))

    assert other.get("/konto/").status_code == 302
    assert signed_in.get("/konto/").status_code == 200


def test_signing_out_clears_the_browser(signed_in: Client) -> None:
    asked = signed_in.get(reverse("account_logout"))
    done = signed_in.post(reverse("account_logout"))

    assert asked.status_code == 200
    assert done["Location"] == "/"
    assert done["Clear-Site-Data"] == '"cache", "storage"'


def test_code_for_confirming_is_not_kept_in_the_session(signed_in: Client) -> None:
    let_time_pass(signed_in, RECENT_SECONDS + 1)
    signed_in.get("/konto/bekrafta-att-det-ar-du/")

    kept = signed_in.session["confirm_it_is_you"]
    assert newest_code() not in str(kept["hash"])
    assert kept["at"] <= time.time()
