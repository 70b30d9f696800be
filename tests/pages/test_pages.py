"""The pages about the service: open to all, in both languages, with what they must hold."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.http import HttpRequest  # noqa: TID251 - a provider's argument
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from brygga.core import slots
from brygga.pages.personal_data import PERSONAL_DATA
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

OPEN = ["start", "about", "how-we-match", "accessibility", "privacy", "contact"]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", OPEN)
def test_open_pages_need_no_account_and_no_cookie(client: Client, name: str, language: str) -> None:
    with override(language):
        response = client.get(reverse(f"pages:{name}"))

    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    assert 'style="' not in html
    assert "sessionid" not in response.cookies
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_addresses_are_words_of_the_language() -> None:
    with override("sv"):
        swedish = [reverse(f"pages:{name}") for name in [*OPEN, "home"]]
    with override("en"):
        english = [reverse(f"pages:{name}") for name in [*OPEN, "home"]]

    assert swedish == [
        *("/", "/om/", "/sa-matchar-vi/", "/tillganglighet/", "/integritet/", "/kontakt/"),
        "/min-sida/",
    ]
    assert english == [
        *(
            "/en/",
            "/en/about/",
            "/en/how-we-match/",
            "/en/accessibility/",
            "/en/privacy/",
        ),
        *("/en/contact/", "/en/my-page/"),
    ]


def test_start_page_has_three_doors_and_three_steps(client: Client) -> None:
    html = client.get("/").content.decode()

    for text in (
        *("Jag vill förändra något", "Jag kan ge stöd", "Jag följer och lyfter fram"),
        *("Du beskriver", "Vi matchar och säger varför", "Du bestämmer när ni ska mötas"),
    ):
        assert text in html


def test_slots_are_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def provide(objects: object, request: HttpRequest) -> dict[None, SafeString]:
        return {None: mark_safe("<p>Från en app ovanför</p>")}

    for name, address in (
        ("start_figures", "/"),
        ("start_sections", "/"),
        ("how_we_match", "/sa-matchar-vi/"),
    ):
        with monkeypatch.context() as patched:
            patched.setitem(slots._providers, name, [provide])
            assert "Från en app ovanför" in client.get(address).content.decode(), name


def test_home_asks_to_sign_in_and_then_suggests_a_beginning(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/min-sida/")["Location"].startswith("/konto/logga-in/")
    client.force_login(UserFactory(name="Eva Lind"))
    with monkeypatch.context() as patched:
        patched.setitem(slots._providers, "home_sections", [])
        empty = client.get("/min-sida/").content.decode()

    assert "Hej Eva Lind" in empty
    assert "Här är några ställen att börja på" in empty


def test_home_shows_what_apps_have_for_the_person(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    user = UserFactory()

    def provide(objects: list[models.Model], request: HttpRequest) -> dict[int, SafeString]:
        return {one.pk: mark_safe(f"<p>För nummer {one.pk}</p>") for one in objects}

    client.force_login(user)
    with monkeypatch.context() as patched:
        patched.setitem(slots._providers, "home_sections", [provide])
        html = client.get("/min-sida/").content.decode()

    assert f"För nummer {user.pk}" in html
    assert "Här är några ställen" not in html


def test_accessibility_statement_has_its_eleven_parts(client: Client) -> None:
    html = client.get("/tillganglighet/").content.decode()
    parts = {
        "actor": "Den som driver Brygga",
        "service": "Alla sidor i tjänsten",
        "compliance": "delvis förenlig",
        "inaccessible and why": "Vad som inte fungerar än",
        "disproportionate burden": "oskäligt betungande",
        "out of scope": "omfattas inte av lagens krav",
        "feedback": "mailto:hej@brygga.example",
        "report form": "https://www.digg.se/tdosanmalan",
        "method": "Hur vi har testat",
        "assessed": "Senast bedömd",
        "updated": "Redogörelsen senast uppdaterad",
    }

    assert {name for name, text in parts.items() if text not in html} == set()


def test_every_field_in_the_privacy_list_exists() -> None:
    for entry in PERSONAL_DATA:
        for path in entry.fields:
            app, model, field = path.split(".")
            apps.get_model(app, model)._meta.get_field(field)


def test_every_field_with_personal_data_is_in_the_privacy_list() -> None:
    """Fields that by their kind or name hold something about a person."""
    listed = {path for entry in PERSONAL_DATA for path in entry.fields}
    ours = {
        "users",
        "organisations",
        "search",
        "notifications",
        "innovators",
        "funders",
        "matching",
        "intermediaries",
    }
    suspicious = {"phone", "private_texts", "flagged_by_name", "proposed_by_name"}
    missing = []
    for model in apps.get_models():
        if model._meta.app_label not in ours:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.EmailField) or field.name in suspicious:
                path = f"{model._meta.app_label}.{model.__name__}.{field.name}"
                if path not in listed:
                    missing.append(path)

    assert missing == []


def test_privacy_notice_shows_every_entry(client: Client) -> None:
    html = client.get("/en/privacy/").content.decode()
    with override("en"):
        for entry in PERSONAL_DATA:
            assert str(entry.what) in html


def test_robots_may_read_nothing_of_a_demo_and_public_pages_otherwise(client: Client) -> None:
    demo = client.get("/robots.txt").content.decode()
    with override_settings(DEMO_MODE=False):
        real = client.get("/robots.txt").content.decode()

    assert demo == "User-agent: *\nDisallow: /\n"
    assert "Disallow: /konto/\n" in real
    assert "Disallow: /\n" not in real


@pytest.mark.parametrize("address", ["/finns-inte/", "/en/does-not-exist/", "/organisationer/finnsinte2/"])
def test_unknown_addresses_answer_in_our_look(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert "Brygga" in response.content.decode()


def test_a_form_from_elsewhere_is_told_what_to_do(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/konto/logga-in/", {"login": "a@exempel.example"})

    assert response.status_code == 403
    assert "Brygga" in response.content.decode()


def test_the_address_of_a_form_opened_by_hand_is_a_page_that_says_so(client: Client) -> None:
    answer = client.get("/theme/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Inget är ändrat." in answer.content.decode()
    assert client.head("/theme/").content == b""
    assert "text/html" not in client.delete("/api/v1/initiatives/")["Content-Type"]
