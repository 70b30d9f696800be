from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TogetherSide(TextChoices):
    """The two: who asks, and whose initiative is asked about."""

    ASKER = "asker", _("Who asks")
    ASKED = "asked", _("Who is asked")


class WhyNot(TextChoices):
    """Why a question cannot be asked. The page says it in words."""

    OWN = "own"
    GONE = "gone"
    NOBODY = "nobody"
    SAID_NO = "said_no"
    # They take no questions from the one who asks, who is told that it is so, and not why.
    NOT_NOW = "not_now"
    TOO_MANY = "too_many"
