from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from matching.desk.enums import Stage


class Column(TextChoices):
    """What a column of somebody's table may tell of a case."""

    ADDRESS = "address", _("Address in Brygga")
    TITLE = "title", _("Name of the initiative")
    NUMBER = "number", _("Organisation number")
    STAGE = "stage", _("Where the case stands")
    NOTE = "note", _("Note")
    ASSIGNEE = "assignee", _("Who takes care of it")
    DUE = "due", _("Done by")


class Outcome(TextChoices):
    """What becomes of a row."""

    NEW = "new", _("Becomes a case")
    NOTE = "note", _("Its note is added")
    EXISTS = "exists", _("On the desk already")
    NOT_HERE = "not_here", _("Not in Brygga")
    WRONG = "wrong", _("Needs a change")
    DOUBLE = "double", _("Twice in the table")


#: Where a table may put a case. A decision is made for one case at a time: somebody may be told of it.
STAGES = (Stage.SUGGESTED, Stage.SHORTLISTED, Stage.IN_DIALOGUE)
#: Rows of which all that the table says has come in, or will.
TAKEN = (Outcome.NEW, Outcome.NOTE)
