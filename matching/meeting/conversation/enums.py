from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportReason(TextChoices):
    """Why somebody reports a message."""

    THREATENING = "threatening", _("It is unpleasant or threatening")
    FRAUD = "fraud", _("It wants money or looks like fraud")
    PERSONAL_DATA = "personal_data", _("It tells things about a person that should not be there")
    OTHER = "other", _("Something else")


class ReportState(TextChoices):
    """How far staff have come, and what they decided about the message."""

    OPEN = "open", _("Waits for staff")
    KEPT = "kept", _("The message stays")
    HIDDEN = "hidden", _("The message is hidden")


OUTCOMES = (ReportState.KEPT, ReportState.HIDDEN)
