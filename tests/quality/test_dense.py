"""What a dense model changes is told on the same cases, so that an operator can judge it before switching it on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.quality import __main__, cases, measure
from benchmarks.quality.cases import Judged, Key
from brygga.language import words_of
from innovators.models import Initiative
from matching.kernel.dense import DenseText
from tests.matching.kernel.dense_models import write_model
from tests.quality.test_floors import NOW

ALONE = ("links.text_alone", "all", "MRR")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> dict[Key, Key]:
    """Take a few cases out of the set, since all of them take a quarter of a minute."""
    one_each = {offer: initiative for initiative, offer in cases.links().items()}
    chosen = {initiative: offer for offer, initiative in islice(one_each.items(), 4)}
    keys = {*chosen, *chosen.values()}
    every = list(cases.profiles())

    def profiles() -> Iterator[bytes]:
        return (line for line in every if (json.loads(line)["source"], json.loads(line)["id"]) in keys)

    pairs = [Judged("support", initiative, offer, (3, 3)) for initiative, offer in chosen.items()]
    monkeypatch.setattr(measure, "profiles", profiles)
    monkeypatch.setattr(measure, "judged", lambda: pairs)
    for module in (measure, cases):
        monkeypatch.setattr(module, "links", lambda: chosen)
    return chosen


@pytest.mark.django_db
def test_what_a_model_changes_is_measured_on_the_same_cases(few: dict[Key, Key], tmp_path: Path) -> None:
    words = {word: (1.0,) for line in measure.profiles() for word in words_of(line.decode())}
    alike = measure.measure_dense(DenseText.load(write_model(tmp_path / "alike", words), 1.0), now=NOW)
    [row] = [one for one in alike if (one["what"], one["group"], one["measure"]) == ALONE]
    # All texts alike: the offers of all four stand in the order of their keys.
    assert row["with"] == round((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4, 3)
    assert row["change"] == pytest.approx(row["with"] - row["without"], abs=0.0011) and row["change"] != 0
    assert row["low"] <= row["change"] <= row["high"] and row["low"] < row["high"]
    assert not Initiative.objects.exists()


def test_a_wrong_folder_is_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["quality", "--dense", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit):
        __main__.main()
    assert "there is no such folder. Put the model there" in capsys.readouterr().err
