from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SaidBy(TextChoices):
    """Whose word a record of support is. Only the giver's is part of what an offer is known by."""

    GIVER = "giver", _("The giver, or a source about the giver")
    SEEKER = "seeker", _("Those who got it")
