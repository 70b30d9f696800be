from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TokenScope(TextChoices):
    """What a personal API token may do. A token without a scope gets 403 for that part."""

    READ_PROFILES = "read_profiles", _("Read initiatives, support offers and taxonomy")
    READ_MATCHES = "read_matches", _("Read my matches")
