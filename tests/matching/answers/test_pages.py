"""Answers that help people act, as they meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.services import dismiss
from tests.cast import Cast
from tests.factories import InitiativeFactory, OrganisationFactory, SupportOfferFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def mine(initiative: Initiative, rest: str = "fler-traffar/") -> str:
    return f"/traffar/initiativ/{initiative.public_id}/{rest}"


def theirs(offer: SupportOffer, rest: str = "vad-kraven-stoppar/") -> str:
    return f"/traffar/stod/{offer.public_id}/{rest}"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# -- who may look -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("amina", 200), ("rolf", 200), ("ruth", 404), ("sara", 404)])
def test_only_an_initiatives_own_people_see_what_would_help_it(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, who: str, status: int
) -> None:
    for rest in ("fler-traffar/", "paket/", "varfor-inte/"):
        assert client.get(mine(initiative, rest)).status_code == 302
    client.force_login(getattr(cast, who))
    for rest in ("fler-traffar/", "paket/", "varfor-inte/"):
        assert client.get(mine(initiative, rest)).status_code == status


@pytest.mark.parametrize(("who", "status"), [("ruth", 200), ("amina", 404), ("sara", 404)])
def test_only_an_offers_own_people_see_what_its_rules_cost(
    client: Client, cast: Cast, offer: SupportOffer, who: str, status: int
) -> None:
    assert client.get(theirs(offer)).status_code == 302
    client.force_login(getattr(cast, who))
    assert client.get(theirs(offer)).status_code == status


# -- what would give more ---------------------------------------------------------------------------


def test_one_step_and_what_it_gives(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    for place in range(2):
        SupportOfferFactory(title=f"Bidrag i Dalarna {place}", area_codes=["SE-20"])
    SupportOfferFactory(title="Bara för kommuner", eligible_kinds=["municipality"])
    SupportOfferFactory(title="Två fel", area_codes=["SE-20"], eligible_kinds=["municipality"])
    SupportOfferFactory(title="Öppnar snart", opens_on=timezone.localdate() + timedelta(days=40))
    matched()
    client.force_login(cast.amina)
    answer = client.get(mine(initiative))
    page = answer.content.decode()
    groups = {group.rule: group for group in answer.context["found"].groups}
    [place] = groups["area"].steps
    assert (place.sentence, place.number) == ("Om ni också arbetar i Dalarna", 2)
    assert {one.title for one in place.examples} == {"Bidrag i Dalarna 0", "Bidrag i Dalarna 1"}
    assert place.url.startswith(f"/initiativ/{initiative.public_id}/svar/")
    assert groups["organisation_kind"].steps[0].sentence == (
        "Om en kommun med organisationsnummer leder arbetet"
    )
    assert groups["dates"].nature == "wait"
    assert "2 stöd till" in page
    assert "Bara om arbetet verkligen sker där." in page
    assert "Två fel" not in page
    assert client.get(place.url).status_code == 200
    english = text_of(client, f"/en/matches/initiative/{initiative.public_id}/more-matches/")
    assert "2 offers more" in english
    assert "If you also work in Dalarna" in english


def test_what_cannot_be_changed_is_named_without_advice(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    SupportOfferFactory(title="Inte för gemenskap", forms_not_accepted=["own_experience", "belonging"])
    matched()
    client.force_login(cast.amina)
    answer = client.get(mine(initiative))
    assert answer.context["found"].groups == []
    assert [group.rule for group in answer.context["found"].fixed] == ["forms_refused_by_offer"]
    assert "Det här kan ni inte ändra" in answer.content.decode()


def test_the_next_question_is_asked_beside_the_matches_and_leads_to_its_page(
    client: Client, cast: Cast, matched: Matched
) -> None:
    sparse = InitiativeFactory(organisation=cast.association, legal_entity=None, started_on=None)
    for place in range(3):
        SupportOfferFactory(title=f"Kräver nummer {place}")
    SupportOfferFactory(title="Kräver ålder", min_age_months=12, legal_entity_required=None)
    matched()
    client.force_login(cast.amina)
    answer = client.get(mine(sparse))
    asked = answer.context["found"].question
    assert (asked.title, asked.settles) == ("Har ni ett organisationsnummer?", 3)
    assert "Svaret avgör 3 stöd som är oklara nu." in answer.content.decode()
    assert f'href="{asked.url}"' in answer.content.decode()
    assert client.get(asked.url).status_code == 200
    part = client.get(mine(sparse, "fraga-till/"), headers={"HX-Request": "true"})
    assert "Har ni ett organisationsnummer?" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert client.get(mine(sparse, "fraga-till/")).headers["Location"] == mine(sparse)
    clear = InitiativeFactory(organisation=cast.association)
    nothing = client.get(mine(clear, "fraga-till/"), headers={"HX-Request": "true"})
    assert nothing.content.decode().strip() == ""
    client.force_login(cast.rolf)
    page = text_of(client, mine(sparse))
    assert f'href="{asked.url}"' not in page
    assert "En kollega som får skriva kan svara på den." in page


def test_empty_pages_say_why(client: Client, cast: Cast, initiative: Initiative, matched: Matched) -> None:
    client.force_login(cast.amina)
    for rest in ("fler-traffar/", "paket/"):
        assert "Inget är matchat än" in text_of(client, mine(initiative, rest))
    matched()
    assert "Inget stöd är publicerat än" in text_of(client, mine(initiative))
    needless = InitiativeFactory(organisation=cast.association, needs=[], needs_stated=False)
    matched()
    assert "Vi vet inte vad ni behöver" in text_of(client, mine(needless, "paket/"))
    draft = InitiativeFactory(organisation=cast.association, draft=True)
    for rest in ("fler-traffar/", "paket/"):
        assert "Publicera först" in text_of(client, mine(draft, rest))


# -- a package --------------------------------------------------------------------------------------


def test_a_package_adds_up_and_names_what_is_missing(client: Client, cast: Cast, matched: Matched) -> None:
    big = InitiativeFactory(organisation=cast.association, needs=["loan", "premises", "mentoring"])
    for place in range(3):
        offer = SupportOfferFactory(title=f"Lån {place}", support=["loan"])
        offer.support.update(amount_min=None, amount_max=300_000)
    SupportOfferFactory(title="Lokal", support=["premises"])
    SupportOfferFactory(title="Lokal bara för lärosäten", support=["premises"], eligible_kinds=["university"])
    matched()
    client.force_login(cast.amina)
    answer = client.get(mine(big, "paket/"))
    found = answer.context["found"]
    titles = sorted(part.offer.title for part in found.parts)
    assert len(titles) == 3
    assert titles[0] == "Lokal"
    assert [need.state for need in found.needs] == ["covered", "covered", "uncovered"]
    page = answer.content.decode()
    assert "Det här saknas ännu" in page
    assert "Be om hjälp" in page
    assert "500\xa0000\xa0kr" in page


# -- why not ----------------------------------------------------------------------------------------


def test_why_not_tells_both_facts(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    SupportOfferFactory(title="Bara för lärosäten", eligible_kinds=["university"])
    matched()
    client.force_login(cast.amina)
    answer = client.get(mine(initiative, "varfor-inte/"), {"q": "lärosäten"})
    [row] = answer.context["rows"]
    [rule] = row["rules"]
    assert (rule["yours"], rule["theirs"]) == ("Ideell förening", "Universitet eller högskola")
    assert rule["theirs"] in answer.content.decode()


def test_why_not_tells_the_place_and_what_the_best_have_more_of(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    for place in range(4):
        SupportOfferFactory(title=f"Bra stöd {place}")
    SupportOfferFactory(
        title="Annat ämne", theme_codes=["mental_health"], target_group_codes=["older_people"]
    )
    matched()
    client.force_login(cast.amina)
    answer = client.get(mine(initiative, "varfor-inte/"), {"q": "annat ämne"})
    [row] = answer.context["rows"]
    assert (row["is_listed"], row["place"], row["total"]) == (True, 5, 5)
    assert "Ämnen" in row["lower"]
    assert "Plats 5 av 5." in answer.content.decode()
    [best, *_others] = client.get(mine(initiative, "varfor-inte/"), {"q": "bra stöd"}).context["rows"]
    assert best["place"] in (1, 2, 3, 4)


def test_the_giver_too_sees_the_place_and_what_the_best_have_more_of(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    good = [InitiativeFactory(title=f"Bra idé {place}") for place in range(3)]
    InitiativeFactory(title="Annan idé", theme_codes=["mental_health"], target_group_codes=["older_people"])
    matched()
    client.force_login(cast.ruth)
    answer = client.get(theirs(offer, "varfor-inte/"), {"q": "annan idé"})
    [row] = answer.context["rows"]
    assert (row["is_listed"], row["place"], row["total"]) == (True, 4, 4)
    assert set(row["lower"]) == {"Ämnen", "Målgrupper"}
    # What a colleague has put aside is not on the list, nor counted there.
    dismiss(offer=offer, initiative=good[0], actor=cast.ruth, reason="other_theme", now=timezone.now())
    assert client.get(theirs(offer, "varfor-inte/"), {"q": "annan idé"}).context["rows"][0]["total"] == 3
    said = text_of(client, theirs(offer, "varfor-inte/?q=Bra idé 0"))
    assert "har lagt undan det, så det finns inte i er lista" in said
    assert "Ruth Malmsten" in said
    assert "Plats" not in said


def test_a_misspelt_name_is_guessed_and_hidden_names_are_not(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched
) -> None:
    InitiativeFactory(title="Hemliga verkstaden", visibility="chosen")
    InitiativeFactory(title="Utkastet", draft=True)
    matched()
    client.force_login(cast.ruth)
    answer = client.get(theirs(offer, "varfor-inte/"), {"q": "Lagningsverkstadn"})
    assert answer.context["is_guess"]
    assert [row["title"] for row in answer.context["rows"]] == ["Lagningsverkstaden"]
    assert "Menade du" in answer.content.decode()
    for hidden in ("Hemliga", "Utkastet"):
        assert client.get(theirs(offer, "varfor-inte/"), {"q": hidden}).context["rows"] == []


def test_a_closed_offer_says_so(client: Client, cast: Cast, initiative: Initiative, matched: Matched) -> None:
    SupportOfferFactory(title="Stängt stöd", closes_on="2026-01-31")
    SupportOfferFactory(title="Öppet stöd")
    matched()
    client.force_login(cast.amina)
    page = text_of(client, mine(initiative, "varfor-inte/?q=stängt"))
    assert "Stängde 31 januari 2026" in page


# -- what each rule shuts out -----------------------------------------------------------------------


def test_rules_are_counted_among_those_that_may_be_seen(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched
) -> None:
    company = OrganisationFactory(kind="company", name="Bolaget")
    InitiativeFactory(title="Bolagets idé", organisation=company)
    InitiativeFactory(title="Hemliga bolaget", organisation=company, visibility="chosen")
    InitiativeFactory(title="Långt borta", area_codes=["SE-2480"])
    InitiativeFactory(title="Vet inte", legal_entity=None)
    InitiativeFactory(title="Egen", organisation=cast.foundation)
    matched()
    client.force_login(cast.ruth)
    answer = client.get(theirs(offer))
    found = answer.context["found"]
    assert (found.initiatives, found.fits, found.unclear, found.stopped) == (4, 1, 1, 2)
    rules = {rule.rule: rule for rule in found.rules}
    assert (rules["organisation_kind"].alone, rules["organisation_kind"].stops) == (1, 1)
    assert [one.title for one in rules["organisation_kind"].examples] == ["Bolagets idé"]
    assert rules["organisation_kind"].steps[0].sentence == "Om också ett företag får söka"
    assert rules["legal_entity"].unclear == 1
    page = answer.content.decode()
    assert "Hemliga" not in page
    assert "Om stödet också gäller Västerbotten" in page
    for rule in rules.values():
        assert client.get(rule.url).status_code == 200, rule.rule


def test_rules_of_an_offer_outside_its_time_are_counted_all_the_same(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    over = SupportOfferFactory(organisation=cast.foundation, closes_on="2026-01-31")
    SupportOfferFactory()
    matched()
    client.force_login(cast.ruth)
    answer = client.get(theirs(over))
    assert answer.context["found"].fits == 1
    assert "Det går inte att söka i dag." in answer.content.decode()
    draft = SupportOfferFactory(organisation=cast.foundation, draft=True)
    assert "Ert stöd är inte publicerat" in text_of(client, theirs(draft))


# -- cost -------------------------------------------------------------------------------------------


def test_pages_cost_the_same_for_one_and_for_three(client: Client, cast: Cast, matched: Matched) -> None:
    initiative = InitiativeFactory(organisation=cast.association, legal_entity=None, title="Verkstan 0")
    offer = SupportOfferFactory(organisation=cast.foundation, title="Bidrag 0")

    def more(number: int) -> None:
        SupportOfferFactory(title=f"Bidrag i Dalarna {number}", area_codes=["SE-20"])
        SupportOfferFactory(title=f"Bidrag nummer {number}")
        SupportOfferFactory(title=f"Bidrag {number} till kommuner", eligible_kinds=["municipality"])
        company = OrganisationFactory(kind="company")
        InitiativeFactory(title=f"Verkstan {number}", organisation=company)
        InitiativeFactory(title=f"Verkstan {number} långt borta", area_codes=["SE-2480"])

    asked = [
        (cast.amina, mine(initiative)),
        (cast.amina, mine(initiative, "paket/")),
        (cast.amina, mine(initiative, "varfor-inte/?q=Bidrag")),
        (cast.ruth, theirs(offer)),
        (cast.ruth, theirs(offer, "varfor-inte/?q=Verkstan")),
    ]

    def costs() -> list[int]:
        matched()
        numbers = []
        for person, address in asked:
            client.force_login(person)
            client.get(address)
            numbers.append(queries_for(client, address))
        return numbers

    more(1)
    first = costs()
    for number in (2, 3):
        more(number)
    assert costs() == first
    assert max(first) <= 30, first
