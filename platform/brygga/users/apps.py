from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    name = "brygga.users"
    verbose_name = _("People and sign-in")
    label = "users"
