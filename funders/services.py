"""Verbs on support offers: create, change, publish, pause, close, delete a draft, take in from a file."""

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
from brygga.language import mask_contact_details
from brygga.organisations.models import Organisation
from brygga.organisations.registration.masking import MaskedChanges, mask_changes, merge_private_texts
from brygga.organisations.registration.services import (
    ChangedMeanwhile,
    InvalidAnswers,
    StepRefused,
    lock_profile,
    step_state,
    write_changes,
)
from brygga.organisations.registration.words import code_errors
from brygga.taxonomy.enums import Driver, FormAfter, SupportKind
from funders import permissions
from funders.claiming.enums import ClaimState
from funders.enums import FEWEST_ANSWER_DAYS, MOST_ANSWER_DAYS, REQUIRED_ANSWERS, Strict
from funders.lines import LINE_FIELDS, line_errors, replace_lines, stored_lines
from funders.models import OfferContact, SupportOffer
from funders.signals import offer_changed, offer_published, offer_withdrawn
from funders.starting_points import questions_with_help

if TYPE_CHECKING:
    from brygga.users.models import User

__all__ = [
    "CannotDelete",
    "CannotPublish",
    "ChangedMeanwhile",
    "InvalidAnswers",
    "StepRefused",
    "change_offer",
    "close_offer",
    "create_offer",
    "delete_draft",
    "missing_answers",
    "pause_offer",
    "publish_offer",
    "save_imported_offer",
]

# Free texts that others read: contact details in them are hidden.
TEXT_FIELDS = ("title", "description", "title_second", "summary_second", "how_to_apply")
# What `change_offer` takes beside "support" and "contact"; the questions are for offers outside the task list.
QUESTION_OF = {
    "title": "title",
    "description": "description",
    "support": "support",
    "capacity": "capacity",
    "eligible_kinds": "who",
    "eligible_kinds_apply_to": "",
    "must_include_kinds": "must-include",
    "consortium_required": "together",
    "legal_entity_required": "legal",
    "min_age_months": "age",
    "co_funding_percent": "co-funding",
    "forms_not_accepted": "declined",
    "area_codes": "places",
    "area_words": "places",
    "theme_codes": "themes",
    "theme_words": "themes",
    "target_group_codes": "target-groups",
    "target_group_words": "target-groups",
    "process_parts": "process",
    "method_codes": "methods",
    "method_words": "methods",
    "innovation_kind_codes": "kinds",
    "innovation_kind_words": "kinds",
    "driver_codes": "drivers",
    "driver_words": "drivers",
    "language": "",
    "opens_on": "times",
    "closes_on": "times",
    "decision_on": "times",
    "applied_last": "last-time",
    "supported_last": "last-time",
    "hours_to_apply": "hours",
    "answer_days": "answer-days",
    "apply_way": "apply",
    "apply_url": "apply",
    "how_to_apply": "apply",
    "title_second": "second-language",
    "summary_second": "second-language",
    "contact": "contact",
    "strict": "",
    "source_url": "",
    "is_confirmed": "",
}
ROWS = frozenset({"support", "contact"})
# What an offer may refuse: kinds of support, forms after the project, drivers.
REFUSABLE = frozenset({*SupportKind.values, *FormAfter.values, *Driver.values})
# Said by the system about an import, or by a giver who has claimed it; never through a form.
SYSTEM_ONLY = frozenset({"is_confirmed", "source_url"})


class CannotPublish(StepRefused):
    """Not ready, in the wrong state, or somebody was first. `missing` names unanswered questions."""

    def __init__(self, missing: Iterable[str] = ()) -> None:
        self.missing = list(missing)
        super().__init__(", ".join(self.missing))


class CannotDelete(Exception):
    """Only drafts are deleted; what has been public is closed."""


