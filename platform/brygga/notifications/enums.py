from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeKind(TextChoices):
    """Each event that a person is told of. All of these are about their own case and sent at once."""

    MEMBER_JOINED = "member_joined", _("Somebody joined your organisation")
    INTRODUCTION_ASKED = "introduction_asked", _("Somebody asks for an introduction")
    INTRODUCTION_ACCEPTED = "introduction_accepted", _("Your introduction was accepted")
    INTRODUCTION_DECLINED = "introduction_declined", _("Your introduction was declined")
    INTRODUCTION_WITHDRAWN = "introduction_withdrawn", _("A request for an introduction was withdrawn")
    MESSAGE_RECEIVED = "message_received", _("Somebody has written to you")
    MEETING_PROPOSED = "meeting_proposed", _("Times to meet are proposed")
    MEETING_PICKED = "meeting_picked", _("A time to meet is agreed")
    MEETING_OTHERS_WANTED = "meeting_others_wanted", _("Other times to meet are wanted")
    MEETING_TAKEN_BACK = "meeting_taken_back", _("Proposed times are taken back")
    CONVERSATION_ENDED = "conversation_ended", _("A conversation is ended")
    CONVERSATION_REOPENED = "conversation_reopened", _("A conversation is opened again")
    MESSAGE_REPORTED = "message_reported", _("A message is reported")
    REPORTED_MESSAGE_HIDDEN = "reported_message_hidden", _("A message that you reported is hidden")
    REPORTED_MESSAGE_KEPT = "reported_message_kept", _("A message that you reported stays")
    DECISION_MADE = "decision_made", _("A giver has decided about your initiative")
    DECISION_TAKEN_BACK = "decision_taken_back", _("A giver has taken a decision back")
    ANSWER_DUE = "answer_due", _("The day to answer an initiative is near")
    ANSWER_TIME_OUT = "answer_time_out", _("A giver has not answered in time")
    ANSWERED_FOR_YOU = "answered_for_you", _("An automatic answer is sent for you")
    FLAGGED = "flagged", _("Your initiative was flagged as promising")
    ORGANISATION_VERIFIED = "organisation_verified", _("Your organisation was verified")


class TipsTopic(TextChoices):
    """What somebody may want to be told of without asking each time."""

    SUPPORT = "support", _("New support that fits your initiatives")
    CASES = "cases", _("New initiatives that fit your support")


class TipsRhythm(TextChoices):
    WEEKLY = "weekly", _("Once a week, on Tuesdays")
    INSTANT = "instant", _("At once")
    OFF = "off", _("Never")
