"""One initiative asks another to do it together: who may, what each sees, limits, blocks, two at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.organisations.models import Membership, Organisation
from brygga.outbox.models import OutboxMessage
from innovators.models import Initiative
from matching.meeting.asking import MOST_A_DAY
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.blocking.services import block
from matching.meeting.selectors import Contact
from matching.meeting.services import WAIT_AFTER_NO
from matching.together import services
from matching.together.enums import WhyNot
from matching.together.models import TogetherContact, TogetherQuestion
from matching.together.selectors import Contacts, contact_details
from matching.together.services import AlreadyAsked, AnsweredAlready, CannotAsk
from tests.cast import Cast
from tests.factories import (
    InitiativeFactory,
    MembershipFactory,
    OrganisationFactory,
    TogetherQuestionFactory,
    UserFactory,
)
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
SARA, AMINA = Contact("Sara", "", "070-174 06 13"), Contact("Amina", "a.w@exempel.example", "")
LIST = "/traffar/tillsammans/"


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    contact = {"name": "Amina", "email": "verkstan@exempel.example", "phone": ""}
    return InitiativeFactory(organisation=cast.association, title="Lagningsverkstaden", contact=contact)


@pytest.fixture
def draft(cast: Cast) -> Initiative:
    return InitiativeFactory(
        organisation=cast.outsiders, draft=True, title="Cykelkök i hamnen", description="Hemlig plan"
    )


def ask(cast: Cast, initiative: Initiative, **changes: object) -> TogetherQuestion:
    arguments = {
        "initiative": initiative,
        "organisation": cast.outsiders,
        "own": None,
        "actor": cast.sara,
        "message": "Kan vi dela lokal? Ring 070-174 06 13.",
        "contact": SARA,
        "now": timezone.now(),
        **changes,
    }
    return services.ask(**arguments)  # type: ignore[arg-type]


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("user__name", flat=True))


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_from_a_public_page_to_each_others_details(
    client: Client, cast: Cast, initiative: Initiative, draft: Initiative
) -> None:
    public = f"/initiativ/{initiative.public_id}/"
    door = f"/traffar/initiativ/{initiative.public_id}/fraga-om-tillsammans/"
    assert f'href="{door}"' in text_of(client, public)
    client.force_login(cast.sara)
    form = client.get(f"{door}?own={draft.public_id}")
    assert form.context["form"]["about"].value() == draft.public_id
    assert "Cykelkök i hamnen (inte publicerat)" in form.content.decode()
    assert "verkstan@exempel.example" not in form.content.decode()
    given = {"about": draft.public_id, "message": "Kan vi dela lokal? Skriv till s@a.example!", **vars(SARA)}
    for lacking, at in (({"message": ""}, "message"), ({"phone": ""}, "email"), ({"about": ""}, "about")):
        empty = client.post(door, given | lacking)
        assert (empty.status_code, list(empty.context["form"].errors)) == (422, [at])
    assert client.post(door, {**given, "about": initiative.public_id}).status_code == 422
    sent = client.post(door, given)
    found = TogetherQuestion.objects.get()
    page = f"/traffar/tillsammans/{found.public_id}/"
    assert sent["Location"] == page
    assert client.post(door, given)["Location"] == page
    assert TogetherQuestion.objects.count() == 1
    assert "Ni har frågat dem." in text_of(client, page)
    assert page in text_of(client, public)
    assert "Lagningsverkstaden" in text_of(client, f"{LIST}?asked=by_us")
    assert client.get(f"{page}ja/").status_code == 403

    assert told("together_asked") == {"Amina Warsame", "Erik Lindqvist"}
    for mail in OutboxMessage.objects.filter(task="outbox.deliver_mail"):
        assert "dela lokal" not in str(mail.arguments)
    client.force_login(cast.amina)
    assert "1 initiativ vill göra det tillsammans med er" in text_of(client, "/min-sida/")
    assert page in text_of(client, public)
    shown = text_of(client, page)
    assert "Cykelkök i hamnen" in shown
    assert "Kan vi dela lokal? Skriv till [e-post]!" in shown
    # Of a draft nothing but the title, and no way to reach them before a yes.
    for hidden in ("Hemlig plan", f"/initiativ/{draft.public_id}/", "070-174 06 13", "s@a.example"):
        assert hidden not in shown
    assert client.get(f"/initiativ/{draft.public_id}/").status_code == 404
    assert client.get(f"{page}ta-tillbaka/").status_code == 403
    form = client.get(f"{page}ja/")
    assert form.context["form"]["email"].value() == "verkstan@exempel.example"
    assert client.post(f"{page}ja/", {"name": "", "email": "", "phone": ""}).status_code == 422
    assert client.post(f"{page}ja/", vars(AMINA))["Location"] == page
    assert told("together_accepted") == {"Sara Utanför"}
    for person in (cast.sara, cast.amina, cast.rolf):
        client.force_login(person)
        shown = text_of(client, page)
        assert "070-174 06 13" in shown
        assert "a.w@exempel.example" in shown
        assert "verkstan@exempel.example" not in shown  # she chose another
        assert "Så kan ni börja" in shown
    assert list(AuditEvent.objects.filter(verb__endswith="_together").order_by("pk").values_list("verb")) == [
        ("ask_together",),
        ("accept_together",),
    ]
    # Staff and others see nothing of it.
    for person in (cast.stefan, cast.ruth):
        assert contact_details(found, person) is None
        assert not TogetherQuestion.objects.visible_to(person).exists()


def test_a_no_with_words_and_a_block(client: Client, cast: Cast, initiative: Initiative) -> None:
    found = ask(cast, initiative)
    with transaction.atomic():
        # As before a yes also if both were written down already.
        found.contacts.create(side="asked", phone="070-174 06 15")
        assert contact_details(found, cast.amina) is None
        transaction.set_rollback(True)
    assert found.message == "Kan vi dela lokal? Ring [telefon]."
    page = f"/traffar/tillsammans/{found.public_id}/"
    client.force_login(cast.erik)
    assert "vill vara med" in text_of(client, page)
    answer = {"answer": "Inte nu. Ring 070-174 06 14.", "block": "on"}
    assert client.post(f"{page}nej/", answer)["Location"] == page
    assert client.get(f"{page}ja/")["Location"] == page
    client.force_login(cast.sara)
    shown = text_of(client, page)
    assert "De sa nej den här gången" in shown
    assert "Inte nu. Ring [telefon]." in shown
    assert not TogetherContact.objects.exists()
    assert ContactBlock.objects.get().against == cast.outsiders
    assert told("together_declined") == {"Sara Utanför"}
    # Later they are told that they cannot ask, and not why.
    door = f"/traffar/initiativ/{initiative.public_id}/fraga-om-tillsammans/"
    assert "Ett nej gäller i minst två månader." in text_of(client, door)
    TogetherQuestion.objects.update(answered_at=timezone.now() - WAIT_AFTER_NO - timedelta(hours=1))
    assert "Det går inte att fråga det här initiativet nu." in text_of(client, door)
    with pytest.raises(CannotAsk) as refused:
        ask(cast, initiative)
    assert refused.value.why == WhyNot.NOT_NOW


def test_a_block_ends_what_waits_as_after_a_no(cast: Cast, initiative: Initiative) -> None:
    other = InitiativeFactory(organisation=cast.association)
    waiting = [ask(cast, initiative), ask(cast, other)]
    theirs = TogetherQuestionFactory(initiative=InitiativeFactory(organisation=cast.association))
    block(ours=cast.association, theirs=cast.outsiders, actor=cast.amina, now=timezone.now())
    for one in waiting:
        one.refresh_from_db()
        assert (one.state, one.answer, one.contacts.count()) == ("declined", "", 0)
    theirs.refresh_from_db()
    assert theirs.is_waiting
    assert told("together_declined") == {"Sara Utanför"}


def test_who_may_ask_and_with_what(client: Client, cast: Cast, initiative: Initiative) -> None:
    theirs = InitiativeFactory(organisation=cast.foundation)
    for changes in (
        {"organisation": cast.foundation},
        {"actor": cast.rolf, "organisation": cast.association},
        {"own": theirs},
        {"actor": cast.amina, "organisation": cast.association},
    ):
        with pytest.raises(PermissionDenied):
            ask(cast, initiative, **changes)
    with pytest.raises(services.NotReachable):
        ask(cast, initiative, contact=Contact("Sara"))
    hidden = InitiativeFactory(organisation=cast.association, visibility="chosen")
    imported = InitiativeFactory(organisation=OrganisationFactory(source="torget"))
    for one, why in ((hidden, WhyNot.GONE), (imported, WhyNot.NOBODY)):
        with pytest.raises(CannotAsk) as refused:
            ask(cast, one)
        assert refused.value.why == why
    # Who writes for nothing learns what to do first.
    client.force_login(UserFactory())
    door = f"/traffar/initiativ/{initiative.public_id}/fraga-om-tillsammans/"
    page = client.get(door)
    assert (page.status_code, "ett utkast räcker" in page.content.decode()) == (200, True)
    assert client.post(door).status_code == 409
    client.force_login(cast.amina)
    assert client.get(door).status_code == 403


def test_so_many_a_day(cast: Cast) -> None:
    """Those taken back are counted; another organisation's are not."""
    asked = [ask(cast, _another()) for _ in range(MOST_A_DAY)]
    services.withdraw(question=asked[0], actor=cast.sara, now=timezone.now())
    with pytest.raises(CannotAsk) as refused:
        ask(cast, _another())
    assert refused.value.why == WhyNot.TOO_MANY
    assert ask(cast, _another(), organisation=cast.foundation, actor=cast.ruth)
    assert ask(cast, _another(), now=timezone.now() + timedelta(days=1, minutes=1))


