from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from innovators.models import Initiative
from innovators.querysets import register_visibility_rule
from tests.cast import Cast
from tests.factories.initiatives import ActorFactory, InitiativeFactory
from tests.factories.people import OrganisationFactory
from tests.factories.records import (
    IndicatorFactory,
    JournalEntryFactory,
    MeasurementFactory,
    SpreadRecordFactory,
)
from tests.innovators.conftest import signed_in

CANARIES = ("kanarie@hemlig.example", "070-123 45 67", "Kim Kanarie")


def found(address: str, client: Client | None = None) -> list[str]:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    return sorted(card.title for card in answer.context["cards"])


def at(**parameters: Any) -> str:
    return f"/initiativ/?{urlencode(parameters, doseq=True)}"


# -- who sees what ---------------------------------------------------------------------------------

# What each state and visibility shows to: a visitor, an outsider, a chosen giver, a reader of the owner.
MATRIX = [
    ("published", "everyone", (200, 200, 200, 200)),
    ("published", "chosen", (404, 404, 200, 200)),
    ("published", "fitting_givers", (404, 404, 404, 200)),
    ("draft", "everyone", (404, 404, 404, 200)),
    ("draft", "chosen", (404, 404, 404, 200)),
    ("paused", "everyone", (404, 404, 404, 200)),
    ("closed", "everyone", (404, 404, 404, 200)),
]


@pytest.mark.parametrize(("state", "visibility", "expected"), MATRIX)
def test_who_sees_an_initiative(cast: Cast, state: str, visibility: str, expected: tuple[int, ...]) -> None:
    initiative = InitiativeFactory(organisation=cast.association, visibility=visibility, **{state: True})
    initiative.shared_with.add(cast.foundation)
    page = reverse("innovators:detail", args=[initiative.public_id])
    people = (Client(), signed_in(cast.sara), signed_in(cast.ruth), signed_in(cast.rolf))
    assert tuple(client.get(page).status_code for client in people) == expected
    # The catalogue, its counts and its search know of no more than the page shows.
    for client, status in zip(people, expected, strict=True):
        listed = status == 200 and state == "published"
        assert found("/initiativ/", client) == ([initiative.title] if listed else [])
        assert found(at(q="lagningsverkstaden"), client) == ([initiative.title] if listed else [])
        facets = client.get("/initiativ/").context["result"].facets
        counted = sum(option["count"] for facet in facets for option in facet["options"])
        assert bool(counted) == listed


def test_a_rule_from_above_opens_what_fits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.models import Exists, Q

    from innovators import querysets

    monkeypatch.setattr(querysets, "_visibility_rules", [])
    hidden = InitiativeFactory(organisation=cast.association, visibility="fitting_givers")
    InitiativeFactory(organisation=cast.association, visibility="fitting_givers", draft=True)
    register_visibility_rule(
        lambda organisations: Q(
            Exists(organisations.filter(pk=cast.foundation.pk)), organisation__name="Verkstan i Bergsjön"
        )
    )
    assert list(Initiative.objects.visible_to(cast.ruth)) == [hidden]
    assert list(Initiative.objects.visible_to(cast.sara)) == []


def test_contact_details_are_nowhere_on_public_pages(cast: Cast) -> None:
    from innovators import services
    from tests.factories.people import NOW

    initiative = InitiativeFactory(organisation=cast.association)
    services.change_initiative(
        initiative=initiative,
        changes={
            "contact": {"name": CANARIES[2], "email": CANARIES[0], "phone": CANARIES[1]},
            "change": f"Skriv till {CANARIES[0]}",
            "description": f"Ring {CANARIES[1]}",
            "evidence": f"Elva provade, fråga {CANARIES[0]}",
            "actors": [{"name": CANARIES[2], "kind": "individual", "role": "leder"}],
        },
        actor=cast.amina,
        now=NOW,
    )
    page = reverse("innovators:detail", args=[initiative.public_id])
    for client in (Client(), signed_in(cast.sara), signed_in(cast.ruth), signed_in(cast.ingrid)):
        for address in (page, "/initiativ/", "/en/initiatives/", at(q="Skriv")):
            text = client.get(address).content.decode()
            assert not [canary for canary in CANARIES if canary in text], address
    for canary in CANARIES:
        assert found(at(q=canary)) == []


