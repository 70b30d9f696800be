from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClaimWay(TextChoices):
    """How staff can check that an organisation is the one that gives the support."""

    WEBSITE = "website", _("On our website")
    EMAIL = "email", _("By an e-mail address at our own domain")
    PHONE = "phone", _("By our switchboard")
    OTHER = "other", _("In another way")


class ClaimState(TextChoices):
    OPEN = "open", _("waits")
    APPROVED = "approved", _("yes, it is theirs")
    DECLINED = "declined", _("no, not confirmed")
    # Another organisation got a yes.
    OVERTAKEN = "overtaken", _("another got it")
    TAKEN_BACK = "taken_back", _("taken back")


# What staff may decide.
OUTCOMES = (ClaimState.APPROVED, ClaimState.DECLINED)
