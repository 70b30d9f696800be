"""Decide: a reason for the desk, a message that is seen before it is sent, and nothing to who never said yes."""

from __future__ import annotations

import html
import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from brygga.taxonomy.enums import SupportKind
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.awards.models import SupportGiven
from matching.desk import deciding, services
from matching.desk.deciding import Given
from matching.desk.enums import Stage
from matching.desk.models import Decision, ShortlistEntry
from matching.learning.events import decisions
from matching.meeting import services as meeting
from matching.meeting.models import Introduction
from matching.meeting.selectors import Contact
from tests.cast import Cast
from tests.factories import NOW, MembershipFactory, UserFactory
from tests.matching.desk.lists import cases_url

pytestmark = pytest.mark.django_db
CONTACT = Contact(name="Ruth", email="ruth@exempel.example")
DAY = date(2026, 3, 1)
GIVEN = Given(SupportKind.GRANT, DAY, 200_000, date(2026, 4, 1), date(2027, 3, 31))


@pytest.fixture
def listed(cast: Cast, offer: SupportOffer, initiative: Initiative) -> ShortlistEntry:
    return services.shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=NOW)


@pytest.fixture
def asked(cast: Cast, offer: SupportOffer, initiative: Initiative, listed: ShortlistEntry) -> Introduction:
    return meeting.ask_for_introduction(
        offer=offer,
        initiative=initiative,
        actor=cast.ruth,
        message="Hej",
        contact=CONTACT,
        now=timezone.now(),
    )


@pytest.fixture
def met(cast: Cast, asked: Introduction) -> Introduction:
    found = meeting.accept(introduction=asked, actor=cast.amina, contact=CONTACT, now=timezone.now())
    OutboxMessage.objects.all().delete()
    Notice.objects.all().delete()
    return found


def declined(cast: Cast, offer: SupportOffer, initiative: Initiative, **changes: Any) -> Decision:
    given: dict[str, Any] = {
        "reason": "amount",
        "message": "Tack för samtalet. Ring 070-174 06 11.",
        "is_told": True,
        "decided_on": DAY,
        "actor": cast.ruth,
    }
    return deciding.decline(offer=offer, initiative=initiative, now=NOW, **{**given, **changes})


def mails() -> list[dict[str, Any]]:
    return [one.arguments for one in OutboxMessage.objects.filter(task="outbox.deliver_mail").order_by("pk")]


def text_of(page: str) -> str:
    return " ".join(html.unescape(strip_tags(page.replace("<br>", "\n"))).split())


# -- nobody to tell --------------------------------------------------------------------------------


def test_who_never_said_yes_is_sent_nothing_and_the_page_says_so(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, listed: ShortlistEntry
) -> None:
    client.force_login(cast.ruth)
    where = cases_url(offer, f"{initiative.public_id}/avboj/")
    page = client.get(where)
    assert "message" not in page.context["form"].fields
    assert "Inget skickas" in page.content.decode()
    assert client.post(where, {"told": "False"}).status_code == 422
    form = {"reason": "amount", "told": "False", "seen": "shortlisted", "message": "Smyg"}
    answer = client.post(where, form, follow=True)
    assert "är avböjt. Inget skickas till dem." in answer.content.decode()
    assert list(Decision.objects.values_list("outcome", "is_told", "message")) == [("declined", False, "")]
    assert list(ShortlistEntry.objects.values_list("stage", "reason")) == [("declined", "amount")]
    assert (mails(), Notice.objects.count()) == ([], 0)


def test_who_has_not_answered_is_waited_for(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, asked: Introduction
) -> None:
    client.force_login(cast.ruth)
    where = cases_url(offer, f"{initiative.public_id}/avboj/")
    assert "En fråga väntar på deras svar" in client.get(where).content.decode()
    assert client.post(where, {"reason": "amount", "told": "False"}).status_code == 409
    with pytest.raises(deciding.QuestionWaits):
        declined(cast, offer, initiative, is_told=False)
    assert not Decision.objects.exists()


