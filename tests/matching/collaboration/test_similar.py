"""Initiatives like the one that is being written: found for drafts, told to its own people only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from innovators.models import Initiative
from tests.cast import Cast
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def written(initiative: Initiative) -> Initiative:
    """The initiative as a draft with nothing but a text."""
    Initiative.objects.filter(pk=initiative.pk).update(
        state="draft", published_at=None, theme_codes=None, change="Vi lagar cyklar på en gammal banvall."
    )
    initiative.refresh_from_db()
    return initiative


def page_of(initiative: Initiative) -> str:
    return f"/traffar/initiativ/{initiative.public_id}/liknande/"


def kin(title: str = "Banvallens verkstad", **changes: str) -> Initiative:
    made: Initiative = InitiativeFactory(title=title, description="Cyklar på banvallen.", **changes)
    return made


def test_a_draft_finds_its_like_by_its_words(
    client: Client, cast: Cast, written: Initiative, matched: Matched
) -> None:
    kin()
    for number in range(4):
        InitiativeFactory(
            title=f"Kören {number}", change="Vi sjunger.", description="Noter.", theme_codes=["culture"]
        )
    SupportOfferFactory()
    matched()
    client.force_login(cast.amina)
    page = client.get(page_of(written)).content.decode()
    assert "Banvallens verkstad" in page
    assert "Kören" not in page
    part = client.get(page_of(written), headers=HTMX)
    assert "Banvallens verkstad" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_nothing_hidden_is_told(client: Client, cast: Cast, written: Initiative, matched: Matched) -> None:
    others = [kin(f"Banvallens verkstad {number}") for number in range(3)]
    SupportOfferFactory()
    matched()
    client.force_login(cast.amina)
    assert client.get(page_of(written)).content.decode().count("Banvallens verkstad") >= 3
    hidden = ({"visibility": "chosen"}, {"visibility": "fitting_givers"}, {"state": "draft"})
    for other, changes in zip(others, hidden, strict=True):
        Initiative.objects.filter(pk=other.pk).update(**changes)
    for headers in ({}, HTMX):
        assert "Banvallens" not in client.get(page_of(written), headers=headers).content.decode()


@pytest.mark.parametrize(("who", "status"), [("amina", 200), ("rolf", 200), ("sara", 404)])
def test_only_its_own_people_look(
    client: Client, cast: Cast, written: Initiative, who: str, status: int
) -> None:
    assert client.get(page_of(written)).status_code == 302
    client.force_login(getattr(cast, who))
    assert client.get(page_of(written)).status_code == status


def test_the_question_leads_there_and_few_stand_beside_it(
    client: Client, cast: Cast, written: Initiative, matched: Matched
) -> None:
    kin("Ett")
    SupportOfferFactory()
    matched()
    client.force_login(cast.amina)
    client.get(page_of(written))
    one = queries_for(client, page_of(written))
    for title in ("Två", "Tre", "Fyra"):
        kin(title)
    assert queries_for(client, page_of(written)) == one
    assert client.get(page_of(written), headers=HTMX).content.decode().count("<li>") == 3
    assert page_of(written) in client.get(f"/initiativ/{written.public_id}/svar/change/").content.decode()
    assert page_of(written) not in client.get(f"/initiativ/{written.public_id}/svar/links/").content.decode()
