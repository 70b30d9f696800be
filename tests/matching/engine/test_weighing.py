"""New weights are tried on real lists before they are kept, and runs are compared."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from innovators import services as innovators
from matching.engine import trying_rules
from matching.engine.comparing import comparable_with, compare
from matching.engine.models import Match, MatchSuggestion, MatchWeights
from matching.engine.services import run_now
from matching.engine.trying_rules import hand_out
from matching.engine.weighing import check, preview, save_weights
from matching.engine.weights import RULES, active_weights
from matching.kernel import codes
from matching.kernel.combine import Weights
from tests.cast import Cast
from tests.matching.engine.cast import NOW, grant, mentor, workshop

pytestmark = pytest.mark.django_db


def only(name: str) -> dict[str, float]:
    return {criterion: float(criterion == name) for criterion in codes.CRITERIA}


@pytest.mark.parametrize(
    "wrong",
    [{"text": 0.9}, {"text": -0.5, "area": 0.5, "themes": 1.0}, {"text": 1.5, "area": -0.5}, {"mood": 0.0}],
)
def test_weights_that_do_not_hold_together_are_refused(wrong: dict[str, float]) -> None:
    check(only("text"), RULES)
    with pytest.raises(ValidationError):
        check(only("none") | wrong, RULES)


@pytest.mark.parametrize("wrong", [{"at_least": 0}, {"at_least": 1000}, {"unheard_of": 3}])
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        check(only("text"), RULES | wrong)


def test_the_weights_of_now_change_nothing_and_others_do() -> None:
    for number in range(3):
        workshop(title=f"Verkstad {number}", theme_codes=["integration"])
    for number in range(6):
        grant(title=f"Nära {number}", area_codes=["SE-1480"], theme_codes=["integration"])
        grant(title=f"Lik {number}", area_codes=["SE"], theme_codes=["employment"])
    assert preview(only("text")) is None
    run_now(now=NOW)
    same = preview(active_weights().values)
    assert same is not None
    assert (same.initiatives, same.pairs, same.moved, same.lists) == (3, 36, {}, 0)
    other = preview(only("themes"))
    assert other is not None
    assert other.moved
    assert Match.objects.current().count() == 36


def test_rules_are_tried_on_what_there_is_to_hand_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        workshop(title=f"Verkstad {number}")
    for number in range(3):
        grant(title=f"Bidrag {number}", capacity=1)
    assert hand_out(only("text"), RULES) is None
    # Nobody has any suggestion before the first run, so what it hands out is what is tried.
    run = run_now(now=NOW)
    found = hand_out(active_weights().values, RULES | {"at_least": 1, "room_per_case": 1})
    assert found is not None
    told = {key: run.figures[key] for key in ("suggestions", "coverage", "gini", "short")}
    assert {key: getattr(found.before, key) for key in told} == told
    assert (found.before.suggestions, found.after.suggestions) == (9, 3)
    assert (found.after.coverage, found.after.largest_load) == (0.75, 1.0)
    assert MatchSuggestion.objects.count() == 9
    monkeypatch.setattr(trying_rules, "MOST_PAIRS", 11)
    assert hand_out(active_weights().values, RULES) is None


def test_a_version_is_kept_by_those_who_may_and_the_next_run_uses_it(cast: Cast) -> None:
    workshop()
    grant()
    first = run_now(now=NOW)
    assert first.weights["text"] == Weights().text
    options: dict[str, Any] = {"values": only("text"), "rules": dict(RULES), "now": NOW}
    with pytest.raises(PermissionDenied):
        save_weights(**options, note="Jag vill", actor=cast.ruth)
    with pytest.raises(ValidationError):
        save_weights(**options, note=" ", actor=None)
    kept = save_weights(**options, note="Prov", actor=None)
    run = run_now(now=NOW)
    # Nothing else has changed, but other weights make other numbers.
    assert (run.weights_version, run.analysis_id != first.analysis_id) == (kept, True)
    assert run.weights == only("text")
    later = save_weights(**options, note="Prov igen", actor=None)
    assert list(MatchWeights.objects.filter(is_active=True)) == [later]


def test_two_runs_are_compared_pair_by_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    from matching.engine import planning

    first = workshop(title="Den som ändras")
    workshop(title="Den som blir kvar")
    money = grant()
    person = mentor()
    earlier = run_now(now=NOW)
    assert comparable_with(earlier) is None
    monkeypatch.setattr(planning, "MOST_DRIFT", 1.0)
    innovators.change_initiative(initiative=first, changes={"area_codes": ["SE-2580"]}, actor=None, now=NOW)
    coming = workshop(title="Den som kommer")
    later = run_now(now=NOW)
    assert comparable_with(later) == earlier
    found = compare(earlier, later)
    assert (found.came, found.went, found.stayed) == (2, 1, 3)
    assert [(one.initiative, one.offer, one.later) for one in found.went_examples] == [
        (first.title, money.title, None)
    ]
    assert {(one.initiative, one.earlier) for one in found.came_examples} == {(coming.title, None)}
    assert {one.offer for one in found.came_examples} == {money.title, person.title}
    backwards = compare(later, earlier)
    assert (backwards.came, backwards.went, backwards.stayed) == (1, 2, 3)
    assert sum(found.moved.values()) == sum(backwards.moved.values()) == len(found.moved_examples)
