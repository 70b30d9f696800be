from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CatalogueKind(TextChoices):
    """What can be searched, and so followed."""

    INITIATIVES = "initiatives", _("Initiatives")
    OFFERS = "offers", _("Support")


class Rhythm(TextChoices):
    """How often somebody wants to be told, at most."""

    DAILY = "daily", _("Every day that there is something new")
    WEEKLY = "weekly", _("Once a week, on Tuesdays")
