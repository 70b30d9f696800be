from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingWay(TextChoices):
    PLACE = "place", _("We meet at a place")
    PHONE = "phone", _("We talk on the phone")
    VIDEO = "video", _("We meet by video link")


class ProposalState(TextChoices):
    OPEN = "open", _("Waiting for an answer")
    PICKED = "picked", _("A time is agreed")
    OTHERS_WANTED = "others_wanted", _("Other times are wanted")
    TAKEN_BACK = "taken_back", _("Taken back")
    CALLED_OFF = "called_off", _("The meeting is called off")


#: A time was agreed, whatever became of it.
SETTLED = (ProposalState.PICKED, ProposalState.CALLED_OFF)