def _another() -> Initiative:
    made: Initiative = InitiativeFactory()
    MembershipFactory(organisation=made.organisation, role="owner")
    return made


def test_who_has_been_asked_is_led_to_answer(client: Client, cast: Cast, initiative: Initiative) -> None:
    own = InitiativeFactory(organisation=cast.outsiders, title="Cykelköket")
    waiting = ask(cast, initiative, own=own)
    client.force_login(cast.amina)
    door = f"/traffar/initiativ/{own.public_id}/fraga-om-tillsammans/"
    answer = client.get(door, follow=True)
    assert answer.redirect_chain == [(f"/traffar/tillsammans/{waiting.public_id}/", 302)]
    assert "De har redan frågat er." in answer.content.decode()
    with pytest.raises(AlreadyAsked):
        ask(cast, own, organisation=cast.association, actor=cast.amina)


def test_taken_back_while_it_waits(client: Client, cast: Cast, initiative: Initiative) -> None:
    waiting = ask(cast, initiative)
    page = f"/traffar/tillsammans/{waiting.public_id}/"
    client.force_login(cast.sara)
    assert "Verkstan i Bergsjön får veta" in text_of(client, f"{page}ta-tillbaka/")
    assert client.post(f"{page}ta-tillbaka/")["Location"] == page
    assert not TogetherContact.objects.exists()
    assert told("together_withdrawn") == {"Amina Warsame", "Erik Lindqvist"}
    client.force_login(cast.amina)
    assert client.post(f"{page}ja/", vars(AMINA))["Location"] == page
    assert not TogetherContact.objects.exists()
    # And asked anew.
    assert ask(cast, initiative).is_waiting


