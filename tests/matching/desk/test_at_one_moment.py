"""Colleagues at the same moment, each on a connection of their own: standing aside, being given a case, undoing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import recusing, services, undoing
from matching.desk.enums import Deed, Stage
from matching.desk.models import Recusal, ShortlistEntry
from matching.desk.several import Change, Seen, change_several
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, MembershipFactory
from tests.matching.intake.test_taking_in import brought, row, taken

Deeds = Callable[[], object]


def _waits(process: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [process])
        return bool(cursor.fetchone()[0])


def one_after_the_other(first: Deeds, second: Deeds) -> list[str]:
    """Do `second` on a connection of its own while `first` is done and not committed; return how `second` went.

    `second` goes on only when it waits for `first`, or when it has no need to.
    """
    outcome: list[str] = []
    process: list[int] = []

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                process.append(cursor.fetchone()[0])
            second()
            outcome.append("done")
        except Exception as error:
            outcome.append(type(error).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        until = time.monotonic() + 10
        while thread.is_alive() and time.monotonic() < until and not (process and _waits(process[0])):
            thread.join(timeout=0.01)
    thread.join(timeout=30)
    return outcome


def seen(offer: SupportOffer, initiative: Initiative) -> list[Seen]:
    entry = ShortlistEntry.objects.filter(offer=offer, initiative=initiative).first()
    stage = Stage(entry.stage) if entry else Stage.SUGGESTED
    return [Seen(offer.public_id, initiative.public_id, stage, entry.assignee_id if entry else None)]


@pytest.mark.django_db(transaction=True)
def test_nobody_is_given_a_case_at_the_moment_they_stand_aside(cast: Cast, offer: SupportOffer) -> None:
    """Whoever is first, with a row on the desk or without: they stand aside, and take care of nothing."""
    lead = MembershipFactory(organisation=cast.foundation, role="editor").user

    def ways(initiative: Initiative) -> tuple[Deeds, Deeds, Deeds]:
        case: dict[str, Any] = {"offer": offer, "initiative": initiative, "now": NOW}
        return (
            lambda: recusing.recuse(**case, actor=cast.ruth),
            lambda: services.take_care(**case, actor=lead, assignee=cast.ruth, due_on=None),
            lambda: change_several(
                offers=[offer],
                seen=seen(offer, initiative),
                change=Change(Deed.ASSIGN, assignee=cast.ruth),
                actor=lead,
                now=NOW,
            ),
        )

    for has_row in (False, True):
        for way in (1, 2):
            for is_given_first in (False, True):
                initiative = InitiativeFactory()
                if has_row:
                    services.shortlist(offer=offer, initiative=initiative, actor=lead, now=NOW)
                aside, given = (ways(initiative)[place] for place in (0, way))
                order = (given, aside) if is_given_first else (aside, given)
                went = one_after_the_other(*order)
                assert went == (["CannotAssign"] if way == 1 and not is_given_first else ["done"])
                assert Recusal.objects.filter(initiative=initiative, person=cast.ruth).exists()
                assert not ShortlistEntry.objects.filter(initiative=initiative, assignee=cast.ruth).exists()
    assert Recusal.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_a_table_gives_nobody_a_case_at_the_moment_they_stand_aside(cast: Cast, offer: SupportOffer) -> None:
    lead = MembershipFactory(organisation=cast.foundation, role="editor").user
    for is_given_first in (False, True):
        initiative = InitiativeFactory()
        table = brought(offer, lead, row(link=f"/initiativ/{initiative.public_id}/", who=str(cast.ruth)))
        deeds: list[Deeds] = [
            lambda one=initiative: recusing.recuse(offer=offer, initiative=one, actor=cast.ruth, now=NOW),  # type: ignore[misc]
            lambda table=table: taken(table, lead),  # type: ignore[misc]
        ]
        if is_given_first:
            deeds.reverse()
        assert one_after_the_other(*deeds) == ["done"]
        assert Recusal.objects.filter(initiative=initiative, person=cast.ruth).exists()
        entry = ShortlistEntry.objects.get(initiative=initiative)
        assert (entry.stage, entry.assignee) == ("shortlisted", None)


@pytest.mark.django_db(transaction=True)
def test_an_undo_and_a_colleagues_change_leave_one_of_them_whole(cast: Cast, offer: SupportOffer) -> None:
    """The colleague's case stays as the colleague put it, whoever is first; the others lie as they lay."""
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    later = NOW + timedelta(minutes=1)
    case: dict[str, Any] = {"offer": offer, "now": later, "actor": colleague}

    def moved(one: Initiative) -> object:
        return services.move(**case, initiative=one, to=Stage.IN_DIALOGUE)

    def undone(number: str) -> object:
        return undoing.undo_several(
            organisation=offer.organisation_id, number=number, actor=cast.ruth, now=later
        )

    def changed(actor: User, some: list[Initiative]) -> str:
        return change_several(
            offers=[offer],
            seen=[one for initiative in some for one in seen(offer, initiative)],
            change=Change(Deed.SHORTLIST),
            actor=actor,
            now=NOW,
        ).number

    for is_undone_first in (False, True):
        ShortlistEntry.objects.all().delete()
        some = InitiativeFactory.create_batch(3)
        number = changed(cast.ruth, some)
        deeds: list[Deeds] = [lambda one=some[1]: moved(one), lambda number=number: undone(number)]  # type: ignore[misc]
        if is_undone_first:
            deeds.reverse()
        assert one_after_the_other(*deeds) == ["done"]
        stages = dict(ShortlistEntry.objects.values_list("initiative", "stage"))
        assert stages == {some[0].pk: "suggested", some[1].pk: "in_dialogue", some[2].pk: "suggested"}
        [held] = ShortlistEntry.objects.filter(stage="in_dialogue")
        assert (held.changed_by, held.changed_at) == (colleague, later)
        # Where the colleague's change is undone in turn, it goes back to where they took it from.
        assert held.previous_stage == ("suggested" if is_undone_first else "shortlisted")
