"""Staff start runs and go back; matches are only read."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from brygga.outbox.models import OutboxMessage
from matching.engine.models import MatchRun
from matching.engine.services import run_now
from tests.cast import Cast
from tests.matching.engine.cast import NOW, grant, workshop

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
