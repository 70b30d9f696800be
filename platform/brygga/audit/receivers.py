"""Deeds of apps below that belong in the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.signals import email_changed
from django.dispatch import receiver
from django.utils import timezone

from brygga.audit.services import record
from brygga.users.models import ApiToken, User
from brygga.users.signals import token_created, token_revoked


@receiver(token_created, dispatch_uid="audit_token_created")
def record_token_created(*, user: User, token: ApiToken, at: datetime, **_: Any) -> None:
    details = {"token": token.token_key, "scopes": list(token.scopes)}
    record(verb="create_token", subject=user, actor=user, now=at, details=details)


@receiver(token_revoked, dispatch_uid="audit_token_revoked")
def record_token_revoked(*, user: User, token: ApiToken, at: datetime, **_: Any) -> None:
    record(verb="revoke_token", subject=user, actor=user, now=at, details={"token": token.token_key})


@receiver(email_changed, dispatch_uid="audit_email_changed")
def record_email_changed(*, user: User, **_: Any) -> None:
    """The addresses themselves stay out of the log."""
    record(verb="change_email", subject=user, actor=user, now=timezone.now())
