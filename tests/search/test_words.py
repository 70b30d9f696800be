"""The search of both catalogues: compounds, other words for the same, slips, and "did you mean"."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from brygga.organisations import rereading
from brygga.organisations.registration import best_first
from brygga.organisations.registration import catalogue as catalogues
from brygga.organisations.registration.search import plan_search
from funders.models import SupportOffer
from innovators.models import Initiative
from innovators.services import change_initiative
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db
INITIATIVES, OFFERS = "/initiativ/", "/stod/"


def make(catalogue: str, title: str, text: str) -> None:
    """A profile that says nothing but its texts."""
    silent = {"theme_codes": None, "target_group_codes": None, "area_codes": ["SE-1480"]}
    if catalogue == INITIATIVES:
        InitiativeFactory(title=title, change=text, description="", **silent)
    else:
        SupportOfferFactory(title=title, description=text, support=["evaluation"], **silent)


def found(catalogue: str, text: str, **filters: str) -> list[str]:
    answer = Client().get(f"{catalogue}?{urlencode({'q': text, **filters})}")
    assert answer.status_code == 200
    return sorted(card.title for card in answer.context["cards"])


def meant(catalogue: str, text: str, **filters: str) -> Any:
    return Client().get(f"{catalogue}?{urlencode({'q': text, **filters})}").context["result"].did_you_mean


@pytest.fixture(params=[INITIATIVES, OFFERS])
def catalogue(request: pytest.FixtureRequest, db: None) -> str:
    where = str(request.param)
    make(where, "Bryggan", "Vi vill minska arbetslöshet bland unga i Angered.")
    make(where, "Middagsbordet", "Ensamma äldre lagar mat ihop med grannar.")
    make(where, "Kolonin", "Vi odlar grönsaker på taken.")
    make(where, "Open doors", "We help young people who are unemployed.")
    return where


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ungdomsarbetslöset", ["Bryggan", "Open doors"]),  # compound, slip, other words, other language
        ("ungdomsarbetslöshet", ["Bryggan", "Open doors"]),
        ("ungdomsarbtslöshet", ["Bryggan", "Open doors"]),
        ("Ungdomsarbetslöset Göteborg", ["Bryggan", "Open doors"]),
        ("äldreensamhet", ["Middagsbordet"]),
        ("arbetslöset", ["Bryggan"]),
        ("grönsakr", ["Kolonin"]),
        ("ungdomsarbetslöset grönsaker", []),  # every word has to fit
        ("äldrearbetslöshet", []),  # and every part of a compound
    ],
)
def test_compounds_and_slips(catalogue: str, text: str, expected: list[str]) -> None:
    assert found(catalogue, text) == expected


@pytest.mark.parametrize("where", [INITIATIVES, OFFERS])
def test_the_head_of_a_compound_finds_it(where: str, db: None) -> None:
    make(where, "Praktiken", "Vi minskar ungdomsarbetslösheten och ordnar sommarjobb i Värmland.")
    make(where, "Långtidsarbetslöshet", "En eftermiddag i veckan på transporten till grundskolan.")
    make(where, "Utbildning för alla", "Gemensamhet, samordnaren och ett ungdomsarbetslöshetsprojekt.")
    everybody = ["Långtidsarbetslöshet", "Praktiken", "Utbildning för alla"]
    for text, expected in (
        ("arbetslöshet", everybody),
        ("arbetslösheten", everybody),
        ("arbetslöset", everybody),  # a slip
        ("arbetslös", everybody),
        ("skola", ["Långtidsarbetslöshet"]),
        ("arbetslöshet skola", ["Långtidsarbetslöshet"]),
        # No compounds, or too short a part.
        *((word, []) for word in ("ensamhet", "bildning", "middag", "sport", "arena", "land", "jobb")),
    ):
        assert found(where, text) == expected, text


def test_heads_follow_the_text(cast: Cast) -> None:
    initiative = InitiativeFactory(
        organisation=cast.association, title="Bryggan", change="Ungdomsarbetslöshet", description=""
    )
    for change, expected in (("Kvällar", []), ("Mot långtidsarbetslöshet", ["arbetslös"])):
        change_initiative(initiative=initiative, changes={"change": change}, actor=cast.amina, now=NOW)
        initiative.refresh_from_db()
        assert initiative.compound_heads == expected


@pytest.mark.parametrize(
    ("app", "migration"),
    [("innovators", "0010_fill_compound_heads"), ("funders", "0008_fill_compound_heads")],
)
def test_heads_are_found_in_the_texts_that_are_there(app: str, migration: str, db: None) -> None:
    make(INITIATIVES if app == "innovators" else OFFERS, "Bryggan", "Mot ungdomsarbetslöshet")
    rows = (Initiative if app == "innovators" else SupportOffer)._default_manager
    rows.update(compound_heads=[])
    for _ in range(2):
        fill = import_module(f"{app}.migrations.{migration}").fill
        fill(apps, SimpleNamespace(connection=connection))
        assert list(rows.values_list("compound_heads", flat=True)) == [["arbetslös"]]


def test_when_other_words_are_known_the_texts_are_read_again_once(
    monkeypatch: pytest.MonkeyPatch, db: None, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(rereading, "CHUNK", 2)
    for where in (INITIATIVES, OFFERS):
        for number in range(3):
            make(where, f"Bryggan {number}", "Mot ungdomsarbetslöshet")
    for rows in (Initiative._default_manager, SupportOffer._default_manager):
        rows.filter(title__endswith="2").update(compound_heads=["gammalt"])
    assert rereading.reread_texts(now=NOW) == 2
    for rows in (Initiative._default_manager, SupportOffer._default_manager):
        assert [one.compound_heads for one in rows.all()] == [["arbetslös"]] * 3
    Initiative._default_manager.update(compound_heads=[])
    with django_assert_num_queries(2):
        assert rereading.reread_texts(now=NOW) == 0
    monkeypatch.setattr(rereading, "version_of_words", lambda: "other words")
    assert rereading.reread_texts(now=NOW) == 3


def test_what_says_it_outright_comes_first(db: None) -> None:
    make(INITIATIVES, "Andra ord", "Vi vill minska arbetslöshet bland unga.")
    make(INITIATIVES, "Samma ord", "Ungdomsarbetslöshet minskar med praktik.")
    cards = Client().get(f"{INITIATIVES}?q=ungdomsarbetslöshet").context["cards"]
    assert [card.title for card in cards] == ["Samma ord", "Andra ord"]


def test_what_is_tagged_with_both_parts_comes_before_what_only_looks_like_it(db: None) -> None:
    tagged = {"theme_codes": ["employment"], "change": "", "description": ""}
    InitiativeFactory(title="Vedlaget", **tagged, target_group_codes=["young_people"])
    InitiativeFactory(title="Arbetskooperativet", **tagged, target_group_codes=["older_people"])
    InitiativeFactory(title="Vinterstugan", **tagged, target_group_codes=["older_people"])
    for text in ("ungdomsarbetslöshet", "ungdomsarbetslöset"):
        cards = Client().get(INITIATIVES, {"q": text}).context["cards"]
        # Letters that a title shares are no hit: the newest of the others comes next.
        assert [card.title for card in cards] == ["Vedlaget", "Vinterstugan", "Arbetskooperativet"], text


def test_did_you_mean_asks_for_what_finds_something(catalogue: str) -> None:
    make(catalogue, "Kvällsgaraget", "En plats om kvällarna.")
    assert found(catalogue, "kvellsgaraschet") == []
    suggestion = meant(catalogue, "kvellsgaraschet")
    assert (suggestion["text"], suggestion["count"]) == ("kvällsgaraget", 1)
    html = Client().get(f"{catalogue}?q=kvellsgaraschet").content.decode()
    assert "Menade du ”kvällsgaraget”?" in html
    assert found(catalogue, suggestion["text"]) == ["Kvällsgaraget"]


def test_a_word_that_nobody_writes_is_left_out(catalogue: str) -> None:
    suggestion = meant(catalogue, "grönsaker zqxzqxz", place="SE-14")
    assert (suggestion["text"], suggestion["url"]) == (
        "grönsaker",
        "?q=gr%C3%B6nsaker&place=SE-14",
    )


@pytest.mark.parametrize("text", ["zqxzqxz", "!!! & |", "a b c", "'); drop table", "\x00", "x" * 500])
def test_where_nothing_is_near_nothing_is_asked(catalogue: str, text: str) -> None:
    assert meant(catalogue, text) is None


@pytest.mark.parametrize("most", [3, 10])
def test_of_very_many_the_titles_and_the_newest_are_ranked(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any, most: int, db: None
) -> None:
    monkeypatch.setattr(best_first, "MOST_RANKED", 1)
    monkeypatch.setattr(catalogues, "MOST_COUNTED", most)
    texts = ["Vi minskar arbetslöshet."] * 4 + ["Arbetslöshet! Arbetslöshet och arbetslöshet."]
    for days, text in enumerate(texts):
        make(INITIATIVES, f"Nummer {days}", text)
    make(INITIATIVES, "Arbetslöshet", "Kvällar i Angered.")
    for days, one in enumerate(Initiative.objects.order_by("pk")):
        Initiative.objects.filter(pk=one.pk).update(published_at=NOW - timedelta(days=days))
    profiles, plan = Initiative.objects.all(), plan_search("arbetslöshet")
    with django_assert_num_queries(5 if most == 3 else 4):
        keys = best_first.found_by_text(profiles, plan, most)
    said = [Initiative.objects.get(pk=key).title for key in keys]
    if most == 3:
        # The oldest has it in its title; one of the newest is ranked; the rest follow by age, one more than counted.
        assert said == ["Arbetslöshet", "Nummer 0", "Nummer 1", "Nummer 2"]
    else:
        assert said == ["Arbetslöshet", "Nummer 4", "Nummer 0", "Nummer 1", "Nummer 2", "Nummer 3"]
    for order in ("best", "newest"):
        result = Client().get(f"{INITIATIVES}?q=arbetslöshet&sort={order}").context["result"]
        assert (result.total, result.is_capped) == ((3, True) if most == 3 else (6, False))
    # The caller's planner is as before.
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


def test_what_hides_is_not_suggested(db: None) -> None:
    for hidden in ({"visibility": "chosen"}, {"draft": True}, {"visibility": "fitting_givers"}):
        InitiativeFactory(title="Kvällsgaraget", **hidden)
    assert meant(INITIATIVES, "kvellsgaraschet") is None


@pytest.mark.parametrize("many", [1, 4])
@pytest.mark.parametrize(
    ("text", "queries"), [("ungdomsarbetslöset", 13), ("kvellsgaraschet", 10), ("zqxzqxz", 9)]
)
def test_the_same_queries_for_one_and_four(
    django_assert_num_queries: Any, many: int, text: str, queries: int
) -> None:
    for number in range(many):
        make(INITIATIVES, f"Kvällsgaraget {number}", "Vi vill minska arbetslöshet bland unga.")
    client = Client()
    client.get(f"{INITIATIVES}?q={text}")
    with django_assert_num_queries(queries):
        client.get(f"{INITIATIVES}?q={text}")


def test_the_words_of_a_search_are_looked_up_in_indexes(db: None) -> None:
    query = Initiative.objects.filter(plan_search("ungdomsarbetslöset").condition()).order_by().values("pk")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = query.explain()
    assert "initiative_search_swedish" in plan
    assert "initiative_search_english" in plan
    assert "initiative_compound_heads" in plan
    assert "Seq Scan" not in plan
