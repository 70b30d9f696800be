"""Several cases at once: chosen on the desk, asked about once, undone in one go; colleagues at the same moment."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import recusing, services, undoing
from matching.desk.enums import Deed, DismissReason, Stage, Why
from matching.desk.models import Decision, LastChange, ShortlistEntry
from matching.desk.several import Change, Seen, change_several
from matching.engine.models import MatchSuggestion
from matching.meeting import services as meeting
from matching.meeting.selectors import Contact
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, MembershipFactory, SupportOfferFactory
from tests.matching.desk.lists import cases_url
from tests.matching.meeting.races import race

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]
CONTACT = Contact(name="Ruth", email="ruth@exempel.example")


def cases(number: int) -> list[Initiative]:
    return [InitiativeFactory(title=f"Nummer {one}") for one in range(number)]


def lies() -> dict[str, str]:
    return dict(ShortlistEntry.objects.values_list("initiative__title", "stage"))


def ticked(client: Client, address: str, **more: Any) -> dict[str, Any]:
    """Return the page's own form with every box ticked by the one that ticks all."""
    page = client.get(address).content.decode()
    return {
        "shown": re.findall(r'name="shown" value="([^"]+)"', page),
        "all": "1",
        "next": address,
        **more,
    }


def everything() -> list[tuple[Any, ...]]:
    names = ("stage", "previous_stage", "reason", "assignee", "due_on", "changed_by", "changed_at", "note")
    return list(ShortlistEntry.objects.order_by("pk").values_list(*names))


def test_chosen_asked_once_done_and_undone(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched
) -> None:
    first, second, third = cases(3)
    matched()
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    pair: dict[str, Any] = {"offer": offer, "actor": cast.ruth, "now": NOW}
    services.shortlist(**pair, initiative=first, note="Ring dem")
    services.move(**pair, initiative=third, to=Stage.IN_DIALOGUE)
    client.force_login(cast.ruth)
    table = cases_url(offer, "vart-bord/?view=table")
    where, undo = cases_url(offer, "vart-bord/flera/"), cases_url(offer, "vart-bord/angra-flera/")
    before = everything()
    page = client.get(table).content.decode()
    assert page.count('name="case"') == page.count('name="shown"') == 4
    # Nothing ticked, nothing done; the page asks before anything happens, and says which stay.
    empty = client.post(where, {"deed": "in_dialogue", "next": table}, follow=True)
    assert "Kryssa först för ärendena" in empty.content.decode()
    form = ticked(client, table, deed="in_dialogue")
    asks = client.post(where, form)
    said = asks.content.decode()
    assert "Flytta 3 ärenden till dem i dialog?" in said
    assert "1 ärende lämnas som det är" in said
    assert "Nummer 2" in said
    assert everything() == before
    sure = {
        "deed": "in_dialogue",
        "sure": "1",
        "all": "1",
        "next": table,
        "shown": asks.context["sent_again"],
    }
    done = client.post(where, sure, follow=True)
    assert "3 ärenden är i dialog. Inget skickas." in done.content.decode()
    assert set(lies().values()) == {"in_dialogue"}
    number = done.context["moved"]["number"]
    moved = AuditEvent.objects.filter(verb="desk_in_dialogue").exclude(details__initiative=third.public_id)
    assert moved.filter(organisation_id=offer.organisation_id, actor_id=cast.ruth.pk).count() == 3
    assert not MatchSuggestion.objects.filter(initiative=second, seen_by_offer_at=None).exists()
    # Sent twice it changes nothing, and what was done can still be undone.
    assert "Det var redan så. Inget ändrades." in client.post(where, sure, follow=True).content.decode()
    assert AuditEvent.objects.filter(verb="desk_in_dialogue").count() == 4
    # A colleague has moved one on, and one is not for Ruth any more: those stay, and the second is not named.
    services.move(
        offer=offer, initiative=first, actor=colleague, to=Stage.SHORTLISTED, now=NOW + timedelta(hours=1)
    )
    recusing.recuse(offer=offer, initiative=second, actor=cast.ruth, now=NOW)
    back = client.post(undo, {"number": number, "next": table}, follow=True).content.decode()
    assert "1 ärende är som det var." in back
    assert "1 ärende har ändrats sedan dess och ligger kvar: ”Nummer 0”." in back
    assert "Nummer 1" not in back
    assert lies() == {
        "Nummer 0": "shortlisted",
        "Nummer 1": "in_dialogue",
        "Nummer 2": "in_dialogue",
        "Lagningsverkstaden": "suggested",
    }
    again = client.post(undo, {"number": number, "next": table}, follow=True)
    assert "Det fanns inget att ångra" in again.content.decode()
    assert not LastChange.objects.exists()


