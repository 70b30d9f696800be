"""The notices of challenges: to those behind one, and to those whose answer they take away."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brygga.notifications.enums import NoticeKind
from brygga.notifications.question_texts import YOUR_ORGANISATION, NoticeText

CHALLENGES: dict[NoticeKind, NoticeText] = {
    NoticeKind.CHALLENGE_ANSWERED: NoticeText(
        subject=_("“%(title)s” answers your challenge"),
        what=_("%(organisation)s says that “%(title)s” answers your challenge “%(challenge_title)s”."),
        next=_(
            "You do not need to do anything. Read about it, and take it away if it has nothing to do with it."
        ),
        why=YOUR_ORGANISATION,
        button=_("See the challenge"),
        page="challenges:detail",
        page_parameter="challenge",
    ),
    NoticeKind.CHALLENGE_ANSWER_REMOVED: NoticeText(
        subject=_("“%(title)s” is no longer shown at a challenge"),
        what=_("Those behind the challenge “%(challenge_title)s” have taken away your answer “%(title)s”."),
        next=_(
            "Why they did so stands on the challenge's page. Everything else about “%(title)s” is as before."
        ),
        why=YOUR_ORGANISATION,
        button=_("Read why"),
        page="challenges:detail",
        page_parameter="challenge",
    ),
}