def test_a_yes_while_the_page_was_read_changes_who_is_told(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, met: Introduction
) -> None:
    with pytest.raises(deciding.TellingChanged):
        declined(cast, offer, initiative, is_told=False)
    client.force_login(cast.ruth)
    where = cases_url(offer, f"{initiative.public_id}/avboj/")
    answer = client.post(where, {"reason": "amount", "told": "False", "message": "Hej"})
    assert answer.status_code == 409
    assert "De får besked" in answer.content.decode()
    assert not Decision.objects.exists()


def test_only_what_is_on_its_way_is_decided(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative
) -> None:
    client.force_login(cast.ruth)
    where = cases_url(offer, f"{initiative.public_id}/ge-stod/")
    assert "på listan. Sedan kan ni besluta." in client.get(where, follow=True).content.decode()


# -- told ------------------------------------------------------------------------------------------


def test_the_preview_is_exactly_what_is_sent(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, met: Introduction
) -> None:
    client.force_login(cast.ruth)
    where = cases_url(offer, f"{initiative.public_id}/ge-stod/")
    form = {
        "kind": "grant",
        "amount": "200 000",
        "decided_on": "1 mars 2026",
        "starts_on": "1 april 2026",
        "ends_on": "31 mars 2027",
        "message": "Grattis! Ring 070-174 06 11.\nVi ses.",
        "told": "True",
        "seen": "shortlisted",
    }
    preview = client.post(where, form)
    page = text_of(preview.content.decode())
    assert (preview.status_code, mails(), Decision.objects.count()) == (200, [], 0)
    assert "Vi dolde ett telefonnummer" in page
    assert client.post(where, {**form, "change": "1"}).context["form"]["message"].value() == form["message"]
    again = dict(preview.context["sent_again"])
    assert again == form
    for _click in range(2):
        client.post(where, {**again, "send": "1"})
    sent = mails()
    assert {one["recipients"][0] for one in sent} == {cast.amina.email, cast.erik.email}
    for one in sent:
        assert " ".join(one["subject"].split()) in page
        assert " ".join(one["body"].split()) in page
        assert "Grattis" not in one["body"]
    client.force_login(cast.amina)
    for where in (f"/traffar/kontakter/{met.public_id}/", "/traffar/kontakter/", _pair(offer, initiative)):
        seen = text_of(client.get(where).content.decode())
        assert "Givaren beslutade 1 mars 2026 att ge er stöd." in seen
        assert "Givaren beslutade 1 mars 2026 att ge er stöd." in page
    seen = text_of(client.get(f"/traffar/kontakter/{met.public_id}/").content.decode())
    for words in ("Grattis! Ring [telefon]. Vi ses.", "200 000 kr", "1 april 2026 till 31 mars 2027"):
        assert words in seen
        assert words in page


def _pair(offer: SupportOffer, initiative: Initiative) -> str:
    return f"/traffar/initiativ/{initiative.public_id}/{offer.public_id}/"


