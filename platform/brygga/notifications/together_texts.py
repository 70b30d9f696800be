"""The notices between two initiatives of which one asks the other to do it together."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brygga.notifications.enums import NoticeKind
from brygga.notifications.question_texts import YOUR_ORGANISATION, NoticeText

TOGETHER: dict[NoticeKind, NoticeText] = {
    NoticeKind.TOGETHER_ASKED: NoticeText(
        subject=_("%(organisation)s asks if you want to do it together"),
        what=_(
            "%(organisation)s has read about your initiative “%(title)s” and asks to do it together with you."
        ),
        next=_(
            "Read what they write, and say yes or no when you like. "
            "Contact details are shown only if you say yes."
        ),
        why=YOUR_ORGANISATION,
        button=_("Read and answer"),
        page="matching:together",
        page_parameter="together",
    ),
    NoticeKind.TOGETHER_ACCEPTED: NoticeText(
        subject=_("%(organisation)s says yes to doing it together"),
        what=_(
            "You asked about “%(title)s”. %(organisation)s says yes. You now see each other’s contact details."
        ),
        next=_("You take the next step: get in touch."),
        why=YOUR_ORGANISATION,
        button=_("See how to reach them"),
        page="matching:together",
        page_parameter="together",
    ),
    NoticeKind.TOGETHER_DECLINED: NoticeText(
        subject=_("%(organisation)s says no this time"),
        what=_("You asked about doing it together with “%(title)s”. %(organisation)s says no this time."),
        next=_("No contact details were shown. There may be others to ask."),
        why=YOUR_ORGANISATION,
        button=_("See their answer"),
        page="matching:together",
        page_parameter="together",
    ),
    NoticeKind.TOGETHER_WITHDRAWN: NoticeText(
        subject=_("%(organisation)s has taken its question back"),
        what=_(
            "%(organisation)s asked about doing it together with “%(title)s”, and has taken the question back."
        ),
        next=_("You do not need to do anything."),
        why=YOUR_ORGANISATION,
        button=_("See where it stands"),
        page="matching:together",
        page_parameter="together",
    ),
}
