"""The catalogue and the public page: who sees what, what is found, what is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from brygga.core.slots import fill
from funders.models import SupportOffer
from funders.search import support_kinds_in
from tests.cast import Cast
from tests.factories.offers import SupportLineFactory, SupportOfferFactory
from tests.factories.people import OrganisationFactory
from tests.funders.conftest import signed_in

pytestmark = pytest.mark.django_db

CANARIES = ("kanarie@hemlig.example", "070-123 45 67", "Kim Kanarie")


@pytest.fixture
def today() -> Any:
    return timezone.localdate()


def make(title: str, **columns: Any) -> SupportOffer:
    support = columns.pop("support", ["grant"])
    columns = {"opens_on": None, "closes_on": None, "description": "Text.", **columns}
    return SupportOfferFactory(title=title, support=support, **columns)


def at(**parameters: Any) -> str:
    return f"/stod/?{urlencode(parameters, doseq=True)}"


def found(client: Client | None = None, **parameters: Any) -> list[str]:
    answer = (client or Client()).get(at(**parameters))
    assert answer.status_code == 200
    return sorted(card.title for card in answer.context["cards"])


def counts(name: str, **parameters: Any) -> dict[str, int]:
    facets = {one["name"]: one for one in Client().get(at(**parameters)).context["result"].facets}
    return {option["value"]: option["count"] for option in facets[name]["options"]}


# -- who sees what ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("published", (200, 200, 200)),
        ("draft", (404, 404, 200)),
        ("paused", (404, 404, 200)),
        ("closed", (404, 404, 200)),
    ],
)
def test_who_sees_an_offer(cast: Cast, as_reader: Client, state: str, expected: tuple[int, ...]) -> None:
    offer = make("Tom butik", organisation=cast.foundation, **{state: True})
    page = reverse("funders:detail", args=[offer.public_id])
    people = (Client(), signed_in(cast.sara), as_reader)
    assert tuple(client.get(page).status_code for client in people) == expected
    # In lists nobody, owners and staff included, meets anything but what is published.
    listed = ["Tom butik"] if state == "published" else []
    assert [found(client) for client in people] == [listed] * 3
    assert sum(counts("kind").values()) == 2 * len(listed)


def test_contact_details_stand_nowhere(cast: Cast) -> None:
    offer = make(
        "Tom butik",
        organisation=cast.foundation,
        contact={"name": CANARIES[2], "email": CANARIES[0], "phone": CANARIES[1]},
    )
    detail = reverse("funders:detail", args=[offer.public_id])
    for client in (Client(), signed_in(cast.sara)):
        for page in (detail, "/stod/", at(q="butik")):
            text = client.get(page).content.decode()
            assert [one for one in CANARIES if one in text] == []


# -- time ------------------------------------------------------------------------------------------


def test_over_is_not_listed_but_its_page_says_so(cast: Cast, today: Any) -> None:
    over = make("Över", closes_on=today - timedelta(days=1))
    make("Sista dagen", closes_on=today)
    make("Senare", opens_on=today + timedelta(days=1))
    assert found() == ["Senare", "Sista dagen"]
    page = Client().get(reverse("funders:detail", args=[over.public_id])).content.decode()
    assert "Sista dagen har passerat" in page


def test_when(today: Any) -> None:
    make("Löpande")
    make("Öppet", closes_on=today + timedelta(days=3))
    make("Senare", opens_on=today + timedelta(days=1), closes_on=today + timedelta(days=9))
    assert found(when="open") == ["Löpande", "Öppet"]
    assert found(when="rolling") == ["Löpande"]
    assert found(when="later") == ["Senare"]
    assert found(when=["rolling", "later"]) == ["Löpande", "Senare"]
    assert counts("when") == {"open": 2, "rolling": 1, "later": 1}


def test_sorting(today: Any) -> None:
    make("Löpande")
    make("Sent", closes_on=today + timedelta(days=9))
    make("Snart", closes_on=today + timedelta(days=3))
    titles = [card.title for card in Client().get(at(sort="closing")).context["cards"]]
    assert titles == ["Snart", "Sent", "Löpande"]


# -- filters ---------------------------------------------------------------------------------------


def test_place_matches_along_the_tree() -> None:
    make("Göteborg", area_codes=["SE-1480"])
    make("Borås", area_codes=["SE-1490"])
    make("Länet", area_codes=["SE-14"])
    make("Sverige", area_codes=["SE"])
    make("Världen", area_codes=["world"])
    make("Var som helst", area_codes=[])
    make("Okänt", area_codes=None)
    make("Skåne", area_codes=["SE-12"])
    make("Norge", area_codes=["NO"])
    wide = ["Länet", "Okänt", "Sverige", "Var som helst", "Världen"]
    assert found(place="SE-1480") == sorted(["Göteborg", *wide])
    assert found(place="SE-14") == sorted(["Borås", "Göteborg", *wide])
    assert found(place=["SE-1480", "SE-12"]) == sorted(["Göteborg", "Skåne", *wide])
    counted = counts("place", place="SE-14")
    # Each count is what choosing that place alone finds.
    for code in ("SE-14", "SE-12", "SE-1480", "SE-1490", "SE-25"):
        assert counted.get(code) == len(found(place=code)), code


def test_kinds_of_support_alone_and_in_groups() -> None:
    make("Pengar", support=["grant", "loan"])
    make("Mentor", support=["mentoring"])
    make("Båda", support=["grant", "premises"])
    assert found(kind="grant") == ["Båda", "Pengar"]
    assert found(kind="money") == ["Båda", "Pengar"]
    assert found(kind="other") == ["Båda", "Mentor"]
    assert found(kind=["loan", "mentoring"]) == ["Mentor", "Pengar"]
    assert counts("kind") == {"money": 2, "grant": 2, "loan": 1, "other": 2, "mentoring": 1, "premises": 1}


def test_who_may_apply_never_leaves_out_what_is_not_said() -> None:
    make("Föreningar", eligible_kinds=["association"])
    make("Företag", eligible_kinds=["company"])
    make("Alla", eligible_kinds=[])
    make("Okänt", eligible_kinds=None)
    assert found(who="association") == ["Alla", "Föreningar", "Okänt"]
    assert found(who="unsaid") == ["Okänt"]
    counted = counts("who")
    assert (counted["association"], counted["company"], counted["region"], counted["unsaid"]) == (3, 3, 2, 1)


def test_themes_and_givers() -> None:
    make("Jobb", theme_codes=["employment"])
    make("Alla ämnen", theme_codes=[])
    make("Kommunens", theme_codes=["culture_and_leisure"], organisation__kind="municipality")
    assert found(theme="employment") == ["Alla ämnen", "Jobb"]
    assert found(theme="work_and_livelihood") == ["Alla ämnen", "Jobb"]
    assert counts("theme", theme="work_and_livelihood")["employment"] == 2
    assert found(giver="municipality") == ["Kommunens"]


# -- search ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("butiken", ["Tom butik"]),
        ("mentors", ["A mentor for two years"]),
        ("mentorskap", ["A mentor for two years"]),
        ("lokaler", ["Tom butik"]),
        ("stipendium", ["Bidrag till musik"]),
        ("premises", ["Tom butik"]),
        ("butikk", ["Tom butik"]),
        ("Härnösand", ["Tom butik"]),
        ("lokal Härnösand", ["Tom butik"]),
        ("lokal Malmö", []),
        ("bidrag Malmö", ["Bidrag till musik"]),
        ("empty shop", ["Tom butik"]),
        ("arbetsmarknad", ["A mentor for two years"]),
        ("xyzzyq", []),
    ],
)
def test_search(text: str, expected: list[str]) -> None:
    make(
        "Tom butik",
        title_second="An empty shop",
        support=["premises"],
        area_codes=["SE-2280"],
        theme_codes=[],
        target_group_codes=None,
    )
    make(
        "Bidrag till musik",
        area_codes=["SE-12"],
        theme_codes=["culture_and_leisure"],
        target_group_codes=None,
    )
    make(
        "A mentor for two years",
        language="en",
        support=["mentoring"],
        area_codes=["SE-25"],
        theme_codes=["employment"],
        target_group_codes=None,
    )
    assert found(q=text) == expected


def test_words_for_kinds_of_support() -> None:
    assert support_kinds_in(["lokalen"]) == ["premises"]
    assert support_kinds_in(["lokalt", "lånade", "databas"]) == []
    assert support_kinds_in(["Mentorer"]) == ["mentoring"]


def test_nothing_found_names_the_criterion_to_relax() -> None:
    make("Mentor", support=["mentoring"], area_codes=["SE-12"])
    make("Mentor till", support=["mentoring"], area_codes=["SE-14"])
    answer = Client().get(at(kind="grant", place="SE-12"))
    assert answer.context["result"].removed_most["count"] == 1
    assert answer.context["result"].removed_most["url"] == "?place=SE-12"
    assert "Inget stöd passar med allt det" in answer.content.decode()


@pytest.mark.parametrize(
    "parameters",
    [
        {"page": "abc"},
        {"page": "99999"},
        {"sort": "fastest"},
        {"kind": "hugs"},
        {"place": "SE-99"},
        {"q": "\x00'\"%_&|!:*()<->"},
        {"q": "a" * 5000},
        {"who": ["association", "club"]},
    ],
)
def test_nonsense_in_the_address_is_never_an_error(parameters: dict[str, Any]) -> None:
    make("Tom butik")
    assert Client().get(at(**parameters)).status_code == 200


# -- queries ---------------------------------------------------------------------------------------


def queries_of(address: str, client: Client) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", ["/stod/", "/stod/?q=butik+lokal&kind=money&place=SE-14&when=open"])
def test_catalogue_has_a_constant_number_of_queries(cast: Cast, address: str) -> None:
    counted = []
    people = (Client(), signed_in(cast.sara))
    for number in (1, 2):
        for _ in range(number):
            make("Tom butik", support=["grant", "premises"])
        counted.append([queries_of(address, client) for client in people])
    assert counted[0] == counted[1]


def test_page_of_an_offer_has_a_constant_number_of_queries() -> None:
    one, three = make("Ett"), make("Tre", support=["grant", "loan", "mentoring"])
    counted = [queries_of(reverse("funders:detail", args=[one.public_id]), Client()) for one in (one, three)]
    assert counted[0] == counted[1]


# -- what the page says ----------------------------------------------------------------------------


def test_page_tells_who_can_get_what(cast: Cast) -> None:
    offer = make(
        "Bidrag",
        organisation=cast.foundation,
        area_codes=["SE-14"],
        eligible_kinds=["association"],
        strict=["themes"],
        hours_to_apply=6,
        answer_days=30,
    )
    SupportLineFactory(offer=offer, position=7, kind="mentoring", hours=20, amount_min=None, amount_max=None)
    page = Client().get(reverse("funders:detail", args=[offer.public_id])).content.decode()
    for text in (
        "Bidrag: 50\u00a0000–300\u00a0000\u00a0kr",
        "Mentorskap: 20 timmar",
        "Den som leder ska vara en ideell förening.",
        "Arbetet ska handla om jobb och arbetsmarknad.",
        "Stödet får användas i Västra Götalands län.",
        "ungefär 6 timmar",
        "inom 30 dagar från det att ni ber om kontakt eller säger ja till det",
        "Ingen stödgivare här tar betalt för att du söker.",
    ):
        assert text in page, text
    assert "Givaren är inte kontrollerad än" not in page


def test_unverified_giver_is_marked() -> None:
    offer = make("Bidrag", organisation=OrganisationFactory(name="Nya fonden", kind="foundation"))
    page = Client().get(reverse("funders:detail", args=[offer.public_id])).content.decode()
    assert "Givaren är inte kontrollerad än" in page
    assert "Givaren är inte kontrollerad än" in Client().get("/stod/").content.decode()


def test_unconfirmed_import_leads_to_its_source_and_never_to_an_introduction() -> None:
    offer = make(
        "Hämtat", is_confirmed=False, source="torget", source_id="1", source_url="https://torget.example/1"
    )
    page = Client().get(reverse("funders:detail", args=[offer.public_id])).content.decode()
    assert "Inte bekräftat av givaren" in page
    assert 'href="https://torget.example/1"' in page
    assert "Så här söker du" in page
    assert "Berätta om ditt initiativ här och publicera det." not in page


def test_second_language_when_reading_the_other() -> None:
    offer = make("Tom butik", title_second="An empty shop", summary_second="Free for a year.")
    swedish = Client().get(f"/stod/{offer.public_id}/").content.decode()
    english = Client().get(f"/en/support/{offer.public_id}/").content.decode()
    assert "An empty shop" not in swedish
    assert '<span lang="en">An empty shop</span>' in english
    assert "Free for a year." in english


def test_private_person_is_not_named(cast: Cast) -> None:
    person = OrganisationFactory(name="Kim Kanarie", kind="individual")
    offer = make("Mentor", organisation=person, support=["mentoring"])
    for page in ("/stod/", reverse("funders:detail", args=[offer.public_id])):
        assert "Kim Kanarie" not in Client().get(page).content.decode()


# -- on pages below --------------------------------------------------------------------------------


def test_home_is_filled(cast: Cast) -> None:
    make("Tom butik", organisation=cast.foundation, support=["premises"])
    request = RequestFactory().get("/")
    request.user = cast.ruth
    assert "Tom butik" in "".join(fill("home_sections", [cast.ruth], request)[cast.ruth.pk])