def test_who_leaves_hands_their_contact_over(client: Client, cast: Cast, initiative: Initiative) -> None:
    """As asker and as asked: the new address instead, and the phone number goes with the person."""
    leaving = MembershipFactory(organisation=cast.outsiders, role="editor").user
    own = InitiativeFactory(organisation=cast.outsiders)
    contact = Contact("Kim", leaving.email.upper(), "070-174 06 16")
    asked_by_us = ask(cast, initiative, actor=leaving, contact=contact)
    asked_of_us = ask(
        cast, own, organisation=cast.foundation, actor=cast.ruth, contact=Contact("Ruth", "r@exempel.example")
    )
    services.accept(question=asked_of_us, actor=leaving, contact=contact, now=timezone.now())
    client.force_login(leaving)
    leave = f"/organisationer/{cast.outsiders.public_id}/lamna/"
    assert "Kontakten i 2 frågor om att göra det tillsammans" in text_of(client, leave)
    given = {"successor": cast.sara.pk, "name": "Sara", "email": "sara.ny@exempel.example"}
    assert client.post(leave, given).status_code == 302
    for question, side in ((asked_by_us, "asker"), (asked_of_us, "asked")):
        held = question.contacts.get(side=side)
        assert (held.name, held.email, held.phone) == ("Sara", "sara.ny@exempel.example", "")
    assert asked_of_us.contacts.get(side="asker").email == "r@exempel.example"


