"""Once a year: is it still right? Asked once, answered by a button, said on the page until then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from innovators.looking_over import HOLDS, ask_all_due, ask_if_true, say_still_true
from innovators.models import Initiative
from innovators.services import change_initiative
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
LATER = NOW + HOLDS + timedelta(days=1)


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    made = InitiativeFactory(organisation=cast.association, title="Lagningsverkstaden")
    Initiative.objects.update(published_at=NOW, changed_at=NOW, created_at=NOW)
    return Initiative.objects.get(pk=made.pk)


def told() -> list[str]:
    return sorted(Notice.objects.filter(kind="still_true").values_list("user__email", flat=True))


def test_its_people_are_asked_once_a_year(cast: Cast, initiative: Initiative) -> None:
    assert ask_all_due(now=NOW + HOLDS - timedelta(days=1)) == 0
    assert ask_all_due(now=LATER) == 1
    assert ask_all_due(now=LATER) == 0
    assert not ask_if_true(number=initiative.pk, now=LATER)
    # Those who may write, and nobody else.
    assert told() == ["amina@exempel.example", "erik@exempel.example"]
    assert ask_all_due(now=LATER + timedelta(days=300)) == 0
    assert ask_all_due(now=LATER + HOLDS) == 1
    assert len(told()) == 4


def test_a_change_or_a_yes_is_an_answer(cast: Cast, initiative: Initiative) -> None:
    change_initiative(
        initiative=initiative, changes={"title": "Ny"}, actor=cast.amina, now=NOW + timedelta(days=200)
    )
    assert ask_all_due(now=LATER) == 0
    Initiative.objects.update(changed_at=NOW)
    say_still_true(initiative=initiative, actor=cast.erik, now=NOW + timedelta(days=300))
    assert ask_all_due(now=LATER) == 0
    assert AuditEvent.objects.filter(verb="initiative.looked_over").count() == 1
    assert ask_all_due(now=NOW + timedelta(days=300) + HOLDS) == 1


@pytest.mark.parametrize("state", ["draft", "paused", "closed"])
def test_what_others_do_not_see_and_what_nobody_is_behind_is_not_asked_about(cast: Cast, state: str) -> None:
    InitiativeFactory(organisation=cast.association, **{state: True})
    InitiativeFactory(organisation=OrganisationFactory(source="register"))
    Initiative.objects.update(changed_at=NOW)
    Initiative.objects.filter(published_at__isnull=False).update(published_at=NOW)
    assert ask_all_due(now=LATER) == 0


def test_pages_ask_until_somebody_answers(client: Client, cast: Cast, initiative: Initiative) -> None:
    page, tasks = f"/initiativ/{initiative.public_id}/", f"/initiativ/{initiative.public_id}/svar/"
    client.force_login(cast.erik)
    assert "Stämmer det fortfarande?" not in client.get("/min-sida/").content.decode()
    assert "Senast genomläst" not in client.get(page).content.decode()
    ask_all_due(now=LATER)
    for where in ("/min-sida/", tasks):
        assert "Stämmer det fortfarande?" in client.get(where).content.decode()
    assert "Senast genomläst" in client.get(page).content.decode()
    answer = client.post(f"/initiativ/{initiative.public_id}/stammer-fortfarande/", follow=True)
    assert "Tack. Vi frågar igen om ett år." in answer.content.decode()
    # It is 2026 in the rows and later on the clock of who answers.
    Initiative.objects.update(looked_over_at=LATER + timedelta(days=1))
    for where in ("/min-sida/", tasks):
        assert "Stämmer det fortfarande?" not in client.get(where).content.decode()
    assert "Senast genomläst" not in client.get(page).content.decode()
