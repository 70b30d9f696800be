"""The notices of adopters and those who have done what they want to take up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brygga.notifications.enums import NoticeKind
from brygga.notifications.meeting_texts import YOU_HAVE_MET
from brygga.notifications.question_texts import YOUR_ORGANISATION, NoticeText

ADOPTIONS: dict[NoticeKind, NoticeText] = {
    NoticeKind.ADOPTION_ASKED: NoticeText(
        subject=_("%(organisation)s wants to talk with you about “%(title)s”"),
        what=_(
            "%(organisation)s wants to talk with you. It is about the initiative “%(title)s”, "
            "and about “%(wanted)s”, which somebody wants to take up."
        ),
        next=_(
            "You decide now. Read what they write and answer yes or no. "
            "They see your contact details only if you say yes."
        ),
        why=YOUR_ORGANISATION,
        button=_("Read and answer"),
        page="matching:adoption",
        page_parameter="adoption",
    ),
    NoticeKind.ADOPTION_ACCEPTED: NoticeText(
        subject=_("%(organisation)s says yes to talk about “%(title)s”"),
        what=_("%(organisation)s says yes to talk with you about “%(title)s” and “%(wanted)s”."),
        next=_("Their contact details are on the page, and they see yours. You take the next step."),
        why=YOUR_ORGANISATION,
        button=_("See the contact details"),
        page="matching:adoption",
        page_parameter="adoption",
    ),
    NoticeKind.ADOPTION_DECLINED: NoticeText(
        subject=_("%(organisation)s says no this time about “%(title)s”"),
        what=_("%(organisation)s says no this time to talk about “%(title)s” and “%(wanted)s”."),
        next=_("No contact details were shown. There are others to look at."),
        why=YOUR_ORGANISATION,
        button=_("Read the answer"),
        page="matching:adoption",
        page_parameter="adoption",
    ),
    NoticeKind.ADOPTION_WITHDRAWN: NoticeText(
        subject=_("%(organisation)s takes its question about “%(title)s” back"),
        what=_("%(organisation)s has taken back its question about “%(title)s” and “%(wanted)s”."),
        next=_("You do not need to do anything. No contact details were shown."),
        why=YOUR_ORGANISATION,
        button=_("See where it stands"),
        page="matching:adoption",
        page_parameter="adoption",
    ),
    NoticeKind.ADOPTION_CONTACT_CHANGED: NoticeText(
        subject=_("%(organisation)s has a new contact about “%(title)s”"),
        what=_("Somebody else at %(organisation)s is your contact about “%(title)s” from now on."),
        next=_("You do not need to do anything. The new contact details are on the page."),
        why=YOU_HAVE_MET,
        button=_("See the contact details"),
        page="matching:adoption",
        page_parameter="adoption",
    ),
}
