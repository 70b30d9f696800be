"""What an offer's state and its days mean now, in words, and what happens next."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import PublicationState
from brygga.core.formatting import format_day
from funders.models import SupportOffer


def day_of(now: datetime) -> date:
    """Return the day on the calendar in Sweden."""
    return localtime(now).date()


STATE_WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    PublicationState.DRAFT: (
        _("Draft: only you and your colleagues see it"),
        _("Publish it when you are ready."),
    ),
    PublicationState.PAUSED: (
        _("Paused: it is not shown and gets no new matches"),
        _("Publish it again when you want."),
    ),
    PublicationState.CLOSED: (
        _("Closed: it is no longer shown"),
        _("You can publish it again when you have support to give."),
    ),
}


def state_in_words(offer: SupportOffer, now: datetime) -> tuple[str, str]:
    """Return what the state means now and what happens next."""
    if offer.state == PublicationState.PUBLISHED:
        return _published(offer, day_of(now))
    said, following = STATE_WORDS[PublicationState(offer.state)]
    return str(said), str(following)


def _published(offer: SupportOffer, today: date) -> tuple[str, str]:
    if offer.closes_on and offer.closes_on < today:
        return (
            gettext("The last day has passed: it is no longer in the lists"),
            gettext("Set a new last day if it opens again, or close it."),
        )
    if offer.opens_on and offer.opens_on > today:
        return (
            gettext("Published as coming: it opens %(day)s") % {"day": format_day(offer.opens_on)},
            gettext("Everybody can read it, but nobody can apply before that day."),
        )
    following = gettext("We look for initiatives that fit, and show them to you with reasons.")
    if offer.closes_on is None:
        return gettext("Published and open at any time"), following
    return gettext("Published and open until %(day)s") % {"day": format_day(offer.closes_on)}, following
