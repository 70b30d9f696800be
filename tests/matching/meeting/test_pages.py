"""Introductions as both sides meet them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.services import shortlist
from matching.meeting.models import Introduction
from matching.meeting.selectors import Contact
from matching.meeting.services import ask_for_introduction
from tests.cast import Cast
from tests.factories import MembershipFactory, OrganisationFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db

QUESTION = {
    "message": "Vi har läst om verkstaden och vill höra mer.",
    "name": "Ruth på stiftelsen",
    "email": "ruth.bidrag@exempel.example",
    "phone": "",
}
ANSWER = {"name": "Amina", "email": "", "phone": "070-174 06 12"}


@pytest.fixture
def asked(cast: Cast, offer: SupportOffer, initiative: Initiative) -> Introduction:
    now = timezone.now()
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=now)
    return ask_for_introduction(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        message="Vi har läst om verkstaden.",
        contact=Contact("Ruth", "ruth.bidrag@exempel.example"),
        now=now,
    )


def page_of(asked: Introduction, rest: str = "") -> str:
    return f"/traffar/kontakter/{asked.public_id}/{rest}"


def ask_url(offer: SupportOffer, initiative: Initiative) -> str:
    return f"/traffar/stod/{offer.public_id}/{initiative.public_id}/fraga/"


def test_from_the_shortlist_to_each_others_details(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    client.force_login(cast.ruth)
    form = client.get(ask_url(offer, initiative))
    assert form.context["form"]["email"].value() == "ruth.bidrag@exempel.example"
    assert "verkstan@exempel.example" not in form.content.decode()
    sent = client.post(ask_url(offer, initiative), QUESTION)
    [asked] = Introduction.objects.all()
    assert (sent.status_code, sent["Location"]) == (302, page_of(asked))
    assert "Initiativet har fått er förfrågan." in client.get(page_of(asked)).content.decode()

    client.force_login(cast.amina)
    waiting = "Någon vill komma i kontakt med er"
    assert waiting in client.get(f"/initiativ/{initiative.public_id}/").content.decode()
    assert "1 förfrågan väntar på ert svar" in client.get("/min-sida/").content.decode()
    question = client.get(page_of(asked)).content.decode()
    assert "Vi har läst om verkstaden" in question
    assert "ruth.bidrag@exempel.example" not in question
    accept = client.get(page_of(asked, "ja/"))
    assert accept.context["form"]["email"].value() == "verkstan@exempel.example"
    assert client.post(page_of(asked, "ja/"), ANSWER)["Location"] == page_of(asked)
    for person in (cast.amina, cast.rolf, cast.ruth):
        client.force_login(person)
        seen = client.get(page_of(asked)).content.decode()
        assert "070-174 06 12" in seen
        assert "ruth.bidrag@exempel.example" in seen
        assert "verkstan@exempel.example" not in seen  # she chose the phone number
    client.force_login(cast.amina)
    assert waiting not in client.get(f"/initiativ/{initiative.public_id}/").content.decode()


def test_sending_twice_asks_once(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    client.force_login(cast.ruth)
    first = client.post(ask_url(offer, initiative), QUESTION)
    second = client.post(ask_url(offer, initiative), QUESTION)
    assert first["Location"] == second["Location"]
    assert Introduction.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"message": ""}, "message"),
        ({"message": "x" * 1501}, "message"),
        ({"email": ""}, "email"),
        ({"email": "inte en adress"}, "email"),
        ({"email": "", "phone": "ring mig"}, "phone"),
    ],
)
def test_bad_questions_come_back_with_what_was_typed(
    client: Client,
    cast: Cast,
    offer: SupportOffer,
    initiative: Initiative,
    change: dict[str, str],
    field: str,
) -> None:
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    client.force_login(cast.ruth)
    answer = client.post(ask_url(offer, initiative), {**QUESTION, **change})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Ruth på stiftelsen" in answer.content.decode()
    assert not Introduction.objects.exists()


def test_who_cannot_ask_is_told_why(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    client.force_login(cast.ruth)
    unlisted = client.get(ask_url(offer, initiative)).content.decode()
    assert "Lägg först initiativet på er lista." in unlisted
    assert client.post(ask_url(offer, initiative), QUESTION).status_code == 409
    own = OrganisationFactory(name="Ny givare", owner=cast.ruth)
    unverified = SupportOfferFactory(organisation=own)
    shortlist(offer=unverified, initiative=initiative, actor=cast.ruth, now=timezone.now())
    said = client.get(ask_url(unverified, initiative)).content.decode()
    assert "Bara kontrollerade organisationer får be om kontakt" in said
    assert client.post(ask_url(unverified, initiative), QUESTION).status_code == 409
    assert not Introduction.objects.exists()


def test_saying_no_and_taking_back(
    client: Client, cast: Cast, asked: Introduction, offer: SupportOffer, initiative: Initiative
) -> None:
    client.force_login(cast.amina)
    assert client.get(page_of(asked, "nej/")).status_code == 200
    client.post(page_of(asked, "nej/"), {"answer": "Inte just nu."})
    client.force_login(cast.ruth)
    page = client.get(page_of(asked)).content.decode()
    assert "De sa nej den här gången." in page
    assert "Inte just nu." in page
    assert "Ett nej gäller i minst två månader." in client.get(ask_url(offer, initiative)).content.decode()
    late = client.post(page_of(asked, "ta-tillbaka/"))
    assert "Den är redan besvarad eller tillbakatagen" in client.get(late["Location"]).content.decode()


def test_a_question_can_be_taken_back_once(client: Client, cast: Cast, asked: Introduction) -> None:
    client.force_login(cast.ruth)
    assert client.get(page_of(asked, "ta-tillbaka/")).status_code == 200
    for _click in range(2):
        assert client.post(page_of(asked, "ta-tillbaka/"))["Location"] == page_of(asked)
    client.force_login(cast.amina)
    late = client.post(page_of(asked, "ja/"), ANSWER)
    page = client.get(late["Location"]).content.decode()
    assert "Givaren tog tillbaka sin förfrågan." in page
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


@pytest.mark.parametrize(
    ("who", "page", "yes", "back"),
    [
        ("amina", 200, 200, 403),
        ("rolf", 200, 403, 403),
        ("ruth", 200, 403, 200),
        ("sara", 404, 404, 404),
        ("ingrid", 404, 404, 404),
    ],
)
def test_who_may_open_what(
    client: Client, cast: Cast, asked: Introduction, who: str, page: int, yes: int, back: int
) -> None:
    for rest in ("", "ja/", "nej/", "ta-tillbaka/"):
        assert client.get(page_of(asked, rest)).status_code == 302
    client.force_login(getattr(cast, who))
    assert client.get(page_of(asked)).status_code == page
    assert client.get(page_of(asked, "ja/")).status_code == yes
    assert client.get(page_of(asked, "nej/")).status_code == yes
    assert client.get(page_of(asked, "ta-tillbaka/")).status_code == back


def test_the_givers_reader_reads_and_does_not_act(client: Client, cast: Cast, asked: Introduction) -> None:
    client.force_login(MembershipFactory(organisation=cast.foundation, role="reader").user)
    page = client.get(page_of(asked)).content.decode()
    assert "Ta tillbaka förfrågan" not in page
    assert client.post(page_of(asked, "ta-tillbaka/")).status_code == 403


def test_both_lists_say_what_happens_now(client: Client, cast: Cast, asked: Introduction) -> None:
    client.force_login(cast.amina)
    mine = client.get("/traffar/kontakter/").content.decode()
    assert "De väntar på ert svar." in mine
    assert "Stiftelsen Västanvind frågar om" in mine
    client.force_login(cast.ruth)
    # A giver without initiatives sees their own questions first.
    assert "Initiativet har fått er förfrågan." in client.get("/traffar/kontakter/").content.decode()
    client.force_login(cast.sara)
    empty = client.get("/traffar/kontakter/?asked=nonsense&page=abc")
    assert empty.status_code == 200
    assert "Ingen har frågat än" in empty.content.decode()
