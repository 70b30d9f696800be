"""The notices of what somebody follows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brygga.notifications.enums import NoticeKind
from brygga.notifications.question_texts import NoticeText

_NOTHING_TO_DO = _("You do not need to do anything.")
_YOU_FOLLOW = _("You get this because you follow the initiative.")

FOLLOWED: dict[NoticeKind, NoticeText] = {
    NoticeKind.FOLLOWED_WROTE: NoticeText(
        subject=_("“%(title)s” has written in its journal"),
        what=_("%(organisation)s tells how it goes with “%(title)s”."),
        next=_NOTHING_TO_DO,
        why=_YOU_FOLLOW,
        button=_("Read the journal"),
        page="innovators:journal",
        page_parameter="initiative",
    ),
    NoticeKind.FOLLOWED_NEEDS: NoticeText(
        subject=_("“%(title)s” looks for more support"),
        what=_("“%(title)s” has said that it needs something that it did not ask for before."),
        next=_("Perhaps you can help, or know somebody who can."),
        why=_YOU_FOLLOW,
        button=_("See what they need"),
        page="innovators:detail",
        page_parameter="initiative",
    ),
    NoticeKind.FOLLOWED_SPREAD: NoticeText(
        subject=_("Somebody has taken up “%(title)s”"),
        what=_("%(organisation)s tells that others now do the same as “%(title)s”."),
        next=_NOTHING_TO_DO,
        why=_YOU_FOLLOW,
        button=_("See where"),
        page="innovators:spread",
        page_parameter="initiative",
    ),
    NoticeKind.FOLLOWED_CLOSED: NoticeText(
        subject=_("“%(title)s” is closed"),
        what=_("%(organisation)s has closed “%(title)s”. Its page is no longer shown."),
        next=_("You do not need to do anything. If it opens again it comes back among what you follow."),
        why=_YOU_FOLLOW,
        button=_("See what you follow"),
        page="matching:followed",
        page_parameter="",
    ),
}
