"""A mail backend that keeps mails in the database, for the mailbox page of a demo."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from brygga.outbox.models import MailboxMail


class MailboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        MailboxMail.objects.bulk_create(
            MailboxMail(
                sender=mail.from_email,
                recipients=", ".join(mail.recipients()),
                subject=str(mail.subject)[:500],
                body=str(mail.body),
            )
            for mail in email_messages
        )
        return len(email_messages)
