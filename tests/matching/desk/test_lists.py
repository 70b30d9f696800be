"""Both sides' lists of matches, as people meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.comparison import overlapping_sentences
from matching.desk.services import dismiss, shortlist
from matching.engine.models import Match, MatchSuggestion, ProfileScoring
from tests.cast import Cast
from tests.factories import FlagFactory, InitiativeFactory, MembershipFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def support_url(initiative: Initiative, rest: str = "") -> str:
    return f"/traffar/initiativ/{initiative.public_id}/{rest}"


def cases_url(offer: SupportOffer, rest: str = "") -> str:
    return f"/traffar/stod/{offer.public_id}/{rest}"


def shown_support(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [card.title for card in answer.context["cards"]]


def shown_cases(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [case.title for case in answer.context["cases"]]


# -- the innovator's list --------------------------------------------------------------------------


def test_innovators_see_reasons_in_words_and_no_percentage(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    client.force_login(cast.amina)
    answer = client.get(support_url(initiative))
    page = answer.content.decode()
    [card] = answer.context["cards"]
    assert card.title == "Bidrag till unga på väg"
    assert len(card.why.reasons) in (2, 3)
    for reason in card.why.reasons:
        assert reason in page
    assert "träff" in page
    assert "Kontrollerad givare" in page
    assert "Stänger 31 december 2099" in page
    assert "Så här söker du:" in page
    assert "%" not in page.split('id="results"')[1].split("</main>")[0]
    english = client.get(f"/en/matches/initiative/{initiative.public_id}/").content.decode()
    assert "How to apply:" in english
    assert "Verified giver" in english


@pytest.mark.parametrize(
    ("who", "status"),
    [("amina", 200), ("erik", 200), ("rolf", 200), ("ruth", 404), ("sara", 404), ("ingrid", 404)],
)
def test_only_its_own_people_see_an_initiatives_matches(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, who: str, status: int
) -> None:
    addresses = [
        support_url(initiative),
        support_url(initiative, f"{offer.public_id}/"),
        support_url(initiative, "varfor-inte/"),
    ]
    for address in addresses:
        assert client.get(address).status_code == 302
    client.force_login(getattr(cast, who))
    for address in addresses:
        assert client.get(address).status_code == status, address
    assert client.get(support_url(initiative, "hur-langt/")).status_code in (
        (200, 204) if status == 200 else (404,)
    )


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("draft", "Publicera först"),
        ("paused", "Det är inte publicerat nu"),
        ("closed", "Det är inte publicerat nu"),
    ],
)
def test_an_unpublished_initiative_is_told_to_publish(
    client: Client, cast: Cast, state: str, said: str
) -> None:
    hidden = InitiativeFactory(organisation=cast.association, **{state: True})
    client.force_login(cast.amina)
    assert said in client.get(support_url(hidden)).content.decode()


def test_support_can_be_narrowed_and_sorted(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    SupportOfferFactory(title="Lokal i Bergsjön", support=["premises"], closes_on="2098-01-01")
    SupportOfferFactory(title="Alltid öppet", closes_on=None)
    matched()
    client.force_login(cast.amina)
    url = support_url(initiative)
    assert set(shown_support(client, url)) == {"Bidrag till unga på väg", "Lokal i Bergsjön", "Alltid öppet"}
    assert shown_support(client, f"{url}?section=other") == ["Lokal i Bergsjön"]
    assert set(shown_support(client, f"{url}?section=money")) == {"Bidrag till unga på väg", "Alltid öppet"}
    assert shown_support(client, f"{url}?kind=premises") == ["Lokal i Bergsjön"]
    assert shown_support(client, f"{url}?sort=closing") == [
        "Lokal i Bergsjön",
        "Bidrag till unga på väg",
        "Alltid öppet",
    ]
    assert shown_support(client, f"{url}?kind=mandate") == []


@pytest.mark.parametrize(
    "query", ["page=abc", "page=999", "kind=nonsense", "sort=zz", "section=%00", "kind="]
)
def test_a_bad_address_is_no_error(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched, query: str
) -> None:
    matched()
    client.force_login(cast.amina)
    assert shown_support(client, f"{support_url(initiative)}?{query}") == ["Bidrag till unga på väg"]
    client.force_login(cast.ruth)
    assert shown_cases(client, f"{cases_url(offer)}?{query}") == ["Lagningsverkstaden"]


def test_no_match_says_what_would_help(client: Client, cast: Cast, matched: Matched) -> None:
    sparse = InitiativeFactory(organisation=cast.association, target_group_codes=None)
    SupportOfferFactory(eligible_kinds=["university"])
    matched()
    client.force_login(cast.amina)
    page = client.get(support_url(sparse)).content.decode()
    assert "Inget öppet stöd passar just nu" in page
    assert "vem det är till för" in page
    assert "Be om hjälp" in page


def test_the_page_says_when_matches_are_being_renewed(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    client.force_login(cast.amina)
    assert "Uppdaterad" in client.get(support_url(initiative)).content.decode()
    scoring, _ = ProfileScoring.objects.update_or_create(
        initiative=initiative, defaults={"asked_revision": 99, "asked_at": timezone.now(), "done_revision": 1}
    )
    page = client.get(support_url(initiative)).content.decode()
    assert "Vi räknar om dina träffar – det tar några sekunder." in page
    assert 'hx-trigger="every 2s"' in page
    assert client.get(support_url(initiative, "hur-langt/")).status_code == 204
    scoring.asked_at = timezone.now() - timedelta(minutes=5)
    scoring.save()
    slow = client.get(support_url(initiative, "hur-langt/"))
    assert "Det tar längre tid än vanligt." in slow.content.decode()
    scoring.done_revision = 99
    scoring.done_at = timezone.now()
    scoring.save()
    done = client.get(support_url(initiative, "hur-langt/?empty=1")).content.decode()
    assert "Visa den nya listan" in done
    assert 'hx-trigger="load"' in done
    # Somebody is reading a list: it is offered, not swapped.
    assert 'hx-trigger="load"' not in client.get(support_url(initiative, "hur-langt/")).content.decode()


# -- the giver's list ------------------------------------------------------------------------------


def test_givers_see_ranked_cases_with_flags_by_name(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    FlagFactory(initiative=initiative, organisation=cast.intermediary, flagged_by=cast.ingrid)
    InitiativeFactory(
        title="Odling på taket", theme_codes=["climate"], change="Vi odlar på tak.", description=""
    )
    matched()
    client.force_login(cast.ruth)
    answer = client.get(cases_url(offer))
    page = answer.content.decode()
    fits = [case.why.fit for case in answer.context["cases"]]
    assert [case.title for case in answer.context["cases"]] == ["Lagningsverkstaden", "Odling på taket"]
    assert fits == sorted(fits, reverse=True)
    assert "Ingrid Sköld" in page
    assert answer.context["cases"][0].why.confidence_words in page


@pytest.mark.parametrize(
    ("who", "status"), [("ruth", 200), ("amina", 404), ("sara", 404), ("ingrid", 404), ("rolf", 404)]
)
def test_only_its_own_people_see_an_offers_cases(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, who: str, status: int
) -> None:
    pair = f"{initiative.public_id}/"
    addresses = [
        cases_url(offer, rest)
        for rest in ("", "var-lista/", "varfor-inte/", pair, f"{pair}lagg-till/", f"{pair}lagg-undan/")
    ]
    for address in addresses:
        assert client.get(address).status_code == 302
    client.force_login(getattr(cast, who))
    for address in addresses:
        assert client.get(address).status_code == status, address


def test_readers_see_the_desk_but_do_not_touch_it(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    client.force_login(MembershipFactory(organisation=cast.foundation, role="reader").user)
    page = client.get(cases_url(offer)).content.decode()
    assert "Lagningsverkstaden" in page
    assert "Lägg på listan" not in page
    pair = f"{initiative.public_id}/"
    assert client.get(cases_url(offer, "var-lista/")).status_code == 200
    for rest in ("lagg-till/", "lagg-undan/", "lagg-tillbaka/", "angra/", "anteckning/", "fraga/"):
        assert client.post(cases_url(offer, pair + rest)).status_code == 403, rest


def test_hidden_initiatives_are_in_no_list_and_no_count(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    hidden = InitiativeFactory(title="Hemlig", visibility="chosen")
    fitting = InitiativeFactory(
        title="För passande", visibility="fitting_givers", organisation=cast.association
    )
    matched()
    # First that there was something to leak.
    assert Match.objects.current().filter(initiative=hidden, offer=offer).exists()
    client.force_login(cast.ruth)
    answer = client.get(cases_url(offer))
    assert [case.title for case in answer.context["cases"]] == ["För passande"]
    assert answer.context["total"] == 1
    assert "Hemlig" not in answer.content.decode()
    assert client.get(cases_url(offer, f"{hidden.public_id}/")).status_code == 404
    assert client.get(cases_url(offer, f"{fitting.public_id}/")).status_code == 200
    found = client.get(cases_url(offer, "varfor-inte/?q=Hemlig")).context["rows"]
    assert found == []


def test_cases_can_be_narrowed(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    listed = InitiativeFactory(title="På listan")
    aside = InitiativeFactory(title="Undanlagd", area_codes=["SE-1480"], theme_codes=["loneliness"])
    matched()
    now = timezone.now()
    shortlist(offer=offer, initiative=listed, actor=cast.ruth, now=now)
    dismiss(offer=offer, initiative=aside, actor=cast.ruth, reason="other_theme", now=now)
    client.force_login(cast.ruth)
    url = cases_url(offer)
    assert set(shown_cases(client, url)) == {"Lagningsverkstaden", "På listan"}
    assert shown_cases(client, f"{url}?stage=dismissed") == ["Undanlagd"]
    assert shown_cases(client, f"{url}?stage=shortlisted") == ["På listan"]
    assert shown_cases(client, f"{url}?stage=suggested") == ["Lagningsverkstaden"]
    assert shown_cases(client, f"{url}?county=SE-25") == []
    assert set(shown_cases(client, f"{url}?county=SE-14&sort=newest")) == {"Lagningsverkstaden", "På listan"}


@pytest.mark.parametrize("side", ["support", "cases", "shortlist", "introductions"])
def test_a_list_asks_as_many_questions_for_three_as_for_one(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched, side: str
) -> None:
    from matching.meeting.models import Introduction

    def ready(number: int) -> None:
        offers = SupportOfferFactory.create_batch(number, organisation=cast.foundation)
        initiatives = InitiativeFactory.create_batch(number, organisation=cast.association)
        matched()
        for one, other in zip(initiatives, offers, strict=True):
            shortlist(offer=offer, initiative=one, actor=cast.ruth, note="Bra", now=timezone.now())
            FlagFactory(initiative=one)
            Introduction.objects.create(offer=other, initiative=one, message="Hej", asked_by=cast.ruth)

    address, person = {
        "support": (support_url(initiative), cast.amina),
        "cases": (cases_url(offer), cast.ruth),
        "shortlist": (cases_url(offer, "var-lista/"), cast.ruth),
        "introductions": ("/traffar/kontakter/", cast.amina),
    }[side]
    client.force_login(person)
    ready(1)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    ready(3)
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


# -- pairs -----------------------------------------------------------------------------------------


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


# -- more than one giver ---------------------------------------------------------------------------

MOVED = "Vi har flyttat ned en del stöd ett par steg"


@pytest.fixture
def four_of_one_giver(cast: Cast, initiative: Initiative, matched: Matched) -> dict[str, SupportOffer]:
    """Four offers of one giver fit best, then one each of three others, each worse than the one before."""
    offers = {f"En {n}": SupportOfferFactory(organisation=cast.foundation, title=f"En {n}") for n in range(4)}
    offers |= {f"Annan {n}": SupportOfferFactory(title=f"Annan {n}") for n in range(3)}
    matched()
    for place, offer in enumerate(offers.values()):
        Match.objects.filter(initiative=initiative, offer=offer).update(fit=0.9 - place / 100)
    assert Match.objects.filter(initiative=initiative).count() == 7
    return offers


def test_of_the_first_five_at_most_two_come_from_one_giver_and_the_page_says_so(
    client: Client, cast: Cast, initiative: Initiative, four_of_one_giver: dict[str, SupportOffer]
) -> None:
    client.force_login(cast.amina)
    url = support_url(initiative)
    assert shown_support(client, url) == ["En 0", "En 1", "Annan 0", "Annan 1", "Annan 2", "En 2", "En 3"]
    page = client.get(url).content.decode()
    assert MOVED in page
    # Another order is nobody's to mend, and a list that keeps the rule says nothing.
    closing = client.get(f"{url}?sort=closing")
    assert [card.title for card in closing.context["cards"]][:3] == ["En 0", "En 1", "En 2"]
    assert MOVED not in closing.content.decode()
    SupportOffer.objects.filter(title__in=["En 2", "En 3"]).update(organisation=cast.outsiders)
    page = client.get(url).content.decode()
    assert MOVED not in page


def test_what_somebody_has_opened_is_not_made_to_wait(
    client: Client, cast: Cast, initiative: Initiative, four_of_one_giver: dict[str, SupportOffer]
) -> None:
    client.force_login(cast.amina)
    url = support_url(initiative)
    for title, seen in (("En 2", timezone.now()), ("En 3", None)):
        MatchSuggestion.objects.update_or_create(
            initiative=initiative,
            offer=four_of_one_giver[title],
            defaults={
                "since_run": 1,
                "fit": 0.5,
                "suggested_at": timezone.now(),
                "seen_by_initiative_at": seen,
            },
        )
    assert shown_support(client, url) == ["En 0", "En 1", "En 2", "Annan 0", "Annan 1", "En 3", "Annan 2"]


def test_more_givers_cost_no_query(
    client: Client, cast: Cast, initiative: Initiative, four_of_one_giver: dict[str, SupportOffer]
) -> None:
    client.force_login(cast.amina)
    url = support_url(initiative)
    client.get(url)
    counts = []
    for address in (url, f"{url}?sort=closing"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
