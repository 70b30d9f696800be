"""What was learned of all givers becomes everybody's weights when an operator says so, and can be taken back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from brygga.audit.models import AuditEvent
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.models import MatchRun, MatchWeights
from matching.engine.services import run_now
from matching.engine.weighing import save_weights
from matching.engine.weights import RULES, active_weights, start_values
from matching.kernel import codes
from matching.learning.enums import LearnedState, Level
from matching.learning.fitting import KEPT, learn
from matching.learning.models import LearnedWeights
from matching.learning.taking_up import lines_of, proposed, take_up, why_not
from tests.cast import Cast
from tests.matching.learning.test_learning import CHOICES, choose, fill_with_matches
from tests.matching.meeting.races import race

ADD = "admin:matching_matchweights_add"


def learned(*, now: datetime | None = None, **changes: Any) -> LearnedWeights:
    """Store what a night may have learned: place counts more than the texts."""
    start = start_values()
    options: dict[str, Any] = {
        "level": Level.EVERYBODY,
        "state": LearnedState.SHADOW,
        "weights": start | {"text": start["text"] - 0.05, "area": start["area"] + 0.05},
        "compared_with": start,
        "decisions": 412,
        "reason": "better",
        "figures": {
            "change": 0.021,
            "low": 0.004,
            "high": 0.038,
            "lists": 120,
            "groups": {"language: en": -0.01, "county: large cities": 0.02, "organisation: ": 0.01},
        },
        "created_at": now or timezone.now(),
    }
    return LearnedWeights.objects.create(**options | changes)


@pytest.fixture
def staff(client: Client, cast: Cast) -> Client:
    cast.stefan.is_superuser = cast.stefan.is_demo = True
    cast.stefan.save()
    client.force_login(cast.stefan)
    return client


@given(st.lists(st.floats(0, 1), min_size=len(codes.CRITERIA), max_size=len(codes.CRITERIA)))
def test_rounded_weights_still_sum_to_one_and_are_the_learned_ones(parts: list[float]) -> None:
    total = sum(parts)
    if total < 0.1:
        return
    weights = {name: part / total for name, part in zip(codes.CRITERIA, parts, strict=True)}
    rounded = proposed(LearnedWeights(weights=weights))
    assert set(rounded) == set(codes.CRITERIA)
    assert sum(round(value * 10_000) for value in rounded.values()) == 10_000
    assert all(value >= 0 and abs(value - weights[name]) < 1.01e-4 for name, value in rounded.items())


@pytest.mark.django_db
def test_choices_of_a_night_become_everybodys_weights_and_are_taken_back(
    staff: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Callable[[], None]
) -> None:
    matched()
    choose(offer, fill_with_matches(offer, 220), CHOICES)
    learn(now=timezone.now())
    row = LearnedWeights.objects.get(level=Level.EVERYBODY)
    assert (row.state, why_not(row), lines_of(row)[0].name) == (LearnedState.SHADOW, "", "area")
    # Nothing happens by itself.
    assert not MatchWeights.objects.exists()
    page = staff.get(reverse("admin:matching_learnedweights_change", args=[row.pk])).content.decode()
    assert f"{reverse(ADD)}?learned={row.pk}" in page
    address = f"{reverse(ADD)}?learned={row.pk}"
    form = _filled_in(staff, address)
    tried = staff.post(address, form | {"preview": "1"})
    assert "Vad som skulle ändras" in tried.content.decode()
    assert not MatchWeights.objects.exists()
    kept = staff.post(address, form | {"save": "1", "previewed": tried.context["form"].initial["previewed"]})
    assert kept.status_code == 302
    version = MatchWeights.objects.get()
    assert (version.learned_from, version.values) == (row, proposed(row))
    assert version.values["area"] > start_values()["area"]
    assert AuditEvent.objects.get(verb="match_weights.changed").details["learned_from"] == row.pk
    run_now(now=timezone.now())
    assert MatchRun.objects.get(is_current=True).weights == pytest.approx(proposed(row))
    public = staff.get("/sa-matchar-vi/").content.decode()
    assert f"Vikterna följer vad givare har valt, {row.decisions} val." in public
    assert "Vi har ändrat vikterna sedan vi mätte." in public
    listed = staff.get(reverse("admin:matching_learnedweights_changelist")).content.decode()
    assert f"Gäller som version {version.pk}" in listed
    # And back: a version that people had set before.
    assert why_not(row) != ""
    save_weights(values=start_values(), rules=dict(RULES), note="Som förut", actor=None, now=timezone.now())
    again = _filled_in(staff, f"{reverse(ADD)}?version={version.pk}")
    assert again["note"] == f"Tillbaka till version {version.pk}: {version.note}"
    assert float(again["weight_area"]) == version.values["area"]
    listed = staff.get(reverse("admin:matching_matchweights_changelist")).content.decode()
    assert f"?version={version.pk}" in listed


def _filled_in(client: Client, address: str) -> dict[str, Any]:
    """Return what the form holds when somebody opens it, as it would be sent."""
    form = client.get(address).context["form"]
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.django_db
def test_a_figure_of_ones_own_makes_them_no_longer_the_learned_ones(staff: Client, matched: Any) -> None:
    row = learned()
    address = f"{reverse(ADD)}?learned={row.pk}"
    form = _filled_in(staff, address)
    assert form["note"] == "Lärt av 412 val som givare har gjort"
    form |= {"weight_area": form["weight_area"] - 0.01, "weight_text": form["weight_text"] + 0.01}
    tried = staff.post(address, form)
    staff.post(address, form | {"save": "1", "previewed": tried.context["form"].initial["previewed"]})
    version = MatchWeights.objects.get()
    assert (version.learned_from, version.values["area"]) == (None, pytest.approx(0.16))


@pytest.mark.django_db
def test_a_version_older_than_a_criterion_has_a_field_for_it(staff: Client) -> None:
    values = start_values()
    values["text"] += values.pop("challenge")
    old = MatchWeights.objects.create(values=values, rules={}, note="Före utmaningar", is_active=True)
    for address in (reverse(ADD), f"{reverse(ADD)}?version={old.pk}"):
        form = _filled_in(staff, address)
        assert form["weight_challenge"] == 0.0
    tried = staff.post(reverse(ADD), form)
    staff.post(reverse(ADD), form | {"save": "1", "previewed": tried.context["form"].initial["previewed"]})
    kept = MatchWeights.objects.get(is_active=True)
    assert (kept.values, kept.rules) == (values | {"challenge": 0.0}, dict(RULES))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"level": Level.KIND, "kind": "grant"}, "lärt av alla givare"),
        ({"state": LearnedState.REJECTED, "reason": "a_group_loses"}, "klarade inte provet"),
        ({"compared_with": {"text": 1.0}}, "mot andra vikter"),
    ],
)
def test_what_may_not_be_taken_up_says_why_and_is_not_filled_in(
    staff: Client, changes: dict[str, Any], said: str
) -> None:
    row = learned(**changes)
    page = staff.get(reverse("admin:matching_learnedweights_change", args=[row.pk])).content.decode()
    assert said in page and "?learned=" not in page
    form = staff.get(f"{reverse(ADD)}?learned={row.pk}")
    assert said in form.content.decode()
    assert form.context["form"].get_initial_for_field(
        form.context["form"].fields["weight_area"], "weight_area"
    ) == pytest.approx(0.12)
    with pytest.raises(ValidationError, match=said):
        take_up(learned=row, rules=RULES, note="Ändå", actor=None, now=timezone.now())
    assert not MatchWeights.objects.exists()


@pytest.mark.django_db
def test_only_the_newest_may_be_taken_up_and_only_by_those_who_may(cast: Cast) -> None:
    now = timezone.now()
    older, newer = learned(now=now - timedelta(days=1)), learned(now=now)
    assert (bool(why_not(older)), why_not(newer)) == (True, "")
    with pytest.raises(PermissionDenied):
        take_up(learned=newer, rules=RULES, note="Jag vill", actor=cast.ruth, now=now)
    with pytest.raises(ValidationError):
        take_up(learned=newer, rules=RULES, note=" ", actor=None, now=now)
    version = take_up(learned=newer, rules=RULES, note="Lärt", actor=None, now=now)
    assert active_weights().row == version
    # Weights that are in force now are not what they were tested against.
    assert why_not(newer)


@pytest.mark.django_db
def test_what_was_taken_up_is_not_forgotten(
    initiative: Initiative, offer: SupportOffer, matched: Any
) -> None:
    matched()
    long_ago = timezone.now() - KEPT - timedelta(days=1)
    kept, gone = learned(now=long_ago), learned(now=long_ago - timedelta(days=1))
    take_up(learned=kept, rules=RULES, note="Lärt", actor=None, now=long_ago)
    learn(now=timezone.now())
    left = LearnedWeights.objects.filter(level=Level.EVERYBODY, pk__in=[kept.pk, gone.pk])
    assert list(left) == [kept]


@pytest.mark.django_db
def test_staff_read_nothing_of_one_giver(staff: Client, cast: Cast) -> None:
    own = learned(level=Level.GIVER, organisation=cast.foundation)
    page = staff.get(reverse("admin:matching_learnedweights_changelist"))
    assert "412" not in page.content.decode()
    assert staff.get(reverse("admin:matching_learnedweights_change", args=[own.pk])).status_code == 404
    everybodys = learned()
    page = staff.get(reverse("admin:matching_learnedweights_change", args=[everybodys.pk])).content.decode()
    for words in (
        "+0,021 (mellan +0,004 och +0,038)",
        "Språk: Engelska",
        "Län: med en storstad",
        "de övriga",
        "-0,05",
    ):
        assert words in page, words


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_take_them_up_once() -> None:
    row, now = learned(), timezone.now()
    taken = threading.Event()

    def first() -> str:
        with transaction.atomic():
            take_up(learned=row, rules=RULES, note="Först", actor=None, now=now)
            taken.set()
            _until_somebody_waits()
        return "kept"

    def second() -> str:
        taken.wait(timeout=20)
        take_up(learned=row, rules=RULES, note="Sist", actor=None, now=now)
        return "kept"

    assert race(first, second, told=ValidationError) == ["kept", "told"]
    assert MatchWeights.objects.get().note == "Först"


def _until_somebody_waits() -> None:
    """Hold this transaction until another one waits for a lock, or so long that it never will."""
    for _ in range(1_000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid() LIMIT 1")
            if cursor.fetchone():
                return
