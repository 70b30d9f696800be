"""The newsletter: for whoever asks and then confirms, stopped by one click, and the address is gone.

What is answered, and how long it takes, is the same whether an address is known or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from brygga.core.enums import Language
from brygga.core.limits import Limit
from brygga.core.mornings import next_monthly_morning
from brygga.notifications.models import NewsletterReader
from brygga.notifications.tips import TipsGroup, gather_news
from brygga.outbox.mails import send_followed
from brygga.outbox.services import enqueue

logger = structlog.get_logger(__name__)
#: So long an address is kept that nobody has confirmed.
UNCONFIRMED_FOR = timedelta(days=7)
#: An address gets one mail about asking in so long, whoever asks and however often.
ONE_ANSWER_IN = timedelta(days=1)
#: From one network address. Without a count nothing is sent.
ASKING = Limit("newsletter", 10, 10 * 60, is_closed=True)
MOST_AT_A_TIME = 2000
AFTER_AN_ERROR = timedelta(hours=1)
_CONFIRM_SALT, _STOP_SALT = "brygga.newsletter.confirm", "brygga.newsletter.stop"


@transaction.atomic
def ask_for_newsletter(*, email: str, language: Language | str, now: datetime) -> None:
    """Send the address a mail with a link to confirm by; or, when it is confirmed, with the way out.

    An address that has had such a mail in the last day gets none. Tells nobody which of these it was.
    """
    address = email.strip().lower()
    reader, is_new = NewsletterReader.objects.get_or_create(
        email=address,
        defaults={"language": Language(language), "asked_at": now, "answered_at": now},
    )
    # Two at once are one after the other, and the second finds what the first has written.
    reader = NewsletterReader.objects.select_for_update().get(pk=reader.pk)
    if not is_new and reader.answered_at > now - ONE_ANSWER_IN:
        return
    reader.answered_at = now
    if reader.confirmed_at is None:
        reader.asked_at, reader.language = now, Language(language)
    reader.save(update_fields=["answered_at", "asked_at", "language"])
    with override(reader.language):
        _answer(reader, now)


def _answer(reader: NewsletterReader, now: datetime) -> None:
    stop_path = reverse("newsletter:stop", args=[stop_token(reader)])
    if reader.confirmed_at is None:
        subject = gettext("Confirm that you want our newsletter")
        path = reverse("newsletter:confirm", args=[confirm_token(reader)])
    else:
        subject, path = gettext("You get our newsletter already"), ""
    context = {
        "link": settings.SITE_ADDRESS + path if path else "",
        "stop_link": settings.SITE_ADDRESS + stop_path,
        "contact_email": settings.CONTACT_EMAIL,
    }
    enqueue(
        task="outbox.deliver_mail",
        key=f"newsletter-answer-{reader.pk}-{now:%Y%m%dT%H%M%S%f}",
        now=now,
        arguments={
            "subject": subject,
            "body": render_to_string("emails/newsletter_confirm.txt", context).strip() + "\n",
            "recipients": [reader.email],
        },
    )


def confirm_token(reader: NewsletterReader) -> str:
    return signing.TimestampSigner(salt=_CONFIRM_SALT).sign(str(reader.pk))


def stop_token(reader: NewsletterReader) -> str:
    return signing.Signer(salt=_STOP_SALT).sign(str(reader.pk))


def reader_to_confirm(token: str) -> NewsletterReader | None:
    """Return who a link confirms; None when it is wrong or older than seven days, or the address is gone."""
    try:
        number = signing.TimestampSigner(salt=_CONFIRM_SALT).unsign(token, max_age=UNCONFIRMED_FOR)
    except signing.BadSignature:
        return None
    return NewsletterReader.objects.filter(pk=number).first()


def reader_to_stop(token: str) -> NewsletterReader | None:
    """Return whose letters a link stops; None when it is wrong or they have been stopped."""
    try:
        number = signing.Signer(salt=_STOP_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return NewsletterReader.objects.filter(pk=number).first()


def is_own_stop(token: str) -> bool:
    """Say whether we have made this link, also if the address is gone since."""
    try:
        signing.Signer(salt=_STOP_SALT).unsign(token)
    except signing.BadSignature:
        return False
    return True


def confirm_newsletter(*, token: str, now: datetime) -> bool:
    """Begin to send to a reader; doing it again changes nothing. False for a link that is no use."""
    reader = reader_to_confirm(token)
    if reader is None:
        return False
    NewsletterReader.objects.filter(pk=reader.pk, confirmed_at__isnull=True).update(
        confirmed_at=now, told_until=now, due_at=next_monthly_morning(now)
    )
    return True


def stop_newsletter(*, token: str) -> bool:
    """Send no more, and delete the address. Return whether there was one."""
    reader = reader_to_stop(token)
    return reader is not None and bool(reader.delete()[0])


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete the addresses that nobody has confirmed in seven days, and return how many."""
    old = NewsletterReader.objects.filter(confirmed_at__isnull=True, asked_at__lte=now - UNCONFIRMED_FOR)
    return old.delete()[0]


# -- sending ---------------------------------------------------------------------------------------


def send_all_due(*, now: datetime) -> int:
    """Send the month's letter to those whose time has come. Return how many were put in the outbox.

    Safe to run twice, and at once in two places.
    """
    gathered: dict[tuple[datetime, str], tuple[TipsGroup, ...]] = {}
    due = NewsletterReader.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    sent = 0
    for number in list(due.values_list("pk", flat=True)[:MOST_AT_A_TIME]):
        try:
            sent += send_letter(number=number, now=now, gathered=gathered)
        except Exception as error:
            # One reader's letter must not keep the others from getting theirs.
            logger.warning("newsletter_failed", number=number, error=type(error).__name__)
            NewsletterReader.objects.filter(pk=number).update(due_at=now + AFTER_AN_ERROR)
    return sent


@transaction.atomic
def send_letter(
    *, number: int, now: datetime, gathered: dict[tuple[datetime, str], tuple[TipsGroup, ...]] | None = None
) -> bool:
    """Put one reader's letter in the outbox, if anything has been published since the last.

    The letter and the next time are written together, so whoever is killed in the middle has done nothing.
    `gathered` keeps what is the same for many readers.
    """
    due = NewsletterReader.objects.select_for_update(skip_locked=True).filter(pk=number, due_at__lte=now)
    reader = due.first()
    if reader is None or reader.due_at is None or reader.told_until is None:
        return False
    kept = {} if gathered is None else gathered
    since, due_at = reader.told_until, reader.due_at
    reader.told_until, reader.due_at = now, next_monthly_morning(now)
    reader.save(update_fields=["told_until", "due_at"])
    with override(reader.language):
        wanted = (since, reader.language)
        if wanted not in kept:
            kept[wanted] = gather_news(since, now)
        if not kept[wanted]:
            return False
        context: Mapping[str, object] = {"groups": kept[wanted]}
        return send_followed(
            key=f"newsletter-{reader.pk}-{due_at:%Y%m%dT%H%M%S%f}",
            recipient=reader.email,
            subject=gettext("New at Brygga"),
            template="emails/newsletter.txt",
            context=context,
            stop_path=reverse("newsletter:stop", args=[stop_token(reader)]),
            now=now,
        )