def test_support_becomes_an_award_that_teaches_and_goes_when_taken_back(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, met: Introduction
) -> None:
    pair: dict[str, Any] = {"offer": offer, "initiative": initiative, "actor": cast.ruth, "now": NOW}
    first = deciding.support(**pair, given=GIVEN, message="Grattis", is_told=True)
    assert deciding.support(**pair, given=GIVEN, message="Grattis", is_told=True) == first
    row = SupportGiven.objects.get()
    assert (row.offer, row.initiative, row.given_by, row.kind, row.amount, row.decided_on) == (
        *(offer, initiative, cast.foundation),
        *("grant", 200_000, DAY),
    )
    assert (row.hours, row.starts_on, row.ends_on) == (None, date(2026, 4, 1), date(2027, 3, 31))
    assert [one.gain for one in decisions()] == [1.0]
    assert len(mails()) == 2
    # Anybody sees what was given, on the page of each; not while only some may read of the initiative.
    got = f"/initiativ/{initiative.public_id}/"
    gave = f"/organisationer/{cast.foundation.public_id}/"
    for page in (got, gave):
        assert "Bidrag · 200 000 kr · 1 april 2026 till 31 mars 2027" in text_of(
            client.get(page).content.decode()
        )
    assert initiative.title in client.get(gave).content.decode()
    Initiative.objects.update(visibility="fitting_givers")
    client.force_login(cast.sara)
    assert initiative.title not in client.get(gave).content.decode()
    client.force_login(cast.amina)
    assert "200 000" in text_of(client.get(got).content.decode())
    Initiative.objects.update(visibility="everyone")
    with pytest.raises(services.CannotMove):
        services.move(**pair, to=Stage.SHORTLISTED)
    client.force_login(cast.ruth)
    where = cases_url(offer, f"{initiative.public_id}/ta-tillbaka-beslutet/")
    assert "De får ett mejl om att det inte gäller längre" in client.get(where).content.decode()
    for _click in range(2):
        client.post(where)
    assert (SupportGiven.objects.count(), Decision.objects.count()) == (0, 0)
    assert list(ShortlistEntry.objects.values_list("stage", "previous_stage")) == [("shortlisted", "")]
    assert [one.gain for one in decisions()] == [0.6]
    kinds = sorted(Notice.objects.values_list("kind", flat=True))
    assert kinds == ["decision_made"] * 2 + ["decision_taken_back"] * 2
    verbs = AuditEvent.objects.filter(verb__startswith="desk").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["desk_shortlisted", "desk_supported", "desk_decision_taken_back"]
    client.force_login(cast.amina)
    page = client.get(f"/traffar/kontakter/{met.public_id}/").content.decode()
    assert "Grattis" not in page


def test_the_reason_of_a_no_stays_on_the_desk(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, met: Introduction
) -> None:
    declined(cast, offer, initiative)
    reason = "Beloppet"
    client.force_login(cast.ruth)
    assert reason in client.get(cases_url(offer, "vart-bord/")).content.decode()
    client.force_login(cast.amina)
    for where in (f"/traffar/kontakter/{met.public_id}/", _pair(offer, initiative)):
        page = client.get(where).content.decode()
        assert "att inte ge er stöd nu" in page
        assert reason not in page
    assert reason not in str(mails())
    assert [one.gain for one in decisions()] == [0.6]


def test_days_that_cannot_be_are_refused(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, listed: ShortlistEntry
) -> None:
    client.force_login(cast.ruth)
    where = cases_url(offer, f"{initiative.public_id}/ge-stod/")
    form = {"kind": "grant", "decided_on": "2999-01-01", "starts_on": "2026-05-01", "ends_on": "2026-04-01"}
    assert set(client.post(where, form).context["form"].errors) == {"decided_on", "ends_on"}
    silent = client.post(
        where, {"kind": "mentoring", "decided_on": "2026-03-01", "told": "False"}, follow=True
    )
    assert "får stöd. Inget skickas till dem." in silent.content.decode()
    assert (SupportGiven.objects.get().kind, mails()) == ("mentoring", [])


# -- at the same moment ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("are_two", [False, True])
def test_a_decision_sent_twice_at_once_is_told_once(
    cast: Cast, offer: SupportOffer, initiative: Initiative, met: Introduction, are_two: bool
) -> None:
    """By one person's double click, or by two colleagues: one decision, one mail to each."""
    colleague = UserFactory()
    MembershipFactory(organisation=cast.foundation, user=colleague, role="editor")
    ShortlistEntry.objects.update(changed_by=None)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def attempt(actor: Any) -> None:
        try:
            together.wait(timeout=10)
            declined(cast, offer, initiative, actor=actor, seen=Stage.SHORTLISTED)
            outcomes.append("decided")
        except services.ColleagueWasFirst:
            outcomes.append("told")
        finally:
            connection.close()

    actors = (cast.ruth, colleague if are_two else cast.ruth)
    threads = [threading.Thread(target=attempt, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == (["decided", "told"] if are_two else ["decided", "decided"])
    assert Decision.objects.count() == 1
    assert sorted(one["recipients"][0] for one in mails()) == sorted([cast.amina.email, cast.erik.email])
    assert AuditEvent.objects.filter(verb="desk_declined").count() == 1
