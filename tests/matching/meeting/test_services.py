"""Introductions: who may ask and answer, what is told to whom, what two people at once do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.services import put_back, shortlist
from matching.meeting import services
from matching.meeting.models import Introduction, SharedContact
from matching.meeting.selectors import (
    Contact,
    Contacts,
    contact_details,
    proposed_contact_of_initiative,
    proposed_contact_of_offer,
)
from matching.meeting.services import CannotAsk, WhyNot
from tests.cast import Cast
from tests.factories import (
    NOW,
    InitiativeFactory,
    MembershipFactory,
    OrganisationFactory,
    SupportOfferFactory,
)

pytestmark = pytest.mark.django_db

GIVER = Contact("Ruth", "ruth.bidrag@exempel.example", "")
SEEKER = Contact("Amina", "", "070-174 06 12")


@pytest.fixture
def offer(cast: Cast) -> SupportOffer:
    return SupportOfferFactory(organisation=cast.foundation)


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    return InitiativeFactory(organisation=cast.association, contact={"email": "verkstan@exempel.example"})


def ask(cast: Cast, offer: SupportOffer, initiative: Initiative, **changes: object) -> Introduction:
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    arguments = {
        "offer": offer,
        "initiative": initiative,
        "actor": cast.ruth,
        "message": "Vi tycker om det ni gör och vill gärna höra mer.",
        "contact": GIVER,
        "now": NOW,
        **changes,
    }
    return services.ask_for_introduction(**arguments)  # type: ignore[arg-type]


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("user__name", flat=True))


def test_asking_tells_those_who_may_answer(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    introduction = ask(cast, offer, initiative, message="Ring mig: 070-174 06 11, ruth@exempel.example")
    assert introduction.message == "Ring mig: [telefon], [e-post]"
    assert (introduction.state, introduction.asked_by) == ("asked", cast.ruth)
    assert told("introduction_asked") == {"Amina Warsame", "Erik Lindqvist"}
    assert AuditEvent.objects.get(verb="ask_introduction").organisation_id == cast.foundation.pk


def test_nobody_sees_contact_details_before_the_answer(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    introduction = ask(cast, offer, initiative)
    for person in (cast.amina, cast.ruth, cast.sara, cast.ingrid, cast.stefan):
        assert contact_details(introduction, person) is None
    # What a caller has in memory opens nothing.
    introduction.state = "accepted"
    assert contact_details(introduction, cast.ruth) is None


def test_yes_shows_both_sides_to_members_of_both_and_to_nobody_else(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    introduction = ask(cast, offer, initiative)
    services.accept(introduction=introduction, actor=cast.erik, contact=SEEKER, now=NOW)
    seen = Contacts(SEEKER, GIVER)
    assert {
        person.name: contact_details(introduction, person)
        for person in vars(cast).values()
        if hasattr(person, "email")
    } == {
        "Amina Warsame": seen,
        "Erik Lindqvist": seen,
        "Rolf Ek": seen,
        "Ruth Malmsten": seen,
        "Ingrid Sköld": None,
        "Sara Utanför": None,
        "Stefan Drift": None,
    }
    assert told("introduction_accepted") == {"Ruth Malmsten"}


def test_no_shows_nothing_and_forgets_the_givers_details(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    introduction = ask(cast, offer, initiative)
    services.decline(
        introduction=introduction, actor=cast.amina, answer="Inte nu. Mejla a@b.example.", now=NOW
    )
    assert (introduction.state, introduction.answer) == ("declined", "Inte nu. Mejla [e-post].")
    assert contact_details(introduction, cast.ruth) is None
    assert not SharedContact.objects.exists()
    assert told("introduction_declined") == {"Ruth Malmsten"}


def test_a_question_taken_back_is_told_and_can_be_asked_again(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    introduction = ask(cast, offer, initiative)
    services.withdraw(introduction=introduction, actor=cast.ruth, now=NOW)
    assert told("introduction_withdrawn") == {"Amina Warsame", "Erik Lindqvist"}
    assert not SharedContact.objects.exists()
    ask(cast, offer, initiative)
    assert list(Introduction.objects.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "asked"]


def test_after_a_no_the_giver_waits(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    introduction = ask(cast, offer, initiative)
    services.decline(introduction=introduction, actor=cast.amina, now=NOW)
    with pytest.raises(CannotAsk) as refused:
        ask(cast, offer, initiative, now=NOW + services.WAIT_AFTER_NO - timedelta(minutes=1))
    assert refused.value.why == WhyNot.SAID_NO
    ask(cast, offer, initiative, now=NOW + services.WAIT_AFTER_NO)


def test_a_second_click_asks_once(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    first = ask(cast, offer, initiative)
    with pytest.raises(services.AlreadyAsked) as again:
        ask(cast, offer, initiative)
    assert again.value.introduction == first
    assert Notice.objects.filter(kind="introduction_asked").count() == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"is_confirmed": False}, WhyNot.NOT_CONFIRMED),
        ({"state": "paused"}, WhyNot.NOT_PUBLISHED),
    ],
)
def test_some_offers_may_not_ask(
    cast: Cast, initiative: Initiative, change: dict[str, object], why: WhyNot
) -> None:
    offer = SupportOfferFactory(organisation=cast.foundation, **change)
    with pytest.raises(CannotAsk) as refused:
        ask(cast, offer, initiative)
    assert refused.value.why == why


def test_an_unverified_organisation_may_not_ask(cast: Cast, initiative: Initiative) -> None:
    unverified = OrganisationFactory(owner=cast.ruth)
    offer = SupportOfferFactory(organisation=unverified)
    with pytest.raises(CannotAsk) as refused:
        ask(cast, offer, initiative)
    assert refused.value.why == WhyNot.NOT_VERIFIED


def test_only_the_shortlisted_are_asked(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    arguments = {
        "offer": offer,
        "initiative": initiative,
        "actor": cast.ruth,
        "message": "Hej",
        "contact": GIVER,
        "now": NOW,
    }
    with pytest.raises(CannotAsk) as refused:
        services.ask_for_introduction(**arguments)  # type: ignore[arg-type]
    assert refused.value.why == WhyNot.NOT_ON_LIST
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    put_back(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    with pytest.raises(CannotAsk):
        services.ask_for_introduction(**arguments)  # type: ignore[arg-type]
    assert not Introduction.objects.exists()


def test_an_initiative_that_is_no_longer_shown_is_not_asked(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    Initiative.objects.filter(pk=initiative.pk).update(state="paused")
    assert (
        services.why_not_ask(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
        == WhyNot.INITIATIVE_GONE
    )


def test_contact_details_must_lead_somewhere(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    with pytest.raises(services.NotReachable):
        ask(cast, offer, initiative, contact=Contact("Ruth"))
    introduction = ask(cast, offer, initiative)
    with pytest.raises(services.NotReachable):
        services.accept(introduction=introduction, actor=cast.amina, contact=Contact("Amina"), now=NOW)
    introduction.refresh_from_db()
    assert introduction.state == "asked"


def test_only_writers_of_the_right_side_act(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    introduction = ask(cast, offer, initiative)
    giver_reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    steps: dict[str, Callable[..., object]] = {
        "accept": lambda who: services.accept(introduction=introduction, actor=who, contact=SEEKER, now=NOW),
        "decline": lambda who: services.decline(introduction=introduction, actor=who, now=NOW),
        "withdraw": lambda who: services.withdraw(introduction=introduction, actor=who, now=NOW),
    }
    may_not = {
        "accept": [cast.ruth, cast.rolf, cast.sara, cast.ingrid, cast.stefan],
        "decline": [cast.ruth, cast.rolf, cast.sara, cast.ingrid, cast.stefan],
        "withdraw": [cast.amina, giver_reader, cast.sara, cast.ingrid, cast.stefan],
    }
    for step, people in may_not.items():
        for person in people:
            with pytest.raises(PermissionDenied):
                steps[step](person)
    with pytest.raises(PermissionDenied):
        ask(cast, offer, InitiativeFactory(), actor=giver_reader)
    introduction.refresh_from_db()
    assert introduction.state == "asked"


@pytest.mark.parametrize("last", ["accept", "decline", "withdraw"])
def test_an_answered_introduction_stays_answered(
    cast: Cast, offer: SupportOffer, initiative: Initiative, last: str
) -> None:
    introduction = ask(cast, offer, initiative)
    services.accept(introduction=introduction, actor=cast.amina, contact=SEEKER, now=NOW)
    with pytest.raises(services.AnsweredAlready):
        if last == "accept":
            services.accept(
                introduction=introduction, actor=cast.erik, contact=Contact("Erik", "e@f.example"), now=NOW
            )
        elif last == "decline":
            services.decline(introduction=introduction, actor=cast.erik, now=NOW)
        else:
            services.withdraw(introduction=introduction, actor=cast.ruth, now=NOW)
    assert contact_details(introduction, cast.ruth) == Contacts(SEEKER, GIVER)


def test_what_is_proposed_is_ones_own(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    assert proposed_contact_of_initiative(initiative, cast.amina).email == "verkstan@exempel.example"
    assert proposed_contact_of_initiative(initiative, cast.ruth) == Contact()
    assert proposed_contact_of_initiative(initiative, cast.rolf) == Contact()
    # Nothing stored: their own name and address, until they have shared something else.
    assert proposed_contact_of_offer(offer, cast.ruth) == Contact("Ruth Malmsten", "ruth@exempel.example")
    ask(cast, offer, initiative)
    assert proposed_contact_of_offer(offer, cast.ruth) == GIVER
    assert proposed_contact_of_offer(offer, cast.amina) == Contact()


def race(*attempts: Callable[[], str]) -> list[str]:
    """Run attempts on connections of their own, at the same moment, and return how each went."""
    outcomes: list[str] = []
    together = threading.Barrier(len(attempts))

    def run(attempt: Callable[[], str]) -> None:
        try:
            together.wait(timeout=10)
            outcomes.append(attempt())
        except (services.AnsweredAlready, services.AlreadyAsked):
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_yes_and_taken_back_at_the_same_moment(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    introduction = ask(cast, offer, initiative)

    def fresh() -> Introduction:
        return Introduction.objects.get(pk=introduction.pk)

    outcomes = race(
        lambda: services.accept(introduction=fresh(), actor=cast.amina, contact=SEEKER, now=NOW).state,
        lambda: services.withdraw(introduction=fresh(), actor=cast.ruth, now=NOW).state,
    )
    [won] = [outcome for outcome in outcomes if outcome != "told"]
    assert len(outcomes) == 2
    assert fresh().state == won
    assert (contact_details(fresh(), cast.ruth) is not None) == (won == "accepted")
    assert SharedContact.objects.count() == (2 if won == "accepted" else 0)


@pytest.mark.django_db(transaction=True)
def test_two_ask_at_the_same_moment_and_one_wins(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)

    def attempt() -> str:
        return services.ask_for_introduction(
            offer=offer, initiative=initiative, actor=cast.ruth, message="Hej", contact=GIVER, now=NOW
        ).state

    assert race(attempt, attempt) == ["asked", "told"]
    assert Introduction.objects.count() == 1
    assert Notice.objects.filter(kind="introduction_asked").count() == 2
