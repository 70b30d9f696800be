from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """Where a case is on the giver's desk. No row, or a row that was put back = suggested only."""

    SUGGESTED = "suggested", _("Suggested")
    SHORTLISTED = "shortlisted", _("On the shortlist")
    IN_DIALOGUE = "in_dialogue", _("In dialogue")
    SUPPORTED = "supported", _("Supported")
    DECLINED = "declined", _("Turned down")
    DISMISSED = "dismissed", _("Not relevant")


#: Stages that are a decision: reached by deciding, left by taking the decision back.
DECIDED = (Stage.SUPPORTED, Stage.DECLINED)
#: Where a case lies that somebody has picked out, and not put aside.
PICKED_OUT = (Stage.SHORTLISTED, Stage.IN_DIALOGUE, *DECIDED)
#: Where a case may go from where it is.
NEXT_STAGES: dict[Stage, tuple[Stage, ...]] = {
    Stage.SUGGESTED: (Stage.SHORTLISTED, Stage.IN_DIALOGUE, Stage.DISMISSED),
    Stage.SHORTLISTED: (
        Stage.IN_DIALOGUE,
        Stage.SUPPORTED,
        Stage.DECLINED,
        Stage.SUGGESTED,
        Stage.DISMISSED,
    ),
    Stage.IN_DIALOGUE: (Stage.SHORTLISTED, Stage.SUPPORTED, Stage.DECLINED),
    Stage.SUPPORTED: (),
    Stage.DECLINED: (),
    Stage.DISMISSED: (Stage.SUGGESTED, Stage.SHORTLISTED),
}


class DismissReason(TextChoices):
    """Why a giver puts a case aside or declines it. Internal: it is never sent to the initiative."""

    OTHER_THEME = "other_theme", _("About something else than we support")
    OTHER_PLACE = "other_place", _("Wrong place for us")
    OTHER_STAGE = "other_stage", _("Too early or too late for us")
    OTHER_SUPPORT = "other_support", _("Needs something we do not give")
    AMOUNT = "amount", _("The amount does not suit us")
    ALREADY_SUPPORTED = "already_supported", _("We already support it or something alike")
    NO_ROOM = "no_room", _("We have no room now")
    OTHER = "other", _("Other reason")


class Deed(TextChoices):
    """What may be done with several cases at once. The moves are named as the stage they lead to."""

    SHORTLIST = "shortlisted", _("Put on the shortlist")
    DIALOGUE = "in_dialogue", _("Move to those in dialogue")
    BACK = "suggested", _("Put back among the suggestions")
    ASIDE = "dismissed", _("Put aside as not relevant …")
    DECLINE = "declined", _("Turn several down …")
    ASSIGN = "assign", _("Say who takes care of them …")
    DUE = "due", _("Set a day when they should be done …")


#: Deeds that need a coded reason, and that pass nobody by who waits for a word.
WITH_REASON = (Deed.ASIDE, Deed.DECLINE)


class Why(TextChoices):
    """Why a case is left as it is when the others are changed. Who waits for a word is told of first."""

    ASKED = (
        "asked",
        _("A question about contact waits for an answer, yours or theirs. Answer it or take it back first."),
    )
    SAID_YES = "said_yes", _("They have said yes to an introduction and should have a message of their own.")
    THERE = "there", _("It is so already.")
    CHANGED = "changed", _("A colleague has changed it since you looked.")
    CANNOT = "cannot", _("It cannot be moved there from where it lies.")
    DECIDED = "decided", _("It is decided already.")
    STANDS_ASIDE = "stands_aside", _("The person you chose stands aside from it.")
