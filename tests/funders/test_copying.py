"""An offer as a template for the next, and a word about those that say nearly the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brygga.organisations.registration.masking import private_texts_of
from funders import services
from funders.copying import copy_offer
from funders.lines import stored_lines
from funders.models import OfferContact, SupportOffer
from funders.overlaps import overlapping_own_offers
from funders.services import QUESTION_OF
from tests.cast import Cast
from tests.factories.offers import SupportOfferFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)


def whole(offer: SupportOffer) -> dict[str, Any]:
    fresh = SupportOffer.objects.get(pk=offer.pk)
    return {name: getattr(fresh, name) for name in QUESTION_OF if name not in ("support", "contact")}


@pytest.fixture
def last_year(cast: Cast) -> SupportOffer:
    """Last year's offer, over and closed, with a phone number hidden in its text."""
    made = SupportOfferFactory(
        organisation=cast.foundation,
        closed=True,
        opens_on=date(2025, 1, 1),
        closes_on=date(2025, 3, 1),
        decision_on=date(2025, 5, 1),
        answered=["title", "description", "support", "places", "times", "hours"],
        contact={"name": "Ruth", "email": "ruth@exempel.example", "phone": "070-123 45 67"},
        support=["grant", "mentoring"],
        strict=["themes"],
    )
    text = {"description": "Ring 070-123 45 67 om ni undrar över bidraget."}
    return services.change_offer(offer=made, changes=text, actor=cast.ruth, now=timezone.now(), answered=[])


def test_a_copy_has_every_answer_but_the_days(cast: Cast, last_year: SupportOffer) -> None:
    before = whole(last_year)
    copy = copy_offer(offer=last_year, actor=cast.ruth, now=timezone.now(), key=uuid4())
    assert whole(copy) == {**before, "opens_on": None, "closes_on": None, "decision_on": None}
    assert (copy.state, copy.published_at, copy.organisation) == ("draft", None, cast.foundation)
    assert sorted(copy.answered) == ["description", "hours", "places", "support", "title"]
    assert stored_lines(copy) == stored_lines(last_year)
    contact = OfferContact.objects.get(offer=copy)
    assert (contact.name, contact.email, contact.phone) == ("Ruth", "ruth@exempel.example", "070-123 45 67")
    assert "070-123" not in copy.description
    assert "070-123 45 67" in private_texts_of(copy)["description"]
    assert whole(last_year) == before


def test_open_at_any_time_is_kept_as_an_answer(cast: Cast) -> None:
    rolling = SupportOfferFactory(
        organisation=cast.foundation, opens_on=None, closes_on=None, answered=["title", "times"]
    )
    copy = copy_offer(offer=rolling, actor=cast.ruth, now=timezone.now(), key=uuid4())
    assert "times" in copy.answered


def test_sent_twice_it_is_one_draft_and_what_was_changed_stays(cast: Cast, last_year: SupportOffer) -> None:
    key = uuid4()
    first = copy_offer(offer=last_year, actor=cast.ruth, now=timezone.now(), key=key)
    services.change_offer(offer=first, changes={"title": "Årets"}, actor=cast.ruth, now=timezone.now())
    second = copy_offer(offer=last_year, actor=cast.ruth, now=timezone.now(), key=key)
    assert (first.pk, SupportOffer.objects.count(), second.title) == (second.pk, 2, "Årets")


def test_a_word_that_has_left_its_list_is_left_out(cast: Cast, last_year: SupportOffer) -> None:
    SupportOffer.objects.filter(pk=last_year.pk).update(theme_codes=["no_such_theme"])
    last_year.refresh_from_db()
    copy = copy_offer(offer=last_year, actor=cast.ruth, now=timezone.now(), key=uuid4())
    assert (copy.theme_codes, copy.eligible_kinds) == (None, last_year.eligible_kinds)


def test_strangers_copy_nothing(cast: Cast, last_year: SupportOffer) -> None:
    with pytest.raises(PermissionDenied):
        copy_offer(offer=last_year, actor=cast.sara, now=timezone.now(), key=uuid4())
    assert SupportOffer.objects.count() == 1


def test_the_page_makes_one_draft_and_leads_there(as_ruth: Client, last_year: SupportOffer) -> None:
    address = reverse("funders:use-as-template", args=[last_year.public_id])
    assert f'href="{address}"' in as_ruth.get(reverse("funders:mine")).content.decode()
    key = str(as_ruth.get(address).context["key"])
    first, second = (as_ruth.post(address, {"key": key}) for _ in range(2))
    made = SupportOffer.objects.exclude(pk=last_year.pk).get()
    assert first.url == second.url == reverse("funders:tasks", args=[made.public_id])
    assert "Här är ett nytt utkast" in as_ruth.get(first.url).content.decode()


# -- nearly the same --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "is_told"),
    [
        ({}, True),
        ({"area_codes": ["SE-1480"]}, True),
        ({"area_codes": ["SE-25"]}, False),
        ({"area_codes": None}, False),
        ({"theme_codes": ["mental_health"]}, False),
        ({"support": ["loan"]}, False),
        ({"opens_on": date(2100, 1, 1), "closes_on": None}, False),
        ({"closes_on": date(2026, 2, 1)}, False),
        ({"paused": True}, True),
        ({"closed": True}, False),
        ({"draft": True}, True),
    ],
)
def test_an_own_offer_that_says_the_same_is_told(cast: Cast, columns: dict[str, Any], is_told: bool) -> None:
    mine = SupportOfferFactory(organisation=cast.foundation, draft=True)
    other = SupportOfferFactory(organisation=cast.foundation, **columns)
    SupportOfferFactory()  # somebody else's
    assert overlapping_own_offers(mine, TODAY) == ([other] if is_told else [])


def test_the_advice_stands_where_one_writes_and_costs_the_same(cast: Cast, as_ruth: Client) -> None:
    mine = SupportOfferFactory(organisation=cast.foundation, draft=True)
    SupportOfferFactory(organisation=cast.foundation, title="Det gamla bidraget")
    pages = [reverse(f"funders:{name}", args=[mine.public_id]) for name in ("tasks", "check")]
    for page in pages:
        said = as_ruth.get(page).content.decode()
        assert "Ni har redan något liknande" in said
        assert "Det gamla bidraget" in said
    before = [queries_for(as_ruth, page) for page in pages]
    for _ in range(2):
        SupportOfferFactory(organisation=cast.foundation)
    assert [queries_for(as_ruth, page) for page in pages] == before
