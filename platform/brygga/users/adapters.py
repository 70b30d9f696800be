"""How allauth talks to the rest of the house: mails go through the outbox, in the reader's language."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from brygga.outbox.services import enqueue
from brygga.users.models import User
from brygga.users.selectors import user_by_address
from brygga.users.signals import address_given

# Mails that answer somebody who signs up or in.
_ANSWERS = ("email_confirmation_signup", "email_confirmation", "login_code", "account_already_exists")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _(
            "That is not the code we sent last. Check the newest mail and write its six digits."
        ),
        "incorrect_password": _("That is not the right password."),
        "email_password_mismatch": _(
            "The address and the password do not match. You can also sign in with a code by e-mail."
        ),
        "enter_current_password": _("That is not the password you have now."),
        "email_taken": _("There is already an account with that address."),
        "duplicate_email": _("That is already the address of your account."),
        "too_many_login_attempts": _("Too many attempts in a short time. Wait five minutes and try again."),
        "rate_limited": _("Too many attempts in a short time. Wait a few minutes and try again."),
        "unknown_email": _("We know of no account with that address."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a mail in the outbox: plain text, in the account's language, or the page's when there is none."""
        request = allauth_context.request
        if request is not None and template_prefix.rpartition("/")[2] in _ANSWERS:
            address_given.send(sender=type(self), session=request.session, address=email, at=timezone.now())
        user = context.get("user") or user_by_address(email)
        language = user.language if isinstance(user, User) else (get_language() or "sv")[:2]
        with override(language):
            prepared = {
                **context,
                "email": email,
                "site_address": settings.SITE_ADDRESS,
                "signup_url": settings.SITE_ADDRESS + reverse("account_signup"),
                "login_url": settings.SITE_ADDRESS + reverse("account_login"),
                "contact_email": settings.CONTACT_EMAIL,
            }
            subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", prepared).split())
            body = render_to_string(f"{template_prefix}_message.txt", prepared).strip() + "\n"
        enqueue(
            task="outbox.deliver_mail",
            # Each call is a mail of its own: a code asked for twice is two codes.
            key=f"account-{uuid4()}",
            now=timezone.now(),
            arguments={"subject": subject, "body": body, "recipients": [email]},
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead home in the language of the account, whatever language the sign-in page was in."""
        assert isinstance(request.user, User)
        with override(request.user.language):
            return reverse("pages:home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("users:account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        request = allauth_context.request
        if request.user.is_authenticated:
            return reverse("users:account")
        return super().get_email_verification_redirect_url(email_address)  # type: ignore[no-any-return]
