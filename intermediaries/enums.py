from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FlagReason(TextChoices):
    """Why an intermediary finds an initiative promising."""

    PROMISING_RESULTS = "promising_results", _("Promising results")
    STRONG_PARTICIPATION = "strong_participation", _("Those affected take a strong part")
    SCALABLE = "scalable", _("Could grow or spread")
    FILLS_A_GAP = "fills_a_gap", _("Meets a need nobody else meets")
    OVERLOOKED = "overlooked", _("Overlooked so far")
    EVIDENCE = "evidence", _("There is good evidence")
    NEW_COLLABORATION = "new_collaboration", _("New collaboration across sectors")
