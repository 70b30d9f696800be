"""The audit log: who did what, never by name, and never to be changed."""

from __future__ import annotations

import pytest
import structlog
from django.db import DatabaseError, transaction
from django.test import Client

from brygga.audit.models import AuditEvent
from brygga.audit.services import record
from brygga.outbox.models import OutboxMessage
from brygga.outbox.services import enqueue
from tests.cast import Cast
from tests.factories import NOW, UserFactory


def test_a_deed_is_recorded_with_numbers_and_no_names(cast: Cast) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc-123"):
        record(
            verb="try",
            subject=cast.association,
            actor=cast.amina,
            now=NOW,
            organisation_id=cast.association.pk,
            details={"fields": ["name"]},
        )

    event = AuditEvent.objects.values().get()
    event.pop("id")
    assert event == {
        "at": NOW,
        "actor_id": cast.amina.pk,
        "actor_label": "person",
        "verb": "try",
        "object_type": "organisations.organisation",
        "object_id": str(cast.association.pk),
        "organisation_id": cast.association.pk,
        "details": {"fields": ["name"]},
        "request_id": "abc-123",
    }


def test_who_acts_is_a_kind_not_a_name(cast: Cast) -> None:
    for actor, label in ((cast.amina, ""), (cast.stefan, ""), (None, ""), (None, "import")):
        record(verb="try", subject=cast.association, actor=actor, now=NOW, label=label)

    labels = AuditEvent.objects.order_by("pk").values_list("actor_label", flat=True)
    assert list(labels) == ["person", "staff", "system", "import"]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_the_log(cast: Cast, change: str) -> None:
    event = record(verb="try", subject=cast.association, actor=cast.amina, now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        if change == "update":
            AuditEvent.objects.filter(pk=event.pk).update(verb="nothing")
        else:
            AuditEvent.objects.filter(pk=event.pk).delete()

    assert AuditEvent.objects.get().verb == "try"


def test_the_log_outlives_the_person(db: None) -> None:
    user = UserFactory()
    record(verb="try", subject=user, actor=user, now=NOW)
    number = user.pk
    user.delete()

    assert AuditEvent.objects.get().actor_id == number


def test_staff_read_the_log_and_can_change_nothing(client: Client, cast: Cast) -> None:
    cast.stefan.is_demo = True  # spares the second factor, which has tests of its own
    cast.stefan.save()
    event = record(verb="try", subject=cast.association, actor=cast.amina, now=NOW)
    client.force_login(cast.stefan)
    page = f"/admin/audit/auditevent/{event.pk}/change/"

    assert client.get("/admin/audit/auditevent/").status_code == 200
    assert client.get(page).status_code == 200
    assert client.get("/admin/audit/auditevent/add/").status_code == 403
    assert client.post(page, {"verb": "nothing"}).status_code == 403
    assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_outbox_hides_what_a_mail_says_from_staff(client: Client, cast: Cast) -> None:
    cast.stefan.is_demo = True
    cast.stefan.save()
    enqueue(task="outbox.deliver_mail", key="mail-1", now=NOW, arguments={"body": "Din kod är 123456"})
    client.force_login(cast.stefan)
    page = client.get(f"/admin/outbox/outboxmessage/{OutboxMessage.objects.get().pk}/change/")

    assert page.status_code == 200
    assert "123456" not in page.content.decode()
