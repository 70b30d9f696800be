"""The innovator's list of matches, as people meet it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.models import Match, MatchSuggestion, ProfileScoring
from tests.cast import Cast
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.matching.desk.lists import cases_url, shown_cases, shown_support, support_url

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


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
    assert "%" not in strip_tags(page.split('id="results"')[1].split("</main>")[0])
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
