"""The notices of when two sides meet, to those who have said yes to each other."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brygga.notifications.enums import NoticeKind
from brygga.notifications.question_texts import NoticeText

YOU_HAVE_MET = _(
    "You get this because you belong to one of the two organisations that have said yes to each other."
)

MEETINGS: dict[NoticeKind, NoticeText] = {
    NoticeKind.MEETING_PROPOSED: NoticeText(
        subject=_("%(organisation)s proposes times to meet about “%(title)s”"),
        what=_("%(organisation)s proposes three times to meet about “%(title)s”."),
        next=_("Pick one of the times, or ask for others."),
        why=YOU_HAVE_MET,
        button=_("See the times"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.MEETING_PICKED: NoticeText(
        subject=_("You have a time to meet about “%(title)s”"),
        what=_("%(organisation)s has picked one of the times to meet about “%(title)s”."),
        next=_(
            "The mail carries the invitation for your calendar. It is on the page of the introduction too."
        ),
        why=YOU_HAVE_MET,
        button=_("See the meeting"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.MEETING_PICKED_BY_US: NoticeText(
        subject=_("You have a time to meet %(organisation)s about “%(title)s”"),
        what=_("You have picked one of the times that %(organisation)s proposed to meet about “%(title)s”."),
        next=_(
            "The mail carries the invitation for your calendar. It is on the page of the introduction too."
        ),
        why=YOU_HAVE_MET,
        button=_("See the meeting"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.MEETING_OTHERS_WANTED: NoticeText(
        subject=_("%(organisation)s asks for other times to meet about “%(title)s”"),
        what=_("%(organisation)s cannot come at the times to meet about “%(title)s”."),
        next=_("Propose three others, or agree in the conversation."),
        why=YOU_HAVE_MET,
        button=_("Propose other times"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.MEETING_TAKEN_BACK: NoticeText(
        subject=_("%(organisation)s has taken back its times to meet about “%(title)s”"),
        what=_("%(organisation)s has taken back the times to meet about “%(title)s”."),
        next=_("You do not need to do anything. You can propose times yourselves."),
        why=YOU_HAVE_MET,
        button=_("See where it stands"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.MEETING_CALLED_OFF: NoticeText(
        subject=_("%(organisation)s has called off your meeting about “%(title)s”"),
        what=_("%(organisation)s has called off the meeting with you about “%(title)s”."),
        next=_(
            "The mail takes it out of your calendar. If they have written why, it is in the conversation. "
            "You can propose new times."
        ),
        why=YOU_HAVE_MET,
        button=_("See where it stands"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.MEETING_CALLED_OFF_BY_US: NoticeText(
        subject=_("Your meeting with %(organisation)s about “%(title)s” is called off"),
        what=_("Your organisation has called off the meeting with %(organisation)s about “%(title)s”."),
        next=_("They are told. The mail takes the meeting out of your calendar."),
        why=YOU_HAVE_MET,
        button=_("See where it stands"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
}
