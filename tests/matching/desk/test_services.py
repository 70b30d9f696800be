"""The desk's verbs: who may, what is written, what two clicks and two colleagues do."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from brygga.audit.models import AuditEvent
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import services
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, MembershipFactory, SupportOfferFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(cast: Cast) -> SupportOffer:
    return SupportOfferFactory(organisation=cast.foundation)


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    return InitiativeFactory(organisation=cast.association)


def state() -> list[tuple[str, str, str, str]]:
    return list(ShortlistEntry.objects.values_list("stage", "previous_stage", "note", "reason"))


def verbs() -> list[str]:
    return list(
        AuditEvent.objects.filter(verb__startswith="desk").order_by("pk").values_list("verb", flat=True)
    )


def test_shortlisting_writes_who_when_and_why(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    entry = services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, note="Bra folk", now=NOW)
    assert state() == [("shortlisted", "suggested", "Bra folk", "")]
    assert (entry.changed_by, entry.changed_at) == (cast.ruth, NOW)
    event = AuditEvent.objects.get(verb="desk_shortlisted")
    assert (event.actor_id, event.organisation_id, event.details) == (
        cast.ruth.pk,
        cast.foundation.pk,
        {"initiative": initiative.public_id, "stage": "shortlisted"},
    )


def test_a_note_hides_contact_details(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    services.shortlist(
        offer=offer, initiative=initiative, actor=cast.ruth, note="Ring 070-174 06 11, a@b.example", now=NOW
    )
    assert state() == [("shortlisted", "suggested", "Ring [telefon], [e-post]", "")]


def test_a_second_click_changes_nothing(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    for _click in range(2):
        services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    assert verbs() == ["desk_shortlisted"]
    for _click in range(2):
        services.dismiss(offer=offer, initiative=initiative, actor=cast.ruth, reason="no_room", now=NOW)
    assert verbs() == ["desk_shortlisted", "desk_dismissed"]


def test_undo_takes_back_one_step_once(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    pair = {"offer": offer, "initiative": initiative, "actor": cast.ruth, "now": NOW}
    services.shortlist(**pair, note="Kolla budgeten")  # type: ignore[arg-type]
    services.dismiss(**pair, reason="amount")  # type: ignore[arg-type]
    services.undo(**pair, step=Stage.DISMISSED)  # type: ignore[arg-type]
    assert state() == [("shortlisted", "", "Kolla budgeten", "amount")]
    with pytest.raises(services.NothingToUndo):
        services.undo(**pair, step=Stage.DISMISSED)  # type: ignore[arg-type]
    with pytest.raises(services.NothingToUndo):
        services.undo(**pair, step=Stage.SHORTLISTED)  # type: ignore[arg-type]


def test_put_back_keeps_the_note_and_can_be_undone(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    pair = {"offer": offer, "initiative": initiative, "actor": cast.ruth, "now": NOW}
    services.shortlist(**pair, note="Kolla budgeten")  # type: ignore[arg-type]
    services.put_back(**pair)  # type: ignore[arg-type]
    assert state() == [("suggested", "shortlisted", "Kolla budgeten", "")]
    with pytest.raises(services.NothingToUndo):
        services.put_back(**pair)  # type: ignore[arg-type]
    services.undo(**pair, step=Stage.SUGGESTED)  # type: ignore[arg-type]
    assert state() == [("shortlisted", "", "Kolla budgeten", "")]


def test_an_unknown_reason_is_refused(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        services.dismiss(offer=offer, initiative=initiative, actor=cast.ruth, reason="nonsense", now=NOW)
    assert state() == []


@pytest.mark.parametrize("who", ["amina", "rolf", "ingrid", "sara", "stefan"])
def test_strangers_may_not_use_the_desk(
    cast: Cast, offer: SupportOffer, initiative: Initiative, who: str
) -> None:
    with pytest.raises(PermissionDenied):
        services.shortlist(offer=offer, initiative=initiative, actor=getattr(cast, who), now=NOW)
    entry = services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    stranger = getattr(cast, who)
    refused: list[Callable[[], object]] = [
        lambda: services.dismiss(
            offer=offer, initiative=initiative, actor=stranger, reason="no_room", now=NOW
        ),
        lambda: services.put_back(offer=offer, initiative=initiative, actor=stranger, now=NOW),
        lambda: services.undo(
            offer=offer, initiative=initiative, actor=stranger, now=NOW, step=Stage.SHORTLISTED
        ),
        lambda: services.change_note(entry=entry, actor=stranger, note="Hej", now=NOW),
    ]
    for attempt in refused:
        with pytest.raises(PermissionDenied):
            attempt()
    assert state() == [("shortlisted", "suggested", "", "")]


def test_a_reader_of_the_giver_only_reads(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    with pytest.raises(PermissionDenied):
        services.shortlist(offer=offer, initiative=initiative, actor=reader, now=NOW)


@pytest.mark.parametrize(
    "hidden", [{"draft": True}, {"paused": True}, {"closed": True}, {"visibility": "chosen"}]
)
def test_only_what_the_giver_may_see_is_placed(
    cast: Cast, offer: SupportOffer, hidden: dict[str, object]
) -> None:
    with pytest.raises(PermissionDenied):
        services.shortlist(offer=offer, initiative=InitiativeFactory(**hidden), actor=cast.ruth, now=NOW)


def test_ones_own_initiative_is_not_placed(cast: Cast, offer: SupportOffer) -> None:
    own = InitiativeFactory(organisation=cast.foundation)
    with pytest.raises(PermissionDenied):
        services.shortlist(offer=offer, initiative=own, actor=cast.ruth, now=NOW)


def test_a_colleague_who_is_second_is_told(cast: Cast, offer: SupportOffer, initiative: Initiative) -> None:
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)
    with pytest.raises(services.ColleagueWasFirst) as told:
        services.shortlist(offer=offer, initiative=initiative, actor=colleague, now=NOW)
    assert told.value.entry.changed_by == cast.ruth
    with pytest.raises(services.ColleagueWasFirst):
        services.dismiss(
            offer=offer,
            initiative=initiative,
            actor=colleague,
            reason="no_room",
            now=NOW,
            seen=Stage.SUGGESTED,
        )
    # Who has seen that it lies on the list may put it aside.
    services.dismiss(
        offer=offer,
        initiative=initiative,
        actor=colleague,
        reason="no_room",
        now=NOW,
        seen=Stage.SHORTLISTED,
    )
    assert state() == [("dismissed", "shortlisted", "", "no_room")]


def test_a_note_that_a_colleague_changed_is_not_lost(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    entry = services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, note="Ett", now=NOW)
    read = services.note_mark(entry.note)
    services.change_note(entry=entry, actor=colleague, note="Två", now=NOW, read=read)
    with pytest.raises(services.ColleagueWasFirst):
        services.change_note(entry=entry, actor=cast.ruth, note="Tre", now=NOW, read=read)
    assert state() == [("shortlisted", "suggested", "Två", "")]


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_the_same_moment_and_one_wins(
    cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    colleague = UserFactory()
    MembershipFactory(organisation=cast.foundation, user=colleague, role="editor")
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def attempt(verb: str) -> None:
        try:
            together.wait(timeout=10)
            if verb == "shortlisted":
                services.shortlist(
                    offer=offer, initiative=initiative, actor=cast.ruth, now=NOW, seen=Stage.SUGGESTED
                )
            else:
                services.dismiss(
                    offer=offer,
                    initiative=initiative,
                    actor=colleague,
                    reason="no_room",
                    now=NOW,
                    seen=Stage.SUGGESTED,
                )
            outcomes.append(verb)
        except services.ColleagueWasFirst:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(verb,)) for verb in ("shortlisted", "dismissed")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    [won] = [outcome for outcome in outcomes if outcome != "told"]
    assert len(outcomes) == 2
    assert [row[0] for row in state()] == [won]
    assert verbs() == [f"desk_{won}"]
