"""A case goes from stage to stage: only where it makes sense, once, and by one colleague at a time."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from brygga.audit.models import AuditEvent
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import recusing, services
from matching.desk.enums import NEXT_STAGES, Stage
from matching.desk.models import ShortlistEntry
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def lies() -> list[tuple[str, str]]:
    return list(ShortlistEntry.objects.values_list("stage", "previous_stage"))


def test_a_case_goes_into_dialogue_and_back_by_undo(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    pair = {"offer": offer, "initiative": initiative, "actor": cast.ruth, "now": NOW}
    services.move(**pair, to=Stage.SHORTLISTED)  # type: ignore[arg-type]
    for _click in range(2):
        services.move(**pair, to=Stage.IN_DIALOGUE, seen=Stage.SHORTLISTED)  # type: ignore[arg-type]
    assert lies() == [("in_dialogue", "shortlisted")]
    events = AuditEvent.objects.filter(verb__startswith="desk").order_by("pk")
    assert list(events.values_list("verb", flat=True)) == ["desk_shortlisted", "desk_in_dialogue"]
    services.undo(**pair, step=Stage.IN_DIALOGUE)  # type: ignore[arg-type]
    assert lies() == [("shortlisted", "")]


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("to", [Stage.SUGGESTED, Stage.SHORTLISTED, Stage.IN_DIALOGUE])
def test_only_sensible_moves(
    cast: Cast, offer: SupportOffer, initiative: Initiative, stage: Stage, to: Stage
) -> None:
    ShortlistEntry.objects.create(
        offer=offer, initiative=initiative, stage=stage, reason="other", changed_by=cast.ruth
    )
    pair = {"offer": offer, "initiative": initiative, "actor": cast.ruth, "now": NOW}
    if to == stage or to in NEXT_STAGES[stage]:
        services.move(**pair, to=to)  # type: ignore[arg-type]
        assert lies()[0][0] == to
    else:
        with pytest.raises(services.CannotMove):
            services.move(**pair, to=to)  # type: ignore[arg-type]
        assert lies() == [(stage, "")]


def test_a_decision_is_no_mere_move(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    for to in (Stage.SUPPORTED, Stage.DECLINED, Stage.DISMISSED):
        with pytest.raises(ValueError, match=to):
            services.move(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW, to=to)
    services.move(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW, to=Stage.IN_DIALOGUE)
    with pytest.raises(services.CannotMove):
        services.dismiss(offer=offer, initiative=initiative, actor=cast.ruth, reason="other", now=NOW)


def test_what_has_been_hidden_since_can_still_be_moved(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    pair = {"offer": offer, "actor": cast.ruth, "now": NOW}
    services.shortlist(**pair, initiative=initiative)  # type: ignore[arg-type]
    Initiative.objects.update(state="paused")
    services.move(**pair, initiative=initiative, to=Stage.IN_DIALOGUE)  # type: ignore[arg-type]
    assert lies() == [("in_dialogue", "shortlisted")]
    with pytest.raises(PermissionDenied):
        services.move(**pair, initiative=InitiativeFactory(paused=True), to=Stage.SHORTLISTED)  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", ["dismissed", "declined"])
def test_the_database_wants_a_reason(offer: SupportOffer, initiative: Initiative, stage: str) -> None:
    with pytest.raises(IntegrityError, match="has_reason"), transaction.atomic():
        ShortlistEntry.objects.create(offer=offer, initiative=initiative, stage=stage)


def test_somebody_takes_care_of_a_case(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    pair = {"offer": offer, "initiative": initiative, "actor": cast.ruth, "now": NOW}
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    day = date(2026, 5, 1)
    for _click in range(2):
        services.take_care(**pair, assignee=colleague, due_on=day)  # type: ignore[arg-type]
    assert list(ShortlistEntry.objects.values_list("assignee", "due_on", "stage")) == [
        (colleague.pk, day, "suggested")
    ]
    assert AuditEvent.objects.filter(verb="desk_care").count() == 1
    reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    for nobody in (reader, cast.amina):
        with pytest.raises(services.CannotAssign):
            services.take_care(**pair, assignee=nobody, due_on=None)  # type: ignore[arg-type]
    recusing.recuse(offer=offer, initiative=initiative, actor=colleague, now=NOW)
    assert ShortlistEntry.objects.get().assignee is None
    with pytest.raises(services.CannotAssign):
        services.take_care(**pair, assignee=colleague, due_on=None)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_move_the_same_card_and_one_is_told(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    colleague = UserFactory()
    MembershipFactory(organisation=cast.foundation, user=colleague, role="editor")
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    ShortlistEntry.objects.update(changed_by=None)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def attempt(actor: object, to: Stage) -> None:
        try:
            together.wait(timeout=10)
            services.move(
                offer=offer,
                initiative=initiative,
                actor=actor,  # type: ignore[arg-type]
                to=to,
                now=NOW,
                seen=Stage.SHORTLISTED,
            )
            outcomes.append(to)
        except services.ColleagueWasFirst as first:
            outcomes.append(f"told of {first.entry.stage}")
        finally:
            connection.close()

    steps = ((cast.ruth, Stage.IN_DIALOGUE), (colleague, Stage.SUGGESTED))
    threads = [threading.Thread(target=attempt, args=step) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    [won] = [outcome for outcome in outcomes if "told" not in outcome]
    assert sorted(outcomes) == sorted([won, f"told of {won}"])
    assert lies() == [(won, "shortlisted")]
    assert AuditEvent.objects.filter(verb=f"desk_{won}").count() == 1
