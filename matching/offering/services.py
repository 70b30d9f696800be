"""From an initiative's page to an offer of support, and on to the question whether to meet."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.organisations.models import Organisation
from brygga.organisations.permissions import is_member
from brygga.organisations.services import OWN_KINDS, create_organisation, ensure_own_organisation
from brygga.taxonomy.enums import OrganisationKind, SupportKind
from brygga.users.models import User
from funders.models import SupportOffer
from funders.services import create_offer
from innovators.models import Initiative
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from matching.desk.permissions import can_place
from matching.desk.services import ColleagueWasFirst, shortlist
from matching.offering.models import OfferedSupport


@transaction.atomic
def offer_support(
    *,
    initiative: Initiative,
    actor: User,
    kind: SupportKind | str,
    words: str,
    who: OrganisationKind | str,
    language: str,
    now: datetime,
    key: UUID | None = None,
) -> SupportOffer:
    """Begin an offer of support for an initiative: a draft that its giver completes and publishes, and a question.

    The question is put for the person when the offer is published and its giver checked: see `offering.asking`.
    The same `key` gives the offer already made. Raises PermissionDenied for the initiative's own people
    and for one that the person may not see, and InvalidAnswers.
    """
    is_visible = Initiative.objects.published().visible_to(actor).filter(pk=initiative.pk).exists()
    if not is_visible or is_member(actor, initiative.organisation_id):
        raise PermissionDenied
    made = SupportOffer.objects.filter(creation_key=key, organisation__members=actor).first() if key else None
    if made is not None:
        return made
    offer = create_offer(
        organisation=_giver(actor, OrganisationKind(who), now),
        actor=actor,
        now=now,
        changes={"description": words, "support": [{"kind": str(SupportKind(kind))}]},
        language=language,
        key=key,
    )
    OfferedSupport.objects.get_or_create(
        offer=offer, defaults={"initiative": initiative, "begun_by": actor, "created_at": now}
    )
    return offer


def _giver(actor: User, kind: OrganisationKind, now: datetime) -> Organisation:
    """Return who gives: the one organisation of that kind the person may write for, or a new one."""
    if kind in OWN_KINDS:
        return ensure_own_organisation(user=actor, now=now, kind=kind)
    same = Organisation.objects.writable_by(actor).filter(kind=kind)
    if same.count() == 1:
        return same.get()
    unnamed = same.filter(name="").order_by("pk").first()
    # Its name is asked for where organisations are kept; the draft does not wait for it.
    return unnamed or create_organisation(actor=actor, now=now, kind=kind, name="")


def put_on_shortlist(*, offer: SupportOffer, actor: User | None, at: datetime, **_: Any) -> None:
    """When an offer is published that was begun for an initiative: put that on its shortlist."""
    begun = OfferedSupport.objects.filter(offer=offer).select_related("initiative").first()
    if begun is None or actor is None or not can_place(actor, offer, begun.initiative):
        return
    # Where a colleague has moved it since, it stays.
    if (
        ShortlistEntry.objects.filter(offer=offer, initiative=begun.initiative)
        .exclude(stage=Stage.SUGGESTED)
        .exists()
    ):
        return
    try:
        shortlist(offer=offer, initiative=begun.initiative, actor=actor, now=at)
    except ColleagueWasFirst:
        return  # it lies there already
