"""One-click people and the mailbox: there in a demo, nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from brygga.outbox.models import MailboxMail
from brygga.users.models import DemoPerson, User
from brygga.users.services import put_demo_person
from tests.factories import UserFactory
from tests.queries import queries_for

SIGN_IN = "/konto/demo/sign-in/"
MAILBOX = "/konto/demo/mailbox/"


@pytest.fixture
def amina(db: None) -> User:
    return put_demo_person(
        email="amina@demo.example",
        name="Amina Warsame",
        group="innovator",
        position=1,
        role=("Driver en verkstad", "Runs a workshop"),
        story=("Lagar cyklar med unga.", "Mends bikes with young people."),
    )


def test_sign_in_page_shows_demo_people_with_role_and_story(client: Client, amina: User) -> None:
    swedish = client.get("/konto/logga-in/").content.decode()
    english = client.get("/en/account/sign-in/").content.decode()

    assert all(text in swedish for text in ("Vill förändra något", "Driver en verkstad", "Lagar cyklar"))
    assert all(text in english for text in ("Wants to change something", "Runs a workshop", "Mends bikes"))


def test_one_click_signs_in(client: Client, amina: User) -> None:
    response = client.post(SIGN_IN, {"person": amina.demo_person.pk})

    assert (response.status_code, response["Location"]) == (302, "/min-sida/")
    assert client.session["_auth_user_id"] == str(amina.pk)
    assert "Amina Warsame" in client.get("/min-sida/").content.decode()


def test_sign_in_is_post_only(client: Client, amina: User) -> None:
    assert client.get(SIGN_IN, {"person": amina.demo_person.pk}).status_code == 405


def test_sign_in_needs_our_own_page(amina: User) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(SIGN_IN, {"person": amina.demo_person.pk}).status_code == 403


@pytest.mark.parametrize("person", ["", "abc", "0", "-1", "99999999999999999999", "²", "1 OR 1=1"])
def test_unknown_people_are_404(client: Client, amina: User, person: str) -> None:
    assert client.post(SIGN_IN, {"person": person}).status_code == 404


def test_real_people_are_refused_even_with_a_demo_card(client: Client, db: None) -> None:
    real = UserFactory()
    card = DemoPerson.objects.create(
        user=real, group="staff", role_sv="x", role_en="x", story_sv="x", story_en="x"
    )

    assert client.post(SIGN_IN, {"person": card.pk}).status_code == 404
    assert real.name not in client.get("/konto/logga-in/").content.decode()


def test_a_real_person_is_never_turned_into_a_demo_person(db: None) -> None:
    UserFactory(email="riktig@exempel.example")

    with pytest.raises(ValueError, match="not a demo person"):
        put_demo_person(
            email="riktig@exempel.example",
            name="Påhittad",
            group="staff",
            position=1,
            role=("x", "x"),
            story=("x", "x"),
            is_staff=True,
        )


def test_putting_a_demo_person_again_renews_it(amina: User) -> None:
    again = put_demo_person(
        email=amina.email,
        name="Amina W",
        group="giver",
        position=2,
        role=("ny", "new"),
        story=("ny", "new"),
    )

    assert (again.pk, again.name, again.demo_person.group) == (amina.pk, "Amina W", "giver")
    assert User.objects.count() == 1


def test_next_leads_on_but_never_away(client: Client, amina: User) -> None:
    person = amina.demo_person.pk

    here = client.post(SIGN_IN, {"person": person, "next": "/organisationer/"})
    away = client.post(SIGN_IN, {"person": person, "next": "https://ond.example/"})

    assert (here["Location"], away["Location"]) == ("/organisationer/", "/min-sida/")


def test_mailbox_lists_newest_first_and_opens_each(client: Client, db: None) -> None:
    for number in range(25):
        MailboxMail.objects.create(
            sent_at=timezone.now() + timedelta(minutes=number),
            sender="brygga",
            recipients=f"eva{number}@exempel.example",
            subject=f"Mejl {number}.",
            body="Hej <b>Eva</b>\n\nhttp://localhost/sida/",
        )

    first = client.get(MAILBOX).content.decode()
    second = client.get(MAILBOX, {"page": "2"}).content.decode()
    odd = client.get(MAILBOX, {"page": "abc"})
    opened = client.get(f"{MAILBOX}{MailboxMail.objects.get(subject='Mejl 3.').pk}/").content.decode()

    assert first.index("Mejl 24.") < first.index("Mejl 23.")
    assert "Mejl 3." not in first
    assert "Mejl 3." in second
    assert odd.status_code == 200
    assert "&lt;b&gt;Eva&lt;/b&gt;" in opened
    assert '<a href="http://localhost/sida/"' in opened


def test_mailbox_costs_the_same_for_one_mail_and_three(client: Client, db: None) -> None:
    counts = []
    client.get(MAILBOX)
    for rows in (1, 2):
        for _ in range(rows):
            MailboxMail.objects.create(sender="b", recipients="e", subject="s", body="b")
        counts.append(queries_for(client, MAILBOX))

    assert counts[0] == counts[1]


@override_settings(DEMO_MODE=False)
def test_views_answer_nothing_when_demo_mode_is_off(client: Client, amina: User) -> None:
    """The addresses are gone too (below); this is the second lock."""
    assert client.post(SIGN_IN, {"person": amina.demo_person.pk}).status_code == 404
    assert client.get(MAILBOX).status_code == 404
    assert "Amina" not in client.get("/konto/logga-in/").content.decode()


PRODUCTION = """
import django, json
django.setup()
from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
names = []
def walk(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            walk(pattern)
        else:
            names.append(pattern.name or "")
walk(get_resolver())
reversed_ = []
for name in ("users:demo-sign-in", "users:mailbox"):
    try:
        reversed_.append(reverse(name))
    except NoReverseMatch:
        pass
found = []
for path in ("/konto/demo/sign-in/", "/konto/demo/mailbox/", "/en/account/demo/mailbox/", "/demo/"):
    try:
        found.append(resolve(path).view_name)
    except Resolver404:
        pass
from brygga.users.selectors import demo_groups
print(json.dumps({
    "demo": settings.DEMO_MODE, "backend": settings.EMAIL_BACKEND, "reversed": reversed_, "found": found,
    "names": [name for name in names if "demo" in name or "mailbox" in name], "groups": demo_groups(),
}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("demo_variable", ["", "1"])
def test_production_has_no_demo_addresses_whatever_the_environment_says(demo_variable: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "brygga.settings.prod",
        "BRYGGA_DEMO": demo_variable,
        "BRYGGA_SECRET_KEY": "a-long-secret-for-this-test-only-0123456789-abcdefghijkl",
        "BRYGGA_ALLOWED_HOSTS": "brygga.example",
        "BRYGGA_SITE_ADDRESS": "https://brygga.example",
        "BRYGGA_TRUSTED_PROXY_COUNT": "1",
        "BRYGGA_EMAIL_HOST": "smtp.example",
        "BRYGGA_FROM_EMAIL": "brygga@brygga.example",
        "BRYGGA_CONTACT_EMAIL": "hej@brygga.example",
        "BRYGGA_PRIVATE_FILES": "/var/lib/brygga/files",
    }
    ran = subprocess.run(
        [sys.executable, "-c", PRODUCTION],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        "demo": False,
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "reversed": [],
        "found": [],
        "names": [],
        "groups": [],
    }
