"""Matches out: every number adds up, ranks are by fit, and asking for more computes more."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from matching.engine.services import run_now
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.matching.engine.cast import garden, grant, mentor, workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def matched() -> dict[str, str]:
    """Return public ids by a short name."""
    rows = {
        "workshop": workshop(),
        "garden": garden(source="pages", source_id="a:b"),
        "grant": grant(),
        "mentor": mentor(),
    }
    run_now(now=timezone.now())
    return {name: row.public_id for name, row in rows.items()}


def export(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    call_command("export_matches", *arguments)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_export_writes_what_the_format_says(
    matched: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = export(capsys)
    assert [(line["offer"]["id"], line["rank"], line["shown_rank"]) for line in lines] == [
        (matched["grant"], 1, 1),
        (matched["mentor"], 2, 2),
    ]
    for line in lines:
        assert line["initiative"] == {"source": "brygga", "id": matched["workshop"]}
        assert abs(line["base"] + sum(row["contribution"] for row in line["criteria"]) - line["fit"]) < 0.001
        assert {"criterion", "verdict", "value", "weight", "contribution", "reason_sv", "reason_en"} == set(
            line["criteria"][0]
        )
        assert abs(sum(row["weight"] for row in line["criteria"]) - 1) < 1e-6
        assert line["verdict"] == "fits"
        assert line["stopped_by"] == []


def test_all_verdicts_adds_the_pairs_that_may_not_meet_without_a_rank(
    matched: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = export(capsys, "--all-verdicts")
    stopped = [line for line in lines if line["rank"] is None]
    assert len(lines) == 4
    assert {(line["offer"]["id"], line["verdict"], tuple(line["stopped_by"])) for line in stopped} == {
        (matched["grant"], "does_not_fit", ("area", "support_kind")),
        (matched["mentor"], "does_not_fit", ("support_kind",)),
    }
    one = export(
        capsys, "--all-verdicts", "--initiative", "pages:a:b", "--offer", f"brygga:{matched['mentor']}"
    )
    assert one == [line for line in stopped if line["offer"]["id"] == matched["mentor"]]


@pytest.mark.parametrize("per", ["initiative", "offer"])
def test_more_than_is_stored_is_computed_with_the_same_numbers(
    per: str, matched: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        InitiativeFactory(title=f"Verkstad {number}", theme_codes=["integration"] if number else None)
        SupportOfferFactory(title=f"Bidrag {number}", area_codes=["SE"], theme_codes=None)
    run_now(now=timezone.now())
    stored = export(capsys, "--per", per)
    assert len(stored) > 12
    assert export(capsys, "--per", per, "--top", "60") == stored
    assert export(capsys, "--per", per, "--top", "1") == [line for line in stored if line["rank"] == 1]


def test_top_ranks_each_side_by_itself(matched: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert [line["offer"]["id"] for line in export(capsys, "--top", "1")] == [matched["grant"]]
    per_offer = export(capsys, "--per", "offer", "--top", "1")
    assert {line["offer"]["id"] for line in per_offer} == {matched["grant"], matched["mentor"]}
    assert {line["rank"] for line in per_offer} == {1}


@pytest.mark.parametrize("command", ["export_matches", "export_exchange"])
def test_it_ends_quietly_when_nobody_reads_on(matched: dict[str, str], command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as out:
        with pytest.raises(SystemExit) as ended:
            call_command(command, stdout=out)
        assert ended.value.code == 1


def test_clear_words_when_there_is_nothing_to_export(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="Nothing has been matched yet"):
        export(capsys)
    run_now(now=timezone.now())
    with pytest.raises(CommandError, match="There is no “pages:nothing”"):
        export(capsys, "--initiative", "pages:nothing")
    for wrong in ("0", "-3", "x", "1.5"):
        with pytest.raises(CommandError, match=f"--top: “{wrong}” is no whole number from 1 up"):
            export(capsys, f"--top={wrong}")
    assert export(capsys) == []
