"""Names hidden in one's own view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from brygga.taxonomy.enums import OrganisationKind
from funders.models import SupportOffer
from innovators.models import Actor, Initiative
from matching.comparing.blind import without_names
from matching.desk.services import shortlist
from tests.cast import Cast
from tests.factories import FlagFactory, InitiativeFactory, MembershipFactory, OrganisationFactory
from tests.matching.comparing.test_compare import compare_url
from tests.matching.desk.lists import cases_url, shown_cases
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]
NAMES = ("Solrosverkstaden", "Föreningen Solros", "Kalle Kanariefågel", "Ingrid Sköld")


@pytest.fixture
def named(cast: Cast, offer: SupportOffer, matched: Matched) -> list[Initiative]:
    """Two cases whose names stand everywhere that a name may stand."""
    organisation = OrganisationFactory(name="Föreningen Solros", kind="association")
    first = InitiativeFactory(
        organisation=organisation,
        title="Solrosverkstaden",
        change="Solrosverkstadens unga lagar cyklar hos Föreningen Solros.",
        evidence="Elva provade, skriver Föreningen Solros och Kalle Kanariefågel.",
    )
    Actor.objects.create(
        initiative=first,
        name="Kalle Kanariefågel",
        kind="individual",
        role="handledare",
        confirmed_at=timezone.now(),
    )
    FlagFactory(initiative=first, organisation=cast.intermediary, flagged_by=cast.ingrid)
    other = InitiativeFactory(
        title="Odling på taket",
        theme_codes=["climate"],
        change="Vi odlar.",
        description="",
        published_at=timezone.now(),
    )
    matched()
    for one in (first, other):
        note = f"{one.organisation.name} ringde om {one.title}"
        shortlist(offer=offer, initiative=one, actor=cast.ruth, note=note, now=timezone.now())
    return [first, other]


def _switch(client: Client, offer: SupportOffer, hide: str, back: str = "") -> str:
    answer = client.post(cases_url(offer, "dolj-namn/"), {"hide": hide, "next": back})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_no_name_is_left_and_what_rules_need_is(
    client: Client, cast: Cast, offer: SupportOffer, named: list[Initiative]
) -> None:
    client.force_login(cast.ruth)
    pages = [cases_url(offer), cases_url(offer, "var-lista/"), compare_url(offer, *named)]
    before = [client.get(page).content.decode() for page in pages]
    assert all("Solrosverkstaden" in page for page in before)
    assert all(name in before[2] for name in NAMES)  # there was something to hide
    places = [case.place for case in client.get(pages[0]).context["cases"]]

    assert _switch(client, offer, "1", pages[2]) == pages[2]
    for address in pages:
        page = client.get(address).content.decode()
        assert not [name for name in NAMES if name in page], address
        assert "Initiativ 1" in page
        assert str(OrganisationKind.ASSOCIATION.label) in page
    answer = client.get(pages[0])
    assert [case.place for case in answer.context["cases"]] == places
    assert "[dolt namn]" in answer.content.decode()

    _switch(client, offer, "0")
    assert "Solrosverkstaden" in client.get(pages[0]).content.decode()


def test_a_case_has_the_same_number_everywhere_and_the_order_stays(
    client: Client, cast: Cast, offer: SupportOffer, named: list[Initiative]
) -> None:
    client.force_login(cast.ruth)
    assert shown_cases(client, cases_url(offer)) == ["Solrosverkstaden", "Odling på taket"]
    _switch(client, offer, "1")
    assert shown_cases(client, cases_url(offer)) == ["Initiativ 1", "Initiativ 2"]
    assert shown_cases(client, f"{cases_url(offer)}?sort=newest") == ["Initiativ 2", "Initiativ 1"]
    columns = client.get(compare_url(offer, named[1], named[0])).context["columns"]
    assert [column.title for column in columns] == ["Initiativ 2", "Initiativ 1"]


def test_what_is_told_after_a_step_holds_no_name(
    client: Client, cast: Cast, offer: SupportOffer, named: list[Initiative]
) -> None:
    client.force_login(cast.ruth)
    step = cases_url(offer, f"{named[0].public_id}/lagg-tillbaka/")
    _switch(client, offer, "1")
    page = client.post(step, {"seen": "shortlisted", "next": cases_url(offer)}, follow=True).content.decode()
    assert "Solros" not in page
    assert "tillbaka bland förslagen" in page
    undo = cases_url(offer, f"{named[0].public_id}/angra/")
    card = client.post(undo, {"step": "suggested"}, headers={"HX-Request": "true"}).content.decode()
    assert "Initiativ 1" in card
    assert "Solros" not in card


def test_it_is_ones_own_view_and_writes_nothing(
    client: Client, cast: Cast, offer: SupportOffer, named: list[Initiative]
) -> None:
    client.force_login(cast.ruth)
    _switch(client, offer, "1")
    client.get(cases_url(offer))
    colleague = Client()
    colleague.force_login(MembershipFactory(organisation=cast.foundation, role="reader").user)
    page = colleague.get(cases_url(offer)).content.decode()
    assert "Solrosverkstaden" in page
    assert "Föreningen Solros ringde" in page
    assert _switch(client, offer, "0", "https://ont.example/") == cases_url(offer)


def test_hiding_costs_the_same_for_many(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    client.force_login(cast.ruth)
    counts = []
    for number in (1, 3):
        InitiativeFactory.create_batch(number)
        matched()
        _switch(client, offer, "1")
        client.get(cases_url(offer))
        counts.append(queries_for(client, cases_url(offer)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Solrosverkstadens unga", "[dolt namn] unga"),
        ("solrosverkstaden, igen", "[dolt namn], igen"),
        ("Vi på Föreningen Solros.", "Vi på [dolt namn]."),
        ("Solrosverkstadenisering", "Solrosverkstadenisering"),
        ("", ""),
    ],
)
def test_known_names_are_hidden_as_whole_words(text: str, left: str) -> None:
    organisation = OrganisationFactory.build(name="Föreningen Solros", kind="association")
    initiative = InitiativeFactory.build(title="Solrosverkstaden", organisation=organisation)
    assert without_names(text, initiative) == left
