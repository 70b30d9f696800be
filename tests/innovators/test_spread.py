"""What must stay, what may be adapted, and where it has been taken up."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from innovators.models import Initiative, SpreadRecord
from innovators.spread.lists import items_of
from tests.cast import Cast
from tests.factories import InitiativeFactory, SpreadRecordFactory
from tests.innovators.conftest import signed_in
from tests.queries import queries_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast: Cast) -> Initiative:
    """An initiative that has said what must stay."""
    return InitiativeFactory(
        organisation=cast.association,
        core="- Ingen anmälan\n- Unga och gamla tillsammans",
        adaptable="Öppettider\nVad som lagas",
    )


def at(name: str, initiative: Initiative, *numbers: int) -> str:
    return reverse(f"innovators:{name}", args=[initiative.public_id, *numbers])


WRITTEN = {
    "where": "lund",
    "adopter": "Cykelköket i Lund",
    "adopter_kind": "association",
    "started_on": "1 februari 2026",
    "kept_words": ["Ingen anmälan"],
    "adapted": "De har öppet på lördagar.",
    "visibility": "page",
}


def test_a_place_is_written_and_read_by_everybody(told: Initiative, as_amina: Client) -> None:
    assert as_amina.post(at("spread-new", told), WRITTEN).status_code == 302
    record = SpreadRecord.objects.get()
    assert (record.area_code, record.place, record.started_on) == ("SE-1281", "", date(2026, 2, 1))
    assert record.kept_words == ["Ingen anmälan"]
    visitor = Client()
    for address in (at("spread", told), at("detail", told)):
        text = visitor.get(address).content.decode()
        for said in ("Cykelköket i Lund", "Lunds kommun", "öppet på lördagar", "Unga och gamla tillsammans"):
            assert said in text, (address, said)
    file = visitor.get(at("story-file", told)).json()
    assert (file["core"], file["adaptable"]) == (
        ["Ingen anmälan", "Unga och gamla tillsammans"],
        ["Öppettider", "Vad som lagas"],
    )
    assert file["spread"][0]["core_kept"] == ["Ingen anmälan"]


def test_a_place_that_no_area_is_called_is_kept_in_words(told: Initiative, as_amina: Client) -> None:
    assert as_amina.post(at("spread-new", told), {**WRITTEN, "where": "Sjuhärad"}).status_code == 302
    record = SpreadRecord.objects.get()
    assert (record.area_code, record.place) == ("", "Sjuhärad")
    assert "Sjuhärad" in Client().get(at("spread", told)).content.decode()
    form = as_amina.get(at("spread-change", told, record.pk)).context["form"]
    assert form.initial["where"] == "Sjuhärad"


def test_a_private_person_is_not_named_by_others(cast: Cast, told: Initiative) -> None:
    SpreadRecordFactory(initiative=told, adopter="Kim Kanarie", adopter_kind="individual")
    for name in ("spread", "detail", "story-file"):
        text = Client().get(at(name, told)).content.decode()
        assert "Kim Kanarie" not in text, name
        assert "Kim Kanarie" in signed_in(cast.rolf).get(at(name, told)).content.decode(), name
    assert "privatperson" in Client().get(at("spread", told)).content.decode().lower()


def test_who_shows_only_the_county_does_so_here_too(cast: Cast, told: Initiative) -> None:
    Initiative.objects.filter(pk=told.pk).update(place_coarsened=True)
    SpreadRecordFactory(initiative=told, adopter="", adopter_kind=None)
    SpreadRecordFactory(initiative=told, adopter="", adopter_kind=None, area_code="", place="Gamla stan")
    for name in ("spread", "detail", "story-file"):
        text = Client().get(at(name, told)).content.decode()
        assert "Skåne län" in text, name
        assert "Lund" not in text, name
        assert "Gamla stan" not in text, name
    own = signed_in(cast.rolf).get(at("spread", told)).content.decode()
    assert "Lunds kommun" in own
    assert "Gamla stan" in own


def test_what_was_kept_stays_when_the_list_is_worded_anew(told: Initiative, as_amina: Client) -> None:
    record = SpreadRecordFactory(initiative=told, kept_words=["Ingen anmälan"])
    Initiative.objects.filter(pk=told.pk).update(core="Öppet för alla")
    address = at("spread-change", told, record.pk)
    field = as_amina.get(address).context["form"].fields["kept_words"]
    assert [value for value, _ in field.choices] == ["Öppet för alla", "Ingen anmälan"]
    answer = as_amina.post(address, {**WRITTEN, "kept_words": ["Ingen anmälan"], "revision": 1})
    assert answer.status_code == 302
    record.refresh_from_db()
    assert record.kept_words == ["Ingen anmälan"]
    # What was never on a list cannot be ticked.
    assert (
        as_amina.post(address, {**WRITTEN, "kept_words": ["Något annat"], "revision": 2}).status_code == 422
    )


def test_without_a_list_nothing_is_asked_about_it(published: Initiative, as_amina: Client) -> None:
    page = as_amina.get(at("spread-new", published))
    assert "kept_words" not in page.context["form"].fields
    assert reverse("innovators:question", args=[published.public_id, "core"]) in page.content.decode()
    without = {name: value for name, value in WRITTEN.items() if name != "kept_words"}
    assert as_amina.post(at("spread-new", published), without).status_code == 302
    text = Client().get(at("spread", published)).content.decode()
    assert "Inget är sagt än om vad som måste vara kvar." in text


def test_empty_pages_say_so(told: Initiative, as_amina: Client) -> None:
    for client in (Client(), as_amina):
        assert "Ingen annan plats än, så vitt Brygga vet" in client.get(at("spread", told)).content.decode()


def test_the_page_costs_the_same_for_one_place_and_for_three(told: Initiative, as_amina: Client) -> None:
    SpreadRecordFactory(initiative=told)
    queries_for(as_amina, at("spread", told))
    before = queries_for(as_amina, at("spread", told))
    SpreadRecordFactory.create_batch(2, initiative=told)
    assert queries_for(as_amina, at("spread", told)) == before


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        ("En enda mening. Och en till.", ["En enda mening. Och en till."]),
        ("- ett\n* två\n3) tre\n4. fyra\n• fem\n\n – sex ", ["ett", "två", "tre", "fyra", "fem", "sex"]),
        ("ett\nett", ["ett"]),
        ("2024 började vi", ["2024 började vi"]),
        ("x" * 400, ["x" * 300]),
    ],
)
def test_lines_become_items(text: str, items: list[str]) -> None:
    assert items_of(text) == items
