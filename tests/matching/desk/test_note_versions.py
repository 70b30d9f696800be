"""Earlier versions of a note: who wrote what and when, put back by a button, gone with the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.test import Client

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import recusing, services
from matching.desk.models import NoteVersion, ShortlistEntry
from matching.desk.note_versions import MOST_SHOWN, earlier_versions
from matching.intake import services as intake
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, MembershipFactory, UserFactory
from tests.matching.desk.lists import cases_url
from tests.matching.intake.test_taking_in import brought, row, taken
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(cast: Cast, offer: SupportOffer, initiative: Initiative) -> ShortlistEntry:
    return services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, note="Ett", now=NOW)


def write(entry: ShortlistEntry, cast: Cast, *notes: str) -> None:
    for number, note in enumerate(notes, 1):
        moment = NOW + timedelta(minutes=number)
        services.change_note(entry=entry, actor=cast.ruth, note=note, now=moment)


def said(entry: ShortlistEntry) -> list[str]:
    return [version.text for version in earlier_versions(ShortlistEntry.objects.get(pk=entry.pk))]


def where(entry: ShortlistEntry) -> str:
    return cases_url(entry.offer, f"{entry.initiative.public_id}/anteckning/")


def test_what_a_note_said_is_kept_with_who_and_when(cast: Cast, entry: ShortlistEntry) -> None:
    eva = MembershipFactory(organisation=cast.foundation, user=UserFactory(name="Eva"), role="editor").user
    assert said(entry) == []
    services.change_note(entry=entry, actor=eva, note="Två, ring 070-123 45 67", now=NOW + timedelta(days=1))
    write(entry, cast, "Två, ring [telefon]", "", "Tre")
    # The same again is no version; an emptied note is one; contact details are in none.
    kept = NoteVersion.objects.order_by("pk").values_list("text", "written_by", "written_at")
    assert list(kept) == [
        ("Ett", cast.ruth.pk, NOW),
        ("Två, ring [telefon]", eva.pk, NOW + timedelta(days=1)),
        ("", cast.ruth.pk, NOW + timedelta(minutes=2)),
        ("Tre", cast.ruth.pk, NOW + timedelta(minutes=3)),
    ]
    assert said(entry) == ["", "Två, ring [telefon]", "Ett"]


def test_a_note_from_before_versions_were_kept_is_kept_too(cast: Cast, entry: ShortlistEntry) -> None:
    NoteVersion.objects.all().delete()
    write(entry, cast, "Två")
    assert [(one.text, one.written_by, one.written_at) for one in earlier_versions(entry)][-1] == (
        "Ett",
        None,
        None,
    )


def test_notes_from_a_table_are_versions_too(cast: Cast, entry: ShortlistEntry) -> None:
    line = row(stage="på listan", note="Tabellens", who="", link=entry.initiative.public_id)
    added = taken(brought(entry.offer, cast.ruth, line), cast.ruth, adds_notes=True)
    assert said(entry) == ["Ett"]
    intake.undo(case_import=added, actor=cast.ruth, now=NOW)
    assert said(entry) == ["Ett\n\nTabellens", "Ett"]
    other = InitiativeFactory(title="Odla ihop")
    taken(brought(entry.offer, cast.ruth, row(stage="på listan", note="Ny", link=other.public_id)), cast.ruth)
    assert NoteVersion.objects.get(entry__initiative=other).text == "Ny"


def test_a_button_puts_a_version_back_as_a_new_one(client: Client, cast: Cast, entry: ShortlistEntry) -> None:
    write(entry, cast, "Två", "Tre")
    client.force_login(cast.ruth)
    page = client.get(where(entry)).content.decode()
    assert "Tidigare lydelser" in page
    assert page.index("Två") < page.index("Ett</p>")
    first = NoteVersion.objects.get(text="Ett")
    form = {"version": first.pk, "read": services.note_mark("Tre")}
    assert client.post(where(entry), form).status_code == 302
    assert ShortlistEntry.objects.get().note == "Ett"
    assert said(entry) == ["Tre", "Två", "Ett"]
    # Of two colleagues the second is shown both texts, and nothing is written.
    late = client.post(where(entry), {**form, "version": NoteVersion.objects.get(text="Två").pk})
    assert late.status_code == 409
    assert "En kollega har ändrat anteckningen" in late.content.decode()
    assert late.context["form"]["note"].value() == "Två"
    assert ShortlistEntry.objects.get().note == "Ett"
    # A colleague who has emptied the note was first as well.
    read = services.note_mark("Ett")
    write(entry, cast, "")
    emptied = client.post(where(entry), {"note": "Fyra", "read": read})
    assert emptied.status_code == 409
    assert "Den är tom nu." in emptied.content.decode()


def test_versions_are_of_their_case_and_for_those_who_handle_it(
    client: Client, cast: Cast, entry: ShortlistEntry
) -> None:
    write(entry, cast, "Kanariefågel", "Två")
    other = services.shortlist(
        offer=entry.offer, initiative=InitiativeFactory(), actor=cast.ruth, note="Annat", now=NOW
    )
    canary = NoteVersion.objects.get(text="Kanariefågel")
    client.force_login(cast.ruth)
    for number in (canary.pk, "x", "9" * 30):
        assert client.post(where(other), {"version": number, "read": ""}).status_code == 404
    assert ShortlistEntry.objects.get(pk=other.pk).note == "Annat"
    reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    aside = MembershipFactory(organisation=cast.foundation, role="editor").user
    recusing.recuse(offer=entry.offer, initiative=entry.initiative, actor=aside, now=NOW)
    for person, status in ((reader, 403), (aside, 404), (cast.amina, 404), (cast.sara, 404)):
        client.force_login(person)
        form = {"version": canary.pk, "read": services.note_mark("Två")}
        for answer in (client.get(where(entry)), client.post(where(entry), form)):
            assert (answer.status_code, b"Kanarie" in answer.content) == (status, False)
    entry.delete()
    assert [one.text for one in NoteVersion.objects.all()] == ["Annat"]


def test_the_page_costs_the_same_and_shows_no_more_than_twenty(
    client: Client, cast: Cast, entry: ShortlistEntry
) -> None:
    client.force_login(cast.ruth)
    client.get(where(entry))
    write(entry, cast, "Version 0")
    before = queries_for(client, where(entry))
    write(entry, cast, *(f"Version {number}" for number in range(1, MOST_SHOWN + 3)))
    assert queries_for(client, where(entry)) == before
    assert len(client.get(where(entry)).context["versions"]) == MOST_SHOWN


@pytest.mark.django_db(transaction=True)
def test_two_write_at_the_same_moment_and_the_versions_are_in_order(
    cast: Cast, entry: ShortlistEntry
) -> None:
    MembershipFactory(organisation=cast.foundation, user=cast.sara, role="editor")
    read = services.note_mark("Ett")

    def attempt(note: str) -> str:
        mine = ShortlistEntry.objects.select_related("offer", "initiative").get(pk=entry.pk)
        actor = cast.ruth if note == "Två" else cast.sara
        return services.change_note(entry=mine, actor=actor, note=note, now=NOW, read=read).note

    outcomes = race(lambda: attempt("Två"), lambda: attempt("Tre"), told=services.ColleagueWasFirst)
    [won] = [outcome for outcome in outcomes if outcome != "told"]
    assert len(outcomes) == 2
    kept: Mapping[int, str] = dict(NoteVersion.objects.order_by("pk").values_list("pk", "text"))
    assert list(kept.values()) == ["Ett", won]
