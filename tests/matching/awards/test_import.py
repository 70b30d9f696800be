"""Support given comes in by file: found by its offer, once, with trouble told by line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from brygga.outbox.models import OutboxMessage
from funders.models import SupportOffer
from matching.awards.models import SupportGiven
from matching.engine.encoding import offer_facts, with_offer_facts
from matching.exchange.importing import Summary, import_lines
from matching.exchange.writing import exported
from tests.matching.exchange.lines import encoded, initiative, offer, support

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def load(*records: dict[str, Any]) -> tuple[Summary, list[str]]:
    told: list[str] = []
    return import_lines(encoded(*records), tell=told.append, now=NOW), told


def names_at(offer_row: SupportOffer) -> list[str]:
    facts = offer_facts(with_offer_facts(SupportOffer.objects.all()).get(pk=offer_row.pk))
    return [case.document.title for case in facts.history]


@pytest.mark.parametrize("order", ["support last", "support first"])
def test_an_imported_decision_teaches_its_offer_in_whatever_order_it_comes(order: str) -> None:
    records = [offer(), initiative()]
    at = len(records) if order == "support last" else 0
    records.insert(at, support())
    load(*records)
    row = SupportOffer.objects.get()
    given = SupportGiven.objects.get()
    assert (given.offer, given.given_by) == (row, row.organisation)
    assert names_at(row) == ["Vävstugan som öppen mötesplats"]


def test_the_same_file_again_changes_and_asks_for_nothing() -> None:
    load(
        offer(),
        initiative(),
        support(),
        support("by-name", offer=None, giver="Region Exempel", title="Odling"),
    )
    OutboxMessage.objects.all().delete()
    before = list(SupportGiven.objects.order_by("pk").values())
    summary, _ = load(
        offer(),
        initiative(),
        support(),
        support("by-name", offer=None, giver="Region Exempel", title="Odling"),
    )
    assert summary.outcomes == {"unchanged": 4}
    assert list(SupportGiven.objects.order_by("pk").values()) == before
    assert OutboxMessage.objects.count() == 0


def test_a_decision_that_moves_to_another_offer_teaches_that_one_and_both_are_renewed() -> None:
    load(offer(), offer("annat"), initiative(), support())
    OutboxMessage.objects.all().delete()
    summary, _ = load(support(offer={"source": "pages", "id": "annat"}))
    assert summary.outcomes == {"changed": 1}
    first, second = (SupportOffer.objects.get(source_id=one) for one in ("bygdemedel", "annat"))
    assert SupportGiven.objects.get().offer == second
    keys = OutboxMessage.objects.values_list("key", flat=True)
    assert {key.split("-support-")[0].rsplit("-", 1)[0] for key in keys} == {
        f"rescore-offer-{first.pk}",
        f"rescore-offer-{second.pk}",
    }


def test_a_giver_named_alone_lends_to_its_offers() -> None:
    load(offer(), support("by-name", offer=None, initiative=None, giver="Region Exempel", title="Odlingen"))
    row = SupportOffer.objects.get()
    assert SupportGiven.objects.get().given_by == row.organisation
    assert names_at(row) == ["Odlingen"]


def test_what_cannot_be_used_is_told_by_line_and_field_and_the_rest_is_taken() -> None:
    summary, told = load(
        support("a", offer=None),
        support("b", initiative=None),
        support("c", kind="pengar", amount="mycket", decided_on="i fjol"),
    )
    assert (summary.not_used, summary.outcomes["new"]) == (2, 1)
    assert told[0].startswith("line 1: not used: offer ")
    assert told[1].startswith("line 2: not used: initiative ")
    assert {line.split(" ")[2] for line in told[2:]} == {"kind", "amount", "decided_on"}
    row = SupportGiven.objects.get()
    assert (row.kind, row.amount, row.decided_on) == (None, None, None)


def test_what_came_in_goes_out_again_the_same() -> None:
    load(offer(), initiative(), support(), support("by-name", offer=None, giver="Ett bolag", title="X"))
    first = [line for line in exported() if line["type"] == "support"]
    SupportGiven.objects.all().delete()
    load(*first)
    assert [line for line in exported() if line["type"] == "support"] == first
    assert {line["id"]: line["giver"] for line in first}["beslut-1"] is None
