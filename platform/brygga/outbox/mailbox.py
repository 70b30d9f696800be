"""A mail backend that keeps mails in the database, for the mailbox page of a demo."""

from collections.abc import Sequence
from email.mime.text import MIMEText

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
                body=_read(mail),
            )
            for mail in email_messages
        )
        return len(email_messages)


def _read(mail: EmailMessage) -> str:
    """Return what a mail says, and the text of what goes along with it."""
    texts = [part.get_payload(decode=True) for part in mail.attachments if isinstance(part, MIMEText)]
    return "\n\n".join([str(mail.body), *(text.decode() for text in texts if isinstance(text, bytes))])
