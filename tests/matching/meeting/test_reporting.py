"""A message is reported to staff, who decide whether it stays; what a report says is read by them alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from matching.meeting.conversation import reporting
from matching.meeting.conversation.files import CheckedFile, FileKind
from matching.meeting.conversation.models import REPORT_LENGTH, Attachment, Message, MessageReport
from matching.meeting.conversation.reporting import AlreadyHidden, AlreadyReported, BadReport, HandledAlready
from matching.meeting.conversation.services import send_message
from matching.meeting.models import Introduction
from matching.meeting.views.reporting import REPORTING
from tests.cast import Cast
from tests.factories import NOW, MembershipFactory, UserFactory
from tests.matching.meeting.canaries import Aviary
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db

SAID = "Du betalar annars kommer vi."
TOLD = "De hotar oss, fråga Kerstin på Storgatan."
NOTE = "Ett tydligt hot."
PDF = b"%PDF-1.7\n%..."


@pytest.fixture
def message(cast: Cast, met: Introduction) -> Message:
    """Ruth has written to the association, with a file."""
    return written(met, cast.ruth)


def written(introduction: Introduction, actor: User, text: str = SAID) -> Message:
    files = [CheckedFile("Kravbrev.pdf", FileKind.PDF, PDF)]
    return send_message(introduction=introduction, actor=actor, text=text, key=uuid4(), files=files, now=NOW)


def report(message: Message, actor: User, text: str = TOLD, **changes: Any) -> MessageReport:
    given = {"reason": "threatening", "now": NOW, **changes}
    return reporting.report_message(message=message, actor=actor, text=text, **given)


def handle(one: MessageReport, actor: User, outcome: str = "hidden", **changes: Any) -> MessageReport:
    given = {"seen": one.state, "note": NOTE, "now": NOW, **changes}
    return reporting.handle_report(report=one, actor=actor, outcome=outcome, **given)


def told(*kinds: str) -> list[str]:
    return sorted(Notice.objects.filter(kind__in=kinds).values_list("user__name", flat=True))


def page_of(message: Message, rest: str = "") -> str:
    return f"/traffar/kontakter/{message.introduction.public_id}/{rest}"


def report_page(message: Message) -> str:
    return page_of(message, f"meddelande/{message.pk}/anmal/")


def staff(cast: Cast) -> Client:
    # The second factor is not what is tried here; demo people need none in demo mode.
    cast.stefan.is_superuser = cast.stefan.is_demo = True
    cast.stefan.save()
    client = Client()
    client.force_login(cast.stefan)
    return client


def admin_page(one: MessageReport) -> str:
    return f"/admin/matching/messagereport/{one.pk}/change/"


# -- reporting -------------------------------------------------------------------------------------


def test_who_got_the_message_reports_it_and_staff_are_told(cast: Cast, message: Message) -> None:
    UserFactory(name="Gammal Drift", staff=True, is_active=False)
    one = report(message, cast.erik)
    assert (one.reason, one.text, one.reporter, one.reported_at) == ("threatening", TOLD, cast.erik, NOW)
    assert told("message_reported") == ["Stefan Drift"]
    giver_reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    for person in (cast.rolf, cast.ruth, giver_reader, cast.sara, cast.ingrid, cast.stefan):
        with pytest.raises(PermissionDenied):
            report(message, person)
    assert MessageReport.objects.count() == 1


def test_what_is_reported_is_in_no_mail_notice_or_log(cast: Cast, message: Message) -> None:
    handle(report(message, cast.amina), cast.stefan)
    mails = [json.dumps(one.arguments, ensure_ascii=False) for one in OutboxMessage.objects.all()]
    notices = [json.dumps(one.parameters, ensure_ascii=False) for one in Notice.objects.all()]
    audit = AuditEvent.objects.filter(verb__in=["report_message", "handle_report"]).order_by("pk")
    public_id = message.introduction.public_id
    assert [(row.organisation_id, row.details) for row in audit] == [
        (cast.association.pk, {"introduction": public_id, "reason": "threatening"}),
        (None, {"introduction": public_id, "outcome": "hidden"}),
    ]
    logged = [json.dumps(row.details) for row in AuditEvent.objects.all()]
    for secret in ("betalar", "Kerstin", "tydligt", "Kravbrev"):
        assert not [one for one in (*mails, *notices, *logged) if secret in one], secret
    assert [one for one in mails if f"/admin/matching/messagereport/{MessageReport.objects.get().pk}/" in one]


@pytest.mark.parametrize(
    "wrong",
    [{"reason": "boring"}, {"reason": "other", "text": "  "}, {"text": "x" * (REPORT_LENGTH + 1)}],
)
def test_a_report_has_a_known_reason_and_says_what_else(
    cast: Cast, message: Message, wrong: dict[str, str]
) -> None:
    with pytest.raises(BadReport):
        report(message, cast.amina, **wrong)
    assert not MessageReport.objects.exists()


def test_reporting_twice_stores_nothing_new(cast: Cast, message: Message) -> None:
    report(message, cast.amina)
    with pytest.raises(AlreadyReported):
        report(message, cast.amina, "En gång till")
    # A colleague may know something else.
    report(message, cast.erik)
    assert list(MessageReport.objects.order_by("pk").values_list("text", flat=True)) == [TOLD, TOLD]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_report_once(cast: Cast, message: Message) -> None:
    outcomes = race(*[lambda: str(report(message, cast.amina).reason)] * 3, told=AlreadyReported)
    assert outcomes == ["threatening", "told", "told"]
    assert len(told("message_reported")) == MessageReport.objects.count() == 1


@pytest.mark.parametrize("broken", [{"reason": "boring"}, {"state": "hidden"}, {"handled_at": NOW}])
def test_the_database_knows_what_a_report_is(cast: Cast, message: Message, broken: dict[str, Any]) -> None:
    one = report(message, cast.amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageReport.objects.filter(pk=one.pk).update(**broken)


# -- handling --------------------------------------------------------------------------------------


def test_a_hidden_message_is_read_by_neither_side(client: Client, cast: Cast, message: Message) -> None:
    number = Attachment.objects.get().pk
    handle(report(message, cast.amina), cast.stefan)
    assert told("reported_message_hidden") == ["Amina Warsame"]
    for person in (cast.amina, cast.ruth):
        client.force_login(person)
        page = client.get(page_of(message)).content.decode()
        assert "Meddelandet är dolt av Brygga" in page
        assert [word for word in ("betalar", "Kravbrev", "Anmäl meddelandet") if word in page] == []
        assert client.get(page_of(message, f"fil/{number}/")).status_code == 404
    with pytest.raises(AlreadyHidden):
        report(message, cast.erik)


def test_a_decision_can_be_changed_and_is_told_again(client: Client, cast: Cast, message: Message) -> None:
    one = handle(report(message, cast.amina), cast.stefan)
    handle(one, cast.stefan, "kept", note="Fel läst.", now=NOW + timedelta(hours=1))
    one.refresh_from_db()
    assert (one.state, one.note, one.handled_by) == ("kept", "Fel läst.", cast.stefan)
    assert told("reported_message_hidden", "reported_message_kept") == ["Amina Warsame"] * 2
    client.force_login(cast.amina)
    assert "betalar" in client.get(page_of(message)).content.decode()
    assert client.get(page_of(message, f"fil/{Attachment.objects.get().pk}/")).status_code == 200


def test_a_decision_is_about_the_message_and_every_report_of_it(cast: Cast, message: Message) -> None:
    first, second = report(message, cast.amina), report(message, cast.erik)
    handle(first, cast.stefan)
    second.refresh_from_db()
    assert (second.state, second.note) == ("hidden", NOTE)
    assert told("reported_message_hidden") == ["Amina Warsame", "Erik Lindqvist"]


@pytest.mark.parametrize("wrong", [{"outcome": "open"}, {"note": " "}, {"note": "x" * (REPORT_LENGTH + 1)}])
def test_a_decision_has_an_outcome_and_a_note(cast: Cast, message: Message, wrong: dict[str, str]) -> None:
    with pytest.raises(BadReport):
        handle(report(message, cast.amina), cast.stefan, **wrong)
    assert MessageReport.objects.get().state == "open"


def test_only_staff_handle(cast: Cast, message: Message) -> None:
    one = report(message, cast.amina)
    for person in (cast.amina, cast.ruth, cast.sara):
        with pytest.raises(PermissionDenied):
            handle(one, person)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_decide_at_the_same_moment(cast: Cast, message: Message) -> None:
    number = report(message, cast.amina).pk
    other = UserFactory(staff=True)

    def decide(person: User, outcome: str) -> str:
        return str(handle(MessageReport.objects.get(pk=number), person, outcome, seen="open").state)

    outcomes = race(lambda: decide(cast.stefan, "hidden"), lambda: decide(other, "kept"), told=HandledAlready)
    [won] = [one for one in outcomes if one != "told"]
    assert len(outcomes) == 2
    assert MessageReport.objects.get().state == won
    assert (Message.objects.get().hidden_at is not None) == (won == "hidden")
    assert len(told("reported_message_hidden", "reported_message_kept")) == 1


def test_a_closed_account_takes_the_name_away_and_the_message_takes_the_report(
    cast: Cast, met: Introduction, message: Message
) -> None:
    one = report(message, cast.erik)
    cast.erik.delete()
    one.refresh_from_db()
    assert one.reporter is None
    handle(one, cast.stefan)
    assert told("reported_message_hidden") == []
    met.delete()
    assert not MessageReport.objects.exists()


# -- pages -----------------------------------------------------------------------------------------


def test_reporting_step_by_step(client: Client, cast: Cast, message: Message) -> None:
    client.force_login(cast.amina)
    own = written(message.introduction, cast.amina, "Det här skrev vi själva.")
    page = client.get(page_of(message)).content.decode()
    assert report_page(message) in page
    assert report_page(own) not in page
    form = client.get(report_page(message)).content.decode()
    assert SAID in form
    assert "Vad är fel med meddelandet?" in form
    assert "Välj vad som är fel." in client.post(report_page(message), {"text": TOLD}).content.decode()
    empty = client.post(report_page(message), {"reason": "other", "text": " "})
    assert (empty.status_code, "Skriv några ord om vad" in empty.content.decode()) == (422, True)
    long = client.post(report_page(message), {"reason": "fraud", "text": "å" * (REPORT_LENGTH + 1)})
    assert (long.status_code, "å" * (REPORT_LENGTH + 1) in long.content.decode()) == (422, True)

    sent = client.post(report_page(message), {"reason": "fraud", "text": TOLD})
    assert sent["Location"] == page_of(message, f"#message-{message.pk}")
    page = client.get(page_of(message)).content.decode()
    assert "Din anmälan är skickad." in page
    assert "Du har anmält det här meddelandet." in page
    assert report_page(message) not in page
    for answer in (client.get(report_page(message)), client.post(report_page(message), {"reason": "fraud"})):
        assert answer.status_code == 302
    assert "Du har redan anmält" in client.get(page_of(message)).content.decode()
    assert MessageReport.objects.count() == 1


def test_who_opens_the_form(client: Client, cast: Cast, message: Message, another: Introduction) -> None:
    people = {"amina": 200, "erik": 200, "rolf": 403, "ruth": 403, "sara": 404, "ingrid": 404}
    for name, status in people.items():
        client.force_login(getattr(cast, name))
        assert client.get(report_page(message)).status_code == status, name
    client.force_login(cast.amina)
    elsewhere = f"/traffar/kontakter/{another.public_id}/meddelande/{message.pk}/anmal/"
    assert client.get(elsewhere).status_code == 404
    assert client.get(page_of(message, f"meddelande/{2**70}/anmal/")).status_code == 404
    message.reports.all().delete()
    Message.objects.update(hidden_at=NOW)
    hidden = client.get(report_page(message), follow=True).content.decode()
    assert "Meddelandet är redan dolt." in hidden
    assert SAID not in hidden


def test_so_many_reports_and_no_more(
    client: Client, cast: Cast, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    limit = type(REPORTING)("report-message", 1, REPORTING.seconds)
    monkeypatch.setattr("matching.meeting.views.reporting.REPORTING", limit)
    client.force_login(cast.amina)
    second = written(message.introduction, cast.ruth, "Och en sak till.")
    assert client.post(report_page(message), {"reason": "fraud"}).status_code == 302
    stopped = client.post(report_page(second), {"reason": "fraud", "text": TOLD})
    assert (stopped.status_code, TOLD in stopped.content.decode()) == (429, True)
    assert MessageReport.objects.count() == 1
    cache.clear()


def test_reported_messages_cost_a_page_nothing_more(client: Client, cast: Cast, message: Message) -> None:
    client.force_login(cast.amina)
    client.get(page_of(message))
    before = queries_for(client, page_of(message))
    for number in range(3):
        report(written(message.introduction, cast.ruth, f"Nummer {number}"), cast.amina)
    assert queries_for(client, page_of(message)) == before


def test_staff_read_and_decide_in_the_admin(cast: Cast, message: Message) -> None:
    Message.objects.update(text=f"{SAID}\n<b>Nu.</b>")
    one = report(message, cast.amina)
    client = staff(cast)
    listed = client.get("/admin/matching/messagereport/").content.decode()
    assert "Det är obehagligt eller hotfullt" in listed
    assert [word for word in ("betalar", "Kerstin") if word in listed] == []
    page = client.get(admin_page(one)).content.decode()
    assert f"Anmälan {one.pk}" in page
    for word in (
        "betalar",
        "Kerstin",
        "Kravbrev.pdf",
        "&lt;b&gt;Nu",
        "Ruth Malmsten, Stiftelsen Västanvind",
        "Amina",
    ):
        assert word in page, word
    given = {"decision": "hidden", "why": NOTE, "seen": "open"}
    assert client.post(admin_page(one), {**given, "why": ""}).status_code == 200
    assert Message.objects.get().hidden_at is None
    done = client.post(admin_page(one), given, follow=True).content.decode()
    assert "Avgjort." in done
    again = client.post(admin_page(one), {**given, "decision": "kept"}, follow=True).content.decode()
    assert "hann en kollega före" in again
    one.refresh_from_db()
    assert (one.state, one.note, one.handled_by) == ("hidden", NOTE, cast.stefan)
    assert client.get("/admin/matching/messagereport/add/").status_code == 403
    assert client.post(f"/admin/matching/messagereport/{one.pk}/delete/").status_code == 403


def test_who_reads_a_reported_message_or_gets_its_file_is_in_the_log(cast: Cast, message: Message) -> None:
    one = report(message, cast.amina)
    other = written(message.introduction, cast.ruth, "Inte anmält")
    client = staff(cast)
    client.get("/admin/matching/messagereport/")
    read = AuditEvent.objects.filter(verb__startswith="read_reported").order_by("pk")
    assert not read.exists()
    page = client.get(admin_page(one)).content.decode()
    number = message.attachments.get().pk
    where = f"/admin/matching/messagereport/{one.pk}/file/{number}/"
    assert f'href="{where}">Kravbrev.pdf' in page
    Message.objects.update(hidden_at=NOW)
    got = client.get(where)
    assert (got.content, got["Content-Type"]) == (PDF, "application/pdf")
    assert got["Content-Disposition"].startswith("attachment;")
    # A file of a message that nobody has reported stays between the two sides.
    wrong = f"/admin/matching/messagereport/{one.pk}/file/{other.attachments.get().pk}/"
    assert client.get(wrong).status_code == 404
    about = {"introduction": message.introduction.public_id}
    assert [(row.verb, row.actor_id, row.object_id, row.details) for row in read] == [
        ("read_reported_message", cast.stefan.pk, str(one.pk), about),
        ("read_reported_file", cast.stefan.pk, str(one.pk), {**about, "file": str(number)}),
    ]
    for person in (cast.amina, cast.ruth):
        client.force_login(person)
        assert client.get(where).status_code in (302, 403, 404)
        with pytest.raises(PermissionDenied):
            reporting.note_read_by_staff(report=one, actor=person, now=NOW)


def test_open_reports_stand_first(cast: Cast, message: Message) -> None:
    waits = report(message, cast.erik)
    newer = written(message.introduction, cast.ruth, "Nyare")
    done = handle(report(newer, cast.erik, now=NOW + timedelta(days=1)), cast.stefan)
    result = staff(cast).get("/admin/matching/messagereport/").context["cl"].result_list
    assert list(result) == [waits, done]


def test_the_list_costs_the_same_for_one_and_for_many(cast: Cast, message: Message) -> None:
    client = staff(cast)
    report(message, cast.amina)
    where = "/admin/matching/messagereport/"
    client.get(where)
    before = queries_for(client, where)
    for number in range(3):
        report(written(message.introduction, cast.ruth, f"Nummer {number}"), cast.amina)
    assert queries_for(client, where) == before


def test_nobody_but_staff_hears_a_report(cast: Cast, message: Message) -> None:
    """A canary in the report and in the note sings on no page of either side, the reporter's included."""
    aviary = Aviary()
    one = report(message, cast.amina, aviary.text("report", "staff’s"))
    handle(one, cast.stefan, "kept", note=aviary.text("note", "staff’s"))
    pages = ["", "avsluta/", f"meddelande/{message.pk}/anmal/"]
    around = ["/traffar/kontakter/", "/meddelanden/", "/min-sida/"]
    for person in (None, cast.amina, cast.erik, cast.rolf, cast.ruth, cast.ingrid, cast.sara):
        client = Client()
        if person is not None:
            client.force_login(person)
        for where in [*(page_of(message, rest) for rest in pages), *around]:
            said = client.get(where, follow=True).content.decode()
            assert aviary.heard_in(said) == [], (person, where)
    mails = [{**mail.arguments, "recipients": []} for mail in OutboxMessage.objects.all()]
    told = [*mails, *Notice.objects.values_list("parameters", flat=True)]
    told += AuditEvent.objects.values_list("details", flat=True)
    assert aviary.heard_in(json.dumps(told, ensure_ascii=False)) == []
    assert len(aviary.heard_in(staff(cast).get(admin_page(one)).content.decode())) == 4