def test_what_was_done_with_several_is_told_for_a_quarter_of_an_hour(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched
) -> None:
    cases(2)
    matched()
    client.force_login(cast.ruth)
    table = cases_url(offer, "vart-bord/?view=table")
    where, undo = cases_url(offer, "vart-bord/flera/"), cases_url(offer, "vart-bord/angra-flera/")
    form = ticked(client, table, deed="shortlisted", sure="1")
    with time_machine.travel(NOW, tick=False) as clock:
        done = client.post(where, form, follow=True)
        assert "again" not in done.context["moved"]
        # Whoever looks at something else meanwhile finds it again, without being led there.
        client.get("/min-sida/")
        clock.shift(timedelta(minutes=14))
        later = client.get(table)
        assert later.context["moved"]["number"] == done.context["moved"]["number"]
        assert later.context["moved"]["again"] is True
        assert "data-focus" not in later.content.decode().partition('class="ds-alert"')[2][:80]
        clock.shift(timedelta(minutes=2))
        assert client.get(table).context["moved"] is None
    with time_machine.travel(NOW, tick=False):
        again = client.post(where, ticked(client, table, deed="in_dialogue", sure="1"), follow=True)
        client.post(undo, {"number": again.context["moved"]["number"]})
        assert client.get(table).context["moved"] is None


