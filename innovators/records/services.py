"""Write, change, take away and bring back a record: the same way for journal, value and spread.

The owner's people and the system write; nothing here changes what an initiative is matched by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext

from brygga.audit.services import record as write_audit
from brygga.organisations.registration.masking import mask_changes
from brygga.organisations.registration.services import ChangedMeanwhile, InvalidAnswers
from innovators import permissions
from innovators.models import Indicator, Initiative, JournalEntry, Measurement, SpreadRecord
from innovators.records.models import BROUGHT_BACK_WITHIN, Kept, Record
from innovators.signals import record_shown

if TYPE_CHECKING:
    from brygga.users.models import User

__all__ = [
    "KINDS",
    "ChangedMeanwhile",
    "InvalidAnswers",
    "add_record",
    "bring_back_record",
    "change_record",
    "forget_removed_records",
    "remove_record",
]

# What there is to write, by the name it has in addresses.
KINDS: dict[str, type[Any]] = {
    "journal": JournalEntry,
    "indicator": Indicator,
    "measurement": Measurement,
    "spread": SpreadRecord,
}

K = TypeVar("K", bound=Kept)


@transaction.atomic
def add_record(
    *, kind: type[K], initiative: Initiative, values: Mapping[str, Any], actor: User | None, now: datetime
) -> K:
    """Write a record of an initiative, with contact details in its texts hidden.

    Raises PermissionDenied, or InvalidAnswers when a value cannot be stored or there are too many.
    """
    if not permissions.can_change_initiative(actor, initiative):
        raise PermissionDenied
    # The initiative's row is the lock: of two that write at once, both are counted.
    Initiative.objects.select_for_update().get(pk=initiative.pk)
    if kind._default_manager.filter(initiative=initiative, removed_at__isnull=True).count() >= kind.MOST:
        raise InvalidAnswers({"": [gettext("There is no room for more here. Take away something first.")]})
    made = kind(initiative=initiative, written_by=actor, created_at=now, changed_at=now)
    _fill(made, values)
    made.save()
    _audit("added", made, initiative, actor, now)
    _show(made, initiative, actor, now)
    return made


@transaction.atomic
def change_record(
    *, record: K, values: Mapping[str, Any], actor: User | None, now: datetime, expected_revision: int | None
) -> K:
    """Change a record and return it fresh.

    Raises PermissionDenied; InvalidAnswers; ChangedMeanwhile when it is no longer at
    `expected_revision` or somebody has taken it away.
    """
    if not permissions.can_change_initiative(actor, record.initiative):
        raise PermissionDenied
    rows = type(record)._default_manager.select_for_update(of=("self",)).select_related("initiative")
    locked: K | None = rows.filter(pk=record.pk, removed_at__isnull=True).first()
    if locked is None or (expected_revision is not None and locked.revision != expected_revision):
        raise ChangedMeanwhile
    was_shown = is_shown(locked)
    _fill(locked, values)
    locked.revision += 1
    locked.changed_at = now
    locked.save()
    _audit("changed", locked, locked.initiative, actor, now)
    if not was_shown:
        _show(locked, locked.initiative, actor, now)
    return locked


@transaction.atomic
def remove_record(*, record: Kept, actor: User | None, now: datetime) -> bool:
    """Take a record away; for a week it can be brought back. False when somebody was first.

    Raises PermissionDenied.
    """
    if not permissions.can_change_initiative(actor, record.initiative):
        raise PermissionDenied
    # Standing is part of the WHERE clause, so of two clicks only one wins.
    rows = type(record)._default_manager.filter(pk=record.pk, removed_at__isnull=True)
    if not rows.update(removed_at=now):
        return False
    _audit("removed", record, record.initiative, actor, now)
    return True


@transaction.atomic
def bring_back_record(*, record: Kept, actor: User | None, now: datetime) -> bool:
    """Bring back what was taken away within the week. False when it stands, or it is too late.

    Raises PermissionDenied.
    """
    if not permissions.can_change_initiative(actor, record.initiative):
        raise PermissionDenied
    rows = type(record)._default_manager.filter(pk=record.pk, removed_at__gt=now - BROUGHT_BACK_WITHIN)
    if not rows.update(removed_at=None):
        return False
    _audit("brought_back", record, record.initiative, actor, now)
    return True


def forget_removed_records(*, now: datetime) -> int:
    """Delete what was taken away more than a week ago, and return how many rows. Safe to run twice."""
    forgotten = 0
    for kind in KINDS.values():
        old = kind._default_manager.filter(removed_at__lte=now - BROUGHT_BACK_WITHIN)
        forgotten += old.delete()[0]
    return forgotten


def is_shown(record: Kept) -> bool:
    """Return whether whoever may see the initiative may read it: journal and spread say so themselves."""
    return isinstance(record, Record) and not record.is_internal


def _show(record: Kept, initiative: Initiative, actor: User | None, now: datetime) -> None:
    if is_shown(record) and initiative.is_published:
        record_shown.send(sender=type(record), record=record, initiative=initiative, actor=actor, at=now)


def _fill(record: Kept, values: Mapping[str, Any]) -> None:
    """Put values on the record, contact details hidden. Raises InvalidAnswers."""
    unknown = [name for name in values if name not in record.CHANGEABLE]
    if unknown:
        raise InvalidAnswers({name: [gettext("This cannot be changed.")] for name in unknown})
    for name, value in mask_changes(values, record.TEXTS).public.items():
        setattr(record, name, value)
    errors = _too_long(record, record.CHANGEABLE)
    untouched = {field.name for field in record._meta.concrete_fields if field.name not in record.CHANGEABLE}
    try:
        record.clean_fields(exclude=untouched)
        record.clean()
    except ValidationError as error:
        said = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        errors = {**said, **errors}
    if errors:
        raise InvalidAnswers(errors)


def _too_long(record: Kept, names: Iterable[str]) -> dict[str, list[str]]:
    """Return a message per long text that is too long: neither Django nor the database limits those."""
    errors = {}
    for name in names:
        field = record._meta.get_field(name)
        value = getattr(record, name)
        if isinstance(field, models.TextField) and field.max_length and len(value or "") > field.max_length:
            said = gettext("Shorten the text to %(limit_value)d characters. It has %(show_value)d.")
            errors[name] = [said % {"limit_value": field.max_length, "show_value": len(value)}]
    return errors


def _audit(verb: str, record: Kept, initiative: Initiative, actor: User | None, now: datetime) -> None:
    write_audit(
        verb=f"{record._meta.model_name}.{verb}",
        subject=record,
        actor=actor,
        now=now,
        organisation_id=initiative.organisation_id,
        details={"initiative": initiative.public_id},
    )
