"""What journal, value and spread do alike: change, take away, bring back, forget, be deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brygga.audit.models import AuditEvent
from innovators import tasks
from innovators.models import Indicator, Initiative, JournalEntry, Measurement, SpreadRecord
from innovators.records import services
from innovators.services import delete_draft
from tests.cast import Cast
from tests.factories import (
    NOW,
    IndicatorFactory,
    JournalEntryFactory,
    MeasurementFactory,
    SpreadRecordFactory,
)
from tests.innovators.conftest import signed_in

pytestmark = pytest.mark.django_db
# Which page shows a kind, when it is not called the same.
LISTED = {"indicator": "value", "measurement": "value"}
# What it is called when it is gone, when that is more than a heading.
NAMED = {"measurement": "1 mars 2026: 12", "spread": "Cykelköket i Lund"}


def make(kind: str, initiative: Initiative, **more: Any) -> Any:
    if kind == "measurement":
        return MeasurementFactory(indicator=IndicatorFactory(initiative=initiative), **more)
    factory: Any = {
        "journal": JournalEntryFactory,
        "indicator": IndicatorFactory,
        "spread": SpreadRecordFactory,
    }[kind]
    return factory(initiative=initiative, **more)


@pytest.mark.parametrize("kind", list(services.KINDS))
def test_what_is_taken_away_can_be_brought_back(kind: str, published: Initiative, as_amina: Client) -> None:
    record = make(kind, published)
    page = reverse(f"innovators:{LISTED.get(kind, kind)}", args=[published.public_id])
    remove = reverse("innovators:record-remove", args=[published.public_id, kind, record.pk])
    back = reverse("innovators:record-bring-back", args=[published.public_id, kind, record.pk])
    anchor = f'id="{kind}-{record.pk}"'
    assert anchor in as_amina.get(page).content.decode()
    after = as_amina.post(remove, follow=True).content.decode()
    assert anchor not in after
    assert f'action="{back}"' in after
    assert f"”{NAMED.get(kind, record)}” är borttaget." in after
    # Others see neither what is gone nor that something is.
    strangers = Client().get(page + f"?removed={kind}-{record.pk}").content.decode()
    assert anchor not in strangers
    assert "borttaget" not in strangers.lower()
    # It is also listed a while later, and a second click takes nothing more away.
    assert as_amina.post(remove).status_code == 302
    assert f'action="{back}"' in as_amina.get(page).content.decode()
    assert anchor in as_amina.post(back, follow=True).content.decode()
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    model = type(record)._meta.model_name
    assert verbs == [f"{model}.removed", f"{model}.brought_back"]


@pytest.mark.parametrize("kind", list(services.KINDS))
def test_after_a_week_it_is_gone_for_good(kind: str, published: Initiative, cast: Cast) -> None:
    week = services.BROUGHT_BACK_WITHIN
    old = make(kind, published, removed=True)
    young = make(kind, published, removed_at=NOW + timedelta(minutes=1))
    stands = make(kind, published)
    late = NOW + week
    assert not services.bring_back_record(record=old, actor=cast.amina, now=late)
    services.forget_removed_records(now=late)
    assert set(type(old).objects.values_list("pk", flat=True)) == {young.pk, stands.pk}
    assert services.bring_back_record(record=young, actor=cast.amina, now=late)
    tasks.forget_removed_records()
    assert set(type(old).objects.values_list("pk", flat=True)) == {young.pk, stands.pk}


def test_of_two_who_change_the_second_is_shown_what_the_first_wrote(
    cast: Cast, published: Initiative, as_amina: Client
) -> None:
    entry = JournalEntryFactory(initiative=published, title="Som det var", text="Samma")
    address = reverse("innovators:journal-change", args=[published.public_id, entry.pk])
    form = as_amina.get(address).context["form"]
    written = {
        "title": "Så skrev Amina",
        "happened_on": "2026-03-01",
        "parts": ["develop"],
        "text": "Samma",
        "visibility": "page",
        "revision": form.initial["revision"],
    }
    erik = signed_in(cast.erik)
    assert erik.post(address, {**written, "title": "Så skrev Erik"}).status_code == 302
    answer = as_amina.post(address, written)
    assert answer.status_code == 409
    assert answer.context["theirs"] == [("Vad har hänt?", "Så skrev Erik")]
    text = answer.content.decode()
    assert "Så skrev Amina" in text
    entry.refresh_from_db()
    assert (entry.title, entry.revision) == ("Så skrev Erik", 2)
    # The page carries the new mark: sent again, it is meant.
    assert 'name="revision" value="2"' in text
    assert as_amina.post(address, {**written, "revision": 2}).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.revision) == ("Så skrev Amina", 3)


def test_who_writes_while_it_is_taken_away_keeps_the_text(
    cast: Cast, published: Initiative, as_amina: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = JournalEntryFactory(initiative=published)
    change = services.change_record

    def taken_away_first(**given: Any) -> Any:
        services.remove_record(record=entry, actor=cast.erik, now=timezone.now())
        return change(**given)

    monkeypatch.setattr(services, "change_record", taken_away_first)
    answer = as_amina.post(
        reverse("innovators:journal-change", args=[published.public_id, entry.pk]),
        {
            "title": "Kvar",
            "happened_on": "2026-03-01",
            "parts": ["value"],
            "visibility": "page",
            "revision": 1,
        },
    )
    assert answer.status_code == 409
    assert "Någon annan har tagit bort det här" in answer.content.decode()
    assert 'value="Kvar"' in answer.content.decode()


def test_services_refuse_what_cannot_be_stored(
    cast: Cast, published: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add(**values: Any) -> JournalEntry:
        given = {"title": "Rad", "happened_on": NOW.date(), "parts": ["value"], **values}
        return services.add_record(
            kind=JournalEntry, initiative=published, values=given, actor=cast.amina, now=NOW
        )

    for wrong in (
        {"title": ""},
        {"title": "x" * 121},
        {"text": "x" * 4001},
        {"parts": []},
        {"parts": ["dance"]},
        {"link": "inte en adress"},
        {"visibility": "secret"},
        {"initiative": published},
        {"written_by": cast.sara},
        {"removed_at": NOW},
    ):
        with pytest.raises(services.InvalidAnswers):
            add(**wrong)
    assert not JournalEntry.objects.exists()
    assert add(link="https://exempel.se").revision == 1
    monkeypatch.setattr(JournalEntry, "MOST", 1)
    with pytest.raises(services.InvalidAnswers):
        add()
    # What is taken away makes room.
    JournalEntry.objects.update(removed_at=NOW)
    assert add().pk


def test_a_record_of_another_initiative_is_not_there(
    cast: Cast, published: Initiative, as_amina: Client
) -> None:
    theirs = JournalEntryFactory()
    for name, arguments in (
        ("journal-change", [theirs.pk]),
        ("record-remove", ["journal", theirs.pk]),
        ("record-bring-back", ["journal", theirs.pk]),
        ("record-remove", ["nothing", theirs.pk]),
        ("measurement-new", [theirs.pk]),
    ):
        address = reverse(f"innovators:{name}", args=[published.public_id, *arguments])
        assert as_amina.post(address).status_code == 404, name
    theirs.refresh_from_db()
    assert theirs.removed_at is None


def test_everything_goes_with_its_initiative_and_nothing_with_a_person(cast: Cast, draft: Initiative) -> None:
    for kind in services.KINDS:
        make(kind, draft, written_by=cast.erik)
    cast.erik.delete()
    assert set(JournalEntry.objects.values_list("written_by", flat=True)) == {None}
    delete_draft(initiative=draft, actor=cast.amina, now=NOW)
    for model in (JournalEntry, Indicator, Measurement, SpreadRecord):
        assert not model._default_manager.filter(initiative=draft.pk).exists()
