"""All cases of an organisation's offers in one table, changed across offers in one go and fetched as a file."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from brygga.organisations.models import Organisation
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import recusing, services
from matching.desk.all_cases import is_under_way
from matching.desk.board import Place
from matching.desk.enums import Stage
from matching.desk.models import Decision, LastChange, ShortlistEntry
from matching.meeting import asking
from matching.meeting import services as meeting
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.selectors import Contact
from tests.cast import Cast
from tests.factories import InitiativeFactory, MembershipFactory, OrganisationFactory, SupportOfferFactory
from tests.matching.exporting.test_files import read_json, read_sheet, sent
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]
CONTACT = Contact(name="Ruth", email="ruth@exempel.example")


def address(organisation: Organisation, rest: str = "") -> str:
    return f"/traffar/givare/{organisation.public_id}/alla-arenden/{rest}"


def rows(client: Client, where: str) -> list[tuple[str, str]]:
    """Return the rows of the page: what is asked for and by whom."""
    page = client.get(where)
    assert page.status_code == 200
    return [(card.offer.title, card.case.title) for card in page.context.get("cards", [])]


def ticked(client: Client, where: str, **more: Any) -> dict[str, Any]:
    """Return the page's own form with every box ticked one by one."""
    page = client.get(where).content.decode()
    return {
        "shown": re.findall(r'name="shown" value="([^"]+)"', page),
        "case": re.findall(r'name="case" value="([^"]+)"', page),
        "next": where,
        **more,
    }


@pytest.fixture
def other(cast: Cast) -> SupportOffer:
    return SupportOfferFactory(organisation=cast.foundation, title="Lokal i Härnösand")


def move(offer: SupportOffer, initiative: Initiative, actor: User, to: Stage, **more: Any) -> None:
    pair: dict[str, Any] = {"offer": offer, "initiative": initiative, "actor": actor, "now": timezone.now()}
    services.move(**pair, to=to)
    if more:
        services.take_care(**pair, **{"assignee": None, "due_on": None, **more})


