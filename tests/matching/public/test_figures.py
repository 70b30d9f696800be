"""Brygga in numbers: true, the same on both pages, and told with what they count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from innovators import services as innovators
from matching.meeting.models import Introduction
from matching.public import figures, gaps, kept, rules
from matching.public.services import renew_public_counts
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db


def numbers() -> dict[str, int]:
    return figures.count_figures(timezone.now())


def test_everything_is_counted_that_a_visitor_may_see(cast: Cast) -> None:
    InitiativeFactory(organisation=cast.association, theme_codes=["employment"], area_codes=["SE-1480"])
    InitiativeFactory(organisation=cast.association, theme_codes=["employment", "food_and_growing"])
    InitiativeFactory(area_codes=["SE", "SE-12"], theme_codes=None)
    for hidden in ({"draft": True}, {"visibility": "chosen"}, {"closed": True}):
        InitiativeFactory(**hidden, area_codes=["SE-2580"], theme_codes=["democracy_and_participation"])
    SupportOfferFactory(organisation=cast.foundation, support=["grant", "data"])
    SupportOfferFactory(organisation=cast.foundation, support=["data"])
    SupportOfferFactory(paused=True, support=["loan"])
    assert numbers() == {
        "initiatives": 3,
        "organisations": 2,
        "counties": 2,
        "themes": 2,
        "offers": 2,
        "other_than_money": 1,
        "givers": 1,
        "support_kinds": 2,
        "matches": 0,
        "introductions": 0,
    }


def test_few_introductions_are_not_told_and_hidden_ones_not_counted(cast: Cast) -> None:
    offer = SupportOfferFactory(organisation=cast.foundation)

    def accepted(**initiative: Any) -> None:
        Introduction.objects.create(
            offer=offer,
            initiative=InitiativeFactory(**initiative),
            message="Får vi höra mer?",
            asked_by=cast.ruth,
            state="accepted",
            answered_at=NOW,
        )

    accepted()
    accepted(visibility="chosen")
    page = Client().get("/statistik/").content.decode()
    assert "färre än 3" in page
    accepted()
    accepted()
    assert numbers()["introductions"] == 3
    assert "färre än 3" not in Client().get("/statistik/").content.decode()


def test_the_start_page_shows_the_same_numbers_and_leads_on() -> None:
    InitiativeFactory.create_batch(3)
    SupportOfferFactory(support=["premises"])
    start, page = Client().get("/"), Client().get("/statistik/")
    html = start.content.decode()
    assert 'href="/statistik/"' in html
    shown = {figure.name: figure.number for figure in page.context["figures"]}
    on_start = [figure for figure in page.context["figures"] if figure.name in figures.ON_START_PAGE]
    for figure in on_start:
        assert (str(figure.label) in html) == bool(figure.number), figure.name
    assert shown["initiatives"] == 3
    assert '<p class="stat__number">3</p>' in html


def test_each_number_says_what_it_counts_and_when() -> None:
    page = Client().get("/en/statistics/").content.decode()
    for figure in figures.shown_figures(numbers()):
        assert str(figure.label)
        assert str(figure.counts)
    assert page.count("Counted ") == len(figures.shown_figures(numbers()))


@pytest.mark.parametrize("many", [1, 3])
def test_the_same_queries_for_few_and_many(django_assert_num_queries: Any, many: int) -> None:
    InitiativeFactory.create_batch(many)
    SupportOfferFactory.create_batch(many)
    with django_assert_num_queries(7):
        Client().get("/statistik/")


# -- keeping -----------------------------------------------------------------------------------------


@pytest.fixture
def keeping(settings: Any) -> Any:
    settings.PUBLIC_COUNTS_SECONDS = 600
    cache.clear()
    kept._own.clear()
    yield
    cache.clear()
    kept._own.clear()


def test_kept_numbers_cost_no_query(keeping: None, django_assert_num_queries: Any) -> None:
    figures.figures()
    gaps.gaps()
    InitiativeFactory()
    with django_assert_num_queries(0):
        assert figures.figures().value["initiatives"] == 0
        assert gaps.gaps().value.needs == {}


def test_a_change_makes_them_old_once_it_is_committed(
    keeping: None, cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(kept, "_QUICK_SECONDS", 1000.0)
    initiative = InitiativeFactory(organisation=cast.association)
    assert figures.figures().value["initiatives"] == 1
    with django_capture_on_commit_callbacks(execute=True):
        innovators.pause_initiative(initiative=initiative, actor=cast.amina, now=NOW)
        assert figures.figures().value["initiatives"] == 1
    assert figures.figures().value["initiatives"] == 0


def test_a_slow_count_is_left_to_the_beat(
    keeping: None, cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(kept, "_QUICK_SECONDS", 0.0)
    monkeypatch.setattr(kept, "_REST", 0)
    initiative = InitiativeFactory(organisation=cast.association)
    figures.figures()
    with django_capture_on_commit_callbacks(execute=True):
        innovators.pause_initiative(initiative=initiative, actor=cast.amina, now=NOW)
    assert figures.figures().value["initiatives"] == 1
    renew_public_counts()
    assert figures.figures().value["initiatives"] == 0


def test_what_takes_long_is_counted_seldom(
    keeping: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    figures.figures()
    rules.counted_rules()
    kept._note_change()
    monkeypatch.setattr(kept, "_REST", 1_000_000)
    with django_assert_num_queries(8):
        gaps.gaps()
    with django_assert_num_queries(0):
        renew_public_counts()


def test_the_beat_counts_only_what_is_old(
    keeping: None, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew_public_counts()
    with django_assert_num_queries(0):
        renew_public_counts()
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    InitiativeFactory()
    renew_public_counts()
    assert figures.figures().value["initiatives"] == 1


def test_without_a_cache_a_process_answers_from_its_own(
    keeping: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    figures.figures()
    monkeypatch.setattr(cache, "get_many", lambda keys: {})
    with django_assert_num_queries(0):
        figures.figures()
