"""An adopter and an initiative ask each other: contact details change hands when both have said yes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from brygga.notifications.models import Notice
from brygga.organisations import services as organisations
from brygga.organisations.leaving import NewContact
from brygga.users.models import User
from innovators.models import Adopter, Initiative, SpreadRecord
from matching.adopting import services
from matching.adopting.enums import AdoptionSide
from matching.adopting.models import AdoptionContact, AdoptionQuestion
from matching.adopting.questions import contact_details
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.selectors import Contact
from tests.factories import (
    NOW,
    AdopterFactory,
    AdoptionQuestionFactory,
    InitiativeFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
OURS, THEIRS = "simon@hjo.example", "amina@verkstan.example"
WRITTEN = {"message": "Får vi komma och se? Ring 070-174 06 05.", "name": "Simon", "email": OURS, "phone": ""}
YES = {"name": "Amina", "email": THEIRS, "phone": ""}
BY_ADOPTER, BY_INITIATIVE = AdoptionSide.ADOPTER, AdoptionSide.INITIATIVE


@pytest.fixture
def officer(db: None) -> User:
    return UserFactory(email="officer@hjo.example")


@pytest.fixture
def seeker(db: None) -> User:
    return UserFactory(email="seeker@verkstan.example")


@pytest.fixture
def adopter(officer: User) -> Adopter:
    return AdopterFactory(
        organisation=OrganisationFactory(name="Hjo kommun", kind="municipality", verified=True, owner=officer)
    )


@pytest.fixture
def initiative(seeker: User) -> Initiative:
    return InitiativeFactory(
        title="Lagningsverkstaden",
        core="Ingen anmälan",
        organisation=OrganisationFactory(name="Verkstan", owner=seeker),
    )


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(name: str, thing: Any) -> str:
    return reverse(f"matching:{name}", args=[thing.public_id])


def words_of(answer: Any) -> str:
    return str(answer.content.decode())


def ask(
    adopter: Adopter, initiative: Initiative, actor: User, side: AdoptionSide = BY_ADOPTER
) -> AdoptionQuestion:
    return services.ask(
        adopter=adopter,
        initiative=initiative,
        side=side,
        actor=actor,
        message="Får vi komma?",
        contact=Contact("", OURS if side == BY_ADOPTER else THEIRS),
        now=NOW,
    )


def test_an_adopter_asks_they_say_yes_and_it_is_written_among_those_who_do_it_too(
    adopter: Adopter, initiative: Initiative, officer: User, seeker: User
) -> None:
    mine, theirs = browser(officer), browser(seeker)
    page = words_of(mine.get(reverse("innovators:detail", args=[initiative.public_id])))
    assert at("take-up", initiative) in page
    form = words_of(mine.get(at("take-up", initiative)))
    assert "Lagningsverkstaden" in form
    assert adopter.title in form
    assert mine.post(at("take-up", initiative), WRITTEN | {"email": ""}).status_code == 422
    mine.post(at("take-up", initiative), WRITTEN)
    question = AdoptionQuestion.objects.get()
    # Their people are told, and read the words without contact details.
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.kind) == (seeker, "adoption_asked")
    assert (
        at("adoptions", question).split("?")[0]
        if False
        else reverse("matching:adoptions") in words_of(theirs.get(reverse("pages:home")))
    )
    shown = words_of(theirs.get(at("adoption", question)))
    assert "Hjo kommun vill ta upp det ni gör" in shown
    assert "070-174" not in shown
    assert OURS not in shown
    assert theirs.post(at("accept-adoption", question), YES).status_code == 302
    for client in (mine, theirs):
        shown = words_of(client.get(at("adoption", question)))
        assert OURS in shown
        assert THEIRS in shown
    assert set(Notice.objects.values_list("user", "kind")) == {
        (seeker.pk, "adoption_asked"),
        (officer.pk, "adoption_accepted"),
    }
    # One button, pressed twice, writes one line; only the initiative's people have it.
    assert at("adoption-begun", question) not in words_of(mine.get(at("adoption", question)))
    assert mine.post(at("adoption-begun", question)).status_code == 403
    for _ in range(2):
        answer = theirs.post(at("adoption-begun", question))
    made = SpreadRecord.objects.get()
    assert answer["Location"] == reverse("innovators:spread-change", args=[initiative.public_id, made.pk])
    assert (made.adopter, made.adopter_kind, made.area_code) == ("Hjo kommun", "municipality", "SE-1497")
    assert "Det har tagits upp." in words_of(mine.get(at("adoption", question)))


def test_an_initiative_offers_to_show_how_and_a_no_shows_nothing(
    adopter: Adopter, initiative: Initiative, officer: User, seeker: User
) -> None:
    mine, theirs = browser(seeker), browser(officer)
    assert at("show-how", adopter) in words_of(mine.get(reverse("adopters:detail", args=[adopter.public_id])))
    other = InitiativeFactory(organisation=initiative.organisation, title="Odlingen")
    form = words_of(mine.get(f"{at('show-how', adopter)}?for={initiative.public_id}"))
    assert f'value="{initiative.public_id}" id="id_profile_0" checked' in form
    assert other.title in form
    assert mine.post(at("show-how", adopter), WRITTEN).status_code == 422
    chosen = {"profile": initiative.public_id}
    mine.post(at("show-how", adopter), WRITTEN | chosen)
    question = AdoptionQuestion.objects.get()
    assert (question.initiative, question.asked_side) == (initiative, "initiative")
    assert "kan visa er hur" in words_of(theirs.get(at("adoption", question)))
    # Asked from the other side meanwhile: the question there is.
    assert theirs.get(at("take-up", initiative))["Location"] == at("adoption", question)
    assert "Verkstan" in words_of(theirs.get(at("decline-adoption", question)))
    theirs.post(at("decline-adoption", question), {"answer": "Inte i år. Ring 070-174 06 05.", "block": "on"})
    shown = words_of(mine.get(at("adoption", question)))
    assert "Inte i år." in shown
    assert "070-174" not in shown
    assert not AdoptionContact.objects.exists()
    assert ContactBlock.objects.get().against == initiative.organisation
    assert mine.post(at("show-how", adopter), WRITTEN | chosen).status_code == 409
    assert theirs.post(at("accept-adoption", question), YES).status_code == 302
    question.refresh_from_db()
    assert question.state == "declined"


def test_a_question_is_taken_back_while_it_waits(
    adopter: Adopter, initiative: Initiative, officer: User, seeker: User
) -> None:
    question = ask(adopter, initiative, officer)
    mine = browser(officer)
    assert "får veta att ni tog tillbaka förfrågan" in words_of(mine.get(at("withdraw-adoption", question)))
    mine.post(at("withdraw-adoption", question))
    question.refresh_from_db()
    assert question.state == "withdrawn"
    assert not AdoptionContact.objects.exists()
    assert browser(seeker).post(at("accept-adoption", question), YES).status_code == 302
    assert contact_details(question, officer) is None
    with pytest.raises(services.NotYet):
        services.tell_taken_up(question=question, actor=seeker, now=NOW)
    # It can be asked again.
    ask(adopter, initiative, officer)


@pytest.mark.parametrize("side", AdoptionSide)
@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("not_verified", {"verified_at": None}),
        ("adopter_gone", {"adopter": "paused"}),
        ("initiative_gone", {"initiative": "closed"}),
        ("cannot_see", {"visibility": "chosen"}),
        ("said_no", {"said_no": timedelta(days=59)}),
        (None, {"said_no": timedelta(days=61)}),
        ("not_now", {"block": True}),
        ("too_many", {"asked": 5}),
        (None, {"asked": 4}),
        (None, {}),
    ],
)
def test_what_stands_in_the_way_of_each_side(
    adopter: Adopter, initiative: Initiative, side: AdoptionSide, why: str | None, changes: dict[str, Any]
) -> None:
    ours, theirs = adopter.organisation, initiative.organisation
    if "verified_at" in changes:
        ours.verified_at = None
        ours.save()
    if "adopter" in changes:
        Adopter.objects.update(state=changes["adopter"])
    if "initiative" in changes:
        Initiative.objects.update(state=changes["initiative"])
    if "visibility" in changes:
        Initiative.objects.update(visibility=changes["visibility"])
    if "said_no" in changes:
        when = NOW - changes["said_no"]
        AdoptionQuestionFactory(
            adopter=adopter, initiative=initiative, asked_side=side, state="declined", answered_at=when
        )
        AdoptionQuestion.objects.update(asked_at=when)
    if changes.get("block"):
        asked, asking = (theirs, ours) if side == BY_ADOPTER else (ours, theirs)
        ContactBlock.objects.create(organisation=asked, against=asking)
        ContactBlock.objects.create(organisation=asking, against=OrganisationFactory())
    for _ in range(changes.get("asked", 0)):
        whose: dict[str, Any] = {"adopter": adopter} if side == BY_ADOPTER else {"initiative": initiative}
        AdoptionQuestionFactory(asked_side=side, asked_at=NOW - timedelta(hours=23), **whose)
    found = services.why_not_ask(adopter=adopter, initiative=initiative, side=side, now=NOW)
    assert found == why


def test_ones_own_is_not_asked(adopter: Adopter, officer: User) -> None:
    own = InitiativeFactory(organisation=adopter.organisation)
    with pytest.raises(services.CannotAsk, match="same"):
        ask(adopter, own, officer)


def test_who_has_nothing_to_ask_with_learns_where_to_begin_and_why_not_is_told(
    adopter: Adopter, initiative: Initiative, officer: User, seeker: User
) -> None:
    outsider = browser(UserFactory())
    assert "Berätta först vad ni letar efter" in words_of(outsider.get(at("take-up", initiative)))
    assert "Berätta först vad ni har gjort" in words_of(outsider.get(at("show-how", adopter)))
    adopter.organisation.verified_at = None
    adopter.organisation.save()
    assert "Be oss kontrollera den" in words_of(browser(officer).get(at("take-up", initiative)))
    assert "förmedlar vi ingen kontakt" in words_of(browser(seeker).get(at("show-how", adopter)))
    Initiative.objects.update(visibility="chosen")
    assert browser(officer).get(at("take-up", initiative)).status_code == 404


def test_strangers_see_nothing_and_readers_may_not_answer(
    adopter: Adopter, initiative: Initiative, officer: User, seeker: User
) -> None:
    question = ask(adopter, initiative, officer)
    stranger = UserFactory()
    assert browser(stranger).get(at("adoption", question)).status_code == 404
    assert contact_details(question, stranger) is None
    reader = MembershipFactory(organisation=initiative.organisation, role="reader").user
    shown = words_of(browser(reader).get(at("adoption", question)))
    assert "Du får läsa men inte svara" in shown
    assert browser(reader).get(at("accept-adoption", question)).status_code == 403
    for person in (stranger, reader, officer):
        with pytest.raises(PermissionDenied):
            services.accept(question=question, actor=person, contact=Contact("", THEIRS), now=NOW)
    with pytest.raises(PermissionDenied):
        ask(adopter, initiative, reader)
    with pytest.raises(services.NotReachable):
        services.accept(question=question, actor=seeker, contact=Contact("A"), now=NOW)


def test_the_list_costs_the_same_for_one_and_for_three(
    adopter: Adopter, initiative: Initiative, officer: User
) -> None:
    AdoptionQuestionFactory(adopter=adopter)
    client, here = browser(officer), reverse("matching:adoptions")
    client.get(here)
    one = queries_for(client, here)
    AdoptionQuestionFactory(adopter=adopter, accepted=True)
    AdoptionQuestionFactory(adopter=adopter, by_initiative=True)
    assert queries_for(client, here) == one
    assert len(client.get(here).context["rows"]) == 3
    assert "Inga förfrågningar ännu" in words_of(browser(UserFactory()).get(here))


def test_the_contact_of_somebody_who_leaves_goes_to_the_one_who_stays(
    adopter: Adopter, initiative: Initiative, officer: User, seeker: User
) -> None:
    leaver = MembershipFactory(organisation=adopter.organisation, role="editor")
    question = AdoptionQuestionFactory(
        adopter=adopter,
        initiative=initiative,
        accepted=True,
        contacts={"adopter": leaver.user.email.upper(), "initiative": THEIRS},
    )
    organisations.remove_member(
        membership=leaver, actor=officer, contact=NewContact("Officer", OURS), now=NOW
    )
    contacts = contact_details(question, seeker)
    assert contacts is not None
    assert (contacts.adopter.email, contacts.initiative.email) == (OURS, THEIRS)
    assert ("adoption_contact_changed", seeker.pk) in Notice.objects.values_list("kind", "user")


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_both_sides_ask_once_and_of_yes_and_taken_back_one_wins(
    adopter: Adopter, initiative: Initiative, officer: User, seeker: User
) -> None:
    for _ in range(3):
        AdoptionQuestion.objects.all().delete()
        outcome = race(
            lambda: ask(adopter, initiative, officer) and "asked",
            lambda: ask(adopter, initiative, seeker, BY_INITIATIVE) and "asked",
            told=services.AlreadyAsked,
        )
        assert outcome == ["asked", "told"]
        AdoptionQuestion.objects.all().delete()
        question = ask(adopter, initiative, officer)

        def accept(question: AdoptionQuestion = question) -> str:
            services.accept(question=question, actor=seeker, contact=Contact("", THEIRS), now=NOW)
            return "yes"

        def withdraw(key: int = question.pk) -> str:
            services.withdraw(question=AdoptionQuestion.objects.get(pk=key), actor=officer, now=NOW)
            return "back"

        outcome = race(accept, withdraw, told=services.AnsweredAlready)
        assert outcome in (["told", "yes"], ["back", "told"])
        assert AdoptionContact.objects.count() == (2 if "yes" in outcome else 0)
