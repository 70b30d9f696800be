"""A giver leaves a spreadsheet: its rows become cases, once, and can be taken back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.organisations.models import Membership
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import services as desk
from matching.desk.enums import Stage
from matching.desk.models import NOTE_LENGTH, Recusal, ShortlistEntry
from matching.intake import services
from matching.intake.columns import guessed
from matching.intake.enums import Column, Outcome
from matching.intake.models import CaseImport, ImportedCase
from matching.intake.planning import plan
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.matching.meeting.races import race

pytestmark = pytest.mark.django_db
HEADINGS = ["Initiativ", "Org.nr", "Status", "Kommentar", "Handläggare", "Klart senast", "Länk", "Belopp"]
COLUMNS = {
    Column.TITLE: 0,
    Column.NUMBER: 1,
    Column.STAGE: 2,
    Column.NOTE: 3,
    Column.ASSIGNEE: 4,
    Column.DUE: 5,
    Column.ADDRESS: 6,
}
NUMBER = "556016-0680"


def row(
    title: str = "",
    number: str = "",
    stage: str = "",
    note: str = "",
    who: str = "",
    due: str = "",
    link: str = "",
) -> list[str]:
    return [title, number, stage, note, who, due, link, "1"]


def brought(offer: SupportOffer, actor: User, *rows: list[str], now: Any = NOW) -> CaseImport:
    made = services.begin(offer=offer, actor=actor, table=[HEADINGS, *rows], now=now)
    assert {Column(name): place for name, place in made.columns.items()} == COLUMNS
    return services.map_columns(
        case_import=made, actor=actor, columns=COLUMNS, stage=Stage.SHORTLISTED, now=now
    )


def taken(made: CaseImport, actor: User, *, adds_notes: bool = False, now: Any = NOW) -> CaseImport:
    return services.take_in(case_import=made, actor=actor, adds_notes=adds_notes, now=now)


def on_desk() -> dict[str, tuple[Any, ...]]:
    return {
        one.initiative.title: (one.stage, one.note, str(one.assignee or ""), str(one.due_on or ""))
        for one in ShortlistEntry.objects.select_related("initiative", "assignee")
    }


@pytest.fixture
def numbered(cast: Cast) -> Initiative:
    owner = OrganisationFactory(number="5560160680", owner=cast.sara)
    return InitiativeFactory(organisation=owner, title="Odla ihop")


def test_the_whole_way_from_file_to_undo(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, numbered: Initiative
) -> None:
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    client.force_login(cast.ruth)
    start = f"/traffar/stod/{offer.public_id}/ta-in-arenden/"
    assert f'href="{start}"' in client.get(reverse("matching:desk", args=[offer.public_id])).content.decode()
    lines = [
        HEADINGS,
        row(
            "odla ihop", NUMBER, "I dialog", "=Lovar gott; ring 070-123 45 67", colleague.email, "1 mars 2027"
        ),
        row(
            "",
            "",
            "",
            "Fin idé",
            "Ruth Malmsten",
            "",
            f"https://brygga.example/initiativ/{initiative.public_id}/",
        ),
        row("Finns inte", NUMBER),
        row("Odla ihop", NUMBER),
        row("Anna", "19811228-9874"),
    ]
    text = "\r\n".join(";".join(f'"{cell}"' for cell in line) for line in lines)
    answer = client.post(start, {"file": SimpleUploadedFile("Ärenden.csv", text.encode("cp1252"))})
    made = CaseImport.objects.get()
    assert answer["Location"] == f"{start}{made.public_id}/kolumner/"
    assert "9874" not in str(made.table)  # a personal number is not kept for a moment
    page = client.get(answer["Location"])
    assert page.context["form"].initial["title"] == 0
    chosen = {column.value: place for column, place in COLUMNS.items()} | {"stage_otherwise": "shortlisted"}
    twice = client.post(answer["Location"], chosen | {"note": 0})
    assert twice.status_code == 422
    answer = client.post(answer["Location"], chosen)
    preview = client.get(answer["Location"])
    assert ShortlistEntry.objects.count() == 0  # nothing is done yet
    assert [str(one["row"].outcome) for one in preview.context["lines"]] == [
        "new",
        "new",
        "not_here",
        "double",
        "not_here",
    ]
    assert "Ta in 2 ärenden" in preview.content.decode()
    assert len(client.get(f"{answer['Location']}?show=double").context["lines"]) == 1
    done = client.post(answer["Location"], follow=True)
    assert "2 nya ärenden på bordet" in done.content.decode()
    asking = done.context["invitation"]
    assert reverse("innovators:create") in asking
    assert f"”{offer.title}”: http" in asking
    assert offer.public_id in asking
    assert "Finns inte" not in asking, "the same text for all"
    assert "En text att skicka själv" in done.content.decode()
    client.post(answer["Location"])  # once is enough
    assert on_desk() == {
        "Odla ihop": ("in_dialogue", "=Lovar gott; ring [telefon]", str(colleague), "2027-03-01"),
        "Lagningsverkstaden": ("shortlisted", "Fin idé", "Ruth Malmsten", ""),
    }
    assert (len(mail.outbox), Notice.objects.count()) == (0, 0)
    rest = b"".join(client.get(f"{answer['Location']}resten/").streaming_content).decode()  # type: ignore[arg-type]
    assert rest.splitlines()[1].startswith(f"Finns inte;{NUMBER};;;;;;1;Finns inte i Brygga;Vi hittar inget")
    sheet = b"".join(client.get(f"{answer['Location']}resten/?as=xlsx").streaming_content)  # type: ignore[arg-type]
    cells = list(load_workbook(BytesIO(sheet)).active.values)  # type: ignore[union-attr]
    assert [line[0] for line in cells] == ["Initiativ", "Finns inte", "Odla ihop", "Anna"]
    # A colleague writes on one of them: that one stays.
    entry = ShortlistEntry.objects.get(initiative=initiative)
    desk.change_note(entry=entry, actor=colleague, note="Jag ringer", now=NOW)
    undone = client.post(f"{answer['Location']}angra/", follow=True).content.decode()
    assert "En text att skicka själv" not in undone
    assert "Ångrat: 1 ärende. 1 ärende är kvar: någon har ändrat det sedan dess." in undone
    assert "Lagningsverkstaden" in undone
    assert on_desk() == {"Lagningsverkstaden": ("shortlisted", "Jag ringer", "Ruth Malmsten", "")}
    assert (
        "Det fanns inget att ångra"
        in client.post(f"{answer['Location']}angra/", follow=True).content.decode()
    )
    verbs = AuditEvent.objects.filter(verb__startswith="desk_cases").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["desk_cases_taken_in", "desk_cases_taken_back"]
    assert "Lovar" not in str(list(verbs.values("details")))
    client.post(f"{answer['Location']}slang/")
    assert client.get(f"{answer['Location']}resten/").status_code == 404
    client.force_login(colleague)  # the table was somebody else's
    assert client.get(answer["Location"]).status_code == 404


def test_what_is_there_stays_unless_a_note_is_added_below(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    desk.move(offer=offer, initiative=initiative, actor=cast.ruth, to=Stage.IN_DIALOGUE, now=NOW)
    entry = ShortlistEntry.objects.get()
    desk.change_note(entry=entry, actor=cast.ruth, note="Vårt", now=NOW)
    line = row(stage="på listan", note="Tabellens", who="Ruth Malmsten", link=initiative.public_id)
    left = taken(brought(offer, cast.ruth, line), cast.ruth)
    assert left.outcomes == [Outcome.EXISTS]
    assert on_desk() == {initiative.title: ("in_dialogue", "Vårt", "", "")}
    added = taken(brought(offer, cast.ruth, line), cast.ruth, adds_notes=True)
    assert added.outcomes == [Outcome.NOTE]
    assert on_desk() == {initiative.title: ("in_dialogue", "Vårt\n\nTabellens", "", "")}
    again = taken(brought(offer, cast.ruth, line), cast.ruth, adds_notes=True)
    assert again.outcomes == [Outcome.EXISTS]  # it says so already
    assert services.undo(case_import=added, actor=cast.ruth, now=NOW) == (1, 0)
    assert on_desk() == {initiative.title: ("in_dialogue", "Vårt", "", "")}
    long = row(note="x" * (NOTE_LENGTH - 3), link=initiative.public_id)
    assert taken(brought(offer, cast.ruth, long), cast.ruth, adds_notes=True).outcomes == [Outcome.EXISTS]
    assert ShortlistEntry.objects.get().note == "Vårt"


def test_each_row_says_in_words_what_is_wrong_with_it(
    cast: Cast, offer: SupportOffer, initiative: Initiative, numbered: Initiative
) -> None:
    hidden = InitiativeFactory(visibility="chosen")
    aside = InitiativeFactory()
    Recusal.objects.create(offer=offer, initiative=aside, person=cast.ruth)
    kim = MembershipFactory(organisation=cast.foundation, role="editor", user=UserFactory(name="Kim")).user
    Recusal.objects.create(offer=offer, initiative=initiative, person=kim)
    own = InitiativeFactory(organisation=cast.foundation)
    made = brought(
        offer,
        cast.ruth,
        row(link=hidden.public_id),
        row(link=aside.public_id),
        row("Odla ihop"),
        row("Odla ihop", "556016-0681"),
        row("Odla ihop", NUMBER, "Beviljad"),
        row("Odla ihop", NUMBER, "Kanske"),
        row(link=own.public_id),
        row("Odla ihop", NUMBER, note="x" * (NOTE_LENGTH + 1)),
        row(link=initiative.public_id, stage="Ny", who="Kim", due="v. 12"),
    )
    planned = plan(made, cast.ruth, NOW)
    assert [(one.number, one.outcome.value) for one in planned] == [
        (2, "not_here"),
        (3, "not_here"),
        (4, "not_here"),
        (5, "not_here"),
        (6, "wrong"),
        (7, "wrong"),
        (8, "wrong"),
        (9, "wrong"),
        (10, "new"),
    ]
    # Whether it is hidden, does not exist or one stands aside: one answer.
    assert planned[0].said == planned[1].said
    assert [one.said[0][:30] for one in planned[2:8]] == [
        "Vi behöver adressen i Brygga, ",
        "”556016-0681” är inget organis",
        "”Beviljad” är ett beslut. Besl",
        "Vi känner inte till ”Kanske”. ",
        "Det är ert eget initiativ.",
        "Anteckningen har 2001 tecken. ",
    ]
    assert planned[8].stage == Stage.SHORTLISTED  # no match yet: among the suggestions it would be lost
    assert planned[8].assignee is None  # stands aside
    assert [said[:12] for said in planned[8].said] == ["Det passar i", "Ingen kolleg", "Vi kan inte "]


def test_who_may_not_and_what_is_gone(client: Client, cast: Cast, offer: SupportOffer) -> None:
    reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    made = brought(offer, cast.ruth, row("a", NUMBER))
    for other in (reader, cast.amina, MembershipFactory(organisation=cast.foundation, role="owner").user):
        with pytest.raises(PermissionDenied):
            taken(made, other)
    with pytest.raises(services.TableGone):
        taken(made, cast.ruth, now=NOW + timedelta(days=1, minutes=1))
    Membership.objects.filter(user=cast.ruth).update(role="reader")
    with pytest.raises(PermissionDenied):
        taken(made, User.objects.get(pk=cast.ruth.pk))
    Membership.objects.filter(user=cast.ruth).update(role="owner")
    assert brought(offer, cast.ruth, row("b", NUMBER)).pk != made.pk
    assert CaseImport.objects.count() == 1  # a new table takes the place of one that was not taken in
    assert services.forget_tables(now=NOW + timedelta(hours=23)) == 0
    assert services.forget_tables(now=NOW + timedelta(hours=25)) == 1
    assert CaseImport.objects.count() == 0
    kept = taken(brought(offer, cast.ruth, row("Hemligt", NUMBER)), cast.ruth)
    services.forget_tables(now=NOW + timedelta(hours=25))
    kept.refresh_from_db()
    assert (kept.table, kept.outcomes) == ([], [])
    services.forget_tables(now=NOW + timedelta(days=31))
    assert not CaseImport.objects.exists()
    client.force_login(cast.ruth)
    start = f"/traffar/stod/{offer.public_id}/ta-in-arenden/"
    for name, content, said in (
        ("a.csv", b"Rubrik", "inga rader under dem"),
        ("a.xlsx", b"PK\x03\x04...", "Vi kan inte läsa filen"),
        ("a.csv", b"a;b\n" * 2002, "fler än 2000 rader"),
        ("a.csv", b"x" * (5 * 1024 * 1024 + 1), "Filen är för stor"),
    ):
        answer = client.post(start, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    SupportOffer.objects.filter(pk=offer.pk).update(state="draft")
    assert client.get(start).status_code == 302


def test_twenty_rows_cost_as_many_questions_as_two(cast: Cast, offer: SupportOffer) -> None:
    counts = []
    for number in (2, 20):
        lines = [row(link=one.public_id, note="x") for one in InitiativeFactory.create_batch(number)]
        made = brought(offer, cast.ruth, *lines)
        with CaptureQueriesContext(connection) as queries:
            taken(made, cast.ruth)
        counts.append(len(queries))
        assert made.cases.count() == number
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_double_nothing(cast: Cast, offer: SupportOffer) -> None:
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    some = InitiativeFactory.create_batch(6)
    lines = [row(link=one.public_id, note="x") for one in some]
    mine, theirs = brought(offer, cast.ruth, *lines), brought(offer, colleague, *reversed(lines))

    def take(made: CaseImport, actor: User) -> str:
        return str(sorted(taken(made, actor).outcomes))

    went = race(lambda: take(mine, cast.ruth), lambda: take(theirs, colleague), lambda: take(mine, cast.ruth))
    assert len(went) == 3
    assert ShortlistEntry.objects.count() == ImportedCase.objects.count() == 6
    assert ImportedCase.objects.values("case_import").distinct().count() == 1
    assert AuditEvent.objects.filter(verb="desk_cases_taken_in").count() == 2


def test_columns_are_guessed_by_heading_or_by_an_address_below_it() -> None:
    headings = ["Projekt", "Org.nr", "Kommentar", "Vad som helst"]
    assert guessed(headings, ["Garaget", "", ""]) == {"title": 0, "number": 1, "note": 2}
    first = ["https://brygga.example/initiativ/abc/", "", "", ""]
    assert guessed(headings, first) == {"address": 0, "number": 1, "note": 2}
    assert guessed(headings, ["", "", "", " HTTP://brygga.example/x"])["address"] == 3
