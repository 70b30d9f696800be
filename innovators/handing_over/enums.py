from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HandoverState(TextChoices):
    """Where a question stands that one organisation has asked another."""

    ASKED = "asked", _("Waits for an answer")
    ACCEPTED = "accepted", _("Taken over")
    DECLINED = "declined", _("No this time")
    WITHDRAWN = "withdrawn", _("The question is taken back")