def test_what_there_is_to_do_at_all_offers_comes_first(
    client: Client,
    cast: Cast,
    offer: SupportOffer,
    other: SupportOffer,
    initiative: Initiative,
    matched: Matched,
) -> None:
    first, second, third, aside = (InitiativeFactory(title=f"Nummer {one}") for one in range(4))
    stranger = SupportOfferFactory(organisation=cast.outsiders, title="Hos andra")
    matched()
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    today = timezone.localdate()
    move(offer, first, cast.ruth, Stage.SHORTLISTED)
    move(other, first, cast.ruth, Stage.IN_DIALOGUE, assignee=colleague, due_on=today - timedelta(days=1))
    move(other, second, cast.ruth, Stage.IN_DIALOGUE, assignee=cast.ruth)
    move(offer, third, cast.ruth, Stage.SHORTLISTED, assignee=colleague, due_on=today + timedelta(days=90))
    move(stranger, first, cast.sara, Stage.SHORTLISTED)
    for at in (offer, other):
        move(at, aside, cast.ruth, Stage.SHORTLISTED)
    recusing.recuse(offer=other, initiative=aside, actor=cast.ruth, now=timezone.now())
    asked = asking.ask_giver(
        offer=offer,
        initiative=initiative,
        actor=cast.amina,
        message="Hej",
        contact=CONTACT,
        now=timezone.now(),
    )
    page = address(cast.foundation)
    client.force_login(cast.ruth)

    # Late and asked for first, then one's own, then the others by their day and by when they were moved.
    late = ("Lokal i Härnösand", "Nummer 0")
    usual = [
        late,
        ("Bidrag till unga på väg", "Lagningsverkstaden"),
        ("Lokal i Härnösand", "Nummer 1"),
        ("Bidrag till unga på väg", "Nummer 2"),
        ("Bidrag till unga på väg", "Nummer 3"),
        ("Bidrag till unga på väg", "Nummer 0"),
    ]
    if asked.answer_by is None:
        Introduction.objects.update(answer_by=today + timedelta(days=1))
    assert rows(client, page) == usual
    shown = client.get(page).content.decode()
    assert "Nummer 3" not in "".join(title for _at, title in rows(client, f"{page}?offer={other.public_id}"))
    # Who stands aside meets the case in no filter and no file, whatever the address asks for.
    everything = rows(client, f"{page}?stage=all&rows=200")
    assert (other.title, "Nummer 3") not in everything
    assert len(everything) == 9
    assert {at for at, _title in everything} == {offer.title, other.title}
    for filters in ("stage=all", "q=nummer+3&stage=all", f"offer={other.public_id}&stage=shortlisted"):
        file = reverse("matching:all-cases-file", args=[cast.foundation.public_id])
        found = [
            (one["support"], one["initiative"]) for one in read_json(client, f"{file}?{filters}&as=json")
        ]
        assert found == rows(client, f"{page}?{filters}&rows=200")
        assert (other.title, "Nummer 3") not in found

    # Each filter, and the shortcut that leads to it with the number it has.
    narrowed = {
        "who=me": [usual[2]],
        f"who={colleague.pk}": [late, usual[3]],
        "who=nobody": [usual[1], usual[4], usual[5]],
        "due=late": [late],
        "answer=week": [usual[1]],
        "contact=wanted": [usual[1]],
        "q=LAGNING": [usual[1]],
        f"offer={offer.public_id}&stage=in_dialogue": [],
        "stage=in_dialogue&sort=title": [late, usual[2]],
        "stage=supported": [],
    }
    for filters, expected in narrowed.items():
        assert rows(client, f"{page}?{filters}") == expected, filters
    for one in client.get(page).context["shortcuts"]:
        assert len(rows(client, page + one["url"])) == one["number"]
    assert {one["label"] for one in client.get(page).context["shortcuts"]} == {
        "Vill ha kontakt",
        "Mina",
        "Försenat",
    }
    assert "ett filter som vi inte känner" in client.get(f"{page}?who=999").content.decode()
    # What is new says so until somebody opens it; suggestions are there when they are asked for.
    suggested = client.get(f"{page}?stage=suggested").context["cards"]
    assert {(card.offer, card.is_new) for card in suggested} == {(offer, True), (other, True)}
    services.note_opened(initiative=second, offer=offer, side="offer", actor=cast.ruth, now=timezone.now())
    seen = {card.case.title: card.is_new for card in client.get(f"{page}?stage=suggested").context["cards"]}
    assert seen["Nummer 1"] is False

    # A note is found by its words, and a name is not, for who has asked not to see names.
    services.change_note(
        entry=ShortlistEntry.objects.get(offer=offer, initiative=third),
        actor=cast.ruth,
        note="Ring i vår",
        now=timezone.now(),
    )
    assert rows(client, f"{page}?q=ring") == [usual[3]]
    client.post(reverse("matching:blind", args=[offer.public_id]), {"hide": "1", "next": page})
    blind = client.get(f"{page}?q=lagning").content.decode()
    assert "Lagningsverkstaden" not in blind
    assert "Initiativ 1" in blind
    assert 'name="q"' not in blind

    # Readers see it and change nothing; others do not know that it is there.
    assert 'name="case"' in shown
    client.force_login(reader)
    assert 'name="case"' not in client.get(page).content.decode()
    assert client.post(address(cast.foundation, "flera/")).status_code == 403
    for who in (cast.sara, cast.amina):
        client.force_login(who)
        assert client.get(page).status_code == 404


