"""The notices about one's own initiative over the years, and about asking for help."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brygga.notifications.enums import NoticeKind
from brygga.notifications.question_texts import YOUR_ORGANISATION, NoticeText

_YOU_OWN = _("You get this because you own the organisation.")

HELPING: dict[NoticeKind, NoticeText] = {
    NoticeKind.STILL_TRUE: NoticeText(
        subject=_("Is “%(title)s” still right?"),
        what=_("Nobody has changed “%(title)s” for a year."),
        next=_("Look through your answers. Say that they are right, change them, or close the initiative."),
        why=_(
            "You get this because you belong to the organisation behind the initiative. We ask once a year."
        ),
        button=_("Look through your answers"),
        page="innovators:tasks",
        page_parameter="initiative",
    ),
    NoticeKind.HANDOVER_ASKED: NoticeText(
        subject=_("%(organisation)s asks you to take over “%(title)s”"),
        what=_("%(organisation)s asks if you want to take over the initiative “%(title)s”."),
        next=_("Read what it means, and say yes or no. Until then nothing changes."),
        why=_YOU_OWN,
        button=_("Read and answer"),
        page="innovators:handover",
        page_parameter="handover",
    ),
    NoticeKind.HANDOVER_ACCEPTED: NoticeText(
        subject=_("%(organisation)s has taken over “%(title)s”"),
        what=_("You asked %(organisation)s to take over “%(title)s”. They said yes, and it is theirs now."),
        next=_("You do not need to do anything. You only see what everybody sees of it."),
        why=_YOU_OWN,
        button=_("See what was agreed"),
        page="innovators:handover",
        page_parameter="handover",
    ),
    NoticeKind.HANDOVER_DECLINED: NoticeText(
        subject=_("%(organisation)s says no to taking over “%(title)s”"),
        what=_("You asked %(organisation)s to take over “%(title)s”. They said no this time."),
        next=_("The initiative is still yours. You can ask somebody else, or close it."),
        why=_YOU_OWN,
        button=_("See their answer"),
        page="innovators:handover",
        page_parameter="handover",
    ),
    NoticeKind.HELP_ASKED: NoticeText(
        subject=_("Somebody in %(place)s asks for help"),
        what=_("Somebody with an idea in %(place)s asks for help to get on."),
        next=_("Read what they write. The first who says yes sees how to reach them."),
        why=YOUR_ORGANISATION,
        button=_("Read and answer"),
        page="helping:request",
        page_parameter="help",
    ),
    NoticeKind.HELP_GIVEN: NoticeText(
        subject=_("%(person)s at %(organisation)s wants to help you"),
        what=_(
            "You asked for help. %(person)s at %(organisation)s has read what you wrote and gets in touch."
        ),
        next=_("Wait for a mail or a call. You can also write first: their address is on the page."),
        why=_("You get this because you asked for help."),
        button=_("See how to reach them"),
        page="helping:request",
        page_parameter="help",
    ),
}
