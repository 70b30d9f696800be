"""Two windows or two people with the same answer: both are seen, one is chosen, nothing is overwritten."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from brygga.audit.models import AuditEvent
from innovators.models import Initiative
from tests.cast import Cast
from tests.factories import InitiativeFactory, OrganisationFactory, UserFactory
from tests.innovators.conftest import marks, signed_in


def page_of(initiative: Initiative, slug: str = "change") -> str:
    return reverse("innovators:question", args=[initiative.public_id, slug])


def shown_marks(answer: Any) -> dict[str, str]:
    """Return the marks of the form that a page shows, posted or not."""
    return {name: str(answer.context["form"][name].value()) for name in ("revision", "seen")}


def test_the_second_sees_both_and_may_keep_the_stored(cast: Cast, draft: Initiative) -> None:
    here, there = signed_in(cast.amina), signed_in(cast.amina)
    seen = marks(draft, "change", here)
    there.post(page_of(draft), {**marks(draft, "change", there), "change": "Det andra fönstret"})
    conflict = here.post(page_of(draft), {**seen, "change": "Det första fönstret"})
    page = conflict.content.decode()
    assert conflict.status_code == 409
    assert "Det andra fönstret" in page
    assert "Det första fönstret" in page
    assert "data-autosave" not in page, "nothing is saved by itself while a choice waits"
    # Whoever goes away without choosing finds their text, and is asked again.
    again = here.get(page_of(draft))
    assert again.context["form"]["change"].value() == "Det första fönstret"
    assert "Ta det sparade svaret i stället" in again.content.decode()
    marked = shown_marks(again)
    assert here.post(page_of(draft), {**marked, "change": "Det första fönstret"}).status_code == 409
    # Choosing the stored one gives up what was typed, and changes nothing.
    chosen = here.post(page_of(draft), {"keep_stored": "1", **seen, "change": "Det första fönstret"})
    assert chosen.url == page_of(draft)
    assert here.get(page_of(draft)).context["form"]["change"].value() == "Det andra fönstret"
    draft.refresh_from_db()
    assert (draft.change, draft.revision) == ("Det andra fönstret", 2)


def test_the_second_may_put_its_own_in_place_but_not_over_a_third(cast: Cast, draft: Initiative) -> None:
    here, there = signed_in(cast.amina), signed_in(cast.erik)
    seen = marks(draft, "change", here)
    there.post(page_of(draft), {**marks(draft, "change", there), "change": "Eriks"})
    conflict = here.post(page_of(draft), {**seen, "change": "Aminas"})
    choice = shown_marks(conflict)
    there.post(page_of(draft), {**marks(draft, "change", there), "change": "Eriks andra"})
    second = here.post(page_of(draft), {**choice, "change": "Aminas"})
    assert second.status_code == 409
    assert "Eriks andra" in second.content.decode()
    assert here.post(page_of(draft), {**shown_marks(second), "change": "Aminas"}).status_code == 302
    draft.refresh_from_db()
    assert draft.change == "Aminas"


def test_the_same_answer_from_both_is_no_conflict_and_is_stored_once(cast: Cast, draft: Initiative) -> None:
    here, there = signed_in(cast.amina), signed_in(cast.erik)
    seen = marks(draft, "change", here)
    for client in (there, here, here):
        assert client.post(page_of(draft), {**seen, "change": "Samma"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.change, draft.revision) == ("Samma", 2)
    assert AuditEvent.objects.filter(verb="initiative.changed").count() == 1


def test_a_row_taken_away_is_a_change(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    rows = {"row0_kind": "grant", "row1_kind": "mentoring", "row_count": "2"}
    client.post(page_of(draft, "needs"), {**marks(draft, "needs", client), **rows})
    assert draft.needs.count() == 2
    fewer = {**marks(draft, "needs", client), "row0_kind": "grant", "row_count": "1"}
    client.post(page_of(draft, "needs"), fewer)
    assert list(draft.needs.values_list("kind", flat=True)) == ["grant"]


def test_an_answer_that_is_emptied_is_a_change(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    client.post(
        page_of(draft, "declined"), {**marks(draft, "declined", client), "forms_not_accepted": "none"}
    )
    draft.refresh_from_db()
    assert draft.forms_not_accepted == []
    client.post(page_of(draft, "declined"), marks(draft, "declined", client))
    draft.refresh_from_db()
    assert (draft.forms_not_accepted, draft.answered) == (None, [])


@pytest.mark.parametrize("how", ["button", "by itself"])
def test_of_two_connections_that_save_at_once_one_is_asked(transactional_db: None, how: str) -> None:
    amina, erik = UserFactory(), UserFactory()
    initiative = InitiativeFactory(
        organisation=OrganisationFactory(owner=amina, editor=erik), empty=True, answered=[]
    )
    clients = [signed_in(amina), signed_in(erik)]
    texts = ["Aminas svar", "Eriks svar"]
    typed = [{**marks(initiative, "change", client)} for client in clients]
    gate = threading.Barrier(2)
    ends: list[int] = [0, 0]

    def run(place: int, client: Client) -> None:
        try:
            gate.wait(timeout=20)
            data = {**typed[place], "change": texts[place]}
            by_itself = {} if how == "button" else {"autosave": "1"}
            ends[place] = client.post(page_of(initiative), data | by_itself).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, client)) for place, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    stored = 302 if how == "button" else 200
    assert sorted(ends) == sorted([stored, 409])
    initiative.refresh_from_db()
    assert (initiative.change, initiative.revision) == (texts[ends.index(stored)], 2)
    # The other's text is not lost: it stands in their form.
    loser = ends.index(409)
    assert clients[loser].get(page_of(initiative)).context["form"]["change"].value() == texts[loser]
