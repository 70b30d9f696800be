"""Flagging and taking back: who may, what is written, what two clicks do."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from innovators.models import Initiative
from intermediaries.models import Flag
from intermediaries.services import AlreadyFlagged, AlreadyWithdrawn, flag_initiative, withdraw_flag
from tests.cast import Cast
from tests.factories import NOW, FlagFactory, InitiativeFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    return InitiativeFactory(organisation=cast.association)


def give(cast: Cast, initiative: Initiative, **changes: object) -> Flag:
    arguments = {
        "initiative": initiative,
        "organisation": cast.intermediary,
        "actor": cast.ingrid,
        "reasons": ["scalable", "overlooked"],
        "text": "Tolv av femton har fått jobb.",
        "evidence_url": "https://rapport.example/1",
        "conflict": "",
        "now": NOW,
        **changes,
    }
    return flag_initiative(**arguments)  # type: ignore[arg-type]


def test_flag_is_a_named_judgement_that_owners_are_told_of(cast: Cast, initiative: Initiative) -> None:
    flag = give(cast, initiative)
    row = Flag.objects.values(
        "initiative",
        "organisation",
        "flagged_by_name",
        "reasons",
        "text",
        "evidence_url",
        "conflict",
        "flagged_at",
        "withdrawn_at",
    ).get(pk=flag.pk)
    assert row == {
        "initiative": initiative.pk,
        "organisation": cast.intermediary.pk,
        "flagged_by_name": "Ingrid Sköld",
        "reasons": ["overlooked", "scalable"],
        "text": "Tolv av femton har fått jobb.",
        "evidence_url": "https://rapport.example/1",
        "conflict": "",
        "flagged_at": NOW,
        "withdrawn_at": None,
    }
    told = set(Notice.objects.filter(kind="flagged").values_list("user__name", flat=True))
    assert told == {"Amina Warsame", "Erik Lindqvist", "Rolf Ek"}
    assert list(AuditEvent.objects.filter(verb="flag").values_list("actor_id", "organisation_id")) == [
        (cast.ingrid.pk, cast.intermediary.pk)
    ]


def test_flag_hides_contact_details_written_in_its_text(cast: Cast, initiative: Initiative) -> None:
    flag = give(
        cast, initiative, text="Ring Eva på 070-174 06 11 eller eva@kanariefagel.example.", conflict=""
    )
    assert "kanariefagel" not in flag.text
    assert "174 06 11" not in flag.text


@pytest.mark.parametrize("who", ["amina", "erik", "ruth", "sara", "stefan"])
def test_only_people_at_a_verified_intermediary_may_flag(
    cast: Cast, initiative: Initiative, who: str
) -> None:
    with pytest.raises(PermissionDenied):
        give(cast, initiative, actor=getattr(cast, who))
    assert not Flag.objects.exists()


def test_an_unverified_intermediary_may_not_flag(cast: Cast, initiative: Initiative) -> None:
    person = UserFactory()
    unverified = OrganisationFactory(is_intermediary=True, owner=person)
    assert unverified.verified_at is None
    with pytest.raises(PermissionDenied):
        give(cast, initiative, actor=person, organisation=unverified)


def test_a_reader_of_the_intermediary_may_not_flag(cast: Cast, initiative: Initiative) -> None:
    reader = UserFactory()
    organisation = OrganisationFactory(intermediary=True, reader=reader)
    with pytest.raises(PermissionDenied):
        give(cast, initiative, actor=reader, organisation=organisation)


def test_nobody_flags_their_own_initiative(cast: Cast) -> None:
    own = InitiativeFactory(organisation=cast.intermediary)
    with pytest.raises(PermissionDenied):
        give(cast, own)


@pytest.mark.parametrize("trait", ["draft", "paused", "closed"])
def test_only_published_initiatives_are_flagged(cast: Cast, trait: str) -> None:
    hidden = InitiativeFactory(organisation=cast.association, **{trait: True})
    with pytest.raises(PermissionDenied):
        give(cast, hidden)


def test_a_second_click_flags_once(cast: Cast, initiative: Initiative) -> None:
    give(cast, initiative)
    with pytest.raises(AlreadyFlagged):
        give(cast, initiative)
    assert Flag.objects.count() == 1
    assert Notice.objects.filter(kind="flagged").count() == 3


def test_a_flag_taken_back_can_be_given_again(cast: Cast, initiative: Initiative) -> None:
    first = give(cast, initiative)
    withdraw_flag(flag=first, actor=cast.ingrid, reason="Verksamheten vilar.", now=NOW)
    give(cast, initiative)
    assert Flag.objects.standing().count() == 1
    assert Flag.objects.count() == 2


def test_withdrawing_keeps_the_row_with_its_reason(cast: Cast, initiative: Initiative) -> None:
    flag = give(cast, initiative)
    withdraw_flag(flag=flag, actor=cast.ingrid, reason="Vi hade fel siffror.", now=NOW)
    assert Flag.objects.values("withdrawn_reason", "withdrawn_by", "withdrawn_at").get() == {
        "withdrawn_reason": "Vi hade fel siffror.",
        "withdrawn_by": cast.ingrid.pk,
        "withdrawn_at": NOW,
    }
    assert not Flag.objects.visible_to(cast.amina).exists()


@pytest.mark.parametrize("who", ["amina", "ruth", "sara"])
def test_others_may_not_take_a_flag_back(cast: Cast, initiative: Initiative, who: str) -> None:
    flag = give(cast, initiative)
    with pytest.raises(PermissionDenied):
        withdraw_flag(flag=flag, actor=getattr(cast, who), reason="Nej.", now=NOW)
    assert Flag.objects.standing().count() == 1


def test_the_second_to_take_it_back_is_told(cast: Cast, initiative: Initiative) -> None:
    flag = give(cast, initiative)
    withdraw_flag(flag=flag, actor=cast.ingrid, reason="Först.", now=NOW)
    with pytest.raises(AlreadyWithdrawn):
        withdraw_flag(flag=flag, actor=cast.ingrid, reason="Sedan.", now=NOW)
    assert Flag.objects.get().withdrawn_reason == "Först."


def test_flags_on_initiatives_that_one_may_not_see_are_not_seen(cast: Cast) -> None:
    shown = FlagFactory(initiative=InitiativeFactory())
    hidden = FlagFactory(initiative=InitiativeFactory(visibility="chosen"))
    assert set(Flag.objects.visible_to(cast.sara)) == {shown}
    assert set(Flag.objects.visible_to(hidden.initiative.organisation.members.first() or cast.stefan)) >= {
        shown
    }


@pytest.mark.django_db(transaction=True)
def test_two_connections_flag_at_the_same_moment_and_one_wins(cast: Cast, initiative: Initiative) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def attempt() -> None:
        try:
            together.wait(timeout=10)
            give(cast, initiative)
            outcomes.append("flagged")
        except AlreadyFlagged:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["flagged", "told"]
    assert Flag.objects.count() == 1
