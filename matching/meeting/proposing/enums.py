from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProposalState(TextChoices):
    """Where a proposal is. What follows a first yes stands in the introduction that it led to."""

    WAITING = "waiting", _("Waiting for an answer")
    TAKEN_UP = "taken_up", _("Taken up")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Role(TextChoices):
    """Who reads a proposal: one of the two that it is about, or those who made it."""

    INITIATIVE = "initiative"
    OFFER = "offer"
    INTERMEDIARY = "intermediary"
