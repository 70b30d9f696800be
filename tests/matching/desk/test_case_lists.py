"""The giver's list of matches, as people meet it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.services import dismiss, shortlist
from matching.engine.models import Match
from tests.cast import Cast
from tests.factories import FlagFactory, InitiativeFactory, MembershipFactory, SupportOfferFactory
from tests.matching.desk.lists import cases_url, shown_cases, support_url

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


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