@transaction.atomic
def create_offer(
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
    answered: Iterable[str] | None = None,
) -> SupportOffer:
    """Make a draft owned by the organisation, with the answers given so far.

    The same `key` by the same organisation gives the offer already made: a form sent twice makes
    one. `answered` names the questions the answers are to, else the answers say it.
    Raises PermissionDenied or InvalidAnswers.
    """
    if not permissions.can_create_offer(actor, organisation):
        raise PermissionDenied
    if key is not None and (made := SupportOffer.objects.filter(creation_key=key).first()):
        if made.organisation_id != organisation.pk:
            raise PermissionDenied
        return made
    offer = SupportOffer(
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
            offer.save()
    except IntegrityError:
        # Two clicks at once: the other one has made it.
        same = SupportOffer.objects.filter(creation_key=key, organisation=organisation).first()
        if key is None or same is None:
            raise
        return same
    record(
        verb="offer.created",
        subject=offer,
        actor=actor,
        now=now,
        organisation_id=organisation.pk,
        label="import" if source else "",
    )
    given = dict(changes or {})
    if actor is not None and "contact" not in given:
        given["contact"] = {"name": actor.name, "email": actor.email, "phone": ""}
    if not given:
        return offer
    # Where the contact comes from the account, nobody has answered the question about it yet.
    if answered is None and not (changes and "contact" in changes):
        answered = _questions_of(changes or {})
    return change_offer(offer=offer, changes=given, actor=actor, now=now, answered=answered)


@transaction.atomic
def change_offer(
    *,
    offer: SupportOffer,
    changes: Mapping[str, Any],
    actor: User | None,
    now: datetime,
    expected_revision: int | None = None,
    answered: Iterable[str] | None = None,
    reopened: Iterable[str] = (),
) -> SupportOffer:
    """Store new answers, hide contact details in texts, raise the revision and tell others.

    `changes` maps columns to values; "support" [{kind, amount_min, amount_max, hours}] replaces all
    lines, "contact" is {name, email, phone}. `answered` names the questions this answers; None lets
    the values say it. Returns the fresh offer, with `contact` holding what the owner wrote where
    something was hidden.

    Raises PermissionDenied; InvalidAnswers (nothing is stored); ChangedMeanwhile when the offer is no
    longer at `expected_revision`.
    """
    if not permissions.can_change_offer(actor, offer):
        raise PermissionDenied
    locked = lock_profile(offer, expected_revision=expected_revision)
    _check(locked, changes, reopened, is_import=actor is None)
    masked = _masked({name: value for name, value in changes.items() if name not in ROWS})
    write_changes(
        locked,
        changes=masked.public,
        now=now,
        answered=_questions_of(changes) if answered is None else answered,
        reopened=reopened,
    )
    if "support" in changes:
        replace_lines(locked, changes["support"])
    locked.contact = _save_contact(locked, changes.get("contact"), masked.originals)
    record(
        verb="offer.changed",
        subject=locked,
        actor=actor,
        now=now,
        organisation_id=locked.organisation_id,
        details={"fields": sorted(changes)},
        label="import" if actor is None and locked.source else "",
    )
    # Told upwards inside the transaction: matching writes its outbox row, so nothing is forgotten.
    offer_changed.send(sender=SupportOffer, offer=locked, actor=actor, at=now)
    return locked


def _masked(columns: Mapping[str, Any]) -> MaskedChanges:
    """Hide contact details in texts, and in the words that stand beside codes."""
    masked = mask_changes(columns, TEXT_FIELDS)
    for name, value in masked.public.items():
        if name.endswith("_words"):
            masked.public[name] = [mask_contact_details(word).text for word in value]
    return masked


def _check(
    offer: SupportOffer, changes: Mapping[str, Any], reopened: Iterable[str], *, is_import: bool
) -> None:
    """Refuse what cannot be stored, all of it at once. Raises InvalidAnswers."""
    errors: dict[str, list[str]] = {}
    for name in changes:
        if name not in QUESTION_OF or (name in SYSTEM_ONLY and not is_import):
            errors.setdefault(name, []).append(gettext("This cannot be changed."))
    errors |= code_errors({name: value for name, value in changes.items() if name != "forms_not_accepted"})
    for name, known in (("forms_not_accepted", REFUSABLE), ("strict", frozenset(Strict.values))):
        if wrong := [str(code) for code in changes.get(name) or () if code not in known]:
            errors[name] = [gettext("We do not know “%(codes)s”.") % {"codes": ", ".join(wrong)}]
    if "support" in changes and (said := line_errors(changes["support"])):
        errors["support"] = said
    opens = changes.get("opens_on", offer.opens_on)
    closes = changes.get("closes_on", offer.closes_on)
    if opens and closes and opens > closes:
        errors["closes_on"] = [gettext("The last day is before the first day.")]
    percent = changes.get("co_funding_percent")
    if isinstance(percent, int) and percent > 100:
        errors["co_funding_percent"] = [gettext("Write a share between 0 and 100 per cent.")]
    days = changes.get("answer_days")
    if isinstance(days, int) and not FEWEST_ANSWER_DAYS <= days <= MOST_ANSWER_DAYS:
        errors["answer_days"] = [gettext("Write a number of days from 7 to 90.")]
    applied = changes.get("applied_last", offer.applied_last)
    supported = changes.get("supported_last", offer.supported_last)
    if (applied is None) != (supported is None) or (
        applied is not None and (applied < 1 or supported > applied)
    ):
        errors["supported_last"] = [gettext("At most as many can have got it as applied.")]
    if offer.state != PublicationState.DRAFT and not is_import:
        said_public = gettext(
            "This is published and needs an answer here. Write one, or close the offer first."
        )
        for name in ("title", "description", "support"):
            value = changes.get(name, "unchanged")
            if not (value.strip() if isinstance(value, str) else value):
                errors.setdefault(name, []).append(said_public)
        for slug in set(reopened) & {"places"}:
            errors.setdefault(slug, []).append(said_public)
    if errors:
        raise InvalidAnswers(errors)


def _questions_of(changes: Mapping[str, Any]) -> list[str]:
    """Return the questions these values answer; an empty list is an answer, null is none."""
    slugs = {
        QUESTION_OF.get(name, ""): None for name, value in changes.items() if _says_something(name, value)
    }
    return [slug for slug in slugs if slug]


def _says_something(name: str, value: Any) -> bool:
    if name.endswith("_words") or name == "support":
        return bool(value)
    return value is not None and value != ""


def _save_contact(
    offer: SupportOffer, given: Mapping[str, str] | None, originals: Mapping[str, str | None]
) -> OfferContact:
    contact, _created = OfferContact.objects.get_or_create(offer=offer)
    if given is not None:
        for name in ("name", "email", "phone"):
            setattr(contact, name, (given.get(name) or "").strip())
    contact.private_texts = merge_private_texts(contact.private_texts, originals)
    contact.save()
    return contact


@transaction.atomic
def publish_offer(*, offer: SupportOffer, actor: User | None, now: datetime) -> SupportOffer:
    """Make an offer public, from draft, pause or closed, and announce it.

    An organisation that nobody has verified may publish; pages say that it is not verified.
    Raises PermissionDenied, or CannotPublish when answers are missing (a person's; an import needs
    only a name), when the state forbids it or when somebody else changed it first.
    """
    if not permissions.can_publish_offer(actor, offer):
        raise PermissionDenied
    if missing := missing_answers(offer, is_import=actor is None):
        raise CannotPublish(missing)
    try:
        published = step_state(offer, to=PublicationState.PUBLISHED, now=now)
    except StepRefused as refused:
        raise CannotPublish from refused
    _record_step("offer.published", published, actor, now)
    offer_published.send(sender=SupportOffer, offer=published, actor=actor, at=now)
    return published


def missing_answers(offer: SupportOffer, *, is_import: bool = False) -> list[str]:
    """Return the questions that publishing waits for: without an answer, or with help left in it."""
    if is_import:
        return [] if offer.title.strip() else ["title"]
    said = {name: bool(getattr(offer, name).strip()) for name in ("title", "description")}
    said |= {"support": offer.support.exists(), "places": "places" in offer.answered}
    return [slug for slug in REQUIRED_ANSWERS if not said[slug]] + questions_with_help(offer)


def pause_offer(*, offer: SupportOffer, actor: User | None, now: datetime) -> SupportOffer:
    """Take an offer off public pages and out of matching for a while.

    Raises PermissionDenied, or StepRefused when it is not published or somebody was first.
    """
    return _withdraw(offer, actor, now, to=PublicationState.PAUSED, verb="offer.paused")


def close_offer(*, offer: SupportOffer, actor: User | None, now: datetime) -> SupportOffer:
    """End an offer's public life; it can be published again.

    Raises PermissionDenied, or StepRefused when its state forbids it or somebody was first.
    """
    return _withdraw(offer, actor, now, to=PublicationState.CLOSED, verb="offer.closed")


@transaction.atomic
def _withdraw(
    offer: SupportOffer, actor: User | None, now: datetime, *, to: PublicationState, verb: str
) -> SupportOffer:
    if not permissions.can_publish_offer(actor, offer):
        raise PermissionDenied
    withdrawn = step_state(offer, to=to, now=now)
    _record_step(verb, withdrawn, actor, now)
    offer_withdrawn.send(sender=SupportOffer, offer=withdrawn, actor=actor, at=now)
    return withdrawn


def _record_step(verb: str, offer: SupportOffer, actor: User | None, now: datetime) -> None:
    record(verb=verb, subject=offer, actor=actor, now=now, organisation_id=offer.organisation_id)


@transaction.atomic
def delete_draft(*, offer: SupportOffer, actor: User | None, now: datetime) -> None:
    """Delete a draft for good. Raises PermissionDenied, or CannotDelete when it has been public."""
    if not permissions.can_delete_draft(actor, offer):
        raise PermissionDenied
    draft = SupportOffer.objects.select_for_update().filter(pk=offer.pk, published_at=None).first()
    if draft is None:
        raise CannotDelete
    _record_step("offer.draft_deleted", draft, actor, now)
    draft.delete()


@transaction.atomic
def save_imported_offer(
    *,
    organisation: Organisation,
    source: str,
    source_id: str,
    changes: Mapping[str, Any],
    now: datetime,
    language: str = Language.SWEDISH,
    is_confirmed: bool = False,
    is_published: bool = True,
) -> tuple[SupportOffer, bool]:
    """Create or update the offer that a source calls `source_id`; return it and whether it is new.

    Idempotent on (source, source_id): the same content again changes nothing, not even the revision.
    An offer that its giver has claimed stays as the giver has it. Raises InvalidAnswers.
    """
    found = SupportOffer.objects.select_for_update().filter(source=source, source_id=source_id)
    made = found.first() if source else None
    is_new = made is None
    given = {**changes, "is_confirmed": is_confirmed}
    if made is None:
        made = create_offer(
            organisation=organisation,
            actor=None,
            now=now,
            changes=given,
            language=language,
            source=source,
            source_id=source_id,
        )
    elif not made.claims.filter(state=ClaimState.APPROVED).exists():
        if made.organisation_id != organisation.pk:
            SupportOffer.objects.filter(pk=made.pk).update(organisation=organisation)
            made.organisation = organisation
        if differing := _differences(made, {**given, "language": language}):
            made = change_offer(offer=made, changes=differing, actor=None, now=now)
    if is_published and made.state == PublicationState.DRAFT and made.title:
        made = publish_offer(offer=made, actor=None, now=now)
    return made, is_new


def _differences(offer: SupportOffer, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes that would change something."""
    public = _masked({name: value for name, value in changes.items() if name not in ROWS}).public
    differing: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "support":
            is_same = [{key: row.get(key) for key in LINE_FIELDS} for row in value] == stored_lines(offer)
        elif name == "contact":
            contact = OfferContact.objects.filter(offer=offer).first()
            is_same = contact is not None and all(
                getattr(contact, key) == (value.get(key) or "").strip() for key in ("name", "email", "phone")
            )
        else:
            is_same = getattr(offer, name) == public[name]
        if not is_same:
            differing[name] = value
    return differing
