"""Made-up data: alive, marked as made up, safe to load again, and only in demo mode."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import override_settings

from brygga.organisations.models import Membership, Organisation
from brygga.taxonomy.enums import ProcessPart
from brygga.users.models import DemoPerson, User
from funders.models import SupportOffer
from innovators.enums import ValueKind
from innovators.models import Adopter, Indicator, Initiative, JournalEntry, Measurement, SpreadRecord
from intermediaries.models import Flag
from matching.adopting.selectors import proven_for
from matching.applying.models import Application
from matching.desk.models import ShortlistEntry
from matching.engine.models import Match, MatchRun, ProfileScoring
from matching.exchange.demonstration import load_demo
from matching.meeting.models import Introduction
from matching.meeting.proposing.models import Proposal

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@override_settings(DEMO_MODE=False)
def test_demo_data_is_refused_outside_demo_mode() -> None:
    with pytest.raises(CommandError, match="in demo mode only"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_demo_makes_a_living_place_and_loading_again_changes_nothing() -> None:
    loaded = load_demo(now=NOW)
    assert (len(loaded.initiatives), len(loaded.offers)) == (132, 49)
    assert not Initiative.objects.filter(is_demo=False).exists()
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=False).exists()
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == User.objects.count() == 11
    assert set(DemoPerson.objects.values_list("group", flat=True)) == {
        "innovator",
        "giver",
        "intermediary",
        "staff",
    }
    published = Initiative.objects.order_by("published_at").values_list("published_at", flat=True)
    newest, oldest = published.reverse()[0], published[0]
    assert newest is not None
    assert oldest is not None
    assert NOW - newest < timedelta(days=1)
    assert NOW - oldest > timedelta(days=100)
    assert SupportOffer.objects.filter(closes_on__gt=NOW.date()).count() >= 20
    assert (Flag.objects.standing().count(), Flag.objects.count()) == (11, 12)
    assert Flag.objects.filter(flagged_at__lt=NOW - timedelta(days=100)).exists()
    # The first page has matches: nothing waits for a worker.
    assert MatchRun.objects.get(is_current=True).initiatives == 132
    assert not [scoring for scoring in ProfileScoring.objects.all() if scoring.is_under_way]
    lonely = Initiative.objects.exclude(pk__in=Match.objects.values("initiative"))
    assert lonely.count() <= 2
    desk = ShortlistEntry.objects.values_list("stage", flat=True)
    assert (desk.filter(stage="shortlisted").count(), desk.filter(stage="dismissed").count()) == (5, 1)
    cared_for = ShortlistEntry.objects.exclude(assignee=None).values_list("assignee__name", flat=True)
    assert sorted(cared_for) == ["Amina Söderqvist", "Henrik Tegnell-Ås"]
    assert sorted(Introduction.objects.values_list("state", flat=True)) == [
        "accepted",
        "asked",
        "asked",
    ]
    # One of the questions is an initiative's own, and the giver has promised a day for the answer.
    assert Introduction.objects.get(asked_side="initiative").answer_by is not None
    assert Application.objects.get().meant_on < NOW.date() - timedelta(days=21)
    assert list(SupportOffer.objects.filter(is_confirmed=False).values_list("source_id", flat=True)) == [
        "demo-o-049"
    ]
    shown = Initiative.objects.exclude(evidence="").values_list("source_id", flat=True)
    assert sorted(shown) == ["demo-i-001", "demo-i-025", "demo-i-042", "demo-i-107"]
    # Four tell of their work, all in the past, and after they began.
    told = JournalEntry.objects.values_list("initiative__source_id", flat=True)
    assert {key: list(told).count(key) for key in told} == {
        "demo-i-075": 7,
        "demo-i-081": 8,
        "demo-i-001": 4,
        "demo-i-012": 3,
    }
    assert not JournalEntry.objects.exclude(visibility="page").exists()
    for entry in JournalEntry.objects.select_related("initiative"):
        began = entry.initiative.started_on
        assert began is not None
        assert began <= entry.happened_on < NOW.date(), entry.title
    assert {part for parts in JournalEntry.objects.values_list("parts", flat=True) for part in parts} == set(
        ProcessPart.values
    )
    assert set(Indicator.objects.values_list("kind", flat=True)) == set(ValueKind.values)
    written = [kind.objects.count() for kind in (JournalEntry, Indicator, Measurement, SpreadRecord)]
    assert written == [22, 7, 28, 2]
    # Everybody who looks for something proven finds some that have done it.
    wanted = list(Adopter.objects.published().filter(is_demo=True).select_related("organisation"))
    assert [len(proven_for(one, AnonymousUser(), NOW) or ()) > 2 for one in wanted] == [True] * 4
    before = list(Initiative.objects.order_by("pk").values_list("pk", "revision", "changed_at"))
    load_demo(now=NOW + timedelta(hours=1))
    assert list(Initiative.objects.order_by("pk").values_list("pk", "revision", "changed_at")) == before
    assert (Flag.objects.count(), User.objects.count(), Membership.objects.count()) == (12, 11, 9)
    assert (ShortlistEntry.objects.count(), Introduction.objects.count()) == (6, 3)
    assert [kind.objects.count() for kind in (JournalEntry, Indicator, Measurement, SpreadRecord)] == written
    assert Adopter.objects.count() == 4
    assert Proposal.objects.get().proposed_by_name == "Ellinor Skogby"
