"""The staff's admin, without what is a person's own."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig

# Staff neither read where somebody is signed in nor change how they prove who they are.
SIGN_IN = ("account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession")


class StaffAdminConfig(AdminConfig):
    """Django's admin once every app has registered its models, less those of a person's sign-in.

    It is done here and not beside the addresses, which are read at a moment nobody chooses: Django's own checks
    walk through the register and may be what reads them.
    """

    def ready(self) -> None:
        super().ready()
        for label in SIGN_IN:
            model = apps.get_model(label)
            if admin.site.is_registered(model):
                admin.site.unregister(model)
