"""Export, import into an empty database, export: the same lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command

from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.awards.models import SupportGiven
from matching.exchange.importing import import_lines
from matching.exchange.writing import exported
from tests.factories import ActorFactory, InitiativeFactory, SupportOfferFactory
from tests.matching.exchange.lines import encoded, initiative, offer, support

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def load(*records: dict[str, Any]) -> None:
    summary = import_lines(encoded(*records), tell=lambda line: None, now=NOW)
    assert summary.not_used == 0


def empty_the_database() -> None:
    for model in (SupportGiven, Initiative, SupportOffer, Organisation):
        model.objects.all().delete()


def assert_round_trip() -> list[dict[str, Any]]:
    first = list(exported())
    empty_the_database()
    load(*first)
    assert list(exported()) == first
    return first


def test_round_trip_of_gathered_lines() -> None:
    load(
        offer(),
        offer(
            "open", areas=None, themes=None, support=None, eligible_organisation_kinds=[], strict=["amount"]
        ),
        offer(
            "none",
            support=[],
            target_groups=None,
            organisation=None,
            forms_not_accepted=["equity", "none_yet"],
        ),
        initiative(),
        initiative("alone", actors=[], needs=[], organisation=None, areas=[], target_groups=None),
        initiative("unsaid", actors=None, needs=None, areas=None, may_spread_to=["Sjuhärad", "hela Norden"]),
        initiative("english", language="en", title="Mending circle", themes=["integration", "crochet"]),
        support(),
        support(
            "by-name", offer=None, giver={"name": "Ett bolag", "kind": "company"}, initiative=None, title="X"
        ),
    )
    lines = {line["id"]: line for line in assert_round_trip()}
    assert (lines["alone"]["actors"], lines["alone"]["needs"], lines["alone"]["works_in"]) == ([], [], [])
    assert (lines["unsaid"]["actors"], lines["unsaid"]["needs"], lines["unsaid"]["works_in"]) == (
        None,
        None,
        None,
    )
    assert (lines["open"]["support"], lines["none"]["support"]) == (None, [])
    assert (lines["open"]["eligible_organisation_kinds"], lines["open"]["areas"]) == ([], None)
    assert lines["unsaid"]["may_spread_to"] == ["nordic", "Sjuhärad"]


def test_round_trip_of_what_was_written_here() -> None:
    written = InitiativeFactory(area_words=["Nedre Bergsjön"])
    ActorFactory(initiative=written, position=0, name="Klara Berg", kind="individual", role="grannhjälp")
    SupportOfferFactory(support=["grant", "mentoring"])
    lines = assert_round_trip()
    assert [(line["source"], line["type"]) for line in lines] == [
        ("brygga", "initiative"),
        ("brygga", "offer"),
    ]
    assert lines[0]["id"] == written.public_id
    # A person who has not agreed to be named is not.
    assert lines[0]["actors"] == [{"name": None, "kind": "individual", "role": "grannhjälp"}]


def test_export_tells_nothing_that_is_not_public() -> None:
    InitiativeFactory(visibility="chosen")
    InitiativeFactory(draft=True)
    shelter = InitiativeFactory(place_coarsened=True, area_codes=["SE-1480"], area_words=["Hemliga gatan"])
    InitiativeFactory(contact={"name": "Maja", "email": "maja@canary.example", "phone": "070-1740605"})
    SupportOfferFactory(paused=True)
    lines = list(exported())
    written = json.dumps(lines)
    assert "canary" not in written
    assert "Hemliga" not in written
    assert len(lines) == 2
    assert next(line for line in lines if line["id"] == shelter.public_id)["works_in"] == ["SE-14"]


def test_what_was_written_here_is_not_overwritten_by_a_file() -> None:
    written = InitiativeFactory()
    told: list[str] = []
    lines = encoded(initiative(written.public_id, source="brygga", title="Kapad"))
    summary = import_lines(lines, tell=told.append, now=NOW)
    assert summary.not_used == 1
    assert told == ["line 1: not used: id was written here and is changed here, not by a file"]
    assert list(Initiative.objects.values_list("title", flat=True)) == [written.title]


def test_export_command_chooses_type_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    load(offer(), initiative(), support(), offer("x", source="elsewhere"))
    SupportOfferFactory()
    call_command("export_exchange", "--type", "offer", "--source", "pages")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["type"], line["id"]) for line in lines] == [("offer", "bygdemedel")]
    call_command("export_exchange", "--source", "brygga")
    assert len(capsys.readouterr().out.splitlines()) == 1
