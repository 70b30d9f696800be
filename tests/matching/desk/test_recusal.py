"""Who stands aside from a case meets it nowhere; colleagues see that they do, and may let them back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.users.enums import TokenScope
from brygga.users.models import User
from brygga.users.services import create_token
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.answers.why_not import initiatives_asked_for
from matching.desk import recusing, services
from matching.desk.enums import Stage
from matching.desk.models import Recusal
from matching.engine.selectors import matches_for_offer, own_matches
from matching.following.gathering import new_cases
from matching.meeting import services as meeting
from matching.meeting.models import Introduction
from matching.meeting.selectors import Contact, contact_details
from tests.cast import Cast
from tests.factories import InitiativeFactory, MembershipFactory, UserFactory
from tests.matching.desk.lists import cases_url

pytestmark = pytest.mark.django_db
CONTACT = Contact(name="Ruth", email="ruth@exempel.example")


@dataclass(frozen=True)
class Aside:
    """A case that Ruth stood aside from after she had asked for an introduction, and a colleague who did not."""

    offer: SupportOffer
    initiative: Initiative
    introduction: Introduction
    ruth: User
    colleague: User

    def url(self, rest: str = "") -> str:
        return cases_url(self.offer, f"{self.initiative.public_id}/{rest}")


@pytest.fixture
def aside(cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Callable[[], None]) -> Aside:
    InitiativeFactory(title="En annan")
    matched()
    now = timezone.now()
    colleague = UserFactory(name="Kim Kollega")
    MembershipFactory(organisation=cast.foundation, user=colleague, role="editor")
    services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=now)
    introduction = meeting.ask_for_introduction(
        offer=offer, initiative=initiative, actor=cast.ruth, message="Hej", contact=CONTACT, now=now
    )
    recusing.recuse(
        offer=offer, initiative=initiative, actor=cast.ruth, now=now, reason="Min bror, 070-174 06 11"
    )
    return Aside(offer, initiative, introduction, cast.ruth, colleague)


LISTS = ("", "vart-bord/", "vart-bord/?view=table", "var-lista/", "varfor-inte/?q=Lagningsverkstaden")
PAGES = (
    "",
    "lagg-till/",
    "lagg-undan/",
    "anteckning/",
    "fraga/",
    "ansvar/",
    "avboj/",
    "ge-stod/",
    "kliv-at-sidan/",
)
DEEDS = ("oppnad/", "flytta/", "lagg-tillbaka/", "angra/", "ta-tillbaka-beslutet/", "ansvar/", "avboj/")


def test_no_list_shows_the_case_to_who_stands_aside(client: Client, aside: Aside) -> None:
    for rest in LISTS:
        client.force_login(aside.colleague)
        assert "Lagningsverkstaden</" in client.get(cases_url(aside.offer, rest)).content.decode(), rest
        client.force_login(aside.ruth)
        page = client.get(cases_url(aside.offer, rest)).content.decode()
        assert "Lagningsverkstaden</" not in page, rest
        assert aside.initiative.public_id not in page, rest


def test_no_page_of_the_case_opens_and_nothing_is_done_with_it(client: Client, aside: Aside) -> None:
    client.force_login(aside.colleague)
    assert {rest: client.get(aside.url(rest)).status_code in (200, 302) for rest in PAGES} == dict.fromkeys(
        PAGES, True
    )
    client.force_login(aside.ruth)
    assert {rest: client.get(aside.url(rest)).status_code for rest in PAGES} == dict.fromkeys(PAGES, 404)
    assert {rest: client.post(aside.url(rest)).status_code for rest in DEEDS} == dict.fromkeys(DEEDS, 404)
    pair = {"offer": aside.offer, "initiative": aside.initiative, "actor": aside.ruth, "now": timezone.now()}
    refused: list[Callable[[], object]] = [
        lambda: services.move(**pair, to=Stage.IN_DIALOGUE),  # type: ignore[arg-type]
        lambda: services.put_back(**pair),  # type: ignore[arg-type]
        lambda: services.undo(**pair, step=Stage.SHORTLISTED),  # type: ignore[arg-type]
        lambda: services.take_care(**pair, assignee=None, due_on=None),  # type: ignore[arg-type]
        lambda: meeting.ask_for_introduction(**pair, message="Hej", contact=CONTACT),  # type: ignore[arg-type]
    ]
    for attempt in refused:
        with pytest.raises(PermissionDenied):
            attempt()


def test_the_introduction_is_gone_for_them(client: Client, aside: Aside) -> None:
    page = f"/traffar/kontakter/{aside.introduction.public_id}/"
    client.force_login(aside.colleague)
    assert client.get(page).status_code == 200
    assert "Lagningsverkstaden" in client.get("/traffar/kontakter/?asked=by_us").content.decode()
    client.force_login(aside.ruth)
    for rest in ("", "ta-tillbaka/"):
        assert client.get(page + rest).status_code == 404
    assert "Lagningsverkstaden" not in client.get("/traffar/kontakter/?asked=by_us").content.decode()


def test_they_are_told_nothing_and_see_no_contact_details(cast: Cast, aside: Aside) -> None:
    now = timezone.now()
    meeting.accept(introduction=aside.introduction, actor=cast.amina, contact=CONTACT, now=now)
    assert contact_details(aside.introduction, aside.colleague) is not None
    assert contact_details(aside.introduction, aside.ruth) is None
    told = set(Notice.objects.filter(kind="introduction_accepted").values_list("user", flat=True))
    assert told == {aside.colleague.pk}


def test_no_number_no_mail_and_no_answer_to_a_program_holds_it(client: Client, aside: Aside) -> None:
    now = timezone.now()
    for person, expected in ((aside.colleague, 2), (aside.ruth, 1)):
        assert matches_for_offer(aside.offer, person, now).count() == expected
        assert own_matches(person, now).count() == expected
        _token, secret = create_token(
            user=person, name="Kalkylark", scopes=list(TokenScope), days=30, now=now
        )
        answer = client.get(
            f"/api/v1/offers/{aside.offer.public_id}/matches/", headers={"Authorization": f"Bearer {secret}"}
        )
        assert (answer.status_code, answer.json()["count"]) == (200, expected)
        rows, _is_guess = initiatives_asked_for(aside.offer, person, "Lagningsverkstaden", now)
        assert len(rows) == expected - 1
    tips = {person: new_cases(person, now) for person in (aside.colleague, aside.ruth)}
    assert {person: one.number if one else 0 for person, one in tips.items()} == {
        aside.colleague: 2,
        aside.ruth: 1,
    }


def test_the_initiatives_own_page_leads_to_no_comparison(client: Client, aside: Aside) -> None:
    public = f"/initiativ/{aside.initiative.public_id}/"
    for person, leads in ((aside.colleague, True), (aside.ruth, False)):
        client.force_login(person)
        page = client.get(public, follow=True).content.decode()
        assert (aside.url() in page) == leads


def test_colleagues_see_it_and_one_of_them_lets_them_back(client: Client, aside: Aside) -> None:
    recusal = Recusal.objects.get()
    assert recusal.reason == "Min bror, [telefon]"
    client.force_login(aside.colleague)
    for where in (aside.url(), cases_url(aside.offer, "vart-bord/")):
        assert "Ruth Malmsten har klivit åt sidan" in client.get(where).content.decode()
    back = aside.url(f"slapp-in/{recusal.pk}/")
    client.force_login(aside.ruth)
    assert client.post(back).status_code == 404
    with pytest.raises(PermissionDenied):
        recusing.lift(recusal=recusal, actor=aside.ruth, now=timezone.now())
    client.force_login(MembershipFactory(organisation=aside.offer.organisation, role="reader").user)
    assert client.post(back).status_code == 403
    client.force_login(aside.colleague)
    assert client.post(back).status_code == 302
    assert not Recusal.objects.exists()
    client.force_login(aside.ruth)
    assert client.get(aside.url()).status_code == 200
    said = AuditEvent.objects.filter(verb__startswith="desk_recus").values_list("verb", "details")
    assert [verb for verb, _details in said.order_by("pk")] == ["desk_recuse", "desk_recusal_lifted"]
    assert "bror" not in str(list(said))


def test_anybody_who_sees_the_case_may_stand_aside(client: Client, cast: Cast, aside: Aside) -> None:
    reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    client.force_login(reader)
    assert client.get(aside.url("kliv-at-sidan/")).status_code == 200
    client.post(aside.url("kliv-at-sidan/"), {"reason": ""})
    assert client.get(aside.url()).status_code == 404
    with pytest.raises(PermissionDenied):
        recusing.recuse(offer=aside.offer, initiative=aside.initiative, actor=cast.sara, now=timezone.now())
