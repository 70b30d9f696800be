from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunState(TextChoices):
    """Where a full run is. Only `published` runs are read by pages, and only the current one."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class ShardKind(TextChoices):
    """The parts of a run, in the order in which they can be done."""

    PLAN = "plan", _("Read and plan")
    SCORE = "score", _("Compare")
    PUBLISH = "publish", _("Put together and publish")


class ShardState(TextChoices):
    """Where one part of a run is. A part whose lease has passed waits again."""

    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("Under way")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Verdict(TextChoices):
    """May they meet? Missing facts make it unclear, never a no."""

    FITS = "fits", _("fits")
    UNCLEAR = "unclear", _("unclear")
    DOES_NOT_FIT = "does_not_fit", _("does not fit")


class Gone(TextChoices):
    """Why a suggestion that somebody has opened is no longer one."""

    NEW_RUN = "new_run", _("a new comparison of everything")
    INITIATIVE_CHANGED = "initiative_changed", _("the initiative has changed")
    OFFER_CHANGED = "offer_changed", _("the support has changed")
    INITIATIVE_CLOSED = "initiative_closed", _("the initiative is no longer published")
    OFFER_CLOSED = "offer_closed", _("the support is no longer open")
