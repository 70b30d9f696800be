"""Saving while somebody writes: what is stored, what is only kept, and what the page is told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from innovators.models import Initiative
from tests.cast import Cast
from tests.innovators.conftest import marks, signed_in
from tests.kept_log import Kept

LONG_SENTENCE = "Vi vill att alla barn " + "och alla vuxna " * 12 + "ska simma."


@pytest.fixture
def kept_log() -> Iterator[Kept]:
    """Every line of every level, as the real handler would write it."""
    root = logging.getLogger()
    real = next(handler for handler in root.handlers if handler.filters and handler.formatter)
    kept, level = Kept(), root.level
    kept.setFormatter(real.formatter)
    for one in real.filters:
        kept.addFilter(one)
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(kept)
    root.setLevel(level)


def page_of(initiative: Initiative, slug: str = "change") -> str:
    return reverse("innovators:question", args=[initiative.public_id, slug])


def save(client: Client, initiative: Initiative, slug: str = "change", **typed: Any) -> Any:
    return client.post(page_of(initiative, slug), {"autosave": "1", **typed})


def test_a_draft_is_saved_with_the_time_and_new_marks(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    first = save(client, draft, **marks(draft, "change", client), change="Alla barn")
    told = first.json()
    assert (first.status_code, told["state"]) == (200, "saved")
    assert told["said"].startswith("Sparat ")
    assert "no-store" in first["Cache-Control"]
    # The page goes on with the marks it was given.
    carried = {"revision": told["revision"], "seen": told["seen"]}
    assert save(client, draft, **carried, change="Alla barn ska simma.").json()["state"] == "saved"
    draft.refresh_from_db()
    assert (draft.change, draft.answered, draft.revision) == ("Alla barn ska simma.", ["change"], 3)
    # Asked again, because the answer was lost on the way: nothing more is stored, no conflict is made up.
    assert save(client, draft, **carried, change="Alla barn ska simma.").json()["state"] == "saved"
    draft.refresh_from_db()
    assert draft.revision == 3


@pytest.mark.parametrize(
    ("slug", "typed"),
    [
        ("places", {"places": "Borås, Sjuhärad"}),
        ("themes", {"chosen": ["employment"], "other_words": "cirkulär ekonomi"}),
        ("needs", {"row0_kind": "grant", "row0_amount": "40 tkr"}),
        ("people", {"who_affected": "Unga", "participation": "unknown"}),
        ("links", {"links": "www.exempel.se"}),
        ("contact", {"email": "amina@exempel.example", "phone": "031-12 34 56"}),
        ("description", {"description": "Skriv till amina@exempel.example."}),
    ],
)
def test_an_answer_that_is_stored_in_other_words_is_no_conflict_with_itself(
    cast: Cast, draft: Initiative, slug: str, typed: dict[str, Any]
) -> None:
    client = signed_in(cast.amina)
    carried = marks(draft, slug, client)
    for _ in range(2):
        told = save(client, draft, slug, **carried, **typed).json()
        assert told["state"] == "saved", told
        carried |= {"revision": told["revision"], "seen": told["seen"]}
    assert client.post(page_of(draft, slug), {**carried, **typed}).status_code == 302


def test_another_window_is_told_and_overwrites_nothing(cast: Cast, draft: Initiative) -> None:
    here, there = signed_in(cast.amina), signed_in(cast.erik)
    seen = marks(draft, "change", here)
    save(there, draft, **marks(draft, "change", there), change="Eriks")
    answer = save(here, draft, **seen, change="Aminas")
    assert (answer.status_code, answer.json()["state"]) == (409, "changed")
    draft.refresh_from_db()
    assert draft.change == "Eriks"
    assert here.post(page_of(draft), {**seen, "change": "Aminas"}).status_code == 409


@pytest.mark.parametrize(
    ("slug", "typed"),
    [
        ("started", {"started_on": "i våras"}),
        ("contact", {"email": "ingen adr"}),
        ("change", {"change": "x" * 601}),
    ],
)
def test_what_cannot_be_saved_yet_is_kept(
    cast: Cast, draft: Initiative, slug: str, typed: dict[str, str]
) -> None:
    client = signed_in(cast.amina)
    told = save(client, draft, slug, **marks(draft, slug, client), **typed).json()
    assert told["state"] == "kept"
    draft.refresh_from_db()
    assert (draft.revision, draft.answered) == (1, [])
    (name, value) = next(iter(typed.items()))
    page = client.get(page_of(draft, slug))
    assert page.context["form"][name].value() == value
    assert "Det är inte sparat än" in page.content.decode()


def test_what_is_public_waits_for_the_button(cast: Cast, published: Initiative) -> None:
    client = signed_in(cast.amina)
    before = published.change
    told = save(client, published, **marks(published, "change", client), change="Halv men").json()
    assert told["state"] == "kept"
    published.refresh_from_db()
    assert (published.change, published.revision) == (before, 1)
    page = client.get(page_of(published))
    assert page.context["form"]["change"].value() == "Halv men"
    form = page.context["form"]
    typed = {name: form[name].value() for name in ("revision", "seen", "change")}
    assert client.post(page_of(published), typed).status_code == 302
    published.refresh_from_db()
    assert published.change == "Halv men"
    assert not client.get(page_of(published)).context["form"].is_bound


def test_a_session_that_has_ended_keeps_what_comes_and_shows_it_after_sign_in(
    cast: Cast, draft: Initiative
) -> None:
    client = signed_in(cast.amina)
    seen = marks(draft, "change", client)
    client.logout()
    answer = save(client, draft, **seen, change="Skrivet utan att veta")
    told = answer.json()
    assert (answer.status_code, told["state"]) == (401, "signed-out")
    assert told["url"] == f"{reverse('account_login')}?next={page_of(draft)}"
    client.force_login(cast.amina)
    page = client.get(page_of(draft))
    assert page.context["form"]["change"].value() == "Skrivet utan att veta"
    assert 'data-typed="kept"' in page.content.decode()
    draft.refresh_from_db()
    assert draft.change == ""


def test_more_than_a_person_writes_is_not_kept_and_that_is_said(cast: Cast, draft: Initiative) -> None:
    told = save(Client(), draft, change="x" * 70_000).json()
    assert told["said"] == "Du har blivit utloggad. Det du skrev står kvar på sidan."
    client = signed_in(cast.amina)
    assert (
        save(client, draft, **marks(draft, "change", client), change="x" * 70_000).json()["state"] == "lost"
    )


@pytest.mark.parametrize(("who", "status"), [("sara", 404), ("rolf", 403)])
def test_others_save_nothing_by_themselves_either(
    cast: Cast, draft: Initiative, who: str, status: int
) -> None:
    assert save(signed_in(getattr(cast, who)), draft, change="Kapat").status_code == status
    draft.refresh_from_db()
    assert draft.change == ""


def test_no_address_and_no_log_holds_what_was_typed(cast: Cast, draft: Initiative, kept_log: Kept) -> None:
    client = signed_in(cast.amina)
    secret = "kanariefagel-i-texten"
    save(client, draft, **marks(draft, "change", client), change=secret)
    save(client, draft, "started", **marks(draft, "started", client), started_on=secret)
    client.logout()
    answer = save(client, draft, change=secret)
    assert secret not in answer.json()["url"]
    assert kept_log.lines
    assert secret not in "\n".join(kept_log.lines)


# -- a page that is too old ------------------------------------------------------------------------


def strict(user: Any) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def test_a_page_made_too_old_by_signing_in_elsewhere_keeps_what_was_typed(
    cast: Cast, draft: Initiative
) -> None:
    client = strict(cast.amina)
    data = {
        **marks(draft, "change", client),
        "change": "Skrivet i gamla sidan",
        "csrfmiddlewaretoken": "x" * 64,
    }
    answer = client.post(page_of(draft), data, headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer["Location"]) == (302, page_of(draft))
    page = client.get(page_of(draft))
    assert page.context["form"]["change"].value() == "Skrivet i gamla sidan"
    draft.refresh_from_db()
    assert draft.change == ""


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}])
def test_a_form_from_elsewhere_is_refused_and_nothing_of_it_kept(
    cast: Cast, draft: Initiative, headers: dict[str, str]
) -> None:
    client = strict(cast.amina)
    answer = client.post(page_of(draft), {"change": "Främmande"}, headers=headers)
    assert answer.status_code == 403
    assert not client.get(page_of(draft)).context["form"].is_bound


# -- advice ----------------------------------------------------------------------------------------


def test_advice_on_the_text_comes_with_the_save_and_stands_on_the_page(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    told = save(client, draft, **marks(draft, "change", client), change=LONG_SENTENCE).json()
    assert told["state"] == "saved"
    assert "har 43 ord. Kan det bli två meningar?" in told["advice"]
    assert "I stället för" not in told["advice"]
    assert "Så läses texten:" in client.get(page_of(draft)).content.decode()
    posted = client.post(page_of(draft), {**marks(draft, "change", client), "change": LONG_SENTENCE + " Ja."})
    said = [str(message) for message in posted.wsgi_request._messages]
    assert posted.status_code == 302, "advice is no hindrance"
    assert any(one.startswith("Ett tips, inget krav: ”Vi vill att alla barn") for one in said)
    assert "Så läses texten:" not in client.get(page_of(draft, "title")).content.decode()


def test_officialese_is_pointed_out_with_a_plainer_word(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    text = "Unga ska erhålla stöd. " + "Vi simmar där alla ses varje dag. " * 3
    told = save(client, draft, **marks(draft, "change", client), change=text).json()
    assert "I stället för ”erhålla”, kan ni skriva: få?" in told["advice"]
    posted = client.post(page_of(draft), {**marks(draft, "change", client), "change": text + "Ja."})
    assert any("”erhålla”" in str(message) for message in posted.wsgi_request._messages)


def test_a_text_with_tags_is_quoted_as_text(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    told = save(
        client, draft, **marks(draft, "change", client), change="<b>Vi</b> " + "simmar här " * 20
    ).json()
    assert "<b>Vi" not in told["advice"]
    assert "&lt;b&gt;Vi" in told["advice"]
