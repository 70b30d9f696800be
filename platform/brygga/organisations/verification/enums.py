from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VerificationState(TextChoices):
    OPEN = "open", _("waits")
    APPROVED = "approved", _("yes, verified")
    DECLINED = "declined", _("no, not confirmed")
    TAKEN_BACK = "taken_back", _("taken back")


# What staff may decide.
OUTCOMES = (VerificationState.APPROVED, VerificationState.DECLINED)
