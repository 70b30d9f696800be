"""The journal: who reads it, who writes it, and what is hidden in it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from innovators.models import Initiative, JournalEntry
from tests.cast import Cast
from tests.factories import InitiativeFactory, JournalEntryFactory
from tests.innovators.conftest import signed_in
from tests.queries import queries_for

pytestmark = pytest.mark.django_db


def journal(initiative: Initiative) -> str:
    return reverse("innovators:journal", args=[initiative.public_id])


def new(initiative: Initiative) -> str:
    return reverse("innovators:journal-new", args=[initiative.public_id])


def titles(client: Client, address: str) -> list[str]:
    return [line.entry.title for line in client.get(address).context["lines"]]


WRITTEN = {
    "title": "Vi provade med tio unga",
    "happened_on": "1 mars 2026",
    "parts": ["develop", "understand"],
    "text": "Sju stannade kvar.",
    "link": "www.exempel.se/bild",
    "visibility": "page",
}


def test_an_entry_is_written_and_read_by_everybody(published: Initiative, as_amina: Client) -> None:
    page = as_amina.get(new(published))
    assert page.status_code == 200
    assert page.context["form"].initial["happened_on"] == localdate()
    answer = as_amina.post(new(published), WRITTEN, follow=True)
    entry = JournalEntry.objects.get()
    assert answer.redirect_chain == [(f"{journal(published)}#journal-{entry.pk}", 302)]
    assert (entry.title, entry.happened_on, entry.parts, entry.text, entry.link, entry.visibility) == (
        "Vi provade med tio unga",
        date(2026, 3, 1),
        ["develop", "understand"],
        "Sju stannade kvar.",
        "https://www.exempel.se/bild",
        "page",
    )
    assert entry.written_by is not None
    visitor = Client()
    for address in (journal(published), reverse("innovators:detail", args=[published.public_id])):
        text = visitor.get(address).content.decode()
        assert "Vi provade med tio unga" in text, address
        assert "Sju stannade kvar." in text
        assert 'class="lanes__dot"' in text
        assert "Ändra<" not in text


def test_what_is_missing_is_said_and_nothing_typed_is_lost(published: Initiative, as_amina: Client) -> None:
    tomorrow = date(localdate().year + 1, 1, 1).isoformat()
    answer = as_amina.post(new(published), {**WRITTEN, "title": "", "parts": [], "happened_on": tomorrow})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "parts", "happened_on"}
    text = answer.content.decode()
    assert "Sju stannade kvar." in text
    assert "<title>Fel: " in text
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://exempel.se/a", "inte en adress"])
def test_a_link_leads_to_a_page(published: Initiative, as_amina: Client, link: str) -> None:
    answer = as_amina.post(new(published), {**WRITTEN, "link": link})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["link"]


def test_contact_details_are_taken_away_and_the_writer_is_told(
    published: Initiative, as_amina: Client
) -> None:
    written = {**WRITTEN, "title": "Ring 070-174 06 05", "text": "Skriv till amina@hemlig.example"}
    answer = as_amina.post(new(published), written, follow=True)
    entry = JournalEntry.objects.get()
    assert (entry.title, entry.text) == ("Ring [telefon]", "Skriv till [e-post]")
    assert "Vi tog bort en e-postadress" in answer.content.decode()


def test_internal_entries_are_for_its_own_people(cast: Cast, published: Initiative) -> None:
    JournalEntryFactory(initiative=published, title="Öppen rad")
    JournalEntryFactory(initiative=published, title="Intern rad", internal=True, parts=["value"])
    JournalEntryFactory(initiative=published, title="Borttagen rad", removed=True)
    for client, seen in (
        (Client(), ["Öppen rad"]),
        (signed_in(cast.sara), ["Öppen rad"]),
        (signed_in(cast.rolf), ["Intern rad", "Öppen rad"]),
    ):
        assert titles(client, journal(published)) == seen
        # The picture and the file know of no more than the list shows.
        process = client.get(journal(published)).context["process"]
        assert process.picture.steps == len(seen)
        file = client.get(reverse("innovators:story-file", args=[published.public_id])).json()
        assert [one["title"] for one in file["journal"]] == seen
    # Staff read every page, but what people keep among themselves is not for them either.
    assert [one.title for one in JournalEntry.objects.visible_to(cast.stefan)] == ["Öppen rad"]


@pytest.mark.parametrize("state", ["draft", "paused", "closed"])
def test_strangers_read_no_journal_of_what_they_may_not_see(cast: Cast, state: str) -> None:
    hidden = InitiativeFactory(organisation=cast.association, **{state: True})
    JournalEntryFactory(initiative=hidden)
    stranger, reader = signed_in(cast.sara), signed_in(cast.rolf)
    for name in ("journal", "value", "spread", "story-file"):
        address = reverse(f"innovators:{name}", args=[hidden.public_id])
        assert Client().get(address).status_code == 404
        assert stranger.get(address).status_code == 404
        assert reader.get(address).status_code == 200


def test_newest_first_and_a_page_at_a_time(published: Initiative) -> None:
    for day in range(1, 26):
        JournalEntryFactory(initiative=published, title=f"Dag {day}", happened_on=date(2026, 1, day))
    assert titles(Client(), journal(published)) == [f"Dag {day}" for day in range(25, 5, -1)]
    assert titles(Client(), journal(published) + "?page=2") == [f"Dag {day}" for day in range(5, 0, -1)]


def test_empty_journals_say_so(published: Initiative, as_amina: Client) -> None:
    assert "Inget är skrivet än" in Client().get(journal(published)).content.decode()
    own = as_amina.get(journal(published)).content.decode()
    assert "En rad i månaden räcker" in own
    assert new(published) in own
    story = Client().get(reverse("innovators:detail", args=[published.public_id])).content.decode()
    assert "Här står inget än om hur arbetet går" in story
    assert 'class="lanes"' not in story
    assert 'class="wheel"' in story


def test_texts_survive_a_session_that_ended(published: Initiative, amina: object) -> None:
    client = Client()
    answer = client.post(new(published), WRITTEN)
    assert (answer.status_code, JournalEntry.objects.count()) == (302, 0)
    client.force_login(amina)  # type: ignore[arg-type]
    text = client.get(new(published)).content.decode()
    assert "Vi provade med tio unga" in text
    assert "Sju stannade kvar." in text


def test_the_journal_costs_the_same_for_one_entry_and_for_three(
    published: Initiative, as_amina: Client
) -> None:
    JournalEntryFactory(initiative=published)
    story = reverse("innovators:detail", args=[published.public_id])
    for client in (Client(), as_amina):
        for address in (journal(published), story):
            queries_for(client, address)
    before = [
        queries_for(client, at) for client in (Client(), as_amina) for at in (journal(published), story)
    ]
    JournalEntryFactory.create_batch(2, initiative=published)
    after = [queries_for(client, at) for client in (Client(), as_amina) for at in (journal(published), story)]
    assert before == after
