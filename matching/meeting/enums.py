from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Side(TextChoices):
    """The two that meet."""

    INITIATIVE = "initiative", _("The initiative")
    OFFER = "offer", _("The giver")


class Asked(TextChoices):
    """The lists of questions as one's own organisations see them, and what others have proposed to them."""

    OF_US = "of_us"
    BY_US = "by_us"
    PROPOSED = "proposed"


class IntroductionState(TextChoices):
    ASKED = "asked", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


NEXT_STATES: dict[IntroductionState, frozenset[IntroductionState]] = {
    IntroductionState.ASKED: frozenset(
        {IntroductionState.ACCEPTED, IntroductionState.DECLINED, IntroductionState.WITHDRAWN}
    ),
    IntroductionState.ACCEPTED: frozenset(),
    IntroductionState.DECLINED: frozenset(),
    IntroductionState.WITHDRAWN: frozenset(),
}
