"""What shows how far the work has come: asked if one wants to say, shown, never matched."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from innovators.models import Initiative
from tests.innovators.conftest import marks

pytestmark = pytest.mark.django_db

TOLD = "Elva provade i mars <b>, nio kom tillbaka. Fråga amina@exempel.example."
SHOWN = "Elva provade i mars &lt;b&gt;, nio kom tillbaka."
NOTHING = "Här står inget än om hur arbetet går"
HEADING = "Vad som visar hur långt vi har kommit"


def at(name: str, initiative: Initiative, *more: str) -> str:
    return reverse(f"innovators:{name}", args=[initiative.public_id, *more])


def post(client: Client, initiative: Initiative, **data: str) -> Any:
    return client.post(
        at("question", initiative, "evidence"), {**marks(initiative, "evidence", client), **data}
    )


def test_it_is_kept_shown_and_nobody_reads_a_contact_detail(published: Initiative, as_amina: Client) -> None:
    page, file = at("detail", published), at("story-file", published)
    before = Client().get(page).content.decode()
    assert HEADING not in before
    assert NOTHING in before
    assert Client().get(file).json()["evidence"] is None
    assert post(as_amina, published, evidence=TOLD).status_code == 302
    published.refresh_from_db()
    assert "evidence" in published.answered
    assert "amina@exempel.example" not in published.evidence
    text = Client().get(page).content.decode()
    assert HEADING in text
    assert SHOWN in text
    assert NOTHING not in text
    assert "amina@exempel.example" not in text + Client().get(file).content.decode()
    assert "Elva provade i mars" in Client().get(file).json()["evidence"]
    # Its own people meet their own words, where they write and where they check.
    assert TOLD in as_amina.get(at("question", published, "evidence")).context["form"]["evidence"].value()
    assert SHOWN in as_amina.get(at("check", published)).content.decode()
    english = Client().get(f"/en/initiatives/{published.public_id}/").content.decode()
    assert "What shows how far we have come" in english
    assert '<div lang="sv"><p class="ds-paragraph">Elva provade' in english


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ("Vad visar hur långt ni har kommit?", "Till exempel: Elva provade i mars", "Vet inte än")),
        ("en", ("What shows how far you have come?", "For example: Eleven people tried it", "know yet")),
    ],
)
def test_it_is_asked_in_both_languages(
    draft: Initiative, as_amina: Client, language: str, words: tuple[str, ...]
) -> None:
    from django.utils import translation

    with translation.override(language):
        text = as_amina.get(at("question", draft, "evidence")).content.decode()
    assert [one for one in words if one not in text] == []


def test_it_may_be_left_or_not_known_yet(draft: Initiative, as_amina: Client) -> None:
    assert post(as_amina, draft).status_code == 302
    draft.refresh_from_db()
    assert draft.answered == []
    both = post(as_amina, draft, evidence="Elva provade", unknown="on")
    assert both.status_code == 422
    assert post(as_amina, draft, evidence="x" * 2001).status_code == 422
    assert post(as_amina, draft, unknown="on").status_code == 302
    draft.refresh_from_db()
    assert (draft.evidence, draft.answered) == ("", ["evidence"])
    page = as_amina.get(at("question", draft, "evidence"))
    assert page.context["form"].initial["unknown"] is True


def test_it_is_not_matched_and_not_searched(published: Initiative, as_amina: Client) -> None:
    from matching.engine.encoding import initiative_facts, with_initiative_facts

    now = timezone.now()

    def facts() -> Any:
        return initiative_facts(with_initiative_facts(Initiative.objects.filter(pk=published.pk)).get(), now)

    before = facts()
    assert post(as_amina, published, evidence="Kanariefågeln provade").status_code == 302
    assert facts() == before
    found = Client().get("/initiativ/", {"q": "Kanariefågeln"}).content.decode()
    assert published.title not in found
