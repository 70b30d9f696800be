"""Tips by mail: each suggestion told once, to those who may act on it, naming only what is public."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import signing
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brygga.notifications import digest
from brygga.notifications.enums import TipsRhythm, TipsTopic
from brygga.notifications.models import TipsMail
from brygga.outbox.models import OutboxMessage
from brygga.search.services import save_search
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.models import Match, MatchSuggestion
from matching.engine.selectors import explain
from matching.following.gathering import new_cases
from matching.following.models import ToldTip
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, OrganisationFactory, SupportOfferFactory, UserFactory

STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: The Tuesday after the day that tests happen at, before and after seven.
TUESDAY = datetime(2026, 3, 3, 7, 1, tzinfo=STOCKHOLM)
WEEK = timedelta(days=7)


def suggest(
    initiative: Initiative, offer: SupportOffer, at: datetime = NOW, fit: float = 0.7
) -> MatchSuggestion:
    return MatchSuggestion.objects.create(
        initiative=initiative, offer=offer, since_run=1, fit=fit, suggested_at=at
    )


def begin(now: datetime = NOW) -> None:
    """Let people get their first Tuesday."""
    digest.tell_all_due(now=now)


def mails() -> list[dict[str, Any]]:
    return [one.arguments for one in OutboxMessage.objects.filter(key__startswith="tips-").order_by("pk")]


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    return InitiativeFactory(organisation=cast.association, title="Lagningsverkstaden")


@pytest.fixture
def offer(cast: Cast) -> SupportOffer:
    return SupportOfferFactory(organisation=cast.foundation, title="Bidrag till unga")


def test_a_weekly_mail_to_each_side(cast: Cast, initiative: Initiative, offer: SupportOffer) -> None:
    begin()
    suggest(initiative, offer)
    assert digest.tell_all_due(now=TUESDAY - timedelta(minutes=2)) == 0
    digest.tell_all_due(now=TUESDAY)
    found = {mail["recipients"][0]: mail for mail in mails()}
    # Readers may do nothing about it, and are not written to.
    assert set(found) == {"amina@exempel.example", "erik@exempel.example", "ruth@exempel.example"}
    mail = found["ruth@exempel.example"]
    token = digest.stop_token(cast.ruth, TipsTopic.CASES)
    assert mail["subject"] == "1 nytt initiativ passar ert stöd"
    assert mail["headers"] == {
        "List-Unsubscribe": f"<http://localhost:8000/meddelanden/sluta/{token}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    head, choices = mail["body"].split("http://localhost:8000/meddelanden/mejl/")
    assert head == (
        "Nya initiativ som passar ”Bidrag till unga”:\n\n"
        "Lagningsverkstaden\nVerkstan i Bergsjön\n"
        f"http://localhost:8000/initiativ/{initiative.public_id}/\n\n"
        f"Se varför de passar:\nhttp://localhost:8000/traffar/stod/{offer.public_id}/\n\n"
        "Du får det här för att du har hand om ett stöd på Brygga.\n"
        "Välj hur ofta vi får skriva, utan att logga in:\n"
    )
    assert f"http://localhost:8000/meddelanden/sluta/{token}/" in choices
    assert found["amina@exempel.example"]["subject"] == "1 nytt stöd passar er"
    assert "Bidrag till unga\nStiftelsen Västanvind\n" in found["amina@exempel.example"]["body"]


def test_a_mail_says_why(
    cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Callable[[], None]
) -> None:
    """From the match's stored numbers, to each side in its own words; not of what only some may see."""
    hidden = InitiativeFactory(
        organisation=cast.association, title="Skyddat boende", visibility="fitting_givers"
    )
    begin()
    matched()
    MatchSuggestion.objects.update(suggested_at=NOW)
    digest.tell_all_due(now=TUESDAY)
    bodies = {mail["recipients"][0]: mail["body"] for mail in mails()}
    giver, seeker = bodies["ruth@exempel.example"], bodies["amina@exempel.example"]
    match = Match.objects.current().get(initiative=initiative, offer=offer)
    for body, perspective in ((giver, "offer"), (seeker, "initiative")):
        reasons = explain(match, "sv", perspective, NOW).reasons[:2]
        assert f"\nVarför: {'; '.join(reasons)}\nhttp" in body
        # Only of the one that everybody may see.
        assert body.count("Varför:") == 1
    assert MatchSuggestion.objects.filter(initiative=hidden).exists()
    assert "Skyddat" not in giver


