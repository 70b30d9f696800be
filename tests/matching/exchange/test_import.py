"""Files in: what is used, what is not, and what is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from brygga.organisations.models import Organisation
from brygga.outbox.models import OutboxMessage
from funders.models import OfferContact, SupportOffer
from innovators.models import Initiative, InitiativeContact
from matching.awards.models import SupportGiven
from matching.engine.models import MatchRun, ProfileScoring
from matching.exchange.importing import Summary, import_lines, lines_of
from tests.matching.exchange.lines import encoded, initiative, offer, support

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def load(*lines: dict[str, Any] | bytes, **options: Any) -> tuple[Summary, list[str]]:
    told: list[str] = []
    raw = [line if isinstance(line, bytes) else encoded(line)[0] for line in lines]
    return import_lines(raw, tell=told.append, now=NOW, **options), told


def test_import_stores_an_offer_as_the_file_says() -> None:
    summary, told = load(offer())
    row = SupportOffer.objects.get()
    assert summary.outcomes == {"new": 1}
    assert (row.source, row.source_id, row.state, row.is_confirmed) == (
        "pages",
        "bygdemedel",
        "published",
        False,
    )
    assert row.organisation.name == "Region Exempel"
    assert row.theme_codes == ["meeting_places", "rural_life"] or row.theme_words == ["vävstolar"]
    assert row.theme_words == ["vävstolar"]
    assert (row.target_group_codes, row.process_parts) == ([], None)
    assert (row.area_codes, row.area_words) == (["SE-12"], ["Sydöstra Skåne"])
    assert [(line.kind, line.amount_max) for line in row.support.all()] == [("grant", 300000)]
    assert row.apply_way == "open_contact"
    assert told == [
        "line 1: note: areas “Sydöstra Skåne” is no area that we know: kept and shown, "
        "and the verdict on place is unclear"
    ]


def test_import_stores_an_initiative_for_everyone() -> None:
    summary, told = load(initiative())
    row = Initiative.objects.get()
    assert (summary.outcomes, told) == ({"new": 1}, [])
    assert (row.state, row.visibility, row.area_codes) == ("published", "everyone", ["SE-1291"])
    assert (row.organisation.number, row.theme_words) == ("8020024280", ["vävning"])
    assert [(need.kind, need.amount) for need in row.needs.all()] == [("grant", 150000)]
    assert [(actor.kind, actor.role) for actor in row.actors.all()] == [("municipality", "partner")]


def test_import_twice_changes_nothing() -> None:
    load(offer(), initiative(), support())
    before = list(Initiative.objects.values_list("revision", "changed_at"))
    summary, _ = load(offer(), initiative(), support())
    assert summary.outcomes == {"unchanged": 3}
    assert list(Initiative.objects.values_list("revision", "changed_at")) == before
    assert (Organisation.objects.count(), SupportGiven.objects.count()) == (2, 1)


def test_import_updates_what_differs() -> None:
    load(offer())
    summary, _ = load(offer(capacity=4, support=[{"kind": "loan", "amount_max": 50000}]))
    row = SupportOffer.objects.get()
    assert (summary.outcomes, row.capacity) == ({"changed": 1}, 4)
    assert [line.kind for line in row.support.all()] == ["loan"]


def test_import_dry_run_keeps_nothing_and_tells_the_same() -> None:
    dry = load(offer(), initiative(needs=[{"kind": "gold"}]), is_dry_run=True)
    assert (Initiative.objects.count(), SupportOffer.objects.count(), Organisation.objects.count()) == (
        0,
        0,
        0,
    )
    assert (MatchRun.objects.count(), OutboxMessage.objects.count()) == (0, 0)
    real = load(offer(), initiative(needs=[{"kind": "gold"}]))
    assert dry == real


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "not used: the line is not JSON"),
        (b"[1]", "not used: the line is not a JSON object"),
        (b"[" * 100_000, "not used: the line is not JSON"),
        (b"\xff\xfe{}", "not used: the line is not UTF-8"),
        (offer(version=2), "not used: version is not 1, the version that we read"),
        (offer(version=True), "not used: version is not 1, the version that we read"),
        (offer(type="grant"), "not used: type is not one of initiative, offer, support"),
        (offer(source=None), "not used: source is missing"),
        (offer(id=7), "not used: id is not a text that names something"),
        (offer(title=" "), "not used: title is missing"),
        (initiative(id="x" * 121), "not used: id is longer than 120 characters"),
    ],
)
def test_import_of_a_useless_line_says_why_and_takes_the_rest(line: Any, said: str) -> None:
    summary, told = load(line, initiative("other"))
    assert told == [f"line 1: {said}"]
    assert (summary.not_used, summary.outcomes) == (1, {"new": 1})
    assert list(Initiative.objects.values_list("source_id", flat=True)) == ["other"]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (
            offer(support=[{"kind": "grant", "amount_min": "many"}]),
            "support[0].amount_min is not a whole number",
        ),
        (
            offer(support=[{"kind": "grant", "amount_min": -1}]),
            "support[0].amount_min is not between 0 and 10000000000000",
        ),
        (
            offer(support=[{"kind": "grant", "amount_min": 9, "amount_max": 3}]),
            "support[0].amount_max is less than amount_min; neither is used",
        ),
        (
            offer(support=[{"kind": "mentoring", "amount_max": 3}]),
            "support[0] has an amount, which goes with money and not with mentoring; the amount is not used",
        ),
        (
            offer(support=[{"amount_max": 3}, {"kind": "loan"}]),
            "support[0].kind is missing; the row is not used",
        ),
        (offer(opens="2027-05-01", closes="2027-04-01"), "closes is before opens; neither is used"),
        (offer(closes="soon"), "closes is not a date such as 2027-03-31"),
        (offer(co_funding_percent=120), "co_funding_percent is not between 0 and 100"),
        (offer(consortium_required="yes"), "consortium_required is neither true nor false"),
        (
            offer(apply_url="javascript:alert(1)"),
            "apply_url is not a web address that begins with http:// or https://",
        ),
        (
            offer(strict=["colour"]),
            "strict[0] “colour” is not one of themes, target_groups, process_parts, language, amount, co_funding",
        ),
        (offer(organisation="Region Exempel"), "organisation is not an object"),
        (
            offer(organisation={"name": "A", "kind": None, "number": "811218-9876"}),
            "organisation.number looks like a personal number, which is kept nowhere",
        ),
        (
            offer(organisation={"name": "A", "kind": None, "number": "556016-0681"}),
            "organisation.number is not an organisation number",
        ),
        (
            offer(themes=["ring 070-174 06 05"]),
            "themes[0] is an e-mail address or a phone number, which is never public",
        ),
        (
            offer(description="a\u0000b"),
            "description has characters that cannot be stored; they are left out",
        ),
    ],
)
def test_import_of_a_wrong_field_says_where_and_takes_the_rest(record: dict[str, Any], said: str) -> None:
    summary, told = load(record)
    assert f"line 1: {said}" in told
    assert (summary.fields_not_used, summary.outcomes) == (1, {"new": 1})
    assert SupportOffer.objects.get().title == "Bygdemedel för mötesplatser"


def test_import_masks_contact_details_in_texts() -> None:
    load(
        initiative(description="Skriv till maja@canary.example eller ring 070-174 06 05."),
        offer(how_to_apply="Mejla bidrag@canary.example"),
    )
    assert "canary" not in Initiative.objects.get().description
    assert "070" not in Initiative.objects.get().description
    assert "canary" not in SupportOffer.objects.get().how_to_apply
    # What the owner wrote is kept apart, for the owner alone.
    assert "canary" in InitiativeContact.objects.get().private_texts["description"]
    assert "canary" in OfferContact.objects.get().private_texts["how_to_apply"]


def test_import_keeps_a_long_title_whole_in_the_description() -> None:
    title = "Ett mycket långt namn " * 8
    summary, told = load(offer(title=title, description=None))
    row = SupportOffer.objects.get()
    assert len(row.title) <= 120
    assert row.description == title.strip()
    assert (summary.is_clean, len(told)) == (True, 2)


def test_import_finds_an_organisation_by_number_and_leaves_a_verified_one_alone() -> None:
    own = Organisation.objects.create(
        name="Byalaget", number="8020024280", kind="foundation", verified_at=NOW
    )
    load(
        initiative(organisation={"name": "Byalaget i Vitaby", "kind": "association", "number": "802002-4280"})
    )
    own.refresh_from_db()
    assert Initiative.objects.get().organisation == own
    assert (own.name, own.kind) == ("Byalaget", "foundation")


def test_import_without_an_organisation_makes_one_without_a_name_once() -> None:
    load(initiative(organisation=None))
    load(initiative(organisation=None, title="Nytt namn"))
    assert Organisation.objects.count() == 1
    assert Initiative.objects.get().title == "Nytt namn"


def test_import_links_support_given_that_came_before_its_offer() -> None:
    load(support())
    row = SupportGiven.objects.get()
    assert (row.offer, row.initiative) == (None, None)
    load(offer(), initiative())
    row.refresh_from_db()
    assert (row.offer, row.initiative) == (SupportOffer.objects.get(), Initiative.objects.get())


def test_import_of_support_by_name_alone() -> None:
    load(support(offer=None, giver="Stiftelsen Allmänna Barnhuset", initiative=None, title="Läxhjälp i Alby"))
    row = SupportGiven.objects.get()
    assert row.giver is not None
    assert (row.giver.name, row.title, row.amount) == (
        "Stiftelsen Allmänna Barnhuset",
        "Läxhjälp i Alby",
        120000,
    )


def test_import_of_few_records_asks_for_their_rescoring_and_of_many_for_one_run() -> None:
    load(initiative())
    assert list(OutboxMessage.objects.values_list("task", flat=True)) == ["matching.rescore_initiative"]
    assert ProfileScoring.objects.get().is_under_way
    load(*(initiative(f"many-{number}") for number in range(30)))
    assert list(
        OutboxMessage.objects.exclude(task="matching.rescore_initiative").values_list("task", flat=True)
    ) == ["matching.run"]


def test_command_tells_and_returns_0_or_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_bytes(b"\xef\xbb\xbf" + b"\r\n\n".join(encoded(offer(areas=["Skåne"]), initiative())))
    bad.write_bytes(b"\n".join([*encoded(offer("third")), b"broken"]))
    call_command("import_exchange", str(good))
    said = capsys.readouterr().out
    assert (
        "2 lines imported (2 new, 0 changed, 0 unchanged), 0 lines not used, 0 fields not used, 0 notes"
        in said
    )
    with pytest.raises(SystemExit) as ended:
        call_command("import_exchange", str(good), str(bad))
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "line 2: not used: the line is not JSON" in said
    assert "all files: 3 lines imported (1 new, 0 changed, 2 unchanged), 1 lines not used" in said


def test_command_names_an_unreadable_file_before_importing_anything(tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_bytes(encoded(offer())[0])
    with pytest.raises(CommandError, match=r"Cannot read .*missing\.jsonl: No such file or directory"):
        call_command("import_exchange", str(good), str(tmp_path / "missing.jsonl"))
    assert not SupportOffer.objects.exists()


def test_lines_of_cuts_a_line_that_is_too_long_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"x" * 5_000_000 + b"\n" + json.dumps({"type": "offer"}).encode())
    lines = list(lines_of(path))
    assert len(lines) == 2
    summary, told = load(*lines)
    assert summary.not_used == 2
    assert told[0] == "line 1: not used: the line is longer than 2000000 bytes"