def test_a_private_owner_is_not_named(db: None) -> None:
    person = OrganisationFactory(name="Kim Kanarie", kind="individual")
    initiative = InitiativeFactory(organisation=person)
    page = reverse("innovators:detail", args=[initiative.public_id])
    for address in (page, "/initiativ/"):
        text = Client().get(address).content.decode()
        assert "Kim Kanarie" not in text
        assert "Privatperson" in text


def test_a_coarsened_place_is_its_county_everywhere(db: None) -> None:
    initiative = InitiativeFactory(
        title="Jouren", area_codes=["SE-1480"], area_words=["Gamla kvarnen"], place_coarsened=True
    )
    page = Client().get(reverse("innovators:detail", args=[initiative.public_id]))
    assert page.context["shown"].places == ["Västra Götalands län"]
    text = page.content.decode()
    assert "Göteborgs kommun" not in text
    assert "Gamla kvarnen" not in text
    # Nor can a filter or a search find out which municipality it is.
    assert found(at(place="SE-1480")) == []
    assert found(at(q="Göteborg")) in ([], ["Jouren"])
    assert found(at(place="SE-14")) == ["Jouren"]
    place = Client().get(at(place="SE-14")).context["result"].facets[0]
    assert [option["value"] for option in place["options"]] == ["SE-14"]


def test_only_confirmed_people_are_named_among_actors(db: None) -> None:
    from tests.factories.people import NOW

    initiative = InitiativeFactory()
    ActorFactory(initiative=initiative, position=0, name="Lisa Öppen", kind="individual", confirmed_at=NOW)
    ActorFactory(initiative=initiative, position=1, name="Bo Dold", kind="individual", role="snickrar")
    text = Client().get(reverse("innovators:detail", args=[initiative.public_id])).content.decode()
    assert "Lisa Öppen" in text
    assert "Bo Dold" not in text
    assert "snickrar" in text


# -- search and filters ----------------------------------------------------------------------------


@pytest.fixture
def settled_taxonomy(settings: Any) -> None:
    """No query now and then for whether the word lists have changed."""
    settings.TAXONOMY_CHECK_SECONDS = 3600


@pytest.fixture
def three(db: None) -> None:
    InitiativeFactory(
        title="Odla ihop i Malmö",
        change="Grannar odlar tillsammans.",
        description="Kolonilotter för integrationsprojektet.",
        area_codes=["SE-1280"],
        theme_codes=["food_and_growing"],
        target_group_codes=None,
        needs=["grant"],
        process_parts=["develop", "realise"],
    )
    InitiativeFactory(
        title="Swimming for everyone",
        language="en",
        change="Children learn to swim.",
        description="Lessons in the evening.",
        area_codes=["SE-1480"],
        theme_codes=["employment"],
        target_group_codes=None,
        needs=["mentoring", "grant"],
        process_parts=["understand"],
        organisation=OrganisationFactory(kind="municipality"),
    )
    InitiativeFactory(
        title="Lånebiblioteket",
        change="Verktyg lånas ut i stället för att köpas.",
        description="Finns i hela landet.",
        area_codes=["SE"],
        theme_codes=["circular_economy"],
        target_group_codes=None,
        needs=[],
        process_parts=None,
    )