def test_cases_of_several_offers_are_changed_in_one_go_and_undone(
    client: Client,
    cast: Cast,
    offer: SupportOffer,
    other: SupportOffer,
    initiative: Initiative,
    matched: Matched,
) -> None:
    first, second, aside = (InitiativeFactory(title=f"Nummer {one}") for one in range(3))
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    for at in (offer, other):
        for one in (first, second, aside, initiative):
            move(at, one, cast.ruth, Stage.SHORTLISTED)
    asked = meeting.ask_for_introduction(
        offer=other,
        initiative=initiative,
        actor=cast.ruth,
        message="Hej",
        contact=CONTACT,
        now=timezone.now(),
    )
    meeting.accept(introduction=asked, actor=cast.amina, contact=CONTACT, now=timezone.now())
    OutboxMessage.objects.all().delete()
    client.force_login(cast.ruth)
    page, where = address(cast.foundation), address(cast.foundation, "flera/")
    undo = address(cast.foundation, "angra-flera/")
    before = set(
        ShortlistEntry.objects.values_list("offer", "initiative", "stage", "changed_by", "changed_at")
    )
    form = ticked(client, page, deed="declined")
    assert len(form["case"]) == len(set(form["case"])) == 8
    # What happens while the page is open: one case is not for Ruth any more, and a colleague moves another.
    recusing.recuse(offer=other, initiative=aside, actor=cast.ruth, now=timezone.now())
    services.move(
        offer=offer, initiative=first, actor=colleague, to=Stage.IN_DIALOGUE, now=timezone.now(), seen=None
    )
    asks = client.post(where, form)
    said = asks.content.decode()
    assert "Avböja 5 ärenden?" in said
    assert "De har sagt ja till kontakt" in said
    assert "Lagningsverkstaden (Lokal i Härnösand)" in said
    assert "Nummer 0 (Bidrag till unga på väg)" in said
    assert "Nummer 2 (Lokal i Härnösand)" not in said
    assert not Decision.objects.exists()
    sure = {"deed": "declined", "sure": "1", "all": "1", "next": page, "shown": asks.context["sent_again"]}
    assert client.post(where, sure).status_code == 422
    done = client.post(where, {**sure, "reason": "no_room"}, follow=True)
    assert "5 ärenden är avböjda. Inget skickas." in done.content.decode()
    assert not OutboxMessage.objects.filter(task="outbox.deliver_mail").exists()
    lies = {
        (one.offer.title, one.initiative.title): one.stage
        for one in ShortlistEntry.objects.select_related("offer", "initiative")
    }
    assert lies[offer.title, "Nummer 0"] == "in_dialogue"
    assert lies[other.title, "Nummer 2"] == lies[other.title, "Lagningsverkstaden"] == "shortlisted"
    assert sorted(lies.values()).count("declined") == Decision.objects.count() == 5
    # Undone in one go, also from the desk of one of the offers; what a colleague has changed since stays.
    number = done.context["moved"]["number"]
    changed = ShortlistEntry.objects.get(offer=offer, initiative=second)
    Decision.objects.filter(entry=changed).update(decided_by=colleague)
    ShortlistEntry.objects.filter(pk=changed.pk).update(changed_by=colleague)
    back = client.post(undo, {"number": number, "next": page}, follow=True).content.decode()
    assert "4 ärenden är som de var." in back
    assert "ligger kvar: ”Nummer 1 (Bidrag till unga på väg)”" in back
    after = set(
        ShortlistEntry.objects.values_list("offer", "initiative", "stage", "changed_by", "changed_at")
    )
    assert len(before & after) == 6
    assert not LastChange.objects.exists()
    assert "Det fanns inget att ångra" in client.post(undo, {"number": number}, follow=True).content.decode()
    # Offers of others, and more than two hundred, are not changed from here.
    hers = SupportOfferFactory(organisation=cast.outsiders)
    for shown in (
        [f"{hers.public_id}.{first.public_id}.suggested.."],
        [f"a.{n}.suggested.." for n in range(201)],
    ):
        client.post(where, {"deed": "shortlisted", "sure": "1", "all": "1", "shown": shown})
    assert not ShortlistEntry.objects.filter(offer=hers).exists()
    # A colleague is given cases of both offers at once, and who is at none of them is told nothing.
    given = {
        **ticked(client, f"{page}?stage=shortlisted", deed="assign"),
        "sure": "1",
        "assignee": colleague.pk,
    }
    client.post(where, given)
    assert set(ShortlistEntry.objects.filter(assignee=colleague).values_list("offer", flat=True)) == {
        offer.pk,
        other.pk,
    }
    kept = LastChange.objects.get(person=cast.ruth)
    single = reverse("matching:undo-several", args=[offer.public_id])
    client.post(single, {"number": kept.number})
    assert not ShortlistEntry.objects.filter(assignee=colleague).exists()


def test_six_offers_cost_as_few_questions_as_one(client: Client, cast: Cast, matched: Matched) -> None:
    some = [InitiativeFactory(organisation=cast.association), InitiativeFactory(), InitiativeFactory()]
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    client.force_login(cast.ruth)
    page, where = address(cast.foundation), address(cast.foundation, "flera/")
    file = reverse("matching:all-cases-file", args=[cast.foundation.public_id])

    def fill(number: int) -> None:
        made = [SupportOfferFactory(organisation=cast.foundation) for _one in range(number)]
        matched()
        for at in made:
            for one in some:
                move(at, one, cast.ruth, Stage.SHORTLISTED, assignee=colleague)
                recusing.recuse(offer=at, initiative=one, actor=colleague, now=timezone.now())
            # There is a limit to how many questions one asks in a day.
            Introduction.objects.create(
                offer=at, initiative=some[0], asked_side=Side.INITIATIVE, asked_by=cast.amina, message="Hej"
            )

    def costs() -> list[int]:
        found = [queries_for(client, f"{page}?{filters}") for filters in ("", "stage=all&q=a", "sort=fit")]
        for form in (
            ticked(client, page, deed="dismissed"),
            ticked(client, page, deed="in_dialogue", sure="1"),
        ):
            with CaptureQueriesContext(connection) as queries:
                client.post(where, form)
            found.append(len(queries))
        number = LastChange.objects.get().number
        with CaptureQueriesContext(connection) as queries:
            client.post(address(cast.foundation, "angra-flera/"), {"number": number})
        found.append(len(queries))
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            sent(client, f"{file}?stage=all")
        return [*found, len(queries)]

    fill(1)
    costs()
    one = costs()
    fill(5)
    assert costs() == one
    assert ShortlistEntry.objects.values("offer").distinct().count() == 6


