"""Verbs on initiatives: create, change, publish, pause, close, delete a draft, take in from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from brygga.audit.services import record
from brygga.core.enums import Language, PublicationState
from brygga.organisations.models import Organisation
from brygga.organisations.registration.masking import mask_changes, merge_private_texts
from brygga.organisations.registration.services import (
    ChangedMeanwhile,
    InvalidAnswers,
    StepRefused,
    length_errors,
    lock_profile,
    step_state,
    write_changes,
)
from brygga.organisations.registration.words import code_errors
from innovators import permissions, rows
from innovators.columns import CHANGEABLE, QUESTION_OF, ROWS, TEXT_FIELDS
from innovators.enums import REQUIRED_ANSWERS
from innovators.models import Initiative, InitiativeContact
from innovators.signals import (
    initiative_changed,
    initiative_published,
    initiative_withdrawn,
    needs_opened,
)

if TYPE_CHECKING:
    from brygga.users.models import User

__all__ = [
    "CannotDelete",
    "CannotPublish",
    "ChangedMeanwhile",
    "InvalidAnswers",
    "StepRefused",
    "change_initiative",
    "close_initiative",
    "create_initiative",
    "delete_draft",
    "pause_initiative",
    "publish_initiative",
    "save_imported_initiative",
]


class CannotPublish(StepRefused):
    """Not ready, in the wrong state, or somebody was first. `missing` names unanswered questions."""

    def __init__(self, missing: Iterable[str] = ()) -> None:
        self.missing = list(missing)
        super().__init__(", ".join(self.missing))


class CannotDelete(Exception):
    """Only drafts are deleted; what has been public is closed."""


@transaction.atomic
def create_initiative(
    *,
    organisation: Organisation,
    actor: User | None,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
    language: str = Language.SWEDISH,
    key: UUID | None = None,
    source: str = "",
    source_id: str = "",
    is_demo: bool = False,
) -> Initiative:
    """Make a draft owned by the organisation, with the answers given so far.

    The same `key` by the same organisation gives the initiative already made: a form sent twice
    makes one. Raises PermissionDenied or InvalidAnswers.
    """
    if not permissions.can_create_initiative(actor, organisation):
        raise PermissionDenied
    if key is not None and (made := Initiative.objects.filter(creation_key=key).first()):
        if made.organisation_id != organisation.pk:
            raise PermissionDenied
        return made
    initiative = Initiative(
        organisation=organisation,
        language=language,
        creation_key=key,
        source=source,
        source_id=source_id,
        is_demo=is_demo,
        created_at=now,
        changed_at=now,
    )
    try:
        with transaction.atomic():
            initiative.save()
    except IntegrityError:
        # Two clicks at once: the other one has made it.
        same: Initiative | None = Initiative.objects.filter(
            creation_key=key, organisation=organisation
        ).first()
        if key is None or same is None:
            raise
        return same
    record(
        verb="initiative.created",
        subject=initiative,
        actor=actor,
        now=now,
        organisation_id=organisation.pk,
        label="import" if source else "",
    )
    given = dict(changes or {})
    if actor is not None and "contact" not in given:
        given["contact"] = {"name": actor.name, "email": actor.email, "phone": ""}
    if not given:
        return initiative
    return change_initiative(initiative=initiative, changes=given, actor=actor, now=now, answered=None)


@transaction.atomic
def change_initiative(
    *,
    initiative: Initiative,
    changes: Mapping[str, Any],
    actor: User | None,
    now: datetime,
    expected_revision: int | None = None,
    answered: Iterable[str] | None = None,
    reopened: Iterable[str] = (),
) -> Initiative:
    """Store new answers, hide contact details in texts, raise the revision and tell others.

    `changes` maps columns to values; "needs" [{kind, amount, hours}] and "actors" [{name, kind, role}]
    replace all rows, "contact" {name, email, phone} and "shared_with" [Organisation] likewise.
    `answered` names the questions this answers; None lets the values say it. Returns the fresh
    initiative, with `contact` holding what the owner wrote where something was hidden.

    Raises PermissionDenied; InvalidAnswers (nothing is stored); ChangedMeanwhile when the initiative
    is no longer at `expected_revision`.
    """
    if not permissions.can_change_initiative(actor, initiative):
        raise PermissionDenied
    locked = lock_profile(initiative, expected_revision=expected_revision)
    _check(locked, changes, reopened)
    columns = {name: value for name, value in changes.items() if name in CHANGEABLE}
    if "needs" in changes and "needs_stated" not in changes:
        columns["needs_stated"] = bool(changes["needs"])
    masked = mask_changes(columns, TEXT_FIELDS)
    write_changes(
        locked,
        changes=masked.public,
        now=now,
        answered=_questions_of(changes) if answered is None else answered,
        reopened=reopened,
    )
    opened = rows.replace_needs(locked, changes["needs"]) if "needs" in changes else set()
    if "actors" in changes:
        rows.replace_actors(locked, changes["actors"])
    if "shared_with" in changes:
        locked.shared_with.set(changes["shared_with"])
    locked.contact = _save_contact(locked, changes.get("contact"), masked.originals)
    record(
        verb="initiative.changed",
        subject=locked,
        actor=actor,
        now=now,
        organisation_id=locked.organisation_id,
        details={"fields": sorted(changes)},
        label="import" if actor is None and locked.source else "",
    )
    # Told upwards inside the transaction: matching writes its outbox row, so nothing is forgotten.
    initiative_changed.send(sender=Initiative, initiative=locked, actor=actor, at=now)
    if opened and locked.is_published:
        needs_opened.send(sender=Initiative, initiative=locked, kinds=opened, actor=actor, at=now)
    return locked


def _check(initiative: Initiative, changes: Mapping[str, Any], reopened: Iterable[str]) -> None:
    """Refuse what cannot be stored, all of it at once. Raises InvalidAnswers."""
    errors: dict[str, list[str]] = {}
    for name in changes:
        if name not in CHANGEABLE and name not in ROWS:
            errors.setdefault(name, []).append(gettext("This cannot be changed."))
    errors |= code_errors(dict(changes))
    errors |= length_errors(Initiative, changes)
    errors |= rows.row_errors(changes)
    if initiative.state != PublicationState.DRAFT:
        said = gettext(
            "This is published and needs an answer here. Write one, or close the initiative first."
        )
        for name in ("title", "change"):
            if name in changes and not str(changes[name] or "").strip():
                errors.setdefault(name, []).append(said)
        for slug in set(reopened) & set(REQUIRED_ANSWERS) - {"title", "change"}:
            errors.setdefault(slug, []).append(said)
    if errors:
        raise InvalidAnswers(errors)


def _questions_of(changes: Mapping[str, Any]) -> list[str]:
    slugs = {QUESTION_OF[name]: None for name, value in changes.items() if value and name in QUESTION_OF}
    return list(slugs)


def _save_contact(
    initiative: Initiative, given: Mapping[str, str] | None, originals: Mapping[str, str | None]
) -> InitiativeContact:
    contact, _created = InitiativeContact.objects.get_or_create(initiative=initiative)
    if given is not None:
        for name in ("name", "email", "phone"):
            setattr(contact, name, (given.get(name) or "").strip())
    contact.private_texts = merge_private_texts(contact.private_texts, originals)
    contact.save()
    return contact


@transaction.atomic
def publish_initiative(*, initiative: Initiative, actor: User | None, now: datetime) -> Initiative:
    """Make an initiative public, from draft, pause or closed, and announce it.

    Raises PermissionDenied, or CannotPublish when answers are missing (a person's; an import needs
    only a name), when the state forbids it or when somebody else changed it first.
    """
    if not permissions.can_publish_initiative(actor, initiative):
        raise PermissionDenied
    if missing := missing_answers(initiative, is_import=actor is None):
        raise CannotPublish(missing)
    try:
        published = step_state(initiative, to=PublicationState.PUBLISHED, now=now)
    except StepRefused as refused:
        raise CannotPublish from refused
    _record_step("initiative.published", published, actor, now)
    initiative_published.send(sender=Initiative, initiative=published, actor=actor, at=now)
    return published


def missing_answers(initiative: Initiative, *, is_import: bool = False) -> list[str]:
    """Return the questions that publishing waits for."""
    empty = [name for name in ("title", "change") if not getattr(initiative, name).strip()]
    if is_import:
        return [name for name in empty if name == "title"]
    unanswered = [slug for slug in REQUIRED_ANSWERS if slug not in initiative.answered]
    return [slug for slug in REQUIRED_ANSWERS if slug in (*empty, *unanswered)]


def pause_initiative(*, initiative: Initiative, actor: User | None, now: datetime) -> Initiative:
    """Take an initiative off public pages and out of matching for a while.

    Raises PermissionDenied, or StepRefused when it is not published or somebody was first.
    """
    return _withdraw(initiative, actor, now, to=PublicationState.PAUSED, verb="initiative.paused")


def close_initiative(*, initiative: Initiative, actor: User | None, now: datetime) -> Initiative:
    """End an initiative's public life; it can be published again.

    Raises PermissionDenied, or StepRefused when its state forbids it or somebody was first.
    """
    return _withdraw(initiative, actor, now, to=PublicationState.CLOSED, verb="initiative.closed")


@transaction.atomic
def _withdraw(
    initiative: Initiative, actor: User | None, now: datetime, *, to: PublicationState, verb: str
) -> Initiative:
    if not permissions.can_publish_initiative(actor, initiative):
        raise PermissionDenied
    withdrawn = step_state(initiative, to=to, now=now)
    _record_step(verb, withdrawn, actor, now)
    initiative_withdrawn.send(sender=Initiative, initiative=withdrawn, actor=actor, at=now)
    return withdrawn


def _record_step(verb: str, initiative: Initiative, actor: User | None, now: datetime) -> None:
    record(verb=verb, subject=initiative, actor=actor, now=now, organisation_id=initiative.organisation_id)


@transaction.atomic
def delete_draft(*, initiative: Initiative, actor: User | None, now: datetime) -> None:
    """Delete a draft for good. Raises PermissionDenied, or CannotDelete when it has been public."""
    if not permissions.can_delete_draft(actor, initiative):
        raise PermissionDenied
    draft = Initiative.objects.select_for_update().filter(pk=initiative.pk, published_at=None).first()
    if draft is None:
        raise CannotDelete
    record(
        verb="initiative.draft_deleted",
        subject=draft,
        actor=actor,
        now=now,
        organisation_id=draft.organisation_id,
    )
    draft.delete()


@transaction.atomic
def save_imported_initiative(
    *,
    organisation: Organisation,
    source: str,
    source_id: str,
    changes: Mapping[str, Any],
    now: datetime,
    language: str = Language.SWEDISH,
    is_published: bool = True,
) -> tuple[Initiative, bool]:
    """Create or update the initiative that a source calls `source_id`; return it and whether it is new.

    Idempotent on (source, source_id): the same content again changes nothing, not even the revision.
    Raises InvalidAnswers.
    """
    made = (
        Initiative.objects.select_for_update().filter(source=source, source_id=source_id).first()
        if source
        else None
    )
    is_new = made is None
    if made is None:
        made = create_initiative(
            organisation=organisation,
            actor=None,
            now=now,
            changes=changes,
            language=language,
            source=source,
            source_id=source_id,
        )
    else:
        differing = rows.differences(made, {**changes, "language": language}, TEXT_FIELDS)
        if made.organisation_id != organisation.pk:
            Initiative.objects.filter(pk=made.pk).update(organisation=organisation)
            made.organisation = organisation
        if differing:
            made = change_initiative(initiative=made, changes=differing, actor=None, now=now)
    if is_published and made.state == PublicationState.DRAFT and made.title:
        made = publish_initiative(initiative=made, actor=None, now=now)
    return made, is_new
