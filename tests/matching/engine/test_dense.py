"""A dense model, set by the operator: used from the next full run on, by every process that reads its analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client, override_settings
from django.utils import timezone

from matching.engine import collection
from matching.engine.explaining import explain_match
from matching.engine.models import Match, MatchAnalysis, MatchRun
from matching.engine.services import rescore_initiative, rescore_offer, run_now
from matching.engine.storing import unpack
from matching.kernel import codes
from matching.kernel.dense_folders import DenseModelError
from tests.matching.engine.cast import NOW, grant, workshop
from tests.matching.kernel.dense_models import write_model

pytestmark = pytest.mark.django_db

TEXT = codes.CRITERIA.index("text")
COLUMNS = ("initiative", "offer", "verdict", "fit", "confidence", "numbers", "rules")


def rows() -> list[Any]:
    return list(Match.objects.current().order_by("initiative", "offer").values_list(*COLUMNS))


def text_of(match: Match) -> float:
    frozen = collection.frozen_by(match.analysis_id)
    return unpack(match.numbers, match.rules, frozen.analysis, frozen.weights).values[TEXT]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return write_model(tmp_path / "model")


def tulips(**changes: Any) -> Any:
    return workshop(**{"title": "Tulpaner", "change": "Rabatt.", "description": ""} | changes)


def growing(**changes: Any) -> Any:
    return grant(**{"title": "Odling", "description": "Trädgård."} | changes)


def test_the_next_full_run_uses_the_model_and_one_changed_profile_too(
    client: Client, folder: str, tmp_path: Path
) -> None:
    flowers, money = tulips(), growing()
    for number in range(4):
        tulips(title=f"Cykel {number}", area_codes=[f"SE-148{number}"])
        growing(title=f"Motor {number}", description="Verktyg och cykel.")
    plain = run_now(now=NOW)
    assert text_of(Match.objects.current().get(initiative=flowers, offer=money)) == 0

    with override_settings(
        MATCHING_DENSE_MODEL=folder, MATCHING_CACHE_FOLDER=str(tmp_path / "cache"), MATCHING_SHARD_ROWS=2
    ):
        run = run_now(now=NOW)
        assert run.input_digest != plain.input_digest
        assert run.analysis_id != plain.analysis_id
        match = (
            Match.objects.current().select_related("initiative", "offer").get(initiative=flowers, offer=money)
        )
        assert text_of(match) > 0.28
        before = rows()
        assert len(before) == 25
        # One changed profile at a time, with the vectors that the parts of the run have kept.
        collection.forget()
        rescore_initiative(initiative_id=flowers.pk, now=NOW)
        rescore_offer(offer_id=money.pk, now=NOW)
        assert rows() == before
        # The same again keeps the analysis; another share makes another.
        assert run_now(now=NOW).analysis_id == run.analysis_id
        with override_settings(MATCHING_DENSE_WEIGHT=0.5):
            assert run_now(now=NOW).analysis_id not in (run.analysis_id, plain.analysis_id)

    # What is published tells itself which model it was made with, whatever the settings say since.
    collection.forget()
    match = Match.objects.current().select_related("initiative", "offer").get(initiative=flowers, offer=money)
    assert text_of(match) > 0.48
    explained = explain_match(match, "sv", "initiative", timezone.now())
    [words] = [one.sentence for one in explained.criteria if one.criterion == "text"]
    assert words == "Texterna handlar om liknande saker med olika ord, enligt en ordmodell"
    assert explained.shared_words == ((), ())
    assert "En ordmodell hjälper till" in client.get("/sa-matchar-vi/").content.decode()


def test_a_model_that_has_gone_is_refused_until_it_is_back_or_a_full_run_goes_without(
    client: Client, folder: str, tmp_path: Path
) -> None:
    flowers, money = tulips(), growing()
    with override_settings(MATCHING_DENSE_MODEL=folder):
        run_now(now=NOW)
    (tmp_path / "model").rename(tmp_path / "away")
    collection.forget()
    match = Match.objects.current().select_related("initiative", "offer").get()
    # What is stored is told; what would have to be scored is refused, in words for whoever runs the place.
    texts = explain_match(match, "sv", "initiative", NOW).criteria[TEXT]
    assert (texts.value, texts.sentence) == (
        round(text_of(match), 4),
        "Texterna handlar om liknande saker med olika ord, enligt en ordmodell",
    )
    asked = client.post("/hitta-stod/", {"change": "Vi odlar tulpaner med unga i rabatten på torget."})
    assert "En ordmodell" not in asked.content.decode()
    assert not asked.context["found"].is_ready
    with pytest.raises(DenseModelError, match="put it back there, or ask for a full run"):
        rescore_initiative(initiative_id=flowers.pk, now=NOW)
    run_now(now=NOW)
    assert "En ordmodell hjälper till" not in client.get("/sa-matchar-vi/").content.decode()
    match = Match.objects.current().select_related("initiative", "offer").get(offer=money)
    assert explain_match(match, "sv", "initiative", NOW).criteria[TEXT].value == 0


def test_a_run_whose_model_is_wrong_fails_in_words_and_what_is_published_stays(tmp_path: Path) -> None:
    tulips()
    growing()
    published = run_now(now=NOW)
    with (
        override_settings(MATCHING_DENSE_MODEL=str(tmp_path / "nowhere")),
        pytest.raises(DenseModelError, match="no such folder"),
    ):
        run_now(now=NOW)
    failed = MatchRun.objects.exclude(pk=published.pk).get()
    assert failed.state == "failed"
    assert "no such folder. Put the model there, or name another folder." in failed.error
    assert MatchRun.objects.get(is_current=True) == published
    assert MatchAnalysis.objects.count() == 1


@pytest.mark.parametrize(
    ("chosen", "weight", "ids", "words"),
    [
        ("", 7.0, [], ""),
        ("{folder}", 0.3, [], ""),
        ("{folder}/below", 0.3, ["matching.E002"], "no such folder. Put the model there"),
        ("models/tiny", 0.3, ["matching.E001"], "every process would look for somewhere else"),
        ("{folder}", 0.0, ["matching.E003"], "BRYGGA_DENSE_WEIGHT is 0.0"),
    ],
)
def test_the_check_says_what_is_wrong(
    folder: str, chosen: str, weight: float, ids: list[str], words: str
) -> None:
    with override_settings(MATCHING_DENSE_MODEL=chosen.format(folder=folder), MATCHING_DENSE_WEIGHT=weight):
        found = [one for one in run_checks() if (one.id or "").startswith("matching.")]
    assert [one.id for one in found] == ids
    assert all(words in one.msg and one.hint for one in found)