GARDEN, SWIM, LIBRARY = "Odla ihop i Malmö", "Swimming for everyone", "Lånebiblioteket"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "odling"}, [GARDEN]),
        ({"q": "odlar grannar"}, [GARDEN]),
        ({"q": "integration"}, [GARDEN]),  # the first half of a compound
        ({"q": "swim"}, [SWIM]),
        ({"q": "lessons"}, [SWIM]),
        ({"q": "Lånebibliotket"}, [LIBRARY]),  # a typing mistake in a name
        ({"q": "Göteborg"}, [SWIM]),  # the place, not the text
        ({"q": "Skåne"}, [GARDEN]),
        ({"q": "jobb"}, [SWIM]),  # a word for a theme
        ({"q": "grannar Göteborg"}, []),  # every word has to fit
        ({"q": "!!! & | <-> :*"}, [LIBRARY, GARDEN, SWIM]),
        ({"q": "'); drop table"}, []),
        ({"place": "SE-12"}, [GARDEN]),
        ({"place": ["SE-1280", "SE-1480"]}, [GARDEN, SWIM]),
        ({"theme": "circular_economy"}, [LIBRARY]),
        ({"part": "realise"}, [GARDEN]),
        ({"need": "grant"}, [GARDEN, SWIM]),
        ({"need": "mentoring", "kind": "municipality"}, [SWIM]),
        ({"need": "mentoring", "kind": "association"}, []),
        ({"place": "nowhere", "theme": "nonsense", "page": "abc", "sort": "x"}, [LIBRARY, GARDEN, SWIM]),
        ({"page": "99", "sort": "newest"}, [LIBRARY, GARDEN, SWIM]),
        ({"q": "x" * 5000}, []),
        ({"q": "\x00"}, [LIBRARY, GARDEN, SWIM]),
    ],
)
def test_search_and_filters(three: None, asked: dict[str, Any], expected: list[str]) -> None:
    assert found(at(**asked)) == sorted(expected)


def test_a_filters_counts_leave_out_only_itself(three: None) -> None:
    result = Client().get(at(need="grant", place="SE-12")).context["result"]
    facets = {facet["name"]: facet for facet in result.facets}
    assert {o["value"]: o["count"] for o in facets["need"]["options"]} == {"grant": 1}
    assert {o["value"]: o["count"] for o in facets["place"]["options"]} == {
        "SE-12": 1,
        "SE-1280": 1,
        "SE-14": 1,
    }


def test_chips_take_one_criterion_away(three: None) -> None:
    result = Client().get(at(q="odling", place=["SE-12", "SE-1480"], page="1")).context["result"]
    assert [chip["text"] for chip in result.chips] == ["”odling”", "Skåne län", "Göteborg"]
    assert result.chips[1]["url"] == "?q=odling&place=SE-1480"


def test_no_hits_names_the_criterion_that_removed_most(three: None) -> None:
    answer = Client().get(at(kind="municipality", part="develop", theme="food_and_growing"))
    assert answer.context["result"].removed_most == {
        "title": "”Kommun”",
        "count": 1,
        "url": "?part=develop&theme=food_and_growing",
    }
    assert "Sök utan" in answer.content.decode()


def test_unknown_criteria_are_left_out_and_said(three: None) -> None:
    assert "nowhere" in Client().get(at(place="nowhere")).context["result"].notices[0]


def test_the_best_hit_comes_first_and_the_newest_otherwise(db: None) -> None:
    from datetime import timedelta

    from tests.factories.people import NOW

    InitiativeFactory(title="Simma", published_at=NOW, description="")
    InitiativeFactory(
        title="Annat", change="Att simma.", published_at=NOW + timedelta(days=1), description=""
    )
    titles = [card.title for card in Client().get(at(q="simma")).context["cards"]]
    assert titles == ["Simma", "Annat"]
    titles = [card.title for card in Client().get(at(q="simma", sort="newest")).context["cards"]]
    assert titles == ["Annat", "Simma"]


