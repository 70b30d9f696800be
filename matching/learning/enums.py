from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """Of whom weights are learned. Each level is where the next one's fit begins."""

    EVERYBODY = "everybody", _("All givers")
    KIND = "kind", _("One kind of support")
    GIVER = "giver", _("One giver")


class LearnedState(TextChoices):
    """What became of learned weights. Only `in_use` orders any list, and only a giver's own."""

    SHADOW = "shadow", _("Better in a test, not in use")
    REJECTED = "rejected", _("Not used")
    IN_USE = "in_use", _("In use")
    REPLACED = "replaced", _("Replaced by newer")
    RESET = "reset", _("Reset by the giver")
