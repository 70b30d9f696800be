"""A colleague's name after an @ in a note: they are told once, where to read it and never what it says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from brygga.notifications.models import Notice
from brygga.notifications.selectors import telling
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import recusing, services
from matching.desk.mentions import mentioned_in
from matching.desk.models import NOTE_LENGTH, ShortlistEntry
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, MembershipFactory, UserFactory
from tests.matching.desk.lists import cases_url

pytestmark = pytest.mark.django_db
CANARY = "kanariefågel"


def told() -> list[str]:
    return sorted(Notice.objects.filter(kind="mentioned").values_list("user__name", flat=True))


def test_who_is_mentioned_is_told_once_and_reads_it_on_the_card(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    people: dict[str, User] = {}
    for name, role in (("Eva Berg", "editor"), ("Nils Ek", "reader"), ("Jäv Jonsson", "editor")):
        people[name] = UserFactory(name=name)
        MembershipFactory(organisation=cast.foundation, user=people[name], role=role)
    UserFactory(name="Utomstående Person")
    recusing.recuse(offer=offer, initiative=initiative, actor=people["Jäv Jonsson"], now=NOW)
    entry = services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    client.force_login(cast.ruth)
    where = cases_url(offer, f"{initiative.public_id}/anteckning/")
    page = client.get(where)
    offered = [label for _value, label in page.context["form"].fields["mention"].choices]
    assert offered == ["Ingen", "Eva Berg", "Nils Ek"]
    # Written by hand, in a list that works without a script, and both: each is told once.
    note = f"@eva, @Jäv Jonsson, @Utomstående Person, @Amina och @Ruth Malmsten: {CANARY}"
    chosen = {"mention": people["Nils Ek"].pk, "note": note, "read": services.note_mark("")}
    saved = client.post(where, chosen, follow=True).content.decode()
    assert "De som nämns får veta det: Eva Berg, Nils Ek." in saved
    assert told() == ["Eva Berg", "Nils Ek"]
    assert ShortlistEntry.objects.get().note.endswith("\n@Nils Ek")
    # Changing the note tells nobody anew; nor does the name taken away and put back the same day.
    for text in (f"{note} Mer om detta, @Nils Ek", "Tomt", note):
        services.change_note(entry=entry, actor=cast.ruth, note=text, now=timezone.now())
    client.post(where, {"note": f"{note}!", "mention": people["Eva Berg"].pk})
    assert told().count("Eva Berg") == 1
    # Neither the list of notices nor the mail says what is in the note.
    said = [telling(notice) for notice in Notice.objects.filter(kind="mentioned")]
    mails = list(OutboxMessage.objects.filter(task="outbox.deliver_mail").values_list("arguments", flat=True))
    assert len(mails) >= 2
    assert CANARY not in f"{said} {mails} {list(Notice.objects.values_list('parameters', flat=True))}"
    assert "En kollega nämner dig i en anteckning om ”Lagningsverkstaden”" in str(mails)
    [address] = {one.address for one in said}
    assert address == cases_url(offer, f"vart-bord/?view=table&case={initiative.public_id}")
    other = InitiativeFactory(title="Något annat")
    services.shortlist(offer=offer, initiative=other, actor=cast.ruth, now=NOW)
    client.force_login(people["Nils Ek"])
    card = client.get(address)
    assert [one.case.title for one in card.context["cards"]] == ["Lagningsverkstaden"]
    assert CANARY in card.content.decode()
    client.force_login(people["Jäv Jonsson"])
    assert CANARY not in client.get(address).content.decode()
    client.force_login(cast.amina)
    assert client.get(address).status_code == 404


def test_a_note_on_the_way_to_the_list_tells_too_and_a_new_day_tells_anew(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    eva = MembershipFactory(
        organisation=cast.foundation, user=UserFactory(name="Eva Berg"), role="editor"
    ).user
    pair: dict[str, Any] = {"offer": offer, "initiative": initiative, "actor": cast.ruth}
    entry = services.shortlist(**pair, note="Titta, @Eva Berg", now=NOW)
    services.change_note(entry=entry, actor=cast.ruth, note="Klart", now=NOW)
    services.change_note(entry=entry, actor=cast.ruth, note="@Eva Berg igen", now=NOW + timedelta(days=2))
    services.change_note(entry=entry, actor=cast.ruth, note="Nu, @Eva Berg", now=NOW + timedelta(days=3))
    assert told() == ["Eva Berg", "Eva Berg"]
    eva.is_active = False
    eva.save()
    services.change_note(entry=entry, actor=cast.ruth, note="Nej", now=NOW)
    services.change_note(entry=entry, actor=cast.ruth, note="@Eva Berg", now=NOW + timedelta(days=4))
    assert len(told()) == 2


def test_whom_an_at_means(client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    eva, anna, other_anna = (
        User(pk=one, name=name) for one, name in enumerate(("Eva", "Anna Ek", "Anna Al"), 1)
    )
    everybody = [eva, anna, other_anna]
    assert mentioned_in("Hej @eva! @Anna  Ek, se här", everybody) == {eva, anna}
    assert mentioned_in("@Anna", everybody) == set()
    assert mentioned_in("post@eva.example @evalena @", everybody) == set()
    assert mentioned_in("@Eva", [User(pk=4, name="Eva Berg"), eva]) == {eva}
    MembershipFactory(organisation=cast.foundation, user=UserFactory(name="Eva Berg"), role="editor")
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    client.force_login(cast.ruth)
    long = {"note": "x" * (NOTE_LENGTH - 3), "mention": User.objects.get(name="Eva Berg").pk}
    answer = client.post(cases_url(offer, f"{initiative.public_id}/anteckning/"), long)
    assert (answer.status_code, told()) == (422, [])