def test_the_ways_in_and_who_has_several_givers(
    client: Client, cast: Cast, offer: SupportOffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.ruth)
    page = address(cast.foundation)
    for start in (
        reverse("pages:home"),
        reverse("funders:mine"),
        reverse("funders:detail", args=[offer.public_id]),
        reverse("matching:desk", args=[offer.public_id]),
    ):
        assert f'href="{page}"' in client.get(start).content.decode(), start
    empty = client.get(page).content.decode()
    assert "Inget pågår just nu" in empty
    assert 'href="?stage=suggested"' in empty
    assert "Vems ärenden" not in empty
    # A second giver: chosen on the page. One without support says what to do.
    second = OrganisationFactory(name="Fonden Östanvind", kind="foundation", owner=cast.ruth)
    assert "Ni har inget stöd att ha ärenden i än" in client.get(address(second)).content.decode()
    move(
        SupportOfferFactory(organisation=second),
        InitiativeFactory(title="Hos fonden"),
        cast.ruth,
        Stage.SHORTLISTED,
    )
    choosing = client.get(page).content.decode()
    assert f'href="{address(second)}"' in choosing
    assert [title for _at, title in rows(client, address(second))] == ["Hos fonden"]
    assert "Alla ärenden: Fonden Östanvind" in client.get(reverse("pages:home")).content.decode()
    # Pages, and an address that is kept from page to page and in the file.
    for number in range(3):
        move(offer, InitiativeFactory(title=f"Nummer {number}"), cast.ruth, Stage.SHORTLISTED)
    monkeypatch.setattr("matching.desk.board.PAGE_SIZE", 2)
    paged = client.get(f"{page}?sort=title&who=nobody&page=2")
    assert [card.case.title for card in paged.context["cards"]] == ["Nummer 2"]
    assert "who=nobody" in paged.content.decode().split('class="ds-pagination', 1)[-1]
    file = reverse("matching:all-cases-file", args=[cast.foundation.public_id])
    assert [one["initiative"] for one in read_json(client, f"{file}?sort=title&as=json")] == [
        "Nummer 0",
        "Nummer 1",
        "Nummer 2",
    ]
    header = sent(client, file).splitlines()[0]
    assert header.lstrip("\ufeff").startswith("Plats i listan;Initiativ;")
    sheet = read_sheet(b"".join(client.get(f"{file}?as=xlsx").streaming_content))  # type: ignore[arg-type]
    assert [row[1].value for row in sheet] == ["Initiativ", "Nummer 2", "Nummer 1", "Nummer 0"]
    assert client.get(f"{file}?stage=unknown").status_code == 400


def test_the_desks_file_holds_what_the_desk_shows(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    some = [InitiativeFactory(), InitiativeFactory(), InitiativeFactory()]
    SupportOfferFactory(organisation=cast.foundation)
    matched()
    move(offer, some[0], cast.ruth, Stage.SHORTLISTED, assignee=cast.ruth)
    move(offer, some[1], cast.ruth, Stage.IN_DIALOGUE)
    client.force_login(cast.ruth)
    desk = reverse("matching:desk", args=[offer.public_id])
    for asked in ("", "&sort=title", "&stage=shortlisted", "&who=me"):
        page = client.get(f"{desk}?view=table{asked}")
        shown = [card.case.title for card in page.context["cards"]]
        link = re.search(r'href="([^"]*as=)json"', page.content.decode())
        assert link is not None
        file = read_json(client, html.unescape(link[1]) + "json")
        assert [row["initiative"] for row in file] == shown, asked
    assert shown == [some[0].title]


def test_who_waits_is_under_way_wherever_the_case_lies() -> None:
    for stage in (Stage.DECLINED, Stage.DISMISSED, Stage.SUGGESTED, Stage.SUPPORTED):
        assert not is_under_way(Place(1, 2, stage, "Nummer 1", 0.5))
        assert is_under_way(Place(1, 2, stage, "Nummer 1", 0.5, wants_contact=True))
    for stage in (Stage.SHORTLISTED, Stage.IN_DIALOGUE):
        assert is_under_way(Place(1, 2, stage, "Nummer 1", 0.5))
