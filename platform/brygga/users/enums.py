from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TokenScope(TextChoices):
    """What a personal API token may do. A token without a scope gets 403 for that part."""

    READ_PROFILES = "read_profiles", _("Read initiatives, support offers and taxonomy")
    READ_MATCHES = "read_matches", _("Read my matches")


class DemoGroup(TextChoices):
    """What a demo person does here; groups on the sign-in page of a demo, in this order."""

    INNOVATOR = "innovator", _("Wants to change something")
    GIVER = "giver", _("Gives support")
    INTERMEDIARY = "intermediary", _("Follows and highlights initiatives")
    STAFF = "staff", _("Runs the service")
