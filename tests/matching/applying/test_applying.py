"""Support that is applied for elsewhere: said beforehand, asked about once, told afterwards, counted from five."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.html import strip_tags

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching import tasks
from matching.applying import asking, selectors, services
from matching.applying.days import ask_day
from matching.applying.models import Application
from matching.applying.services import Answer, CannotApply, ColleagueWasFirst
from matching.awards.models import SupportGiven
from matching.awards.selectors import named_cases, newest_support
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, SupportOfferFactory
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Stockholm")
LAST = date(2026, 4, 30)
HARD = "Blanketten frågade samma sak tre gånger, ring Kerstin på 070-174 06 05."
GOT_IT = Answer("yes", "yes", 150_000, HARD, is_shown=True)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(7, 15), ZONE)


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def elsewhere(cast: Cast) -> SupportOffer:
    return SupportOfferFactory(
        organisation=cast.foundation,
        title="Fonden för lokala verkstäder",
        apply_way="own_form",
        apply_url="https://soka.exempel.example/formular",
        closes_on=LAST,
    )


@pytest.fixture
def application(cast: Cast, elsewhere: SupportOffer, initiative: Initiative) -> Application:
    return mean(elsewhere, initiative, cast.amina)


def mean(offer: SupportOffer, initiative: Initiative, actor: User) -> Application:
    return services.mean_to_apply(offer=offer, initiative=initiative, actor=actor, now=NOW)[0]


def tell(application: Application, actor: User, answer: Answer, seen: int | None = None) -> Application:
    return services.tell_how_it_went(
        application=application,
        actor=actor,
        answer=answer,
        seen=application.revision if seen is None else seen,
        now=NOW,
    )


def asked() -> list[str]:
    rows = Notice.objects.filter(kind="how_did_it_go").values_list("user__email", flat=True)
    return sorted(email.partition("@")[0] for email in rows)


def words(client: Client, address: str, person: User | None = None) -> str:
    if person is not None:
        client.force_login(person)
    page = client.get(address)
    assert page.status_code == 200, address
    main = page.content.decode().partition("<main")[2]
    return html.unescape(" ".join(strip_tags(main).split()))


# -- before ----------------------------------------------------------------------------------------


def test_from_the_match_to_how_one_applies(
    client: Client, cast: Cast, elsewhere: SupportOffer, initiative: Initiative
) -> None:
    pair = f"/traffar/initiativ/{initiative.public_id}/{elsewhere.public_id}/"
    offered = words(client, pair, cast.amina)
    assert "Jag tänker söka" in offered
    assert "Inget skickas till givaren." in offered
    # The way to the giver is an ordinary link whose address can be seen.
    assert 'href="https://soka.exempel.example/formular"' in client.get(pair).content.decode()
    assert not Application.objects.exists()

    done = client.post(f"{pair}tanker-soka/")
    assert done["Location"] == f"/stod/{elsewhere.public_id}/#apply-title"
    shown = words(client, f"/stod/{elsewhere.public_id}/")
    assert "Vi frågar er 1 maj 2026 hur det gick." in shown
    assert "Tänker söka" in shown
    client.force_login(cast.erik)
    client.post(f"{pair}tanker-soka/")
    only = Application.objects.get()
    assert (only.meant_by, only.meant_on, only.initiative, only.offer) == (
        cast.amina,
        date(2026, 3, 2),
        initiative,
        elsewhere,
    )
    for person, status in ((cast.rolf, 403), (cast.ruth, 404), (cast.sara, 404)):
        client.force_login(person)
        assert client.post(f"{pair}tanker-soka/").status_code == status
    # A reader sees where it stands; the giver sees nothing of it.
    assert "Tänker söka" in words(client, pair, cast.rolf)
    assert "Tänker söka" not in words(client, f"/stod/{elsewhere.public_id}/", cast.ruth)
    assert [one.verb for one in AuditEvent.objects.filter(verb="mean_to_apply")] == ["mean_to_apply"]
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"apply_way": "introduction"},
        {"state": "paused"},
        {"closes_on": date(2026, 3, 1)},
    ],
)
def test_what_is_not_applied_for_elsewhere_now(
    client: Client, cast: Cast, elsewhere: SupportOffer, initiative: Initiative, changes: dict[str, Any]
) -> None:
    SupportOffer.objects.filter(pk=elsewhere.pk).update(**changes)
    elsewhere.refresh_from_db()
    with pytest.raises(CannotApply):
        mean(elsewhere, initiative, cast.amina)
    if elsewhere.is_published:
        page = words(client, f"/traffar/initiativ/{initiative.public_id}/{elsewhere.public_id}/", cast.amina)
        assert "Jag tänker söka" not in page
    # An imported offer that its giver has not confirmed is always applied for with them.
    SupportOffer.objects.update(
        is_confirmed=False, apply_way="introduction", state="published", closes_on=None
    )
    elsewhere.refresh_from_db()
    assert mean(elsewhere, initiative, cast.amina)


def test_one_may_change_ones_mind_until_something_is_told(
    client: Client, cast: Cast, application: Application
) -> None:
    tell(application, cast.erik, Answer("not_yet"))
    address = f"/traffar/sokta-stod/{application.public_id}/ta-bort/"
    client.force_login(cast.amina)
    client.post(address)
    assert Application.objects.count() == 1
    Application.objects.update(did_apply="", answered_at=None)
    assert client.post(address)["Location"] == "/traffar/sokta-stod/"
    assert not Application.objects.exists()
    assert client.post(address).status_code == 404


# -- asking ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({}, date(2026, 5, 1)),
        ({"closes_on": None}, date(2026, 3, 23)),
        # What is no longer shown has no last day to wait for.
        ({"state": "closed"}, date(2026, 3, 23)),
    ],
)
def test_we_ask_once_when_the_day_has_come(
    cast: Cast, application: Application, changes: dict[str, Any], day: date
) -> None:
    SupportOffer.objects.update(**changes)
    application.offer.refresh_from_db()
    assert ask_day(application.offer, application.meant_on) == day
    assert asking.ask_all_due(now=morning(day - timedelta(days=1))) == 0
    assert asking.ask_all_due(now=morning(day)) == 1
    assert asking.ask_all_due(now=morning(day + timedelta(days=3))) == 0
    # Who said it, and not all their colleagues.
    assert asked() == ["amina"]
    mail = OutboxMessage.objects.get().arguments
    assert mail["subject"] == "Sökte ni ”Fonden för lokala verkstäder”? Hur gick det?"
    assert f"/traffar/sokta-stod/{application.public_id}/" in mail["body"]


def test_who_is_asked_and_who_is_not(cast: Cast, application: Application) -> None:
    tell(application, cast.amina, Answer("no"))
    tasks.ask_how_it_went()
    assert asking.ask_all_due(now=morning(date(2026, 6, 1))) == 0
    Application.objects.update(did_apply="", answered_at=None)
    # Who said it has left: everybody who may write is asked.
    cast.amina.memberships.all().delete()
    assert asking.ask_all_due(now=morning(date(2026, 6, 1))) == 1
    assert asked() == ["erik"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_ask_once(cast: Cast, application: Application) -> None:
    now = morning(date(2026, 6, 1))
    outcomes = race(*[lambda: str(asking.ask_due(number=application.pk, now=now))] * 2)
    assert outcomes == ["False", "True"]
    assert asked() == ["amina"]


# -- telling ---------------------------------------------------------------------------------------


def test_how_it_went_is_told_shown_and_changed(
    client: Client, cast: Cast, application: Application, initiative: Initiative, elsewhere: SupportOffer
) -> None:
    here = f"/traffar/sokta-stod/{application.public_id}/"
    public = f"/initiativ/{initiative.public_id}/"
    with time_machine.travel(morning(date(2026, 5, 2))):
        home = words(client, "/min-sida/", cast.amina)
        assert "Sökte ni? Hur gick det?: ett stöd väntar på ditt svar" in home
        assert "Berätta hur det gick med ett av dem." in words(client, public)
        assert "Berätta om ni sökte och hur det gick." in words(client, "/traffar/sokta-stod/")
    assert "Du sa" not in words(client, here)
    wrong = client.post(here, {"did_apply": "yes", "seen": "0"})
    assert wrong.status_code == 422
    assert "Välj hur det gick." in wrong.content.decode()
    given = {"did_apply": "yes", "outcome": "yes", "amount": "150 tkr", "hard": HARD, "seen": "0"}
    assert client.post(here, {**given, "is_shown": "on"})["Location"] == "/traffar/sokta-stod/"
    assert "Ni fick 150 000 kr. Det visas på er sida." in words(client, "/traffar/sokta-stod/")

    shown = words(client, public)
    assert "Stöd vi har fått Bidrag, 150 000 kr, Stiftelsen Västanvind" in shown
    assert "Givaren har inte bekräftat det." in shown
    row = SupportGiven.everything.get()
    assert (row.said_by, row.offer, row.initiative, row.kind, row.amount) == (
        "seeker",
        elsewhere,
        initiative,
        "grant",
        150_000,
    )
    # Nobody but the giver makes the giver's history.
    assert not SupportGiven.objects.exists()
    assert (named_cases(elsewhere), newest_support(elsewhere), newest_support(cast.foundation)) == (
        [],
        [],
        [],
    )
    out = StringIO()
    call_command("export_exchange", stdout=out)
    assert "150000" not in out.getvalue()

    client.post(
        here, {"did_apply": "yes", "outcome": "withdrew", "amount": "150", "is_shown": "on", "seen": "1"}
    )
    fresh = Application.objects.get()
    assert (fresh.outcome, fresh.amount, fresh.is_shown, fresh.award) == ("withdrew", None, False, None)
    assert not SupportGiven.everything.exists()
    assert "Stöd vi har fått" not in words(client, public)


def test_what_was_hard_is_read_by_staff_alone_and_without_a_name(
    client: Client, cast: Cast, application: Application, initiative: Initiative, elsewhere: SupportOffer
) -> None:
    tell(application, cast.amina, GOT_IT)
    stored = Application.objects.get().hard
    assert "samma sak tre gånger" in stored
    assert "070" not in stored
    pages = [
        f"/stod/{elsewhere.public_id}/",
        f"/initiativ/{initiative.public_id}/",
        "/traffar/sokta-stod/",
        "/min-sida/",
    ]
    for person in (cast.ruth, cast.sara, cast.ingrid):
        for page in pages:
            assert "samma sak tre" not in words(client, page, person), page
    told = [json.dumps(one.details) for one in AuditEvent.objects.all()]
    told += [json.dumps(one.parameters) for one in Notice.objects.all()]
    assert [one for one in told if "samma" in one or "150000" in one] == []
    cast.stefan.is_superuser = cast.stefan.is_demo = True
    cast.stefan.save()
    client.force_login(cast.stefan)
    page = client.get("/admin/matching/application/").content.decode()
    assert "samma sak tre gånger" in page
    assert "Lagningsverkstaden" not in page
    assert client.get(f"/admin/matching/application/{application.pk}/change/").status_code in (302, 403)


def test_who_may_tell(client: Client, cast: Cast, application: Application) -> None:
    here = f"/traffar/sokta-stod/{application.public_id}/"
    for person, status in ((cast.rolf, 403), (cast.ruth, 404), (cast.sara, 404)):
        client.force_login(person)
        assert client.get(here).status_code == status
        with pytest.raises(PermissionDenied):
            tell(application, person, Answer("no"))
        with pytest.raises(PermissionDenied):
            services.forget_application(application=application, actor=person, now=NOW)
    assert "Fonden" in words(client, "/traffar/sokta-stod/", cast.rolf)
    assert "Fonden" not in words(client, "/traffar/sokta-stod/", cast.ruth)


def test_a_colleague_was_first(client: Client, cast: Cast, application: Application) -> None:
    here = f"/traffar/sokta-stod/{application.public_id}/"
    tell(application, cast.erik, Answer("yes", "waiting"))
    client.force_login(cast.amina)
    given = {"did_apply": "no", "hard": "Vi hann inte.", "seen": "0"}
    refused = client.post(here, given)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Erik Lindqvist: Har sökt." in page
    assert "Vi hann inte.</textarea>" in page
    assert Application.objects.get().outcome == "waiting"
    # Sent again it replaces the colleague's, and a double click is one answer.
    for _click in range(2):
        assert client.post(here, {**given, "seen": "1"}).status_code == 302
    stored = Application.objects.get()
    assert (stored.did_apply, stored.revision, stored.answered_by) == ("no", 2, cast.amina)


@pytest.mark.django_db(transaction=True)
def test_two_editors_answer_at_the_same_moment(cast: Cast, application: Application) -> None:
    def fresh() -> Application:
        return Application.objects.select_related("initiative").get()

    outcomes = race(
        lambda: tell(fresh(), cast.amina, GOT_IT, seen=0).did_apply,
        lambda: tell(fresh(), cast.erik, Answer("no"), seen=0).did_apply,
        told=ColleagueWasFirst,
    )
    stored = fresh()
    assert outcomes == sorted([stored.did_apply, "told"])
    assert SupportGiven.everything.count() == (stored.did_apply == "yes")


# -- numbers and what is left ----------------------------------------------------------------------


def test_figures_are_shown_from_five_organisations_up(
    client: Client, cast: Cast, elsewhere: SupportOffer, application: Application
) -> None:
    def another(answer: Answer, **more: Any) -> None:
        initiative = InitiativeFactory(**more)
        row = Application.objects.create(offer=elsewhere, initiative=initiative, meant_on=NOW.date())
        Application.objects.filter(pk=row.pk).update(
            did_apply=answer.did_apply, outcome=answer.outcome, answered_at=NOW
        )

    tell(application, cast.amina, Answer("yes", "yes"))
    for answer in (Answer("no"), Answer("yes", "no"), Answer("yes", "waiting")):
        another(answer)
    # A fifth answer from the same organisation, and one that says nothing yet.
    another(Answer("no"), organisation=cast.association)
    another(Answer("not_yet"))
    page = f"/stod/{elsewhere.public_id}/"
    assert selectors.figure_of(elsewhere) is None
    assert "som har svarat här" not in words(client, page)
    another(Answer("yes", "yes"))
    assert "Av 6 som har svarat här sökte 4, och 2 fick ja." in words(client, page)
    # Nor is there a figure where one does not apply elsewhere.
    SupportOffer.objects.update(apply_way="introduction")
    assert "som har svarat här" not in words(client, page)


@pytest.mark.parametrize(
    "broken",
    [
        {"did_apply": "yes", "answered_at": NOW},
        {"did_apply": "no", "answered_at": NOW, "outcome": "yes"},
        {"did_apply": "no"},
        {"hard": "x"},
        {"did_apply": "yes", "answered_at": NOW, "outcome": "no", "amount": 1},
        {"did_apply": "yes", "answered_at": NOW, "outcome": "waiting", "is_shown": True},
    ],
)
def test_the_database_knows_what_an_answer_is(application: Application, broken: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(**broken)


def test_a_closed_account_leaves_the_answer_and_a_deleted_initiative_takes_it_along(
    cast: Cast, application: Application, initiative: Initiative
) -> None:
    tell(application, cast.amina, GOT_IT)
    cast.amina.delete()
    stored = Application.objects.get()
    assert (stored.meant_by, stored.answered_by, stored.outcome) == (None, None, "yes")
    initiative.delete()
    assert not Application.objects.exists()
    assert not SupportGiven.everything.exists()


def test_lists_cost_the_same_for_many(client: Client, cast: Cast, application: Application) -> None:
    client.force_login(cast.amina)
    addresses = ["/traffar/sokta-stod/", "/min-sida/", f"/stod/{application.offer.public_id}/"]
    for address in addresses:
        client.get(address)
    before = [queries_for(client, address) for address in addresses]
    for _number in range(3):
        initiative = InitiativeFactory(organisation=cast.association)
        offer = SupportOfferFactory(apply_way="open_contact", closes_on=None)
        tell(mean(offer, initiative, cast.amina), cast.amina, GOT_IT)
        mean(application.offer, initiative, cast.amina)
    assert [queries_for(client, address) for address in addresses] == before
