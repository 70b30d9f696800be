"""Reads of introductions. The only place outside owners' own forms that reads contact details."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from brygga.organisations.permissions import can_write_for
from funders.models import OfferContact, SupportOffer
from innovators.models import Initiative, InitiativeContact
from matching.desk.querysets import Pair, in_pairs
from matching.meeting import permissions
from matching.meeting.enums import Asked, IntroductionState, Side
from matching.meeting.models import MESSAGE_LENGTH, Introduction, SharedContact
from matching.meeting.proposing.models import Proposal

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
    """Return what to write beforehand in the owner's own form when they ask or say yes. Empty for others."""
    if not can_write_for(user, initiative.organisation_id):
        return Contact()
    stored = InitiativeContact.objects.filter(initiative=initiative).first()
    earlier = _last_shared(Side.INITIATIVE, introduction__initiative=initiative)
    return _first_reachable(stored, earlier, user)


def proposed_contact_of_offer(offer: SupportOffer, user: User) -> Contact:
    """Return what to write beforehand in the giver's own form when they ask or say yes. Empty for others."""
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
    table = _STANDING if introduction.asked_side == Side.OFFER else _STANDING_OF_QUESTION
    words = table[introduction.state, side]()
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
_Words = Callable[[], tuple[str, str]]
_STANDING: dict[tuple[str, str], _Words] = {
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
        _("Nothing more happens. The giver cannot ask again for at least two months."),
    ),
    (IntroductionState.DECLINED, Side.OFFER): lambda: (
        _("They said no this time. No contact details were shown."),
        _("Nothing more happens. A no holds for at least two months."),
    ),
    (IntroductionState.WITHDRAWN, Side.INITIATIVE): lambda: (
        _("The giver took the question back. No contact details were shown."),
        _("Nothing more happens."),
    ),
    (IntroductionState.WITHDRAWN, Side.OFFER): lambda: (
        _("You took the question back. No contact details were shown."),
        _("You can try again when you like."),
    ),
}
# When the initiative has asked.
_STANDING_OF_QUESTION: dict[tuple[str, str], _Words] = {
    (IntroductionState.ASKED, Side.INITIATIVE): lambda: (
        _("You have asked the giver for contact."),
        _(
            "The giver decides now. You get a notice when they answer, and can take the question back until that."
        ),
    ),
    (IntroductionState.ASKED, Side.OFFER): lambda: (
        _("They want contact and wait for your answer."),
        _("You decide now: yes or no."),
    ),
    (IntroductionState.ACCEPTED, Side.INITIATIVE): lambda: (
        _("The giver said yes. You see each other’s contact details."),
        _("You take the next step: get in touch."),
    ),
    (IntroductionState.ACCEPTED, Side.OFFER): lambda: (
        _("You said yes. You see each other’s contact details."),
        _("They take the next step and get in touch. You may do it first."),
    ),
    (IntroductionState.DECLINED, Side.INITIATIVE): lambda: (
        _("The giver says no this time. No contact details were shown."),
        _(
            "That is no judgement of your idea: often the money or the time does not reach. "
            "A no holds for at least two months. You can look at other support that fits."
        ),
    ),
    (IntroductionState.DECLINED, Side.OFFER): lambda: (
        _("You said no. No contact details were shown."),
        _("The case still lies on your desk. They cannot ask again for at least two months; you may."),
    ),
    (IntroductionState.WITHDRAWN, Side.INITIATIVE): lambda: (
        _("You took the question back. No contact details were shown."),
        _("You can try again when you like."),
    ),
    (IntroductionState.WITHDRAWN, Side.OFFER): lambda: (
        _("They took their question back. No contact details were shown."),
        _("Nothing more happens. The case lies where it lay."),
    ),
}


_WAITING_FIRST = Case(
    When(state=IntroductionState.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField()
)


def introductions_of(user: User, asked: Asked) -> QuerySet[Introduction]:
    """Return what has been asked of the user's organisations, or by them: waiting ones first, then newest."""
    mine = (
        Introduction.objects.asked_of(user) if asked == Asked.OF_US else Introduction.objects.asked_by(user)
    )
    return mine.select_related(
        "initiative__organisation", "offer__organisation", "asked_by", "answered_by"
    ).order_by(_WAITING_FIRST, "-asked_at", "-pk")


def number_of_introductions(user: User) -> dict[Asked, int]:
    """Return how many questions there are to the user's organisations and from them, and proposals to them."""
    return {
        Asked.OF_US: Introduction.objects.asked_of(user).count(),
        Asked.BY_US: Introduction.objects.asked_by(user).count(),
        Asked.PROPOSED: Proposal.objects.made_to(user).count(),
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
    found = newest_of_pairs((offer.pk, initiative) for initiative in initiatives)
    return {initiative: row for (_offer, initiative), row in found.items()}


def newest_of_pairs(pairs: Iterable[Pair]) -> dict[Pair, Introduction]:
    """Return the newest introduction of each pair of an offer and an initiative. One query."""
    rows = Introduction.objects.filter(in_pairs(pairs)).order_by("asked_at", "pk")
    return {(row.offer_id, row.initiative_id): row for row in rows}


def introductions_with(initiative: Initiative, offers: Iterable[int]) -> dict[int, Introduction]:
    """Return the newest introduction between the initiative and each of the offers. One query."""
    rows = Introduction.objects.filter(initiative=initiative, offer__in=list(offers)).order_by(
        "asked_at", "pk"
    )
    return {row.offer_id: row for row in rows}
