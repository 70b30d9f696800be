"""Make, change and verify organisations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.language import mask_contact_details
from brygga.organisations import permissions
from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Membership, Organisation
from brygga.organisations.numbers import read_organisation_number
from brygga.organisations.signals import organisation_changed, organisation_verified
from brygga.organisations.verification.enums import VerificationState
from brygga.taxonomy.enums import OrganisationKind
from brygga.users.models import User

# What we have checked when an organisation is verified; changing it would make the mark untrue.
VERIFIED_DETAILS = frozenset({"name", "kind", "number"})
CHANGEABLE = frozenset({"name", "kind", "number", "description", "website", "area_code", "founded_on"})
# Kinds that exist without having been founded or registered.
OWN_KINDS = frozenset({OrganisationKind.INDIVIDUAL, OrganisationKind.INFORMAL_GROUP})


class OwnOrganisation(Exception):
    """Nobody verifies an organisation that they belong to: a colleague does it."""


class VerifiedDetailsLocked(Exception):
    """Name, kind and number of a verified organisation are changed by staff only."""


@transaction.atomic
def create_organisation(
    *,
    actor: User,
    now: datetime,
    kind: OrganisationKind | str,
    name: str,
    number: str = "",
    area_code: str = "",
    description: str = "",
    website: str = "",
    founded_on: date | None = None,
) -> Organisation:
    """Make an organisation with `actor` as its owner. It is not verified.

    Raises NotAnOrganisationNumber or LooksLikePersonalNumber for a bad `number`.
    """
    organisation = Organisation.objects.create(
        kind=OrganisationKind(kind),
        name=name.strip(),
        number=read_organisation_number(number) if number else "",
        area_code=area_code,
        description=mask_contact_details(description).text,
        website=website,
        founded_on=founded_on,
        is_demo=actor.is_demo,
        created_at=now,
    )
    Membership.objects.create(
        organisation=organisation, user=actor, role=MembershipRole.OWNER, created_at=now
    )
    permissions.forget_roles(actor)
    record(
        verb="create_organisation",
        subject=organisation,
        actor=actor,
        now=now,
        organisation_id=organisation.pk,
        details={"kind": str(organisation.kind)},
    )
    return organisation


@transaction.atomic
def ensure_own_organisation(
    *, user: User, now: datetime, kind: OrganisationKind | str = OrganisationKind.INDIVIDUAL, name: str = ""
) -> Organisation:
    """Return the organisation that stands for the person or their group, made on first need.

    For those who have no organisation and should not have to think about it. A private individual's
    name is not copied into it: it would become public without having been asked about. Asking
    twice, or at the same time in two windows, gives the same organisation.
    """
    kind = OrganisationKind(kind)
    if kind not in OWN_KINDS:
        raise ValueError("Only a person or an informal group gets an organisation silently.")
    # Whoever comes second waits here and then finds what the first one made.
    User.objects.select_for_update().get(pk=user.pk)
    own = Organisation.objects.owned_by(user).filter(kind=kind, source="")
    if name.strip() and kind == OrganisationKind.INFORMAL_GROUP:
        own = own.filter(name__iexact=name.strip())
    found = own.order_by("pk").first()
    if found is not None:
        return found
    return create_organisation(
        actor=user, now=now, kind=kind, name=name if kind == OrganisationKind.INFORMAL_GROUP else ""
    )


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, actor: User, now: datetime, **changes: Any
) -> Organisation:
    """Change an organisation's details. Nothing is written when nothing differs.

    Raises PermissionDenied, VerifiedDetailsLocked, NotAnOrganisationNumber or LooksLikePersonalNumber.
    """
    if not permissions.can_change_organisation(actor, organisation):
        raise PermissionDenied
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise TypeError(f"change_organisation does not change {', '.join(sorted(unknown))}")
    if changes.get("number"):
        changes["number"] = read_organisation_number(changes["number"])
    if changes.get("description"):
        # The page of an organisation is public; contact details show only after an introduction.
        changes["description"] = mask_contact_details(changes["description"]).text
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = sorted(field for field, value in changes.items() if getattr(organisation, field) != value)
    if organisation.is_verified and VERIFIED_DETAILS & set(changed):
        raise VerifiedDetailsLocked
    if not changed:
        return organisation
    for field in changed:
        setattr(organisation, field, changes[field])
    organisation.save(update_fields=changed)
    record(
        verb="change_organisation",
        subject=organisation,
        actor=actor,
        now=now,
        organisation_id=organisation.pk,
        details={"fields": changed},
    )
    organisation_changed.send(sender=Organisation, organisation=organisation, fields=changed, at=now)
    return organisation


@transaction.atomic
def verify_organisation(*, organisation: Organisation, actor: User, now: datetime) -> Organisation:
    """Mark that we have checked who the organisation is. Doing it again changes nothing.

    Who asked for it gets their answer. Raises PermissionDenied for anybody but staff, or OwnOrganisation.
    """
    if not permissions.can_verify_organisations(actor):
        raise PermissionDenied
    if permissions.is_member(actor, organisation.pk):
        raise OwnOrganisation
    changed = Organisation.objects.filter(pk=organisation.pk, verified_at__isnull=True).update(
        verified_at=now, verified_by=actor
    )
    organisation.refresh_from_db()
    if changed:
        organisation.verification_requests.all().end(
            state=VerificationState.APPROVED, now=now, decided_by=actor
        )
        _record(organisation, actor, now, "verify_organisation")
        organisation_verified.send(sender=Organisation, organisation=organisation, at=now)
    return organisation


@transaction.atomic
def withdraw_verification(*, organisation: Organisation, actor: User, now: datetime) -> Organisation:
    """Take the mark away again. Raises PermissionDenied for anybody but staff."""
    if not permissions.can_verify_organisations(actor):
        raise PermissionDenied
    changed = Organisation.objects.filter(pk=organisation.pk, verified_at__isnull=False).update(
        verified_at=None, verified_by=None
    )
    organisation.refresh_from_db()
    if changed:
        _record(organisation, actor, now, "withdraw_verification")
    return organisation


@transaction.atomic
def set_intermediary(
    *, organisation: Organisation, is_intermediary: bool, actor: User, now: datetime
) -> Organisation:
    """Say whether the organisation identifies, follows up and evaluates initiatives. Staff only."""
    if not permissions.can_verify_organisations(actor):
        raise PermissionDenied
    changed = (
        Organisation.objects.filter(pk=organisation.pk)
        .exclude(is_intermediary=is_intermediary)
        .update(is_intermediary=is_intermediary)
    )
    organisation.refresh_from_db()
    if changed:
        _record(organisation, actor, now, "make_intermediary" if is_intermediary else "unmake_intermediary")
    return organisation


def _record(organisation: Organisation, actor: User, now: datetime, verb: str) -> None:
    record(verb=verb, subject=organisation, actor=actor, now=now, organisation_id=organisation.pk)
