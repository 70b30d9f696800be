"""Ask to take over an imported offer, and decide about it. Only a yes of the staff makes an offer confirmed."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from brygga.audit.services import record
from brygga.core.enums import PublicationState
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.models import Organisation
from brygga.organisations.permissions import is_member
from brygga.users.models import User
from funders.claiming import permissions
from funders.claiming.enums import OUTCOMES, ClaimState, ClaimWay
from funders.claiming.models import EVIDENCE_LENGTH, NOTE_LENGTH, OfferClaim
from funders.models import SupportOffer
from funders.services import change_offer

# An organisation asks this often about one offer, and has this many questions waiting.
MOST_TRIES = 3
MOST_WAITING = 30

_TOLD = {
    ClaimState.APPROVED: NoticeKind.CLAIM_APPROVED,
    ClaimState.DECLINED: NoticeKind.CLAIM_DECLINED,
    ClaimState.OVERTAKEN: NoticeKind.CLAIM_OVERTAKEN,
}


class NotToClaim(Exception):
    """Nobody can take over the offer: it is confirmed already, or not public."""


class AlreadyClaimed(Exception):
    """A colleague has asked for the same organisation, and waits."""


class TooManyClaims(Exception):
    """The organisation has asked about this offer several times, or about very many."""


class BadClaim(Exception):
    """An unknown way or outcome, no word where one is needed, or too many."""


class DecidedAlready(Exception):
    """A colleague was first, the question was taken back, or the offer has gone to another."""


class OwnClaim(Exception):
    """Nobody decides about a claim of an organisation that they belong to."""


@transaction.atomic
def ask_to_take_over(
    *,
    offer: SupportOffer,
    organisation: Organisation,
    way: ClaimWay | str,
    evidence: str,
    actor: User,
    now: datetime,
) -> OfferClaim:
    """Say that an imported offer is the organisation's own, and tell staff. The same person again changes nothing.

    Raises PermissionDenied, BadClaim, NotToClaim, AlreadyClaimed or TooManyClaims.
    """
    if not permissions.can_claim_for(actor, organisation):
        raise PermissionDenied
    evidence = evidence.strip()
    if way not in ClaimWay.values or not evidence or len(evidence) > EVIDENCE_LENGTH:
        raise BadClaim
    # Whoever decides holds the offer's row too.
    locked = SupportOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if not is_to_claim(locked):
        raise NotToClaim
    earlier = OfferClaim.objects.filter(organisation=organisation)
    waiting = earlier.filter(offer=offer, state=ClaimState.OPEN).first()
    if waiting is not None:
        if waiting.asked_by_id != actor.pk:
            raise AlreadyClaimed
        return waiting
    if (
        earlier.filter(offer=offer).count() >= MOST_TRIES
        or earlier.filter(state=ClaimState.OPEN).count() >= MOST_WAITING
    ):
        raise TooManyClaims
    claim = OfferClaim.objects.create(
        offer=offer, organisation=organisation, asked_by=actor, asked_at=now, way=way, evidence=evidence
    )
    _record("offer_claim_asked", claim, actor, now)
    for person in User.objects.filter(is_staff=True, is_active=True).order_by("pk"):
        notify(
            user=person,
            kind=NoticeKind.OFFER_CLAIMED,
            parameters={
                "organisation": str(organisation),
                "offer_title": offer.title,
                "claim": claim.pk,
            },
            key=f"claim-{claim.pk}",
            now=now,
        )
    return claim


@transaction.atomic
def take_back_claim(*, claim: OfferClaim, actor: User, now: datetime) -> bool:
    """Stop asking. Return whether it still waited; twice is as once. Raises PermissionDenied."""
    if not permissions.can_take_back(actor, claim):
        raise PermissionDenied
    waiting = OfferClaim.objects.filter(pk=claim.pk, state=ClaimState.OPEN)
    if not waiting.update(state=ClaimState.TAKEN_BACK, decided_at=now):
        return False
    _record("offer_claim_taken_back", claim, actor, now)
    return True


@transaction.atomic
def decide_claim(
    *, claim: OfferClaim, outcome: ClaimState | str, note: str, actor: User, now: datetime
) -> OfferClaim:
    """Say yes or no with a reason, and tell whoever asked. After a yes the offer is the organisation's, and confirmed.

    Others who wait for the same offer are told that it has gone to another.
    Raises PermissionDenied, BadClaim, OwnClaim, or DecidedAlready when somebody was first.
    """
    if not permissions.can_decide_claims(actor):
        raise PermissionDenied
    note = note.strip()
    if outcome not in OUTCOMES or not note or len(note) > NOTE_LENGTH:
        raise BadClaim
    if is_member(actor, claim.organisation_id):
        raise OwnClaim
    outcome = ClaimState(outcome)
    # The offer first, as when somebody asks: of two claims that get a yes at once one wins.
    offer = SupportOffer.objects.select_for_update(of=("self",)).get(pk=claim.offer_id)
    if outcome == ClaimState.APPROVED and offer.is_confirmed:
        raise DecidedAlready
    decided = {"decided_by": actor, "decided_at": now}
    waiting = OfferClaim.objects.filter(offer=offer, state=ClaimState.OPEN)
    if waiting.filter(pk=claim.pk).update(state=outcome, note=note, **decided) != 1:
        raise DecidedAlready
    claim.refresh_from_db()
    told = [claim]
    if outcome == ClaimState.APPROVED:
        _give(offer, claim, now)
        others = list(waiting.select_related("organisation", "asked_by").order_by("pk"))
        waiting.update(state=ClaimState.OVERTAKEN, **decided)
        for other in others:
            other.state = ClaimState.OVERTAKEN
        told += others
    for one in told:
        _record(f"offer_claim_{one.state}", one, actor, now)
        _tell(one, now)
    return claim


def is_to_claim(offer: SupportOffer) -> bool:
    """Tell whether somebody may say that the offer is theirs: public, and confirmed by nobody."""
    return not offer.is_confirmed and offer.state == PublicationState.PUBLISHED


def _give(offer: SupportOffer, claim: OfferClaim, now: datetime) -> None:
    SupportOffer.objects.filter(pk=offer.pk).update(organisation=claim.organisation_id)
    offer.organisation = claim.organisation
    # Confirmed by the system, since nobody may say so of their own offer; matching is told by it.
    change_offer(offer=offer, changes={"is_confirmed": True}, actor=None, now=now, answered=[])


def _tell(claim: OfferClaim, now: datetime) -> None:
    person = claim.asked_by
    # Who has left the organisation since is not told of its affairs.
    if person is None or not claim.organisation.memberships.filter(user=person).exists():
        return
    notify(
        user=person,
        kind=_TOLD[ClaimState(claim.state)],
        parameters={
            "organisation": str(claim.organisation),
            "offer_title": claim.offer.title,
            "offer": claim.offer.public_id,
        },
        key=f"claim-{claim.pk}-{claim.state}-{timezone.localtime(now):%Y%m%dT%H%M%S}",
        now=now,
    )


def _record(verb: str, claim: OfferClaim, actor: User, now: datetime) -> None:
    record(
        verb=verb,
        subject=claim,
        actor=actor,
        now=now,
        organisation_id=claim.organisation_id,
        details={"offer": claim.offer.public_id, "way": str(claim.way)},
    )
