"""An initiative asks a giver for contact: who may, what both see, what the day is counted from, two at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk import deciding, reminding
from matching.desk.models import Recusal, ShortlistEntry
from matching.desk.services import dismiss, shortlist
from matching.engine.models import Match
from matching.learning.events import decisions
from matching.meeting import asking, services
from matching.meeting.models import Introduction, SharedContact
from matching.meeting.selectors import Contact, Contacts, contact_details
from matching.meeting.services import AlreadyAsked, AnsweredAlready, CannotAsk, WhyNot
from tests.cast import Cast
from tests.factories import InitiativeFactory, MembershipFactory
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db

SEEKER = Contact("Amina", "", "070-174 06 12")
GIVER = Contact("Ruth", "ruth.bidrag@exempel.example", "")
QUESTION = {"message": "Vad vill ni veta om oss?", "name": "Amina", "email": "", "phone": "070-174 06 12"}
YES = {"name": "Ruth", "email": "ruth.bidrag@exempel.example", "phone": ""}


@pytest.fixture
def fitting(offer: SupportOffer, initiative: Initiative, matched: Callable[[], None]) -> Initiative:
    offer.answer_days = 30
    offer.save()
    matched()
    return initiative


def ask(cast: Cast, offer: SupportOffer, initiative: Initiative, **changes: object) -> Introduction:
    arguments = {
        "offer": offer,
        "initiative": initiative,
        "actor": cast.amina,
        "message": "Vad vill ni veta? Ring 070-174 06 12.",
        "contact": SEEKER,
        "now": timezone.now(),
        **changes,
    }
    return asking.ask_giver(**arguments)  # type: ignore[arg-type]


def ask_as_giver(cast: Cast, offer: SupportOffer, initiative: Initiative) -> Introduction:
    return services.ask_for_introduction(
        offer=offer, initiative=initiative, actor=cast.ruth, message="Hej", contact=GIVER, now=timezone.now()
    )


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("user__name", flat=True))


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_from_a_match_to_each_others_details(
    client: Client, cast: Cast, offer: SupportOffer, fitting: Initiative
) -> None:
    pair = f"/traffar/initiativ/{fitting.public_id}/{offer.public_id}/"
    desk = f"/traffar/stod/{offer.public_id}/vart-bord/"
    client.force_login(cast.ruth)
    assert "De vill ha kontakt</span>" not in text_of(client, desk)
    client.force_login(cast.amina)
    for page in (pair, f"/traffar/initiativ/{fitting.public_id}/"):
        assert f'href="{pair}fraga/"' in text_of(client, page)
    form = text_of(client, f"{pair}fraga/")
    assert "verkstan@exempel.example" in form  # her own, to choose from
    assert "ruth.bidrag@exempel.example" not in form
    assert "Givaren svarar ja eller nej senast" in form
    empty = client.post(f"{pair}fraga/", {**QUESTION, "message": ""})
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["message"])
    sent = client.post(f"{pair}fraga/", QUESTION)
    found = Introduction.objects.get()
    page = f"/traffar/kontakter/{found.public_id}/"
    assert (sent.status_code, sent["Location"]) == (302, page)
    assert client.post(f"{pair}fraga/", QUESTION)["Location"] == page
    assert Introduction.objects.count() == 1
    seen = text_of(client, page)
    assert "Ni har bett givaren om kontakt." in seen
    assert "Ta tillbaka förfrågan" in seen
    assert "Ni har bett givaren om kontakt." in text_of(client, pair)
    assert f'href="{pair}fraga/"' not in text_of(client, pair)
    assert client.get(f"{page}ja/").status_code == 403

    client.force_login(cast.ruth)
    assert told("contact_wanted") == {"Ruth Malmsten"}
    [mail] = OutboxMessage.objects.filter(task="outbox.deliver_mail")
    assert "Vad vill ni veta" not in str(mail.arguments)
    assert "1 förfrågan väntar på ert svar" in text_of(client, "/min-sida/")
    listed = text_of(client, "/traffar/kontakter/")
    assert "De vill ha kontakt och väntar på ert svar." in listed
    for shown in (desk, f"{desk}?contact=wanted", f"/traffar/stod/{offer.public_id}/{fitting.public_id}/"):
        assert "De vill ha kontakt</span>" in text_of(client, shown)
        assert page in text_of(client, shown)
    assert "1 initiativ vill ha kontakt" in text_of(client, desk)
    question = text_of(client, page)
    assert "Vad vill ni veta om oss?" in question
    assert "070-174 06 12" not in question
    assert client.get(f"{page}ta-tillbaka/").status_code == 403
    # Whoever would ask them meets the question that is there.
    shortlist(offer=offer, initiative=fitting, actor=cast.ruth, now=timezone.now())
    instead = client.get(f"/traffar/stod/{offer.public_id}/{fitting.public_id}/fraga/", follow=True)
    assert instead.redirect_chain == [(page, 302)]
    assert "De har redan frågat er." in instead.content.decode()
    accept = client.get(f"{page}ja/")
    assert accept.context["form"]["email"].value() == "ruth.bidrag@exempel.example"
    assert client.post(f"{page}ja/", YES)["Location"] == page
    assert told("contact_accepted") == {"Amina Warsame", "Erik Lindqvist"}
    for person in (cast.ruth, cast.amina, cast.rolf):
        client.force_login(person)
        seen = text_of(client, page)
        assert "070-174 06 12" in seen
        assert "ruth.bidrag@exempel.example" in seen
        assert "verkstan@exempel.example" not in seen  # she chose the phone number
    verbs = AuditEvent.objects.filter(verb__endswith="_introduction").order_by("pk")
    assert list(verbs.values_list("verb", "organisation_id")) == [
        ("ask_introduction", cast.association.pk),
        ("accept_introduction", cast.foundation.pk),
    ]


def test_a_no_is_kind_and_leaves_the_case(
    client: Client, cast: Cast, offer: SupportOffer, fitting: Initiative
) -> None:
    shortlist(offer=offer, initiative=fitting, actor=cast.ruth, now=timezone.now())
    found = ask(cast, offer, fitting)
    assert found.message == "Vad vill ni veta? Ring [telefon]."
    page = f"/traffar/kontakter/{found.public_id}/"
    # Nobody decides about who waits for an answer.
    with pytest.raises(deciding.QuestionWaits):
        deciding.introduction_to_tell(offer, fitting)
    client.force_login(cast.ruth)
    waits = text_of(client, f"/traffar/stod/{offer.public_id}/{fitting.public_id}/avboj/")
    assert "Svara på förfrågan först." in waits
    assert "Det är ingen dom över er idé." in text_of(client, f"{page}nej/")
    client.post(f"{page}nej/", {"answer": "Vi har slut på pengar. Mejla a@b.example."})
    found.refresh_from_db()
    assert (found.state, found.answer) == ("declined", "Vi har slut på pengar. Mejla [e-post].")
    assert not SharedContact.objects.exists()
    assert ShortlistEntry.objects.get().stage == "shortlisted"
    assert "Svara senast" not in text_of(client, f"/traffar/stod/{offer.public_id}/vart-bord/")
    client.force_login(cast.amina)
    seen = text_of(client, page)
    for words in ("Det är ingen dom över er idé.", "Vi har slut på pengar.", "Se stöd som passar"):
        assert words in seen
    assert told("contact_declined") == {"Amina Warsame", "Erik Lindqvist"}
    ask_again = f"/traffar/initiativ/{fitting.public_id}/{offer.public_id}/fraga/"
    assert "De har nyligen svarat nej." in text_of(client, ask_again)
    assert client.post(ask_again, QUESTION).status_code == 409
    # The giver may ask meanwhile: it was they who said no.
    assert ask_as_giver(cast, offer, fitting).asked_side == "offer"


def test_a_question_is_taken_back(cast: Cast, offer: SupportOffer, fitting: Initiative) -> None:
    found = ask(cast, offer, fitting)
    for person in (cast.ruth, cast.rolf, cast.sara, cast.ingrid, cast.stefan):
        with pytest.raises(PermissionDenied):
            services.withdraw(introduction=found, actor=person, now=timezone.now())
    services.withdraw(introduction=found, actor=cast.erik, now=timezone.now())
    assert told("contact_withdrawn") == {"Ruth Malmsten"}
    assert not SharedContact.objects.exists()
    for _round in range(asking.MOST_A_DAY - 1):
        services.withdraw(introduction=ask(cast, offer, fitting), actor=cast.amina, now=timezone.now())
    with pytest.raises(CannotAsk) as refused:
        ask(cast, offer, fitting)
    assert refused.value.why == WhyNot.TOO_MANY
    ask(cast, offer, fitting, now=timezone.now() + timedelta(days=1, minutes=1))


def test_what_stands_in_the_way(client: Client, cast: Cast, offer: SupportOffer, fitting: Initiative) -> None:
    client.force_login(cast.amina)
    pair = f"/traffar/initiativ/{fitting.public_id}/{offer.public_id}/"
    verified_at = cast.foundation.verified_at
    changes: list[tuple[WhyNot, object, dict[str, object], dict[str, object]]] = [
        (WhyNot.NOT_CONFIRMED, offer, {"is_confirmed": False}, {"is_confirmed": True}),
        (WhyNot.OTHER_WAY, offer, {"apply_way": "own_form"}, {"apply_way": "introduction"}),
        (WhyNot.NOT_VERIFIED, cast.foundation, {"verified_at": None}, {"verified_at": verified_at}),
        (WhyNot.OWN_NOT_PUBLISHED, fitting, {"state": "paused"}, {"state": "published"}),
        (WhyNot.CANNOT_SEE, fitting, {"visibility": "chosen"}, {"visibility": "everyone"}),
    ]
    for why, row, change, back in changes:
        rows = type(row).objects.filter(pk=row.pk)  # type: ignore[attr-defined]
        rows.update(**change)
        answer = client.post(f"{pair}fraga/", QUESTION)
        assert (answer.status_code, answer.context["why"]) == (409, why)
        if why in (WhyNot.NOT_CONFIRMED, WhyNot.OTHER_WAY, WhyNot.NOT_VERIFIED):
            assert f'href="{pair}fraga/"' not in text_of(client, pair), why
        rows.update(**back)
    closed = timezone.localdate() - timedelta(days=1)
    SupportOffer.objects.filter(pk=offer.pk).update(closes_on=closed)
    offer.refresh_from_db()
    assert asking.why_not_ask_giver(offer=offer, initiative=fitting, now=timezone.now()) == WhyNot.NOT_OPEN
    SupportOffer.objects.filter(pk=offer.pk).update(closes_on=None)
    # Somebody who stands aside neither hears of it nor sees it; if nobody is left, nobody can be asked.
    Recusal.objects.create(offer=offer, initiative=fitting, person=cast.ruth)
    why_alone = asking.why_not_ask_giver(offer=offer, initiative=fitting, now=timezone.now())
    assert why_alone == WhyNot.CANNOT_SEE
    colleague = MembershipFactory(organisation=cast.foundation, role="editor").user
    found = ask(cast, offer, fitting)
    assert told("contact_wanted") == {colleague.name}
    client.force_login(cast.ruth)
    assert client.get(f"/traffar/kontakter/{found.public_id}/").status_code == 404
    assert "De vill ha kontakt</span>" not in text_of(client, f"/traffar/stod/{offer.public_id}/vart-bord/")
    stranger = InitiativeFactory(organisation=cast.association)
    client.force_login(cast.amina)
    not_matched = f"/traffar/initiativ/{stranger.public_id}/{offer.public_id}/"
    assert f"{not_matched}fraga/" not in text_of(client, not_matched)
    with pytest.raises(CannotAsk) as refused:
        ask(cast, offer, stranger)
    assert refused.value.why == WhyNot.NO_MATCH
    for person in (cast.rolf, cast.ruth, cast.sara, cast.stefan):
        with pytest.raises(PermissionDenied):
            ask(cast, offer, stranger, actor=person)


def test_many_writers_at_the_giver_cost_no_more_than_one(
    client: Client, cast: Cast, offer: SupportOffer, fitting: Initiative
) -> None:
    """Only the last of them sees it, through an organisation of her own that the initiative has chosen."""
    pair = f"/traffar/initiativ/{fitting.public_id}/{offer.public_id}/"
    Initiative.objects.filter(pk=fitting.pk).update(visibility="chosen")
    fitting.refresh_from_db()
    client.force_login(cast.amina)
    pages = (pair, f"/traffar/initiativ/{fitting.public_id}/", f"{pair}fraga/")
    for page in pages:
        client.get(page)
    alone = [queries_for(client, page) for page in pages]
    for _number in range(3):
        last = MembershipFactory(organisation=cast.foundation, role="editor").user
    assert [queries_for(client, page) for page in pages] == alone
    assert not asking.is_seen_by_giver(offer, fitting)
    fitting.shared_with.add(MembershipFactory(user=last).organisation)
    assert asking.is_seen_by_giver(offer, fitting)
    Recusal.objects.create(offer=offer, initiative=fitting, person=last)
    assert not asking.is_seen_by_giver(offer, fitting)
    type(cast.ruth).objects.filter(pk=cast.ruth.pk).update(is_staff=True)
    assert asking.is_seen_by_giver(offer, fitting)


def test_the_givers_days_count_from_the_question(
    cast: Cast, offer: SupportOffer, fitting: Initiative
) -> None:
    asked_at = timezone.now()
    found = ask(cast, offer, fitting, now=asked_at)
    last = timezone.localdate(asked_at) + timedelta(days=30)
    assert found.answer_by == last

    def morning(days: int) -> datetime:
        Notice.objects.all().delete()
        return asked_at + timedelta(days=days)

    def heard() -> list[tuple[str, str]]:
        rows = Notice.objects.values_list("user__name", "kind")
        return sorted((name.split()[0], kind) for name, kind in rows)

    reminding.tell_all_due(now=morning(22))
    assert heard() == []
    reminding.tell_all_due(now=morning(23))
    assert heard() == [("Ruth", "contact_due")]
    # A yes answers the question; the same day holds for the decision that follows.
    services.accept(introduction=found, actor=cast.ruth, contact=GIVER, now=morning(25))
    assert found.answer_by == last
    reminding.tell_all_due(now=morning(29))
    assert heard() == [("Ruth", "answer_due")]
    # The automatic answer goes to those who asked, while the question waits too.
    Introduction.objects.filter(pk=found.pk).update(state="asked", answered_at=None)
    reminding.tell_all_due(now=morning(31))
    assert heard() == [
        ("Amina", "answer_time_out"),
        ("Erik", "answer_time_out"),
        ("Ruth", "contact_late"),
    ]
    reminding.tell_all_due(now=morning(31))
    assert heard() == []
    found.refresh_from_db()
    assert found.state == "asked"
    services.decline(introduction=found, actor=cast.ruth, now=timezone.now())
    Introduction.objects.filter(pk=found.pk).update(time_out_told_at=None)
    reminding.tell_all_due(now=morning(40))
    assert heard() == []


def test_who_waits_is_on_the_desk_wherever_the_case_lies(
    client: Client, cast: Cast, offer: SupportOffer, fitting: Initiative
) -> None:
    desk = f"/traffar/stod/{offer.public_id}/vart-bord/"
    ask(cast, offer, fitting)
    # That somebody asks is no choice of the giver's, and nothing to learn from.
    assert not [one for one in decisions() if one.initiative == fitting.pk]
    Match.objects.all().delete()
    client.force_login(cast.ruth)
    for address in (desk, f"{desk}?view=table", f"{desk}?contact=wanted&view=table"):
        assert "De vill ha kontakt</span>" in text_of(client, address)
    # Put aside before they asked: they have found the offer themselves since.
    asked = Introduction.objects.get()
    Introduction.objects.update(state="withdrawn", answered_at=timezone.now())
    dismiss(offer=offer, initiative=fitting, actor=cast.ruth, reason="other", now=timezone.now())
    Introduction.objects.filter(pk=asked.pk).update(state="asked", answered_at=None)
    for address in (desk, f"{desk}?view=table"):
        seen = text_of(client, address)
        assert "De vill ha kontakt</span>" in seen
        assert "Undanlagt" in seen
    services.accept(
        introduction=Introduction.objects.get(), actor=cast.ruth, contact=GIVER, now=timezone.now()
    )
    assert "De vill ha kontakt</span>" not in text_of(client, desk)
    assert [one for one in decisions() if one.initiative == fitting.pk]


@pytest.mark.django_db(transaction=True)
def test_both_ask_at_the_same_moment_then_yes_meets_taken_back(
    cast: Cast, offer: SupportOffer, fitting: Initiative
) -> None:
    shortlist(offer=offer, initiative=fitting, actor=cast.ruth, now=timezone.now())
    outcomes = race(
        lambda: ask(cast, offer, fitting).asked_side,
        lambda: ask_as_giver(cast, offer, fitting).asked_side,
        told=AlreadyAsked,
    )
    found = Introduction.objects.get()
    assert sorted([found.asked_side, "told"]) == outcomes
    assert SharedContact.objects.count() == 1
    found.delete()
    waiting = ask(cast, offer, fitting)

    def fresh() -> Introduction:
        return Introduction.objects.get(pk=waiting.pk)

    now = timezone.now()
    outcomes = race(
        lambda: services.accept(introduction=fresh(), actor=cast.ruth, contact=GIVER, now=now).state,
        lambda: services.withdraw(introduction=fresh(), actor=cast.amina, now=now).state,
        told=AnsweredAlready,
    )
    [won] = [outcome for outcome in outcomes if outcome != "told"]
    assert len(outcomes) == 2
    assert fresh().state == won
    expected = Contacts(SEEKER, GIVER) if won == "accepted" else None
    assert contact_details(fresh(), cast.ruth) == expected
