from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from brygga.taxonomy.enums import SupportKind


class Decides(TextChoices):
    """Who decides that something is taken up. Unknown is null."""

    OURSELVES = "ourselves", _("We decide ourselves")
    PREPARED = "prepared", _("Somebody else decides, and we prepare it for them")
    NOT_ASKED = "not_asked", _("Somebody else decides, and has not been asked yet")


class Starts(TextChoices):
    """When the adopter wants to begin. Unknown is null."""

    AT_ONCE = "at_once", _("As soon as we find something that fits")
    HALF_YEAR = "half_year", _("Within half a year")
    YEAR = "year", _("Within a year")
    LATER = "later", _("Later")


#: What an adopter can put in beside money and a decision, of the kinds of support that others look for.
CAN_PUT_IN = (
    SupportKind.STAFF_TIME,
    SupportKind.PREMISES,
    SupportKind.TEST_SITE,
    SupportKind.NETWORK,
    SupportKind.KNOWLEDGE,
    SupportKind.DATA,
    SupportKind.COMMUNICATION,
)
