"""What every answer tells the browser: pages, API, errors and redirects alike."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from brygga.users.models import DemoPerson
from tests.deployment.production import ROOT, complete_environment
from tests.permissions.world import World
from tests.security.conftest import Page, pages

pytestmark = pytest.mark.django_db

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def wrong_headers(response: Any) -> list[str]:
    """Return what is missing or not as it should be."""
    wrong = [name for name, value in ALWAYS.items() if response.headers.get(name) != value]
    policy = response.headers.get("Content-Security-Policy", "")
    parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
    if parts != POLICY:
        wrong.append(f"Content-Security-Policy {policy}")
    features = response.headers.get("Permissions-Policy", "")
    if not all(f"{name}=()" in features for name in ("camera", "geolocation", "microphone", "payment")):
        wrong.append(f"Permissions-Policy {features}")
    return wrong


@pytest.fixture(scope="module")
def answers(world: World, django_db_blocker: Any) -> list[tuple[Page, Any]]:
    """Every page with its answer, fetched once for this module. Headers speak no language."""
    fetched = []
    with django_db_blocker.unblock():
        for page in (page for page in pages() if page.language == "sv"):
            cache.clear()
            fetched.append((page, world.client(page.role).get(page.address(world))))
    return fetched


def test_every_page_is_guarded(answers: list[tuple[Page, Any]]) -> None:
    assert [
        (str(page), response.status_code) for page, response in answers if response.status_code != 200
    ] == []
    found = {str(page): wrong for page, response in answers if (wrong := wrong_headers(response))}
    assert found == {}
    assert len(answers) > 100


def other_answers(world: World) -> Iterator[tuple[str, Any]]:
    """Answers that are not a page: redirects, refusals, errors."""
    visitor, owner, reader = world.client("visitor"), world.client("owner"), world.client("reader")
    initiative = world.initiatives["initiative"].public_id
    strict = Client(enforce_csrf_checks=True)
    yield "redirect to sign-in", visitor.get("/min-sida/")
    yield "added slash", visitor.get("/initiativ")
    yield "not found", visitor.get("/finns-inte/")
    yield "not found, api", visitor.get("/api/v1/finns-inte/")
    yield "forbidden", reader.get(f"/initiativ/{initiative}/svar/")
    yield "wrong method", owner.get("/meddelanden/las-alla/")
    yield "invalid form", owner.post("/organisationer/ny/", {})
    yield "no csrf token", strict.post("/konto/logga-in/", {"login": "a@b.example"})
    yield "bad request, api", visitor.get("/api/v1/initiatives/?x=1")
    yield "unauthorised, api", visitor.get(f"/api/v1/initiatives/{initiative}/matches/")
    yield "wrong host", visitor.get("/om/", headers={"Host": "evil.example"})
    yield "sign-out", owner.post("/konto/logga-ut/")


def test_every_other_answer_is_guarded(world: World) -> None:
    found = {}
    seen = {}
    for name, response in other_answers(world):
        seen[name] = response.status_code
        if wrong := wrong_headers(response):
            found[name] = wrong
    assert seen == {
        "redirect to sign-in": 302,
        "added slash": 301,
        "not found": 404,
        "not found, api": 404,
        "forbidden": 403,
        "wrong method": 405,
        "invalid form": 422,
        "no csrf token": 403,
        "bad request, api": 400,
        "unauthorised, api": 401,
        "wrong host": 400,
        "sign-out": 302,
    }
    assert found == {}


def test_an_unforeseen_error_is_guarded_and_says_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from brygga.pages import views

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the secret is out")

    monkeypatch.setattr(views.slots, "fill", broken)
    response = world.client("visitor").get("/")
    assert response.status_code == 500
    assert wrong_headers(response) == []
    assert "the secret" not in response.content.decode()
    assert "Something went wrong on our side" in response.content.decode()


def test_pages_of_somebody_are_kept_by_no_cache(answers: list[tuple[Page, Any]]) -> None:
    found = {}
    for page, response in answers:
        control = response.headers.get("Cache-Control", "")
        # Robots and the schema are the same for everybody, whoever asks.
        is_everybodys = page.row.name in ("robots", "api-schema")
        if page.role != "visitor" and "no-store" not in control and not is_everybodys:
            found[str(page)] = control
    assert found == {}


# Forms of the library that signs people in.
OTHERS_FORMS = {"account_login", "account_request_login_code", "account_signup", "account_reset_password"}
FORMS_FOR_VISITORS = OTHERS_FORMS | {
    "helping:ask",
    "innovators:create",
    "matching:offer-support",
    "newsletter:ask",
    "newsletter:confirm",
    "notifications:mails-by-link",
    "users:password-sign-in",
}


def test_a_visitor_who_only_reads_gets_no_cookie(answers: list[tuple[Page, Any]]) -> None:
    asked = [(page, response) for page, response in answers if page.role == "visitor"]
    found = {page.row.name: set(response.cookies) for page, response in asked if response.cookies}
    assert len(asked) > 40
    # Where a form is filled in without an account, its token has to be remembered.
    assert set(found) <= FORMS_FOR_VISITORS
    assert all(cookies == {"csrftoken"} for name, cookies in found.items() if name not in OTHERS_FORMS)


def test_signing_out_clears_the_browser(world: World) -> None:
    client = world.client("owner")
    response = client.post("/en/account/sign-out/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/min-sida/").status_code == 302
    assert "Clear-Site-Data" not in world.client("giver").get("/konto/logga-ut/")


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "localhost@evil.example", "a b"])
def test_unknown_hosts_are_refused(host: str) -> None:
    response = Client(raise_request_exception=False).get("/om/", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


def test_forwarded_hosts_are_not_believed() -> None:
    claimed = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    assert Client().get("/initiativ", headers=claimed)["Location"] == "/initiativ/"
    assert "evil.example" not in Client().get("/en/open-data/", headers=claimed).content.decode()


def test_cookies_are_kept_from_scripts_and_other_sites(world: World) -> None:
    client = Client()
    token = client.get("/konto/logga-in/").cookies["csrftoken"]
    assert (token["httponly"], token["samesite"]) == (True, "Lax")
    signed_in = client.post("/konto/demo/sign-in/", {"person": DemoPerson.objects.get().pk})
    session = signed_in.cookies["sessionid"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")


IN_PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"Host": "brygga.example"})
# The embedded probe and a page without static files: no database is asked.
secure, plain, probe = client.get("/robots.txt", secure=True), client.get("/om/"), client.get("/healthz")
print(json.dumps({
    "headers": dict(secure.headers), "status": secure.status_code,
    "plain": [plain.status_code, plain.headers.get("Location")], "probe": probe.status_code,
    "cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.LANGUAGE_COOKIE_SECURE,
                settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE],
}))
"""


@pytest.mark.slow
def test_production_speaks_https_only() -> None:
    result = subprocess.run(
        [sys.executable, "-c", IN_PRODUCTION],
        cwd=ROOT,
        env=complete_environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = json.loads(result.stdout.splitlines()[-1])
    assert found["status"] == 200
    assert found["headers"]["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert wrong_headers(type("Answer", (), {"headers": found["headers"]})) == []
    assert found["plain"] == [301, "https://brygga.example/om/"]
    assert found["probe"] == 200
    assert found["cookies"] == [True, True, True, True, True, "Lax"]


@override_settings(SECURE_SSL_REDIRECT=True, SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_secure_cookies_are_marked_so() -> None:
    client = Client()
    response = client.get("/konto/logga-in/", secure=True)
    assert all(cookie["secure"] for cookie in response.cookies.values())
    assert response.cookies
