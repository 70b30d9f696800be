"""Ask an organisation to take over an initiative; say yes or no; take the question back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from brygga.audit.services import record
from brygga.notifications.enums import NoticeKind
from brygga.notifications.services import notify
from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Organisation
from brygga.users.models import User
from innovators.handing_over import permissions
from innovators.handing_over.enums import HandoverState
from innovators.handing_over.models import InitiativeHandover
from innovators.models import Initiative, InitiativeContact
from innovators.signals import initiative_changed, initiative_handed_over


class CannotHandOver(Exception):
    """To the organisation that has it, to one that nobody has verified, or while another is asked."""


class SomebodyWasFirst(Exception):
    """It is answered or taken back already, or the initiative has gone elsewhere."""


@transaction.atomic
def hand_over(
    *, initiative: Initiative, organisation: Organisation, actor: User, now: datetime
) -> InitiativeHandover:
    """Hand an initiative to an organisation: at once to another of one's own, else when its owners say yes.

    Raises PermissionDenied or CannotHandOver.
    """
    if not permissions.can_hand_over(actor, initiative):
        raise PermissionDenied
    is_own = permissions.can_take_over(actor, organisation)
    locked = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
    if (
        locked.organisation_id != initiative.organisation_id
        or organisation.pk == locked.organisation_id
        or not (is_own or organisation.is_verified)
        or InitiativeHandover.objects.waiting().filter(initiative=locked).exists()
    ):
        raise CannotHandOver
    made = InitiativeHandover.objects.create(
        initiative=locked,
        from_organisation_id=locked.organisation_id,
        organisation=organisation,
        asked_by=actor,
        asked_at=now,
    )
    if is_own:
        return _go_over(made, actor, now, contact=None)
    _record("handover_asked", made, actor, now)
    _tell(made, organisation, NoticeKind.HANDOVER_ASKED, initiative.organisation, now)
    return made


@transaction.atomic
def accept(*, handover: InitiativeHandover, actor: User, now: datetime) -> InitiativeHandover:
    """Take over the initiative. Its contact becomes who says yes. Raises PermissionDenied or SomebodyWasFirst."""
    locked = _locked(handover, may=permissions.can_take_over(actor, handover.organisation))
    _go_over(locked, actor, now, contact=actor)
    _tell(locked, locked.from_organisation, NoticeKind.HANDOVER_ACCEPTED, locked.organisation, now)
    return locked


@transaction.atomic
def decline(*, handover: InitiativeHandover, actor: User, now: datetime) -> InitiativeHandover:
    """Say no. Raises PermissionDenied or SomebodyWasFirst."""
    locked = _locked(handover, may=permissions.can_take_over(actor, handover.organisation))
    _answer(locked, HandoverState.DECLINED, actor, now)
    _record("handover_declined", locked, actor, now)
    _tell(locked, locked.from_organisation, NoticeKind.HANDOVER_DECLINED, locked.organisation, now)
    return locked


@transaction.atomic
def withdraw(*, handover: InitiativeHandover, actor: User, now: datetime) -> InitiativeHandover:
    """Take the question back. Raises PermissionDenied or SomebodyWasFirst."""
    locked = _locked(handover, may=permissions.can_withdraw(actor, handover))
    _answer(locked, HandoverState.WITHDRAWN, actor, now)
    _record("handover_withdrawn", locked, actor, now)
    return locked


def _locked(handover: InitiativeHandover, *, may: bool) -> InitiativeHandover:
    if not may:
        raise PermissionDenied
    # The initiative first, as those who ask do: of two answers at once one waits for the other.
    Initiative.objects.select_for_update(of=("self",)).filter(pk=handover.initiative_id).first()
    found = (
        InitiativeHandover.objects.waiting()
        .select_for_update(of=("self",))
        .select_related("initiative", "organisation", "from_organisation")
        .filter(pk=handover.pk, initiative__organisation=F("from_organisation"))
        .first()
    )
    if found is None:
        raise SomebodyWasFirst
    return found


def _go_over(
    handover: InitiativeHandover, actor: User, now: datetime, *, contact: User | None
) -> InitiativeHandover:
    _answer(handover, HandoverState.ACCEPTED, actor, now)
    initiative = handover.initiative
    Initiative.objects.filter(pk=initiative.pk).update(
        organisation=handover.organisation, revision=F("revision") + 1, changed_at=now
    )
    initiative.refresh_from_db()
    if contact is not None:
        # Nobody is put in touch any more with those who have handed it over.
        InitiativeContact.objects.update_or_create(
            initiative=initiative, defaults={"name": contact.name, "email": contact.email, "phone": ""}
        )
    _record("initiative.handed_over", handover, actor, now)
    # Whose it is decides what it is matched with.
    initiative_changed.send(sender=Initiative, initiative=initiative, actor=actor, at=now)
    if contact is not None:
        initiative_handed_over.send(
            sender=Initiative, initiative=initiative, contact=contact, actor=actor, at=now
        )
    return handover


def _answer(handover: InitiativeHandover, state: HandoverState, actor: User, now: datetime) -> None:
    handover.state, handover.answered_by, handover.answered_at = state, actor, now
    handover.save(update_fields=["state", "answered_by", "answered_at"])


def _tell(
    handover: InitiativeHandover, whom: Organisation, kind: NoticeKind, who: Organisation, now: datetime
) -> None:
    owners = whom.memberships.filter(role=MembershipRole.OWNER).select_related("user").order_by("pk")
    for membership in owners:
        notify(
            user=membership.user,
            kind=kind,
            parameters={
                "title": handover.initiative.title,
                "organisation": str(who),
                "handover": str(handover.pk),
            },
            key=f"handover-{handover.pk}-{kind}",
            now=now,
        )


def _record(verb: str, handover: InitiativeHandover, actor: User, now: datetime) -> None:
    record(
        verb=verb,
        subject=handover.initiative,
        actor=actor,
        now=now,
        organisation_id=handover.from_organisation_id,
        details={"to": handover.organisation.public_id},
    )
