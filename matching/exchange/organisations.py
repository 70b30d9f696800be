"""The organisations that records name."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Lower

from brygga.audit.services import record as audit
from brygga.language import mask_contact_details
from brygga.organisations.models import Organisation
from brygga.organisations.services import (
    LooksLikePersonalNumber,
    NotAnOrganisationNumber,
    read_organisation_number,
)
from brygga.organisations.signals import organisation_changed
from matching.exchange.fields import Problem
from matching.exchange.records import OrganisationRecord

UNNAMED = OrganisationRecord(name="", kind=None, number="")


def organisation_of(
    given: OrganisationRecord | None,
    *,
    source: str,
    now: datetime,
    problems: list[Problem],
    own: Organisation | None = None,
    path: str = "organisation",
) -> Organisation:
    """Return the organisation a record means, made if need be.

    By number, else by name within the source, else (a record that names nobody) the one the record
    already had in `own`. Details are changed only on organisations that came from this source and
    that nobody has verified.
    """
    wanted = given or UNNAMED
    name = mask_contact_details(wanted.name).text[:200]
    number = _number(wanted.number, problems, path)
    found = _find(name, number, source, own)
    if found is None:
        made = Organisation.objects.create(
            name=name, kind=wanted.kind, number=number, source=source if name else "", created_at=now
        )
        audit(
            verb="create_organisation",
            subject=made,
            actor=None,
            now=now,
            organisation_id=made.pk,
            details={"source": source},
            label="import",
        )
        return made
    if found.is_verified or (found.source != source and found is not own):
        return found
    changes = {}
    if wanted.kind and found.kind != wanted.kind:
        changes["kind"] = wanted.kind
    if number and not found.number:
        changes["number"] = number
    if changes:
        Organisation.objects.filter(pk=found.pk).update(**changes)
        for field, value in changes.items():
            setattr(found, field, value)
        organisation_changed.send(sender=Organisation, organisation=found, fields=sorted(changes), at=now)
    return found


def _number(text: str, problems: list[Problem], path: str) -> str:
    if not text:
        return ""
    try:
        return read_organisation_number(text)
    except LooksLikePersonalNumber:
        problems.append(Problem(f"{path}.number", "looks like a personal number, which is kept nowhere"))
    except NotAnOrganisationNumber:
        problems.append(Problem(f"{path}.number", "is not an organisation number"))
    return ""


def _find(name: str, number: str, source: str, own: Organisation | None) -> Organisation | None:
    if number:
        by_number = (
            Organisation.objects.filter(number=number)
            # Of several, the one that somebody has checked, and of those the first.
            .order_by(F("verified_at").asc(nulls_last=True), "pk")
            .first()
        )
        if by_number is not None:
            return by_number
    if name:
        return (
            Organisation.objects.annotate(lower_name=Lower("name"))
            .filter(source=source, lower_name=Lower(Value(name)))
            .first()
        )
    return own if own is not None and own.name == "" else None
