"""allauth's forms with our words: labels are questions, nothing is hidden in a placeholder."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import Language
from brygga.users.models import User


class Plain:
    """Takes allauth's placeholders away and puts our labels and hints in."""

    words: dict[str, dict[str, Any]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            for attribute, text in {**SHARED_WORDS.get(name, {}), **self.words.get(name, {})}.items():
                setattr(field, attribute, text)


CODE = {"label": _("The code from the mail"), "help_text": _("Six digits.")}
SHARED_WORDS: dict[str, dict[str, Any]] = {
    "email": {"label": _("Your e-mail address")},
    "login": {"label": _("Your e-mail address")},
    "code": CODE,
    "password": {"label": _("Your password"), "help_text": ""},
    "oldpassword": {"label": _("Your password now"), "help_text": ""},
    "password1": {
        "label": _("New password"),
        "help_text": _("At least 12 characters. Several words in a row are easy to remember."),
    },
    "password2": {"label": _("New password once more")},
}


class LoginForm(Plain, account.LoginForm):
    """Sign in by e-mail code: an address, nothing more."""


class PasswordLoginForm(Plain, account.LoginForm):
    """Sign in with a password, for those who have chosen one."""

    def _setup_password_field(self) -> None:
        """Keep the field, which allauth takes away when sign-up asks for no password."""


class SignupForm(Plain, account.SignupForm):
    """Name, address and language. No password: the address is confirmed by a code."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Shown to people you work with here. Your e-mail address is not."),
    )
    language = forms.ChoiceField(
        label=_("Language for pages and mails"), choices=Language.choices, widget=forms.RadioSelect
    )
    # People never see it; programs that fill in everything give themselves away.
    website = forms.CharField(
        required=False, label="", widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    field_order = ["name", "email", "language"]
    unmarked_fields = ("website",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = (get_language() or "sv")[:2]

    def try_save(self, request: HttpRequest) -> Any:
        if self.cleaned_data.get("website"):
            # The same answer as to an address that has an account, and no account.
            self.account_already_exists = True
        return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: Any) -> None:
        assert isinstance(user, User)
        user.name = self.cleaned_data["name"].strip()
        user.language = self.cleaned_data["language"]
        user.save(update_fields=["name", "language"])


class RequestLoginCodeForm(Plain, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(Plain, account.ConfirmLoginCodeForm):
    pass


class ConfirmEmailVerificationCodeForm(Plain, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(Plain, account.ConfirmPasswordResetCodeForm):
    pass


class AddEmailForm(Plain, account.AddEmailForm):
    words = {"email": {"label": _("Your new e-mail address")}}


class ChangeEmailForm(Plain, account.ChangeEmailForm):
    words = {"email": {"label": _("Your new e-mail address")}}


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    pass


class SetPasswordForm(Plain, account.SetPasswordForm):
    pass


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    pass


AUTHENTICATOR_CODE = {
    "label": pgettext_lazy("authenticator app", "The code from your app"),
    "help_text": _("Six digits, or one of your recovery codes."),
}


class AuthenticateForm(Plain, mfa.AuthenticateForm):
    words = {"code": AUTHENTICATOR_CODE}


class MfaReauthenticateForm(Plain, mfa.ReauthenticateForm):
    words = {"code": AUTHENTICATOR_CODE}


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):
    words = {"code": {**AUTHENTICATOR_CODE, "help_text": _("Six digits, new every half minute.")}}
