from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunState(TextChoices):
    """Where a full run is. Only `published` runs are read by pages, and only the current one."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")


class Verdict(TextChoices):
    """May they meet? Missing facts make it unclear, never a no."""

    FITS = "fits", _("fits")
    UNCLEAR = "unclear", _("unclear")
    DOES_NOT_FIT = "does_not_fit", _("does not fit")