def test_who_takes_care_and_when_for_several_and_back(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    first, second = cases(2)
    matched()
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    services.take_care(
        offer=offer, initiative=first, actor=cast.ruth, assignee=cast.ruth, due_on=date(2027, 1, 1), now=NOW
    )
    recusing.recuse(offer=offer, initiative=second, actor=colleague, now=NOW)
    client.force_login(cast.ruth)
    desk, where = cases_url(offer, "vart-bord/"), cases_url(offer, "vart-bord/flera/")
    undo = cases_url(offer, "vart-bord/angra-flera/")
    # From the list of all that fit, as from the desk.
    form = ticked(client, cases_url(offer), deed="assign")
    assert client.post(where, form).context["number"] == 2
    assert client.post(where, {**form, "sure": "1", "assignee": cast.amina.pk}).status_code == 422
    given = client.post(where, {**form, "sure": "1", "assignee": colleague.pk}, follow=True)
    assert "Personen du valde har klivit åt sidan från det." in given.content.decode()
    assert set(ShortlistEntry.objects.values_list("initiative", "assignee")) == {
        (first.pk, colleague.pk),
        (second.pk, None),
    }
    client.post(undo, {"number": given.context["moved"]["number"]})
    assert ShortlistEntry.objects.get(initiative=first).assignee == cast.ruth
    # What somebody stands aside from, and what they may not see, is passed over without a word.
    hidden = [
        Seen(offer.public_id, one.public_id, Stage.SUGGESTED)
        for one in (second, InitiativeFactory(paused=True))
    ]
    found = change_several(
        offers=[offer], seen=hidden, change=Change(Deed.SHORTLIST), actor=colleague, now=NOW
    )
    assert (found.ready, found.left) == ([], [])
    # The page is as it was; in the meantime a colleague sets a day for one of them.
    stale = ticked(client, desk, deed="due", sure="1", due_on="1 mars 2027")
    services.take_care(
        offer=offer, initiative=second, actor=cast.ruth, assignee=None, due_on=date(2027, 5, 5), now=NOW
    )
    told = client.post(where, stale, follow=True)
    assert "Dagen är sparad för 1 ärende." in told.content.decode()
    assert "”Nummer 1”. En kollega har ändrat det sedan du tittade." in told.content.decode()
    client.post(undo, {"number": told.context["moved"]["number"]})
    assert set(ShortlistEntry.objects.values_list("due_on", flat=True)) == {
        date(2027, 1, 1),
        date(2027, 5, 5),
    }


def test_who_waits_for_a_word_is_not_turned_down_with_the_others(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    silent, asked = cases(2)
    pair: dict[str, Any] = {"offer": offer, "actor": cast.ruth, "now": NOW}
    for one in (initiative, silent, asked):
        services.shortlist(**pair, initiative=one)
    questions = [
        meeting.ask_for_introduction(
            **{**pair, "now": timezone.now()}, initiative=one, message="Hej", contact=CONTACT
        )
        for one in (initiative, asked)
    ]
    meeting.accept(introduction=questions[0], actor=cast.amina, contact=CONTACT, now=timezone.now())
    OutboxMessage.objects.all().delete()
    Notice.objects.all().delete()
    before = everything()
    client.force_login(cast.ruth)
    desk, where = cases_url(offer, "vart-bord/?stage="), cases_url(offer, "vart-bord/flera/")
    form = ticked(client, desk, deed="declined")
    page = client.post(where, form).content.decode()
    assert "Avböja 1 ärende?" in page
    assert "De har sagt ja till kontakt och ska ha ett eget meddelande." in page
    assert "En förfrågan om kontakt väntar på svar från er eller dem." in page
    assert client.post(where, {**form, "sure": "1"}).status_code == 422
    assert everything() == before
    done = client.post(where, {**form, "sure": "1", "reason": "no_room"}, follow=True)
    assert lies() == {"Lagningsverkstaden": "shortlisted", "Nummer 0": "declined", "Nummer 1": "shortlisted"}
    [decision] = Decision.objects.all()
    assert (decision.is_told, decision.message, decision.entry.reason) == (False, "", "no_room")
    assert not OutboxMessage.objects.filter(task="outbox.deliver_mail").exists()
    assert not Notice.objects.exists()
    assert AuditEvent.objects.get(verb="desk_declined").details["reason"] == "no_room"
    client.post(cases_url(offer, "vart-bord/angra-flera/"), {"number": done.context["moved"]["number"]})
    assert everything() == before
    assert not Decision.objects.exists()


def test_two_hundred_cost_as_few_questions_as_two(cast: Cast, offer: SupportOffer) -> None:
    def cost(number: int) -> tuple[int, int]:
        # Half of them lie on the desk already, so that both ways are gone.
        some = cases(number)
        for one in some[: number // 2]:
            services.move(offer=offer, initiative=one, actor=cast.ruth, to=Stage.SUGGESTED, now=NOW)
        seen = [Seen(offer.public_id, one.public_id, Stage.SUGGESTED) for one in some]
        with CaptureQueriesContext(connection) as doing:
            change = Change(Deed.ASIDE, reason=DismissReason.NO_ROOM)
            done = change_several(offers=[offer], seen=seen, change=change, actor=cast.ruth, now=NOW)
        assert len(done.ready) == number
        with CaptureQueriesContext(connection) as undone:
            undoing.undo_several(
                organisation=offer.organisation_id, number=done.number, actor=cast.ruth, now=NOW
            )
        return len(doing), len(undone)

    cost(2)
    assert cost(2) == cost(30)
    with pytest.raises(ValueError, match="shortlisted"):
        change_several(
            offers=[offer],
            seen=[Seen(offer.public_id, str(number), Stage.SUGGESTED) for number in range(201)],
            change=Change(Deed.SHORTLIST),
            actor=cast.ruth,
            now=NOW,
        )


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_move_overlapping_cases_at_once(cast: Cast, offer: SupportOffer) -> None:
    """Of cases that both have chosen each goes one way, all of them are told of, and nothing is written twice.

    One is on the page of all cases, the other at the desk of one offer.
    """
    other = SupportOfferFactory(organisation=cast.foundation)
    some = cases(6)
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    for one in some[2:4]:
        services.move(offer=offer, initiative=one, actor=cast.ruth, to=Stage.SUGGESTED, now=NOW)
    ShortlistEntry.objects.update(changed_by=None)
    together = threading.Barrier(2)
    found: dict[User, Any] = {}

    def attempt(actor: User, deed: Deed, chosen: list[Initiative], offers: list[SupportOffer]) -> None:
        try:
            together.wait(timeout=10)
            seen = [
                Seen(at.public_id, one.public_id, Stage.SUGGESTED) for one in chosen for at in (other, offer)
            ]
            found[actor] = change_several(offers=offers, seen=seen, change=Change(deed), actor=actor, now=NOW)
        finally:
            connection.close()

    attempts = (
        (cast.ruth, Deed.SHORTLIST, some[:4], [other, offer]),
        # From the other end, as a list in another order would send them.
        (colleague, Deed.DIALOGUE, some[:1:-1], [offer]),
    )
    threads = [threading.Thread(target=attempt, args=one) for one in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    elsewhere = ShortlistEntry.objects.filter(offer=other)
    assert set(elsewhere.values_list("initiative__title", "stage")) == {
        (one.title, "shortlisted") for one in some[:4]
    }
    assert found[cast.ruth].number
    assert [one.entry.offer for one in found[cast.ruth].left] == [offer] * len(found[cast.ruth].left)
    found[cast.ruth].ready[:] = [one for one in found[cast.ruth].ready if one.offer == offer]
    elsewhere.delete()
    ready = {actor: {one.initiative.title for one in done.ready} for actor, done in found.items()}
    left = {
        actor: {(one.entry.initiative.title, one.why) for one in done.left} for actor, done in found.items()
    }
    both = {"Nummer 2", "Nummer 3"}
    assert ready[cast.ruth] | ready[colleague] == {one.title for one in some}
    assert not ready[cast.ruth] & ready[colleague]
    assert left[cast.ruth] | left[colleague] == {(title, Why.CHANGED) for title in both}
    assert lies() == {
        **dict.fromkeys(ready[cast.ruth], "shortlisted"),
        **dict.fromkeys(ready[colleague], "in_dialogue"),
    }
    assert AuditEvent.objects.filter(verb__in=["desk_shortlisted", "desk_in_dialogue"]).count() == 10
    assert ShortlistEntry.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_one_persons_first_two_changes_at_the_same_moment(cast: Cast, offer: SupportOffer) -> None:
    """From two tabs: both are made, one after the other, and the later can be undone."""
    some = cases(4)

    def change(chosen: list[Initiative]) -> str:
        seen = [Seen(offer.public_id, one.public_id, Stage.SUGGESTED) for one in chosen]
        made = change_several(
            offers=[offer], seen=seen, change=Change(Deed.SHORTLIST), actor=cast.ruth, now=NOW
        )
        return str(len(made.ready))

    assert race(lambda: change(some[:2]), lambda: change(some[2:])) == ["2", "2"]
    assert set(lies().values()) == {"shortlisted"}
    assert len(LastChange.objects.get().cards) == 2
