from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AdoptionSide(TextChoices):
    """The two that meet: who wants to take something up, and who has done it."""

    ADOPTER = "adopter", _("Who wants to take it up")
    INITIATIVE = "initiative", _("The initiative")


def other_side(side: AdoptionSide | str) -> AdoptionSide:
    return AdoptionSide.ADOPTER if side == AdoptionSide.INITIATIVE else AdoptionSide.INITIATIVE
