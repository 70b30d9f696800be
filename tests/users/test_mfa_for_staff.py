"""Staff get nowhere without a second factor; the admin's sign-in is ours."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client, override_settings
from django.urls import reverse

from brygga.users.models import User
from tests.factories import UserFactory
from tests.users.conftest import newest_code

ACTIVATE = "/konto/tva-steg/totp/activate/"


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory(email="stefan@exempel.example", staff=True)


def sign_in(client: Client, email: str) -> None:
    client.post("/konto/logga-in/", {"login": email})
    client.post("/konto/logga-in/kod/skriv/", {"code": newest_code()})


@pytest.mark.parametrize("page", ["/min-sida/", "/", "/admin/", "/organisationer/", "/konto/nycklar/"])
def test_staff_without_second_factor_are_led_to_set_one_up(client: Client, staff: User, page: str) -> None:
    client.force_login(staff)

    response = client.get(page)

    assert (response.status_code, response["Location"]) == (302, ACTIVATE)


def test_staff_can_sign_out_without_second_factor(client: Client, staff: User) -> None:
    client.force_login(staff)

    assert client.post(reverse("account_logout"))["Location"] == "/"


def test_staff_set_up_an_app_and_get_in(client: Client, staff: User) -> None:
    sign_in(client, staff.email)
    page = client.get(ACTIVATE)
    assert page.status_code == 200
    secret = page.context["form"].secret

    wrong = client.post(ACTIVATE, {"code": "000000"})
    code = auth.format_hotp_value(auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time()))))
    right = client.post(ACTIVATE, {"code": code})

    assert wrong.status_code == 422
    assert right.status_code == 302
    assert client.get("/admin/").status_code == 200


def test_second_factor_is_asked_for_at_sign_in(client: Client, staff: User) -> None:
    auth.TOTP.activate(staff, auth.generate_totp_secret())

    client.post("/konto/logga-in/", {"login": staff.email})
    response = client.post("/konto/logga-in/kod/skriv/", {"code": newest_code()})

    assert response["Location"] == "/konto/tva-steg/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get(response["Location"]).status_code == 200


def test_people_who_are_not_staff_need_none(client: Client, db: None) -> None:
    client.force_login(UserFactory())

    assert client.get("/min-sida/").status_code == 200


def test_demo_staff_are_exempt_in_demo_mode_only(client: Client, db: None) -> None:
    client.force_login(UserFactory(staff=True, demo=True))

    assert client.get("/admin/").status_code == 200
    with override_settings(DEMO_MODE=False):
        assert client.get("/admin/")["Location"] == ACTIVATE


def test_api_is_closed_to_staff_without_second_factor(client: Client, staff: User) -> None:
    client.force_login(staff)

    assert client.get("/api/v1/").status_code == 403


def test_admin_sends_visitors_to_our_sign_in(client: Client, db: None) -> None:
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/konto/logga-in/?next=")


def test_admin_is_closed_to_people_who_are_not_staff(client: Client, db: None) -> None:
    user = UserFactory()
    client.force_login(user)

    response = client.get("/admin/", follow=True)

    assert response.status_code in {403, 404} or not response.request["PATH_INFO"].startswith("/admin/")
    assert not Authenticator.objects.filter(user=user).exists()


def test_admin_pages_of_people_open(client: Client, db: None) -> None:
    client.force_login(UserFactory(staff=True, demo=True))
    UserFactory(name="Amina Warsame")

    for page in (
        "users/user",
        "organisations/organisation",
        "audit/auditevent",
        "outbox/outboxmessage",
    ):
        assert client.get(f"/admin/{page}/").status_code == 200
