"""Staff start runs and go back; matches are only read."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from brygga.audit.models import AuditEvent
from brygga.outbox.models import OutboxMessage
from matching.engine.models import MatchRun, MatchWeights
from matching.engine.services import request_run, run_now
from matching.engine.weights import RULES
from matching.kernel import codes
from tests.cast import Cast
from tests.matching.engine.cast import NOW, grant, mentor, workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client, cast: Cast) -> Client:
    # The second factor is not what is tried here; demo people need none in demo mode.
    cast.stefan.is_superuser = cast.stefan.is_demo = True
    cast.stefan.save()
    client.force_login(cast.stefan)
    return client


def test_staff_see_runs_and_start_one_once(staff: Client) -> None:
    workshop()
    grant()
    run_now(now=NOW)
    page = staff.get(reverse("admin:matching_matchrun_changelist"))
    assert page.status_code == 200
    assert "1 / 1" in page.content.decode()
    for _ in range(2):
        assert staff.post(reverse("admin:matching_matchrun_start")).status_code == 302
    assert OutboxMessage.objects.filter(task="matching.run").count() == 1
    assert staff.get(reverse("admin:matching_matchrun_start")).status_code == 405


def test_staff_go_back_to_the_run_before(staff: Client) -> None:
    earlier = run_now(now=NOW)
    run_now(now=NOW)
    staff.post(reverse("admin:matching_matchrun_go_back"))
    assert MatchRun.objects.get(is_current=True) == earlier
    assert staff.post(reverse("admin:matching_matchrun_go_back")).status_code == 302


def test_matches_are_read_only(staff: Client) -> None:
    workshop()
    grant()
    run_now(now=NOW)
    assert staff.get(reverse("admin:matching_match_changelist")).status_code == 200
    assert staff.get(reverse("admin:matching_match_add")).status_code == 403
    assert staff.get(reverse("admin:matching_supportgiven_changelist")).status_code == 200


def test_others_start_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.ruth)
    assert client.post(reverse("admin:matching_matchrun_start")).status_code in {302, 403, 404}
    assert not OutboxMessage.objects.exists()


def test_staff_stop_a_run_and_take_it_up_again(staff: Client) -> None:
    run = request_run(now=NOW)
    page = staff.get(reverse("admin:matching_matchrun_change", args=[run.pk])).content.decode()
    assert reverse("admin:matching_matchrun_cancel", args=[run.pk]) in page
    for _ in range(2):
        assert staff.post(reverse("admin:matching_matchrun_cancel", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    assert run.state == "cancelled"
    staff.post(reverse("admin:matching_matchrun_retry", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == "waiting"
    assert staff.post(reverse("admin:matching_matchrun_cancel", args=[4711])).status_code == 404


def test_staff_see_what_a_run_found_and_what_it_changed(staff: Client) -> None:
    first = workshop(title="Den första")
    money = grant(capacity=1)
    run_now(now=NOW)
    page = staff.get(reverse("admin:matching_matchrun_compare", args=[MatchRun.objects.get().pk]))
    assert "inga sparade matchningar" in page.content.decode()
    workshop(title="Den andra")
    run = run_now(now=NOW)
    page = staff.get(reverse("admin:matching_matchrun_change", args=[run.pk])).content.decode()
    assert "Gini" in page and "färre passar än önskat" in page
    assert all(f"<li>{title}</li>" in page for title in ("Den första", "Den andra"))
    run.figures["short_because"]["fewer_fit"] = 60
    run.save(update_fields=["figures"])
    page = staff.get(reverse("admin:matching_matchrun_change", args=[run.pk])).content.decode()
    assert "<li>och 58 till</li>" in page
    page = staff.get(reverse("admin:matching_matchrun_compare", args=[run.pk])).content.decode()
    assert "Den andra" in page and money.title in page
    assert first.title not in page


def test_weights_are_tried_before_they_are_kept(staff: Client) -> None:
    workshop()
    grant()
    mentor()
    run_now(now=NOW)
    address = reverse("admin:matching_matchweights_add")
    form = {f"weight_{name}": 0.1 for name in codes.CRITERIA} | {f"rule_{name}": 2 for name in RULES}
    form |= {"weight_challenge": 0, "note": "Lika för alla"}
    assert staff.get(address).status_code == 200
    wrong = staff.post(address, form | {"weight_text": 0.2, "save": "1"}).content.decode()
    assert "Vikterna blir tillsammans 1.1. De ska bli 1." in wrong
    tried = staff.post(address, form | {"save": "1"})
    assert "Prövat på 1 initiativ och deras 2 bästa" in tried.content.decode()
    # Two rows fit; two suggestions are asked for instead of three, so nobody is short any more.
    short = "Initiativ med färre förslag än önskat"
    assert re.search(
        f'{short}</th><td class="number">1</td><td class="number">0</td>', tried.content.decode()
    )
    assert not MatchWeights.objects.exists()
    previewed = tried.context["form"].initial["previewed"]
    # Something else than what was shown is shown first.
    staff.post(address, form | {"rule_at_least": 3, "save": "1", "previewed": previewed})
    assert not MatchWeights.objects.exists()
    assert staff.post(address, form | {"save": "1", "previewed": previewed}).status_code == 302
    kept = MatchWeights.objects.get()
    assert (kept.is_active, kept.rules["at_least"], kept.values["text"]) == (True, 2, 0.1)
    run = run_now(now=NOW)
    assert (run.weights_version, run.weights["text"], run.rules["at_least"]) == (kept, 0.1, 2)
    page = staff.get(reverse("admin:matching_matchweights_change", args=[kept.pk]))
    assert page.status_code == 200
    assert AuditEvent.objects.get(verb="match_weights.changed").details["changed"]["text"] == 0.1
