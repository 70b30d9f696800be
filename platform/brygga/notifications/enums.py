from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeKind(TextChoices):
    """Each event that a person is told of. Those about their own case are sent at once.

    What has happened in an initiative that they follow stands in their list only, and in the mail of tips.
    """

    MEMBER_JOINED = "member_joined", _("Somebody joined your organisation")
    TWO_STEPS_REQUIRED = "two_steps_required", _("Your organisation asks for two-step sign-in")
    HANDED_OVER = "handed_over", _("You take over from a colleague")
    MEMBERSHIP_ENDED = "membership_ended", _("You no longer belong to an organisation")
    INTRODUCTION_ASKED = "introduction_asked", _("Somebody asks for an introduction")
    INTRODUCTION_ACCEPTED = "introduction_accepted", _("Your introduction was accepted")
    INTRODUCTION_DECLINED = "introduction_declined", _("Your introduction was declined")
    INTRODUCTION_WITHDRAWN = "introduction_withdrawn", _("A request for an introduction was withdrawn")
    INTRODUCTION_WAITS = "introduction_waits", _("A question about an introduction still waits")
    CONTACT_WANTED = "contact_wanted", _("An initiative asks you for contact")
    CONTACT_ACCEPTED = "contact_accepted", _("A giver says yes to contact")
    CONTACT_DECLINED = "contact_declined", _("A giver says no to contact")
    CONTACT_WITHDRAWN = "contact_withdrawn", _("An initiative takes its question back")
    CONTACT_DUE = "contact_due", _("The day to answer a question is near")
    CONTACT_LATE = "contact_late", _("A question is not answered in time")
    PROPOSED_TO_INITIATIVE = "proposed_to_initiative", _("Somebody proposes that you meet a giver")
    PROPOSED_TO_GIVER = "proposed_to_giver", _("Somebody proposes that you meet an initiative")
    PROPOSAL_BROUGHT_TOGETHER = "proposal_brought_together", _("Two whom you proposed have said yes")
    PROPOSAL_OVER = "proposal_over", _("A proposal of yours is closed")
    MESSAGE_RECEIVED = "message_received", _("Somebody has written to you")
    MEETING_PROPOSED = "meeting_proposed", _("Times to meet are proposed")
    MEETING_PICKED = "meeting_picked", _("A time to meet is agreed")
    MEETING_PICKED_BY_US = "meeting_picked_by_us", _("Your organisation has picked a time to meet")
    MEETING_OTHERS_WANTED = "meeting_others_wanted", _("Other times to meet are wanted")
    MEETING_TAKEN_BACK = "meeting_taken_back", _("Proposed times are taken back")
    MEETING_CALLED_OFF = "meeting_called_off", _("A meeting is called off")
    MEETING_CALLED_OFF_BY_US = "meeting_called_off_by_us", _("Your organisation has called off a meeting")
    CONVERSATION_ENDED = "conversation_ended", _("A conversation is ended")
    CONVERSATION_REOPENED = "conversation_reopened", _("A conversation is opened again")
    CONTACT_CHANGED = "contact_changed", _("You have a new contact")
    MESSAGE_REPORTED = "message_reported", _("A message is reported")
    REPORTED_MESSAGE_HIDDEN = "reported_message_hidden", _("A message that you reported is hidden")
    REPORTED_MESSAGE_KEPT = "reported_message_kept", _("A message that you reported stays")
    DECISION_MADE = "decision_made", _("A giver has decided about your initiative")
    DECISION_TAKEN_BACK = "decision_taken_back", _("A giver has taken a decision back")
    ANSWER_DUE = "answer_due", _("The day to answer an initiative is near")
    ANSWER_TIME_OUT = "answer_time_out", _("A giver has not answered in time")
    ANSWERED_FOR_YOU = "answered_for_you", _("An automatic answer is sent for you")
    OFFER_CLAIMED = "offer_claimed", _("Somebody asks to take over an imported offer")
    CLAIM_APPROVED = "claim_approved", _("An imported offer is now yours")
    CLAIM_DECLINED = "claim_declined", _("We could not confirm that an imported offer is yours")
    CLAIM_OVERTAKEN = "claim_overtaken", _("An imported offer has gone to another organisation")
    MENTIONED = "mentioned", _("A colleague mentions you in a note")
    HOW_DID_IT_GO = "how_did_it_go", _("Did you apply? How did it go?")
    FLAGGED = "flagged", _("Your initiative was flagged as promising")
    CHALLENGE_ANSWERED = "challenge_answered", _("Somebody answers your challenge")
    CHALLENGE_ANSWER_REMOVED = "challenge_answer_removed", _("Your answer to a challenge is taken away")
    ADOPTION_ASKED = "adoption_asked", _("Somebody wants to talk about taking something up")
    ADOPTION_ACCEPTED = "adoption_accepted", _("A yes to talk about taking something up")
    ADOPTION_DECLINED = "adoption_declined", _("A no to talk about taking something up")
    ADOPTION_WITHDRAWN = "adoption_withdrawn", _("A question about taking something up is taken back")
    ADOPTION_CONTACT_CHANGED = (
        "adoption_contact_changed",
        _("You have a new contact about taking something up"),
    )
    FOLLOWED_WROTE = "followed_wrote", _("An initiative that you follow has written in its journal")
    FOLLOWED_NEEDS = "followed_needs", _("An initiative that you follow looks for more")
    FOLLOWED_SPREAD = "followed_spread", _("Somebody has taken up an initiative that you follow")
    FOLLOWED_CLOSED = "followed_closed", _("An initiative that you follow is closed")
    TOGETHER_ASKED = "together_asked", _("An initiative asks to do it together")
    TOGETHER_ACCEPTED = "together_accepted", _("An initiative says yes to doing it together")
    TOGETHER_DECLINED = "together_declined", _("An initiative says no to doing it together")
    TOGETHER_WITHDRAWN = "together_withdrawn", _("A question about doing it together is taken back")
    STILL_TRUE = "still_true", _("Is what your initiative says still right?")
    HANDOVER_ASKED = "handover_asked", _("You are asked to take over an initiative")
    HANDOVER_ACCEPTED = "handover_accepted", _("An initiative is taken over")
    HANDOVER_DECLINED = "handover_declined", _("Somebody says no to taking over an initiative")
    HELP_ASKED = "help_asked", _("Somebody asks for help")
    HELP_GIVEN = "help_given", _("Somebody wants to help you")
    VERIFICATION_ASKED = "verification_asked", _("An organisation asks to be verified")
    VERIFICATION_DECLINED = "verification_declined", _("We could not verify your organisation")
    ORGANISATION_VERIFIED = "organisation_verified", _("Your organisation was verified")


class TipsTopic(TextChoices):
    """What somebody may want to be told of without asking each time."""

    SUPPORT = "support", _("New support that fits your initiatives")
    CASES = "cases", _("New initiatives that fit your support")
    FOLLOWED = "followed", _("News from initiatives that you follow")


#: What has happened in an initiative that somebody follows.
FOLLOWED_KINDS = (
    NoticeKind.FOLLOWED_WROTE,
    NoticeKind.FOLLOWED_NEEDS,
    NoticeKind.FOLLOWED_SPREAD,
    NoticeKind.FOLLOWED_CLOSED,
)


class TipsRhythm(TextChoices):
    WEEKLY = "weekly", _("Once a week, on Tuesdays")
    INSTANT = "instant", _("At once")
    OFF = "off", _("Never")