def test_in_the_persons_language(cast: Cast, initiative: Initiative, offer: SupportOffer) -> None:
    User.objects.update(language="en")
    begin()
    suggest(initiative, offer)
    digest.tell_all_due(now=TUESDAY)
    assert {mail["subject"] for mail in mails()} == {
        "1 new initiative fits your support",
        "1 new offer of support fits you",
    }
    assert all("/en/" in mail["body"] and "skicka" not in mail["body"].lower() for mail in mails())


def test_told_once_also_when_it_goes_and_comes_back(
    cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    begin()
    suggest(initiative, offer)
    assert digest.tell_all_due(now=TUESDAY) == 3
    assert digest.tell_all_due(now=TUESDAY) == 0
    assert digest.tell_all_due(now=TUESDAY + WEEK) == 0
    MatchSuggestion.objects.all().delete()
    suggest(initiative, offer, at=NOW + WEEK)
    assert digest.tell_all_due(now=TUESDAY + 2 * WEEK) == 0
    assert len(mails()) == 3


def test_what_was_opened_is_gone_or_closed_is_no_news(
    cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    begin()
    row = suggest(initiative, offer)
    row.seen_by_initiative_at = row.seen_by_offer_at = NOW
    row.save()
    gone = suggest(InitiativeFactory(organisation=cast.association), offer)
    MatchSuggestion.objects.filter(pk=gone.pk).update(gone_at=NOW, gone_because="new_run")
    suggest(initiative, SupportOfferFactory(organisation=cast.foundation, paused=True))
    suggest(InitiativeFactory(organisation=cast.association, closed=True), offer)
    suggest(InitiativeFactory(organisation=cast.association), offer, at=NOW - timedelta(days=40))
    assert digest.tell_all_due(now=TUESDAY) == 0


def test_only_what_everybody_may_see_is_named(cast: Cast, offer: SupportOffer) -> None:
    begin()
    shelter = InitiativeFactory(
        organisation=cast.association, title="Skyddat boende", visibility="chosen", place_coarsened=True
    )
    shelter.shared_with.add(cast.foundation)
    suggest(shelter, offer)
    suggest(InitiativeFactory(organisation=cast.outsiders, visibility="chosen", title="Andras"), offer)
    private = OrganisationFactory(kind="individual", name="Karin Enskild")
    suggest(InitiativeFactory(organisation=private, title="Ring 070-174 06 05"), offer)
    digest.tell_all_due(now=TUESDAY)
    by = {mail["recipients"][0]: mail for mail in mails()}
    assert by["ruth@exempel.example"]["subject"] == "2 nya initiativ passar ert stöd"
    assert "Och 1 till, som du ser på sidan." in by["ruth@exempel.example"]["body"]
    assert "”Ett initiativ som inte alla får se”" in by["amina@exempel.example"]["body"]
    for mail in mails():
        for secret in ("Skyddat", "Andras", "070-174", "Enskild"):
            assert secret not in mail["body"] + mail["subject"], secret


def test_at_once_weekly_and_never(cast: Cast, initiative: Initiative, offer: SupportOffer) -> None:
    begin()
    digest.choose_rhythms(user=cast.ruth, rhythms={TipsTopic.CASES: TipsRhythm.INSTANT}, now=NOW)
    digest.choose_rhythms(user=cast.amina, rhythms={TipsTopic.SUPPORT: TipsRhythm.OFF}, now=NOW)
    suggest(initiative, offer)
    assert digest.tell_all_due(now=NOW + timedelta(minutes=4)) == 0
    assert digest.tell_all_due(now=NOW + timedelta(minutes=5)) == 1
    digest.tell_all_due(now=TUESDAY)
    assert sorted(mail["recipients"][0] for mail in mails()) == [
        "erik@exempel.example",
        "ruth@exempel.example",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_and_one_that_is_killed() -> None:
    person = UserFactory()
    support = SupportOfferFactory(organisation=OrganisationFactory(owner=person, verified=True))
    begin()
    suggest(InitiativeFactory(), support)

    class Killed(BaseException):
        pass

    number = TipsMail.objects.get(user=person, topic="cases").pk
    with pytest.raises(Killed), transaction.atomic():
        assert digest.tell_tips(number=number, now=TUESDAY)
        raise Killed
    assert (mails(), ToldTip.objects.count()) == ([], 0)

    together = threading.Barrier(2)
    outcomes: list[int] = []

    def tell() -> None:
        try:
            together.wait(timeout=10)
            outcomes.append(digest.tell_all_due(now=TUESDAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == [0, 1]
    assert (len(mails()), ToldTip.objects.count()) == (1, 1)


def test_as_many_queries_for_three_as_for_one(cast: Cast, offer: SupportOffer) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert new_cases(cast.ruth, NOW) is not None
        return len(queries)

    suggest(InitiativeFactory(), offer)
    new_cases(cast.ruth, NOW)
    suggest(InitiativeFactory(), offer)
    one = cost()
    other = SupportOfferFactory(organisation=cast.foundation)
    for _ in range(3):
        suggest(InitiativeFactory(), offer)
        suggest(InitiativeFactory(), other)
    assert cost() == one


# -- links and choices -----------------------------------------------------------------------------


def test_one_click_stops_one_kind_for_one_person(cast: Cast) -> None:
    begin()
    strict = Client(enforce_csrf_checks=True)
    address = f"/meddelanden/sluta/{digest.stop_token(cast.ruth, TipsTopic.CASES)}/"
    assert "Vill du sluta" in strict.get(address).content.decode()
    assert not TipsMail.objects.filter(rhythm="off").exists()
    for _ in range(2):
        assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert [(one.user, one.topic) for one in TipsMail.objects.filter(rhythm="off")] == [(cast.ruth, "cases")]
    assert "ruth" not in strict.get(address).content.decode().lower()


@given(st.text(st.characters(codec="ascii", exclude_characters="/?#\\"), min_size=1, max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_made_up_link_opens_nothing(token: str) -> None:
    assert digest.stopped_by(token) is None
    assert digest.user_of_choices(token) is None


def test_a_link_of_one_kind_is_none_of_the_other(cast: Cast) -> None:
    assert digest.user_of_choices(digest.stop_token(cast.ruth, TipsTopic.CASES)) is None
    assert digest.stopped_by(digest.choices_token(cast.ruth)) is None
    assert digest.user_of_choices(digest.choices_token(cast.ruth)) == cast.ruth
    User.objects.filter(pk=cast.ruth.pk).update(is_active=False)
    assert digest.user_of_choices(digest.choices_token(cast.ruth)) is None


def test_choices_by_link_and_an_old_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    save_search(
        actor=cast.ruth, kind="offers", query="theme=employment", name="Jobb", rhythm="daily", now=NOW
    )
    client = Client()
    address = f"/meddelanden/mejl/{digest.choices_token(cast.ruth)}/"
    page = client.get(address).content.decode()
    assert "ruth" not in page.lower()
    assert "Jobb" not in page
    assert client.post(address, {"support": "never"}).status_code == 422
    saved = client.post(address, {"support": "off", "cases": "instant", "pause_searches": "on"})
    assert saved["Location"] == address
    assert digest.rhythms_of(cast.ruth) == {
        TipsTopic.SUPPORT: TipsRhythm.OFF,
        TipsTopic.CASES: TipsRhythm.INSTANT,
        # Not asked of who follows nothing.
        TipsTopic.FOLLOWED: TipsRhythm.WEEKLY,
    }
    assert "Pausa alla" not in client.get(address).content.decode()

    def grown_old(*_: object, **__: object) -> str:
        raise signing.SignatureExpired

    monkeypatch.setattr(signing.TimestampSigner, "unsign", grown_old)
    assert client.get(address)["Location"] == "/meddelanden/mejl/"
