"""The desk as people meet it: columns, a table, a form for each card."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import services
from matching.desk.board import MOST_IN_COLUMN
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from matching.engine.models import Match
from tests.cast import Cast
from tests.factories import InitiativeFactory, MembershipFactory, ProposalFactory
from tests.matching.desk.lists import cases_url
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def shown(client: Client, address: str) -> dict[str, list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return {
        column["stage"].value: [card.case.title for card in column["cards"]]
        for column in answer.context["columns"]
    }


def rows(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [card.case.title for card in answer.context["cards"]]


def test_every_case_lies_in_its_column(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched
) -> None:
    others = [InitiativeFactory(title=f"Nummer {number}") for number in range(3)]
    matched()
    now = timezone.now()
    pair = {"offer": offer, "actor": cast.ruth, "now": now}
    services.shortlist(**pair, initiative=others[0], note="Ring dem")  # type: ignore[arg-type]
    services.move(**pair, initiative=others[1], to=Stage.IN_DIALOGUE)  # type: ignore[arg-type]
    services.dismiss(**pair, initiative=others[2], reason="other")  # type: ignore[arg-type]
    services.take_care(  # type: ignore[arg-type]
        **pair, initiative=others[1], assignee=cast.ruth, due_on=timezone.localdate() - timedelta(days=1)
    )
    client.force_login(cast.ruth)
    desk = cases_url(offer, "vart-bord/")
    assert shown(client, desk) == {
        "suggested": ["Lagningsverkstaden"],
        "shortlisted": ["Nummer 0"],
        "in_dialogue": ["Nummer 1"],
        "supported": [],
        "declined": [],
    }
    page = client.get(desk).content.decode()
    assert "Försenat" in page
    assert "Ring dem" in page
    assert shown(client, f"{desk}?who=me")["in_dialogue"] == ["Nummer 1"]
    assert shown(client, f"{desk}?who=nobody")["in_dialogue"] == []
    assert shown(client, f"{desk}?due=late")["suggested"] == []
    table = f"{desk}?view=table"
    assert rows(client, f"{table}&sort=title") == ["Lagningsverkstaden", "Nummer 0", "Nummer 1"]
    assert rows(client, f"{table}&sort=due")[0] == "Nummer 1"
    assert rows(client, f"{table}&sort=stage") == ["Lagningsverkstaden", "Nummer 0", "Nummer 1"]
    assert rows(client, f"{table}&stage=shortlisted") == ["Nummer 0"]
    assert rows(client, f"{table}&due=late&who={cast.ruth.pk}") == ["Nummer 1"]


@pytest.mark.parametrize("rest", ["", "?view=table"])
def test_the_desk_costs_the_same_for_one_and_for_many(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched, rest: str
) -> None:
    def place(one: Initiative, to: Stage) -> None:
        services.move(offer=offer, initiative=one, actor=cast.ruth, to=to, now=timezone.now())

    place(InitiativeFactory(), Stage.SHORTLISTED)
    place(InitiativeFactory(), Stage.IN_DIALOGUE)
    place(InitiativeFactory(paused=False), Stage.IN_DIALOGUE)
    matched()
    Initiative.objects.filter(pk=ShortlistEntry.objects.latest("pk").initiative_id).update(state="paused")
    client.force_login(cast.ruth)
    address = cases_url(offer, f"vart-bord/{rest}")
    client.get(address)
    few = queries_for(client, address)
    for number in range(MOST_IN_COLUMN + 2):
        one = InitiativeFactory(title=f"Nummer {number}")
        if number % 3:
            place(one, Stage.IN_DIALOGUE if number % 2 else Stage.SHORTLISTED)
    proposals = [ProposalFactory(offer=offer, initiative=one) for one in (initiative, InitiativeFactory())]
    ProposalFactory(offer=offer, initiative=initiative, state="withdrawn", answered_at=timezone.now())
    matched()
    page = client.get(address).content.decode()
    assert queries_for(client, address) == few
    # What waits is marked, with the way to it.
    assert page.count("En främjare föreslår att ni träffas") == 2
    assert all(f"/traffar/forslag/{one.public_id}/" in page for one in proposals)


def test_a_long_column_shows_the_first_and_leads_to_the_rest(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    for number in range(MOST_IN_COLUMN + 2):
        InitiativeFactory(title=f"Nummer {number}")
    matched()
    client.force_login(cast.ruth)
    answer = client.get(cases_url(offer, "vart-bord/"))
    assert len(answer.context["columns"][0]["cards"]) == MOST_IN_COLUMN
    assert f"Visa alla {MOST_IN_COLUMN + 2}" in answer.content.decode()
    best = Match.objects.current().filter(offer=offer).order_by("-fit").values_list("fit", flat=True)
    fits = [card.how_well.fit for card in answer.context["columns"][0]["cards"]]
    assert fits == pytest.approx(list(best[:MOST_IN_COLUMN]))
    all_of_it = rows(client, cases_url(offer, "vart-bord/?view=table&stage=suggested"))
    assert len(all_of_it) == MOST_IN_COLUMN + 2


def test_a_card_is_moved_by_its_form_and_undone(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched
) -> None:
    matched()
    client.force_login(cast.ruth)
    desk, where = cases_url(offer, "vart-bord/"), cases_url(offer, f"{initiative.public_id}/flytta/")
    answer = client.post(where, {"to": "in_dialogue", "seen": "suggested", "next": desk})
    assert (answer.status_code, answer["Location"]) == (302, desk)
    page = client.get(desk).content.decode()
    assert "ligger under I dialog" in page
    assert "Ångra" in page
    undone = cases_url(offer, f"{initiative.public_id}/angra/")
    client.post(undone, {"step": "in_dialogue", "next": desk})
    assert ShortlistEntry.objects.get().stage == "suggested"
    asks = client.post(where, {"to": "dismissed", "next": desk})
    assert asks["Location"].startswith(cases_url(offer, f"{initiative.public_id}/lagg-undan/?next="))
    scripted = client.post(where, {"to": "declined", "next": desk}, headers={"HX-Request": "true"})
    assert (scripted.status_code, scripted.content) == (200, b"")
    assert scripted["HX-Redirect"].startswith(cases_url(offer, f"{initiative.public_id}/avboj/"))
    client.post(where, {"to": "nonsense", "next": desk})
    assert "Välj vart det ska flyttas." in client.get(desk).content.decode()
    assert ShortlistEntry.objects.get().stage == "suggested"


def test_who_is_second_is_told_who_was_first(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    client.force_login(colleague)
    desk, where = cases_url(offer, "vart-bord/"), cases_url(offer, f"{initiative.public_id}/flytta/")
    client.post(where, {"to": "in_dialogue", "seen": "suggested", "next": desk})
    assert "Ruth Malmsten har redan lagt" in client.get(desk).content.decode()
    assert ShortlistEntry.objects.get().stage == "shortlisted"
    ShortlistEntry.objects.update(stage="declined", reason="other")
    client.post(where, {"to": "in_dialogue", "seen": "declined", "next": desk})
    assert "kan inte flyttas dit" in client.get(desk).content.decode()


def test_who_takes_care_is_chosen_on_a_page(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    client.force_login(cast.ruth)
    where = cases_url(offer, f"{initiative.public_id}/ansvar/")
    wrong = client.post(where, {"assignee": cast.amina.pk, "due_on": "i morgon eller så"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"assignee", "due_on"}
    answer = client.post(where, {"assignee": cast.ruth.pk, "due_on": "1 mars 2027"})
    assert answer["Location"] == cases_url(offer, "vart-bord/")
    entry = ShortlistEntry.objects.get()
    assert (entry.assignee, str(entry.due_on)) == (cast.ruth, "2027-03-01")
    assert "Ruth Malmsten" in client.get(cases_url(offer, "vart-bord/")).content.decode()


def test_readers_see_the_desk_and_move_nothing(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    client.force_login(MembershipFactory(organisation=cast.foundation, role="reader").user)
    page = client.get(cases_url(offer, "vart-bord/")).content.decode()
    assert "Lagningsverkstaden" in page
    assert "board__move" not in page


def test_a_case_with_a_note_or_somebody_who_has_it_stays_when_it_fits_no_more(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched
) -> None:
    noted, left, paused = (InitiativeFactory(title=title) for title in ("Med anteckning", "Utan", "Pausat"))
    matched()
    now = timezone.now()
    for one in (noted, left):
        entry = services.shortlist(offer=offer, initiative=one, actor=cast.ruth, now=now)
        services.put_back(offer=offer, initiative=one, actor=cast.ruth, now=now)
    services.change_note(
        entry=ShortlistEntry.objects.get(initiative=noted), actor=cast.ruth, note="Ring i maj", now=now
    )
    assert entry.initiative == left
    care = {"offer": offer, "actor": cast.ruth, "assignee": cast.ruth, "now": now}
    services.take_care(**care, initiative=initiative, due_on=None)  # type: ignore[arg-type]
    services.take_care(**care, initiative=paused, due_on=None)  # type: ignore[arg-type]
    Initiative.objects.filter(pk__in=[noted.pk, left.pk]).update(
        area_codes=["SE-2580"], changed_at=timezone.now(), revision=7
    )
    Initiative.objects.filter(pk=paused.pk).update(state="paused", revision=7)
    matched()
    client.force_login(cast.ruth)
    desk = cases_url(offer, "vart-bord/")
    assert shown(client, desk)["suggested"] == ["Lagningsverkstaden", "Med anteckning", "Pausat"]
    cards = client.get(desk).context["columns"][0]["cards"]
    assert [str(card.gone_because) for card in cards] == [
        "",
        "initiativet har ändrats, och det är inte längre en träff",
        "initiativet är inte längre publicerat",
    ]
    page = client.get(desk).content.decode()
    assert "Inte föreslaget nu: initiativet har ändrats" in page
    assert "Ring i maj" in page
    # The same is told on the desk, until somebody says ok; then one is back at the desk.
    assert "Borta sedan du sist tittade" in page
    until = re.findall(r'name="until" value="([^"]*)"', page)[0]
    answer = client.post(cases_url(offer, "last-vad-som-forsvann/"), {"until": until, "next": desk})
    assert (answer.status_code, answer["Location"]) == (302, desk)
    page = client.get(desk).content.decode()
    assert "Borta sedan" not in page
    assert "Inte föreslaget nu: det är inte bland träffarna" in page
    # Whoever is done with it takes the note away, and it is gone.
    services.change_note(
        entry=ShortlistEntry.objects.get(initiative=noted), actor=cast.ruth, note="", now=timezone.now()
    )
    assert shown(client, desk)["suggested"] == ["Lagningsverkstaden", "Pausat"]


@pytest.mark.parametrize("view", ["", "?view=table&"])
def test_what_nobody_has_opened_is_new_on_the_desk_and_can_be_shown_alone(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched, view: str
) -> None:
    InitiativeFactory(title="Ny verkstad")
    matched()
    client.force_login(cast.ruth)
    client.post(cases_url(offer, f"{initiative.public_id}/oppnad/"))
    desk = cases_url(offer, f"vart-bord/{view}")

    def new_cards(address: str) -> dict[str, bool]:
        context = client.get(address).context
        cards = context["cards"] if view else [one for row in context["columns"] for one in row["cards"]]
        return {card.case.title: card.is_new for card in cards}

    assert new_cards(desk) == {"Lagningsverkstaden": False, "Ny verkstad": True}
    page = client.get(desk).content.decode()
    assert len(re.findall(r">\s*Nytt\s*</span>", page)) == 1
    assert "1 förslag är nytt: ingen av er har öppnat det." in page
    assert new_cards(f"{desk}{'' if view else '?'}new=yes") == {"Ny verkstad": True}
    few = queries_for(client, desk)
    InitiativeFactory.create_batch(2)
    matched()
    client.get(desk)
    assert queries_for(client, desk) == few
    client.post(
        cases_url(offer, f"{Initiative.objects.get(title='Ny verkstad').public_id}/flytta/"),
        {"to": "shortlisted"},
    )
    assert new_cards(desk)["Ny verkstad"] is False
