from allauth.account import views as account
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.conf import settings
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from brygga.users import demo_views, views
from brygga.users.recent import recent_sign_in_required
from brygga.users.views import unprocessable_when_invalid as form

own = [
    path("", views.account, name="account"),
    path(_("profile/"), views.profile, name="profile"),
    path(_("confirm-it-is-you/"), views.confirm_it_is_you, name="confirm-it-is-you"),
    path(_("sign-in/password/"), form(views.PasswordLoginView.as_view()), name="password-sign-in"),
    path(_("tokens/"), views.tokens, name="tokens"),
    path(_("tokens/new/"), views.create_token, name="create-token"),
    path(_("tokens/<slug:token_key>/remove/"), views.revoke_token, name="revoke-token"),
]

if settings.DEMO_MODE:
    own += [
        path("demo/sign-in/", demo_views.demo_sign_in, name="demo-sign-in"),
        path("demo/mailbox/", demo_views.mailbox, name="mailbox"),
        path("demo/mailbox/<int:number>/", demo_views.mail, name="mail"),
    ]

# allauth's own names, at addresses in the page's language.
urlpatterns = [
    path("", include((own, "users"))),
    path(_("sign-in/"), form(account.login), name="account_login"),
    path(_("sign-in/code/"), form(account.request_login_code), name="account_request_login_code"),
    path(_("sign-in/code/confirm/"), form(account.confirm_login_code), name="account_confirm_login_code"),
    path(_("sign-out/"), account.logout, name="account_logout"),
    path(pgettext_lazy("address", "create/"), form(account.signup), name="account_signup"),
    path(_("inactive/"), account.account_inactive, name="account_inactive"),
    path(_("again/"), form(account.reauthenticate), name="account_reauthenticate"),
    path(_("e-mail/"), recent_sign_in_required(form(account.email)), name="account_email"),
    path(_("e-mail/confirm/"), form(account.email_verification_sent), name="account_email_verification_sent"),
    path(_("password/change/"), form(account.password_change), name="account_change_password"),
    path(
        _("password/choose/"),
        recent_sign_in_required(form(account.password_set)),
        name="account_set_password",
    ),
    path(_("password/forgotten/"), form(account.password_reset), name="account_reset_password"),
    path(
        _("password/forgotten/code/"),
        form(account.confirm_password_reset_code),
        name="account_confirm_password_reset_code",
    ),
    path(
        _("password/forgotten/new/"),
        form(account.complete_password_reset),
        name="account_complete_password_reset",
    ),
    path(
        _("password/forgotten/done/"),
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    # Named before the include, so that these two ask who it is first.
    path(
        _("two-steps/totp/activate/"), recent_sign_in_required(form(activate_totp)), name="mfa_activate_totp"
    ),
    path(_("two-steps/webauthn/add/"), recent_sign_in_required(form(add_webauthn)), name="mfa_add_webauthn"),
    path(_("two-steps/"), include("allauth.mfa.urls")),
    path(_("sessions/"), include("allauth.usersessions.urls")),
]
