"""The staff's admin, without what is a person's own."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Django's admin once every app has registered its models, less those of a person's sign-in.

    It is done here and not beside the addresses, which are read at a moment nobody chooses: Django's own checks
    walk through the register and may be what reads them.
    """

    def ready(self) -> None:
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from allauth.usersessions.models import UserSession
        from django.contrib import admin

        # Staff neither read where somebody is signed in nor change how they prove who they are.
        for model in (EmailAddress, Authenticator, UserSession):
            if admin.site.is_registered(model):
                admin.site.unregister(model)
