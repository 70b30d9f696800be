"""What each notice says: what has happened, what happens next and who acts, and why you are told.

Parameters are put in when a text is shown, in the reader's language. Known ones: `title` (of the
initiative), `offer_title`, `organisation` (who did it), `person`; and public ids for the link:
`initiative`, `offer`, `introduction`, `proposal`, `together`, `application`, `adoption`, `organisation_id`; for staff,
the number of a `report`, a `claim` or a `request`; of a `handover`; a request for `help` and its `place`. `wanted` is
what an adopter looks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_day
from brygga.notifications.adoption_texts import ADOPTIONS
from brygga.notifications.challenge_texts import CHALLENGES
from brygga.notifications.enums import NoticeKind
from brygga.notifications.followed_texts import FOLLOWED
from brygga.notifications.helping_texts import HELPING
from brygga.notifications.meeting_texts import MEETINGS, YOU_HAVE_MET
from brygga.notifications.proposal_texts import PROPOSALS
from brygga.notifications.question_texts import QUESTIONS, YOUR_ORGANISATION, NoticeText
from brygga.notifications.together_texts import TOGETHER

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# At most this much of a title goes into a subject line.
LONGEST_TITLE = 80

_YOU_ASKED = _("You get this because you asked to take over the support.")

TEXTS: dict[NoticeKind, NoticeText] = {
    NoticeKind.MEMBER_JOINED: NoticeText(
        subject=_("%(person)s has joined %(organisation)s"),
        what=_("%(person)s accepted your invitation and now belongs to %(organisation)s."),
        next=_("You do not need to do anything. Owners can change what members may do."),
        why=_("You get this because you own the organisation."),
        button=_("See the members"),
        page="organisations:members",
        page_parameter="organisation_id",
    ),
    NoticeKind.TWO_STEPS_REQUIRED: NoticeText(
        subject=_("Set up two-step sign-in before %(day)s"),
        what=_("%(organisation)s asks all its members to sign in with two steps from %(day)s."),
        next=_("Set it up now: it takes a few minutes. After that day you get no further without it."),
        why=YOUR_ORGANISATION,
        button=_("Set it up"),
        page="mfa_index",
        page_parameter="",
    ),
    NoticeKind.HANDED_OVER: NoticeText(
        subject=_("You take over from %(person)s in %(organisation)s"),
        what=_(
            "%(person)s no longer does this work in %(organisation)s. You now have what %(person)s took care of there."
        ),
        next=_("Open the desk of each offer. Your cases are there, with their days."),
        why=_("You get this because you were chosen to take over."),
        button=_("See the organisation"),
        page="organisations:detail",
        page_parameter="organisation_id",
    ),
    NoticeKind.MEMBERSHIP_ENDED: NoticeText(
        subject=_("You no longer belong to %(organisation)s"),
        what=_("%(person)s has ended your membership in %(organisation)s."),
        next=_(
            "You cannot see or change its drafts and matches. If it is a mistake, an owner can invite you."
        ),
        why=_("You get this because you were a member."),
        button=_("See your organisations"),
        page="organisations:mine",
        page_parameter="",
    ),
    NoticeKind.ORGANISATION_VERIFIED: NoticeText(
        subject=_("%(organisation)s is verified"),
        what=_("We have checked who stands behind %(organisation)s, and marked it as verified."),
        next=_("You do not need to do anything. The mark now shows beside the organisation's name."),
        why=_("You get this because you own the organisation."),
        button=_("See the organisation"),
        page="organisations:detail",
        page_parameter="organisation_id",
    ),
    NoticeKind.VERIFICATION_ASKED: NoticeText(
        subject=_("%(organisation)s asks to be verified"),
        what=_("%(organisation)s asks us to check who stands behind it."),
        next=_("Check it as they propose, and decide with a reason."),
        why=_("You get this because you run the service."),
        button=_("Check it"),
        page="admin:organisations_verificationrequest_change",
        page_parameter="request",
    ),
    NoticeKind.VERIFICATION_DECLINED: NoticeText(
        subject=_("We could not verify %(organisation)s"),
        what=_(
            "We have looked at what you told us, and could not confirm who stands behind %(organisation)s."
        ),
        next=_("Read why. You can ask again. You can do all that you could do before."),
        why=_("You get this because you own the organisation."),
        button=_("See our answer"),
        page="organisations:verification",
        page_parameter="organisation_id",
    ),
    **QUESTIONS,
    **PROPOSALS,
    **CHALLENGES,
    **ADOPTIONS,
    **FOLLOWED,
    **TOGETHER,
    **HELPING,
    NoticeKind.MESSAGE_RECEIVED: NoticeText(
        subject=_("%(organisation)s has written to you about “%(title)s”"),
        what=_(
            "%(organisation)s has written to you. It is about the initiative “%(title)s” "
            "and the support “%(offer_title)s”."
        ),
        next=_("Read and answer on the page of the introduction. What they write is never in a mail."),
        why=YOU_HAVE_MET,
        button=_("Read the message"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    **MEETINGS,
    NoticeKind.CONVERSATION_ENDED: NoticeText(
        subject=_("%(organisation)s has ended the conversation about “%(title)s”"),
        what=_(
            "%(organisation)s has ended the conversation with you about “%(title)s”. "
            "Neither of you can write there until they open it again."
        ),
        next=_("You do not need to do anything. What is written is still on the page."),
        why=YOU_HAVE_MET,
        button=_("See where it stands"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.CONVERSATION_REOPENED: NoticeText(
        subject=_("%(organisation)s has opened the conversation about “%(title)s” again"),
        what=_("%(organisation)s has opened the conversation with you about “%(title)s” again."),
        next=_("You can write to each other on the page of the introduction."),
        why=YOU_HAVE_MET,
        button=_("See the conversation"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.CONTACT_CHANGED: NoticeText(
        subject=_("%(organisation)s has a new contact about “%(title)s”"),
        what=_("Somebody else at %(organisation)s is your contact about “%(title)s” from now on."),
        next=_(
            "You do not need to do anything. The new contact details are on the page of the introduction."
        ),
        why=YOU_HAVE_MET,
        button=_("See the contact details"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.MESSAGE_REPORTED: NoticeText(
        subject=_("A message in a conversation is reported"),
        what=_("Somebody has reported a message that they got in a conversation."),
        next=_("Read the report and decide whether the message stays or is hidden."),
        why=_("You get this because you run the service."),
        button=_("Read the report"),
        page="admin:matching_messagereport_change",
        page_parameter="report",
    ),
    NoticeKind.REPORTED_MESSAGE_HIDDEN: NoticeText(
        subject=_("The message that you reported is hidden"),
        what=_("We have looked at the message about “%(title)s” that you reported, and hidden it."),
        next=_(
            "Nobody on either side can read it now. You can end the conversation on the page of the introduction."
        ),
        why=_("You get this because you reported the message."),
        button=_("See the conversation"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.REPORTED_MESSAGE_KEPT: NoticeText(
        subject=_("The message that you reported stays"),
        what=_("We have looked at the message about “%(title)s” that you reported. It stays as it is."),
        next=_(
            "If you do not want more messages, you can end the conversation on the page of the introduction."
        ),
        why=_("You get this because you reported the message."),
        button=_("See the conversation"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.DECISION_MADE: NoticeText(
        subject=_("%(organisation)s has decided about “%(title)s”"),
        what=_(
            "%(organisation)s has decided about your initiative “%(title)s” "
            "in their support “%(offer_title)s”."
        ),
        next=_("Read the decision and what they write to you. There you also see what happens next."),
        why=_("You get this because you belong to the organisation behind the initiative."),
        button=_("Read the decision"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.DECISION_TAKEN_BACK: NoticeText(
        subject=_("%(organisation)s has taken back a decision about “%(title)s”"),
        what=_(
            "%(organisation)s has taken back its decision about your initiative “%(title)s” "
            "in their support “%(offer_title)s”. The decision no longer holds."
        ),
        next=_("They look at your initiative again. You get a notice when they have decided."),
        why=_("You get this because you belong to the organisation behind the initiative."),
        button=_("See where it stands"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.ANSWER_DUE: NoticeText(
        subject=_("Answer “%(title)s” by %(day)s"),
        what=_(
            "You have promised “%(title)s” an answer by %(day)s. "
            "It is about your support “%(offer_title)s”. They have asked for contact or said yes to it, and wait."
        ),
        next=_(
            "Decide on the desk: support or turn down. If you have not decided by then, they get an "
            "automatic answer that the time has run out. It does not turn them down."
        ),
        why=YOUR_ORGANISATION,
        button=_("Open the desk"),
        page="matching:desk",
        page_parameter="offer",
    ),
    NoticeKind.ANSWER_TIME_OUT: NoticeText(
        subject=_("The time to answer “%(title)s” has run out"),
        what=_(
            "The time to answer has run out. That does not mean no. %(organisation)s was to answer you by "
            "%(day)s about the support “%(offer_title)s”, and has not done so yet."
        ),
        next=_("They can still answer, and you get a notice then. This answer is automatic."),
        why=_("You get this because you belong to the organisation behind the initiative."),
        button=_("See where it stands"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.ANSWERED_FOR_YOU: NoticeText(
        subject=_("“%(title)s” has got an automatic answer"),
        what=_(
            "You were to answer “%(title)s” by %(day)s about your support “%(offer_title)s”. They have now "
            "got an automatic answer: the time has run out, and that does not mean no."
        ),
        next=_("You have not turned them down. Decide on the desk when you can; they still wait."),
        why=YOUR_ORGANISATION,
        button=_("Open the desk"),
        page="matching:desk",
        page_parameter="offer",
    ),
    NoticeKind.OFFER_CLAIMED: NoticeText(
        subject=_("%(organisation)s asks to take over “%(offer_title)s”"),
        what=_(
            "%(organisation)s says that it gives the support “%(offer_title)s”, which comes from a source."
        ),
        next=_("Check it as they propose, and decide with a reason."),
        why=_("You get this because you run the service."),
        button=_("Check it"),
        page="admin:funders_offerclaim_change",
        page_parameter="claim",
    ),
    NoticeKind.CLAIM_APPROVED: NoticeText(
        subject=_("“%(offer_title)s” is now yours"),
        what=_("We have checked that %(organisation)s gives the support “%(offer_title)s”. It is now yours."),
        next=_("Look through the answers. From now on you answer for them."),
        why=_YOU_ASKED,
        button=_("See our answer"),
        page="funders:claim",
        page_parameter="offer",
    ),
    NoticeKind.CLAIM_DECLINED: NoticeText(
        subject=_("We could not confirm that “%(offer_title)s” is yours"),
        what=_("We could not confirm that %(organisation)s gives the support “%(offer_title)s”."),
        next=_("Read why. You can ask again and say another way to check it."),
        why=_YOU_ASKED,
        button=_("See our answer"),
        page="funders:claim",
        page_parameter="offer",
    ),
    NoticeKind.CLAIM_OVERTAKEN: NoticeText(
        subject=_("“%(offer_title)s” has gone to another organisation"),
        what=_("We have confirmed that another organisation gives the support “%(offer_title)s”."),
        next=_("You do not need to do anything. Write to us if it is wrong."),
        why=_YOU_ASKED,
        button=_("See our answer"),
        page="funders:claim",
        page_parameter="offer",
    ),
    NoticeKind.MENTIONED: NoticeText(
        subject=_("A colleague mentions you in a note about “%(title)s”"),
        what=_(
            "A colleague mentions you in a note on your desk. It is about “%(title)s” and your support "
            "“%(offer_title)s”."
        ),
        next=_("Read the note on the card. What it says is never in a mail."),
        why=_("You get this because a colleague wrote your name in the note."),
        button=_("See the card"),
        page="matching:desk",
        page_parameter="offer",
        query="view=table&case=%(initiative)s",
    ),
    NoticeKind.HOW_DID_IT_GO: NoticeText(
        subject=_("Did you apply for “%(offer_title)s”? How did it go?"),
        what=_(
            "%(day)s you said that “%(title)s” meant to apply for the support “%(offer_title)s”. "
            "Now we would like to know how it went."
        ),
        next=_("Answer when it suits you; it takes a minute. The giver does not see your answer."),
        why=_("You get this because you belong to the organisation behind the initiative. We ask once."),
        button=_("Tell how it went"),
        page="matching:application",
        page_parameter="application",
    ),
    NoticeKind.FLAGGED: NoticeText(
        subject=_("%(organisation)s finds “%(title)s” promising"),
        what=_(
            "%(organisation)s has flagged your initiative “%(title)s” as promising and written why. "
            "The flag shows on your page and in givers' lists."
        ),
        next=_("You do not need to do anything. The flag does not change how you are matched."),
        why=_("You get this because you belong to the organisation behind the initiative."),
        button=_("See your page"),
        page="innovators:detail",
        page_parameter="initiative",
    ),
}


class _Given(defaultdict[str, str]):
    """Parameters for a text; what was not given becomes an ellipsis instead of an error.

    A `day` is kept as ISO and written out in the reader's language.
    """

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__(lambda: "…", {key: shortened(str(value)) for key, value in parameters.items()})
        if "day" in self:
            self["day"] = format_day(date.fromisoformat(self["day"]))


def shortened(text: str) -> str:
    """Return the text on one line and no longer than a subject can bear."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def fill(text: StrPromise | str, parameters: Mapping[str, Any]) -> str:
    return str(text) % _Given(parameters)
