"""One initiative and one offer: details, comparison, and why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.comparison import overlapping_sentences
from tests.cast import Cast
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.matching.desk.lists import cases_url, shown_support, support_url

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def test_the_details_name_requirements_wishes_and_what_is_missing(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    sparse = InitiativeFactory(organisation=cast.association, target_group_codes=None, legal_entity=None)
    matched()
    client.force_login(cast.amina)
    answer = client.get(support_url(sparse, f"{offer.public_id}/"))
    page = answer.content.decode()
    requirements = {str(row["criterion"]): row["verdict"] for row in answer.context["requirements"]}
    assert requirements["Organisationsnummer"] == "unclear"
    assert requirements["Slags organisation"] == "fits"
    wishes = {str(row["criterion"]): row for row in answer.context["wishes"]}
    assert (wishes["Målgrupper"]["verdict"], wishes["Målgrupper"]["yours"]) == ("unclear", "")
    assert page.index("Först kraven") < page.index("Sedan önskemålen")
    assert "väger tungt" in page
    assert "inte angivet" in page
    assert "Det vi inte vet" in page


def test_both_sides_read_the_same_comparison_from_their_own_side(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    client.force_login(cast.amina)
    mine = client.get(support_url(initiative, f"{offer.public_id}/")).context
    client.force_login(cast.ruth)
    theirs = client.get(cases_url(offer, f"{initiative.public_id}/")).context
    assert mine["why"].fit == theirs["why"].fit
    assert [row["yours"] for row in mine["wishes"]] == [row["theirs"] for row in theirs["wishes"]]
    assert mine["overlap"][0]["whose"] == "Du skriver"
    assert [side["language"] for side in theirs["overlap"]] == ["sv", "sv"]
    shared = [piece.text for piece in mine["overlap"][0]["sentences"][0] if piece.shared]
    assert shared


def test_only_whole_words_that_are_shared_are_marked() -> None:
    text = "Vi ger hörlurar. Vi hör. Bättre psykisk hälsa på plattformen."
    marked = [
        [piece.text for piece in sentence if piece.shared]
        for sentence in overlapping_sentences(text, ["höra", "psykisk hälsa", "plats"], "sv")
    ]
    assert marked == [["hör"], ["psykisk hälsa"]]
    assert overlapping_sentences(text, [], "sv") == []


def test_why_not_names_the_requirement_that_stops_it(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    closed = SupportOfferFactory(title="Bara för lärosäten", eligible_kinds=["university"])
    matched()
    client.force_login(cast.amina)
    assert shown_support(client, support_url(initiative)) == []
    for question in ("lärosäten", f"https://brygga.example/stod/{closed.public_id}/"):
        answer = client.get(support_url(initiative, "varfor-inte/"), {"q": question})
        [row] = answer.context["rows"]
        assert "kan söka" in row["why"].broken[0].sentence
        assert row["why"].broken[0].sentence in answer.content.decode()
    details = client.get(support_url(initiative, f"{closed.public_id}/")).content.decode()
    assert "Ett krav är inte uppfyllt" in details
    assert client.get(support_url(initiative, "varfor-inte/"), {"q": "finns inte\x00"}).context["rows"] == []


def test_pairs_work_before_anything_has_been_matched(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    client.force_login(cast.amina)
    assert (
        "Inget är matchat än" in client.get(support_url(initiative, f"{offer.public_id}/")).content.decode()
    )
    assert "Vi letar efter stöd" in client.get(support_url(initiative)).content.decode()
    client.force_login(cast.ruth)
    assert "Vi letar efter initiativ" in client.get(cases_url(offer)).content.decode()


def test_a_coarsened_place_stays_coarse_for_the_giver(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    shelter = InitiativeFactory(area_codes=["SE-1480"], area_words=["Bergsjödalen"], place_coarsened=True)
    matched()
    client.force_login(cast.ruth)
    for address in (cases_url(offer), cases_url(offer, f"{shelter.public_id}/")):
        page = client.get(address).content.decode()
        assert "Västra Götaland" in page
        assert "Göteborgs kommun" not in page
        assert "Bergsjödalen" not in page