def test_lists_of_three_cost_what_lists_of_one_do(client: Client, cast: Cast, initiative: Initiative) -> None:
    def another(_: int) -> None:
        own = InitiativeFactory()
        TogetherQuestionFactory(
            initiative=InitiativeFactory(organisation=cast.association),
            organisation=own.organisation,
            own=own,
        )

    another(0)
    client.force_login(cast.amina)
    pages = (f"{LIST}?asked=of_us", "/min-sida/", f"/initiativ/{initiative.public_id}/")
    for page in pages:
        client.get(page)
    before = [queries_for(client, page) for page in pages]
    for number in (1, 2):
        another(number)
    assert [queries_for(client, page) for page in pages] == before


def test_the_cards_of_similar_initiatives_offer_three_ways(
    client: Client, cast: Cast, draft: Initiative, initiative: Initiative, matched: Callable[[], None]
) -> None:
    Initiative.objects.filter(pk=draft.pk).update(
        theme_codes=initiative.theme_codes, change=initiative.change, target_group_codes=["young_people"]
    )
    matched()
    client.force_login(cast.sara)
    page = f"/traffar/initiativ/{draft.public_id}/liknande/"
    asking = f"/traffar/initiativ/{initiative.public_id}/fraga-om-tillsammans/?own={draft.public_id}"
    following = f"/traffar/initiativ/{initiative.public_id}/folj/"
    question = f"/initiativ/{draft.public_id}/svar/change/"
    headers: dict[str, Any] = {
        "HX-Request": "true",
        "HX-Current-URL": f"http://testserver{question}",
    }
    whole, part = text_of(client, page), client.get(page, headers=headers).content.decode()
    assert "Gå vidare med vårt eget" in whole
    for shown, back in ((whole, page), (part, question)):
        assert f'href="{asking}"' in shown
        assert f'action="{following}"' in shown
        assert f'name="next" value="{back}"' in shown
    assert "gå vidare med ert eget" in part
    # Where nobody may answer there is no door that says so only behind it; following is as good as ever.
    Membership.objects.filter(organisation=cast.association).update(role="reader")
    for nobody in (text_of(client, page), text_of(client, f"/initiativ/{initiative.public_id}/")):
        assert "/fraga-om-tillsammans/" not in nobody
        assert f'action="{following}"' in nobody
    Membership.objects.filter(organisation=cast.association).update(role="editor")
    assert "/fraga-om-tillsammans/" in text_of(client, f"/initiativ/{initiative.public_id}/")
    client.post(following, {"next": question})
    ask(cast, initiative, own=draft)
    shown = text_of(client, page)
    assert "Sluta följa" in shown
    assert asking not in shown
    assert "Ni har frågat om att göra det tillsammans" in shown


@pytest.mark.django_db(transaction=True)
def test_asked_twice_and_each_other_at_the_same_moment_then_yes_meets_taken_back(
    cast: Cast, initiative: Initiative
) -> None:
    own = InitiativeFactory(organisation=cast.outsiders)

    def ask_us() -> str:
        theirs = Organisation.objects.get(pk=cast.association.pk)
        return ask(cast, own, organisation=theirs, actor=cast.amina, contact=AMINA, message="Hej").state

    outcomes = race(
        lambda: ask(cast, initiative).state,
        lambda: ask(cast, initiative).state,
        ask_us,
        told=AlreadyAsked,
    )
    assert outcomes == ["asked", "told", "told"]
    assert TogetherContact.objects.count() == 1
    TogetherQuestion.objects.all().delete()
    waiting = ask(cast, initiative)

    def fresh() -> TogetherQuestion:
        return TogetherQuestion.objects.get(pk=waiting.pk)

    now = timezone.now()
    outcomes = race(
        lambda: services.accept(question=fresh(), actor=cast.amina, contact=AMINA, now=now).state,
        lambda: services.withdraw(question=fresh(), actor=cast.sara, now=now).state,
        told=AnsweredAlready,
    )
    [won] = [outcome for outcome in outcomes if outcome != "told"]
    assert fresh().state == won
    expected = Contacts(SARA, AMINA) if won == "accepted" else None
    assert contact_details(fresh(), cast.sara) == expected
    assert TogetherContact.objects.count() == (2 if won == "accepted" else 0)
