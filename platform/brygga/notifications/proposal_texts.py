"""The notices of what intermediaries propose: to the two who may meet, and back to those who proposed it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brygga.notifications.enums import NoticeKind
from brygga.notifications.question_texts import YOUR_ORGANISATION, NoticeText

_YOU_PROPOSED = _("You get this because you belong to the organisation that proposed it.")

PROPOSALS: dict[NoticeKind, NoticeText] = {
    NoticeKind.PROPOSED_TO_INITIATIVE: NoticeText(
        subject=_("%(organisation)s proposes that you meet the giver of “%(offer_title)s”"),
        what=_(
            "%(person)s at %(organisation)s thinks that your initiative “%(title)s” and the support "
            "“%(offer_title)s” suit each other."
        ),
        next=_(
            "Read why, and say yes or no when you like. The giver decides for itself. "
            "Contact details are shown only when both have said yes."
        ),
        why=YOUR_ORGANISATION,
        button=_("Read the proposal"),
        page="matching:proposal",
        page_parameter="proposal",
    ),
    NoticeKind.PROPOSED_TO_GIVER: NoticeText(
        subject=_("%(organisation)s proposes that you meet “%(title)s”"),
        what=_(
            "%(person)s at %(organisation)s thinks that the initiative “%(title)s” and your support "
            "“%(offer_title)s” suit each other."
        ),
        next=_(
            "Read why, and say yes or no when you like. The initiative decides for itself. "
            "Contact details are shown only when both have said yes."
        ),
        why=YOUR_ORGANISATION,
        button=_("Read the proposal"),
        page="matching:proposal",
        page_parameter="proposal",
    ),
    NoticeKind.PROPOSAL_BROUGHT_TOGETHER: NoticeText(
        subject=_("“%(title)s” and “%(offer_title)s” are in contact"),
        what=_(
            "You proposed that “%(title)s” and the giver of “%(offer_title)s” meet. Both have now said yes."
        ),
        next=_("You do not need to do anything. What they say to each other is between them."),
        why=_YOU_PROPOSED,
        button=_("See your proposal"),
        page="matching:proposal",
        page_parameter="proposal",
    ),
    NoticeKind.PROPOSAL_OVER: NoticeText(
        subject=_("Nothing came of your proposal about “%(title)s” this time"),
        what=_(
            "You proposed that “%(title)s” and the giver of “%(offer_title)s” meet. Nothing came of it this time."
        ),
        next=_(
            "You do not need to do anything. It is no judgement of the initiative, of the support or of you."
        ),
        why=_YOU_PROPOSED,
        button=_("See your proposal"),
        page="matching:proposal",
        page_parameter="proposal",
    ),
}