def test_more_than_counted_is_said_as_over(three: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from brygga.organisations.registration import catalogue

    monkeypatch.setattr(catalogue, "MOST_COUNTED", 2)
    assert "Över 10\u00a0000 initiativ" in Client().get("/initiativ/").content.decode()


@pytest.mark.parametrize(
    ("address", "queries"), [("/initiativ/", 10), ("/initiativ/?q=lagning&place=SE-14&need=grant", 14)]
)
@pytest.mark.parametrize("many", [1, 3])
def test_the_catalogue_takes_the_same_queries_for_one_and_three(
    db: None, settled_taxonomy: None, django_assert_num_queries: Any, address: str, queries: int, many: int
) -> None:
    InitiativeFactory.create_batch(many)
    client = Client()
    client.get(address)
    with django_assert_num_queries(queries):
        assert len(client.get(address).context["cards"]) == many


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_takes_the_same_queries_for_few_and_many_rows(
    db: None, settled_taxonomy: None, django_assert_num_queries: Any, many: int
) -> None:
    initiative = InitiativeFactory(needs=["grant", "loan", "data"][:many])
    for position in range(many):
        ActorFactory(initiative=initiative, position=position)
        JournalEntryFactory(initiative=initiative)
        MeasurementFactory(indicator=IndicatorFactory(initiative=initiative))
        SpreadRecordFactory(initiative=initiative)
    page = reverse("innovators:detail", args=[initiative.public_id])
    client = Client()
    client.get(page)
    with django_assert_num_queries(15):
        client.get(page)


# -- languages -------------------------------------------------------------------------------------


def test_the_second_language_is_shown_to_those_who_read_it(db: None) -> None:
    initiative = InitiativeFactory(
        title="Simma",
        title_second="Swim",
        summary_second="Everyone learns to swim.",
        change="Alla ska simma.",
    )
    with_second = Client().get(f"/en/initiatives/{initiative.public_id}/")
    assert (with_second.context["shown"].told.title, with_second.context["shown"].told.language) == (
        "Swim",
        "en",
    )
    text = with_second.content.decode()
    assert "Everyone learns to swim." in text
    assert "Alla ska simma." in text
    swedish = Client().get(f"/initiativ/{initiative.public_id}/")
    assert swedish.context["shown"].told.title == "Simma"
    assert found("/en/initiatives/") == ["Swim"]


def test_the_wheel_has_a_text_that_says_the_same(db: None) -> None:
    initiative = InitiativeFactory(process_parts=["develop", "value"])
    text = Client().get(reverse("innovators:detail", args=[initiative.public_id])).content.decode()
    assert text.count("wheel__part--now") == 2
    assert text.count("wheel__name--now") == 2


def test_the_story_says_the_change_first_and_how_to_help_before_the_numbers(db: None) -> None:
    initiative = InitiativeFactory(needs=["grant"])
    ActorFactory(initiative=initiative)
    JournalEntryFactory(initiative=initiative)
    for _number in range(4):
        MeasurementFactory(indicator=IndicatorFactory(initiative=initiative))
    page = Client().get(reverse("innovators:detail", args=[initiative.public_id])).content.decode()
    told = [
        "Förändringen vi vill se",
        "Vad vi gör",
        "Så har arbetet rört sig",
        "Andra som är med",
        "Vad vi behöver",
        "Kan du hjälpa till?",
        "Vad det leder till",
        "Senast i dagboken",
    ]
    assert sorted(told, key=lambda heading: page.index(f">{heading}<")) == told
    # At the top too, and three of the four numbers: the link says how many there are.
    assert page.index("Erbjud stöd") < page.index("Förändringen vi vill se")
    assert page.count('class="value-card"') == 3
    assert "Se alla 4 siffror och hur de tas fram" in page


def test_words_in_the_search_box_are_no_filter(three: None) -> None:
    badge = 'class="count-badge"'
    assert badge not in Client().get(at(q="lagning")).content.decode()
    assert badge in Client().get(at(q="lagning", need="grant")).content.decode()
