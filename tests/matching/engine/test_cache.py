"""Encoded profiles on disk: what is read back is what encoding gives, after any change and any crash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import override_settings
from scipy import sparse

from funders import services as funders
from innovators import services as innovators
from matching.engine import cache, collection, encoded, reading
from matching.engine.models import Match
from matching.engine.reading import cached_initiatives, cached_offers
from matching.engine.services import rescore_initiative, rescore_offer, run_now
from matching.engine.stamps import Profiles
from matching.kernel.text import TextStatistics
from tests.matching.engine.cast import NOW, garden, grant, mentor, workshop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MATCHING_CACHE_FOLDER=str(tmp_path / "cache")):
        yield tmp_path / "cache"


def several() -> None:
    for number in range(4):
        workshop(title=f"Verkstad {number}", area_codes=[f"SE-148{number}"])
        grant(title=f"Bidrag {number}")
    garden(target_group_codes=None)
    mentor()


def assert_same(first: Any, second: Any) -> None:
    np.testing.assert_array_equal(first.keys, second.keys)
    for part in fields(first.arrays):
        mine, other = getattr(first.arrays, part.name), getattr(second.arrays, part.name)
        if sparse.issparse(mine):
            mine, other = mine.toarray(), other.toarray()
        if isinstance(mine, np.ndarray):
            assert mine.dtype == other.dtype, part.name
            np.testing.assert_array_equal(mine, other, err_msg=part.name)
        else:
            assert mine == other, part.name


def both() -> tuple[Any, Any]:
    profiles = Profiles.now(NOW)
    return cached_initiatives(profiles.initiatives, NOW), cached_offers(profiles.offers)


def fresh() -> tuple[Any, Any]:
    with override_settings(MATCHING_CACHE_FOLDER=""):
        return both()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by the number of initiatives, each time some are read and encoded."""
    numbers: list[int] = []
    encode = reading.encode_initiatives

    def counting(facts: Any, trees: Any) -> Any:
        numbers.append(len(facts))
        return encode(facts, trees)

    monkeypatch.setattr(reading, "encode_initiatives", counting)
    return numbers


def test_what_is_read_back_is_what_was_encoded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several()
    both()
    numbers = counted(monkeypatch)
    read = both()
    assert numbers == []
    assert isinstance(read[0].arrays.need_urgency, np.memmap)
    for mine, other in zip(read, fresh(), strict=True):
        assert_same(mine, other)


def test_one_change_reads_one_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    several()
    changed, leaving = workshop(title="Den som ändras"), workshop(title="Den som går")
    both()
    innovators.change_initiative(initiative=changed, changes={"title": "Nytt namn"}, actor=None, now=NOW)
    innovators.pause_initiative(initiative=leaving, actor=None, now=NOW)
    numbers = counted(monkeypatch)
    read = both()
    assert numbers == [1]
    for mine, other in zip(read, fresh(), strict=True):
        assert_same(mine, other)
    assert "Nytt namn" in {document.title for document in read[0].arrays.documents}


def test_ages_are_those_of_the_day() -> None:
    first = workshop()
    first.organisation.founded_on = (NOW - timedelta(days=400)).date()
    first.organisation.save()
    both()
    wanted = Profiles.now(NOW).initiatives
    later = NOW + timedelta(days=365)
    assert cached_initiatives(wanted, NOW).arrays.age_months.tolist() == [13]
    assert cached_initiatives(wanted, later).arrays.age_months.tolist() == [25]


@pytest.mark.parametrize("harm", ["cut", "gone", "nonsense"])
def test_an_entry_that_cannot_be_read_is_made_anew(folder: Path, harm: str) -> None:
    several()
    both()
    (entry,) = folder.glob("initiatives-*")
    if harm == "cut":
        content = (entry / "need_urgency.npy").read_bytes()
        (entry / "need_urgency.npy").write_bytes(content[: len(content) // 2])
    elif harm == "gone":
        (entry / "works_in.data.npy").unlink()
    else:
        (entry / "documents.jsonl").write_text("{")
    for mine, other in zip(both(), fresh(), strict=True):
        assert_same(mine, other)
    (again,) = folder.glob("initiatives-*")
    assert cache.INITIATIVES.some(Profiles.now(NOW).initiatives, np.arange(0)) is not None
    assert again.name == entry.name


def test_nobody_sees_an_entry_that_is_being_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several()

    def full(*args: Any) -> None:
        raise OSError("no room left")

    with monkeypatch.context() as patched:
        patched.setattr(cache, "_write_lines", full)
        read = both()
    assert list(folder.iterdir()) == []
    for mine, other in zip(read, fresh(), strict=True):
        assert_same(mine, other)


def test_old_entries_go(folder: Path) -> None:
    for number in range(4):
        workshop(title=f"Verkstad {number}")
        both()
    assert len(list(folder.glob("initiatives-*"))) == cache.ENTRIES_KEPT


def test_another_taxonomy_or_engine_reads_nothing_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several()
    both()
    monkeypatch.setattr(cache, "ENGINE_VERSION", "another")
    assert cache.INITIATIVES.some(Profiles.now(NOW).initiatives, np.arange(0)) is None


def test_runs_and_rescoring_give_the_same_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    several()
    columns = ("initiative", "offer", "verdict", "fit", "confidence", "numbers", "rules")

    def rows() -> list[Any]:
        return list(Match.objects.current().order_by("initiative", "offer").values_list(*columns))

    with override_settings(MATCHING_CACHE_FOLDER=""):
        run_now(now=NOW)
    without = rows()
    Match.objects.all().delete()
    run_now(now=NOW)
    assert rows() == without
    Match.objects.all().delete()
    numbers = counted(monkeypatch)
    collection.forget()
    encoded.forget()
    with override_settings(MATCHING_SHARD_ROWS=2):
        run_now(now=NOW)
    assert rows() == without
    for initiative in {row[0] for row in without}:
        rescore_initiative(initiative_id=initiative, now=NOW)
    assert rows() == without
    # Nothing but the rescored profiles themselves was read and encoded again.
    assert numbers == []
    funders.pause_offer(offer=Match.objects.current()[0].offer, actor=None, now=NOW)
    rescore_initiative(initiative_id=without[0][0], now=NOW)
    assert len(rows()) < len(without)


def test_texts_are_counted_by_the_parts_and_not_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several()
    money = grant(title="Det som räknas om")
    with override_settings(MATCHING_SHARD_ROWS=2):
        run = run_now(now=NOW)
    assert len(list(folder.glob(f"initiatives-*/counts-{run.analysis_id}-*"))) == 3
    before = list(
        Match.objects.current().filter(offer=money).order_by("initiative").values_list("numbers", "fit")
    )
    collection.forget()
    read: list[int] = []
    count = TextStatistics.counts

    def counting(statistics: Any, documents: Any) -> Any:
        documents = list(documents)
        read.append(len(documents))
        return count(statistics, documents)

    monkeypatch.setattr(TextStatistics, "counts", counting)
    rescore_offer(offer_id=money.pk, now=NOW)
    after = list(
        Match.objects.current().filter(offer=money).order_by("initiative").values_list("numbers", "fit")
    )
    assert after == before != []
    # The offer's own text, and no initiative's.
    assert sum(read) == 1
    workshop(title="En ny")
    collection.forget()
    read.clear()
    rescore_offer(offer_id=money.pk, now=NOW)
    assert sum(read) == 2
    assert Match.objects.current().filter(offer=money).count() == len(before) + 1
