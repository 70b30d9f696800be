"""Reads of introductions. The only place outside owners' own forms that reads contact details."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from brygga.organisations.permissions import can_write_for
from funders.models import OfferContact, SupportOffer
from innovators.models import Initiative, InitiativeContact
from matching.meeting import permissions
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import MESSAGE_LENGTH, Introduction, SharedContact

if TYPE_CHECKING:
    from brygga.users.models import User


@dataclass(frozen=True)
class Contact:
    """How to reach one side: an e-mail address or a phone number at least."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def is_reachable(self) -> bool:
        return bool(self.email or self.phone)


@dataclass(frozen=True)
class Contacts:
    """What each side has agreed to show the other."""

    initiative: Contact
    offer: Contact


def contact_details(introduction: Introduction, user: User | AnonymousUser) -> Contacts | None:
    """Return both sides' contact details, or None.

    None unless the introduction is accepted, by its row now and not as the caller remembers it, and
    the user belongs to one of the two organisations.
    """
    if permissions.side_of(user, introduction) is None:
        return None
    shared = {
        one.side: Contact(one.name, one.email, one.phone)
        for one in SharedContact.objects.filter(
            introduction=introduction, introduction__state=IntroductionState.ACCEPTED
        )
    }
    if set(shared) != {Side.INITIATIVE, Side.OFFER}:
        return None
    return Contacts(shared[Side.INITIATIVE], shared[Side.OFFER])


def proposed_contact_of_initiative(initiative: Initiative, user: User) -> Contact:
    """Return what to write beforehand in the owner's own form when they say yes. Empty for others."""
    if not can_write_for(user, initiative.organisation_id):
        return Contact()
    stored = InitiativeContact.objects.filter(initiative=initiative).first()
    earlier = _last_shared(Side.INITIATIVE, introduction__initiative=initiative)
    return _first_reachable(stored, earlier, user)


def proposed_contact_of_offer(offer: SupportOffer, user: User) -> Contact:
    """Return what to write beforehand in the giver's own form when they ask. Empty for others."""
    if not can_write_for(user, offer.organisation_id):
        return Contact()
    stored = OfferContact.objects.filter(offer=offer).first()
    return _first_reachable(stored, _last_shared(Side.OFFER, introduction__offer=offer), user)


def proposed_message(offer: SupportOffer, initiative: Initiative) -> str:
    """Return what to write beforehand when the offer was begun for this very initiative: its own words."""
    begun = getattr(offer, "begun_for", None)
    if begun is None or begun.initiative_id != initiative.pk:
        return ""
    return offer.description[:MESSAGE_LENGTH]


def _last_shared(side: Side, **narrowed: object) -> SharedContact | None:
    return SharedContact.objects.filter(side=side, **narrowed).order_by("-pk").first()


def _first_reachable(
    stored: InitiativeContact | OfferContact | None, earlier: SharedContact | None, user: User
) -> Contact:
    for one in (stored, earlier):
        if one is not None and (one.email or one.phone):
            return Contact(one.name, one.email, one.phone)
    return Contact(user.name, user.email)


@dataclass(frozen=True)
class Standing:
    """Where an introduction is, in words: what is, what happens next, who acts."""

    state: str
    tone: str
    now: str
    next: str


def standing(introduction: Introduction, side: Side) -> Standing:
    """Return the introduction's status as one side should read it."""
    if introduction.state == IntroductionState.ACCEPTED and introduction.ended_at is not None:
        return _standing_of_ended(introduction.ended_side == side)
    words = _STANDING[IntroductionState(introduction.state), side]()
    return Standing(str(introduction.get_state_display()), _TONES[introduction.state], *words)


def _standing_of_ended(by_us: bool) -> Standing:
    if by_us:
        return Standing(
            _("Conversation ended"),
            "neutral",
            _("You have ended the conversation."),
            _("Neither of you can write until you open it again."),
        )
    return Standing(
        _("Conversation ended"),
        "neutral",
        _("The other side has ended the conversation."),
        _("Neither of you can write until they open it again. You do not need to do anything."),
    )


_TONES: dict[str, str] = {
    IntroductionState.ASKED: "warning",
    IntroductionState.ACCEPTED: "success",
    IntroductionState.DECLINED: "neutral",
    IntroductionState.WITHDRAWN: "neutral",
}
_STANDING = {
    (IntroductionState.ASKED, Side.INITIATIVE): lambda: (
        _("They wait for your answer."),
        _("You decide now: yes or no. There is no deadline."),
    ),
    (IntroductionState.ASKED, Side.OFFER): lambda: (
        _("The initiative has been asked."),
        _("They answer when they can. You get a notice then, and can take the question back until that."),
    ),
    (IntroductionState.ACCEPTED, Side.INITIATIVE): lambda: (
        _("You said yes. You see each other’s contact details."),
        _("The giver takes the next step and gets in touch. You may do it first."),
    ),
    (IntroductionState.ACCEPTED, Side.OFFER): lambda: (
        _("They said yes. You see each other’s contact details."),
        _("You take the next step: get in touch."),
    ),
    (IntroductionState.DECLINED, Side.INITIATIVE): lambda: (
        _("You said no. No contact details were shown."),
        _("Nothing more happens. The giver cannot ask again for two months."),
    ),
    (IntroductionState.DECLINED, Side.OFFER): lambda: (
        _("They said no this time. No contact details were shown."),
        _("Nothing more happens. You may ask again after two months."),
    ),
    (IntroductionState.WITHDRAWN, Side.INITIATIVE): lambda: (
        _("The giver took the question back. No contact details were shown."),
        _("Nothing more happens."),
    ),
    (IntroductionState.WITHDRAWN, Side.OFFER): lambda: (
        _("You took the question back. No contact details were shown."),
        _("You may ask again when you like."),
    ),
}


_WAITING_FIRST = Case(
    When(state=IntroductionState.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField()
)


def introductions_of(user: User, side: Side) -> QuerySet[Introduction]:
    """Return the introductions on one side of the user's organisations: waiting ones first, then newest."""
    mine = (
        Introduction.objects.asked_of(user)
        if side == Side.INITIATIVE
        else Introduction.objects.asked_by(user)
    )
    return mine.select_related(
        "initiative__organisation", "offer__organisation", "asked_by", "answered_by"
    ).order_by(_WAITING_FIRST, "-asked_at", "-pk")


def number_of_introductions(user: User) -> dict[Side, int]:
    """Return how many introductions there are on each side of the user's organisations."""
    return {
        Side.INITIATIVE: Introduction.objects.asked_of(user).count(),
        Side.OFFER: Introduction.objects.asked_by(user).count(),
    }


def open_introduction(offer: SupportOffer, initiative: Initiative) -> Introduction | None:
    """Return the question that waits or has got a yes."""
    return Introduction.objects.filter(
        offer=offer,
        initiative=initiative,
        state__in=[IntroductionState.ASKED, IntroductionState.ACCEPTED],
    ).first()


def newest_introductions(offer: SupportOffer, initiatives: Iterable[int]) -> dict[int, Introduction]:
    """Return the newest introduction between the offer and each of the initiatives. One query."""
    rows = Introduction.objects.filter(offer=offer, initiative__in=list(initiatives)).order_by(
        "asked_at", "pk"
    )
    return {row.initiative_id: row for row in rows}
