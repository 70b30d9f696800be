"""Put one record into the database, through the services of the app it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import transaction
from django.db.models import F, Func, Value

from brygga.core.enums import PublicationState
from brygga.language import mask_contact_details, normalise_name
from brygga.organisations.registration.services import InvalidAnswers
from brygga.taxonomy import selectors as taxonomy
from brygga.taxonomy.enums import Driver
from funders.enums import ApplyWay
from funders.models import SupportOffer
from funders.services import save_imported_offer
from innovators.models import Initiative
from innovators.services import save_imported_initiative
from matching.awards.models import SupportGiven
from matching.awards.services import link, record_support
from matching.exchange.fields import Problem, Tags, resolved
from matching.exchange.organisations import organisation_of
from matching.exchange.records import (
    Common,
    InitiativeRecord,
    OfferRecord,
    Record,
    SupportRecord,
    Unusable,
)

#: The source under which profiles that were written here are exported, by their public id.
OWN_SOURCE = "brygga"


class Outcome(Enum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@transaction.atomic
def store_record(
    record: Record,
    *,
    now: datetime,
    problems: list[Problem],
    extra: Mapping[str, Any] | None = None,
    stored: list[Any] | None = None,
) -> Outcome:
    """Create or update what a record describes, published at once; all of it or nothing.

    `extra` adds columns that the format does not have (demo data only). The row is appended to
    `stored`. Raises Unusable.
    """
    row: Any
    try:
        if isinstance(record, InitiativeRecord):
            row, outcome = _initiative(record, now, problems, extra or {})
        elif isinstance(record, OfferRecord):
            row, outcome = _offer(record, now, problems, extra or {})
        else:
            row, outcome = _support(record, now, problems)
    except InvalidAnswers as error:
        raise Unusable(str(error)) from error
    if stored is not None:
        stored.append(row)
    return outcome


def _initiative(
    record: InitiativeRecord, now: datetime, problems: list[Problem], extra: Mapping[str, Any]
) -> tuple[Initiative, Outcome]:
    common = record.common
    _refuse_own(common.source, common.id, Initiative)
    before = (
        Initiative.objects.filter(source=common.source, source_id=common.id)
        .select_related("organisation")
        .first()
    )
    owner = organisation_of(
        common.organisation,
        source=common.source,
        now=now,
        problems=problems,
        own=before.organisation if before else None,
    )
    spread_groups = _codes_only(
        "may_spread_to_target_groups", record.may_spread_to_target_groups, "target_groups", common, problems
    )
    spread_themes = _codes_only(
        "may_spread_to_themes", record.may_spread_to_themes, "themes", common, problems
    )
    works_in = _areas("areas", record.works_in, problems)
    spread = _areas("may_spread_to", record.may_spread_to, problems)
    changes: dict[str, Any] = {
        **_common_changes(common),
        "change": record.change,
        "area_codes": works_in.codes,
        "area_words": works_in.words,
        "spread_area_codes": spread.codes,
        "spread_area_words": spread.words,
        "spread_target_group_codes": spread_groups,
        "spread_theme_codes": spread_themes,
        "form_after": record.form_after,
        "core": record.core,
        "adaptable": record.adaptable,
        "who_affected": record.who_affected,
        "participation": record.participation,
        "legal_entity": record.legal_entity,
        "started_on": record.started_on,
        "needs": [asdict(need) for need in record.needs or []],
        "needs_stated": record.needs is not None,
        "actors": [asdict(actor) for actor in record.actors or []],
        **extra,
    }
    saved, is_new = save_imported_initiative(
        organisation=owner,
        source=common.source,
        source_id=common.id,
        changes=changes,
        now=now,
        language=common.language,
    )
    _say_none(saved, "actors", is_none=record.actors == [])
    return saved, _outcome(is_new, before, saved)


def _offer(
    record: OfferRecord, now: datetime, problems: list[Problem], extra: Mapping[str, Any]
) -> tuple[SupportOffer, Outcome]:
    common = record.common
    _refuse_own(common.source, common.id, SupportOffer)
    before = (
        SupportOffer.objects.filter(source=common.source, source_id=common.id)
        .select_related("organisation")
        .first()
    )
    owner = organisation_of(
        common.organisation,
        source=common.source,
        now=now,
        problems=problems,
        own=before.organisation if before else None,
    )
    areas = _areas("areas", record.areas, problems)
    changes: dict[str, Any] = {
        **_common_changes(common),
        "area_codes": areas.codes,
        "area_words": areas.words,
        "eligible_kinds": record.eligible_organisation_kinds,
        "eligible_kinds_apply_to": record.applies_to or "lead",
        "must_include_kinds": record.must_include_kinds,
        "consortium_required": record.consortium_required,
        "legal_entity_required": record.legal_entity_required,
        "co_funding_percent": record.co_funding_percent,
        "min_age_months": record.min_age_months,
        "opens_on": record.opens,
        "closes_on": record.closes,
        "decision_on": record.decision_on,
        "capacity": record.capacity,
        "hours_to_apply": record.hours_to_apply,
        "apply_way": record.apply_way or _apply_way(record),
        "apply_url": record.apply_url,
        "how_to_apply": record.how_to_apply,
        "strict": record.strict,
        "support": [asdict(row) for row in record.support or []],
        **extra,
    }
    saved, is_new = save_imported_offer(
        organisation=owner,
        source=common.source,
        source_id=common.id,
        changes=changes,
        now=now,
        language=common.language,
        is_confirmed=record.confirmed,
    )
    # An offer that its giver has claimed is not the source's to speak of.
    _say_none(saved, "support", is_none=record.support == [] and saved.organisation_id == owner.pk)
    return saved, _outcome(is_new, before, saved)


def _apply_way(record: OfferRecord) -> str:
    if record.apply_url:
        return ApplyWay.OWN_FORM
    # Nobody has said that the giver wants introductions here until the giver has.
    return ApplyWay.INTRODUCTION if record.confirmed else ApplyWay.OPEN_CONTACT


def _support(record: SupportRecord, now: datetime, problems: list[Problem]) -> tuple[SupportGiven, Outcome]:
    before = SupportGiven.objects.filter(source=record.source, source_id=record.id).first()
    giver = (
        organisation_of(record.giver, source=record.source, now=now, problems=problems, path="giver")
        if record.giver
        else None
    )
    values: dict[str, Any] = {
        "source_url": record.source_url,
        "language": record.language,
        "giver": giver,
        "offer": referred(SupportOffer, record.offer.source, record.offer.id) if record.offer else None,
        "initiative": (
            referred(Initiative, record.initiative.source, record.initiative.id)
            if record.initiative
            else None
        ),
        "offer_source": record.offer.source if record.offer else "",
        "offer_source_id": record.offer.id if record.offer else "",
        "initiative_source": record.initiative.source if record.initiative else "",
        "initiative_source_id": record.initiative.id if record.initiative else "",
        "title": mask_contact_details(record.title).text[:300],
        "description": mask_contact_details(record.description).text,
        "kind": record.kind,
        "amount": record.amount,
        "decided_on": record.decided_on,
    }
    if before is not None and all(getattr(before, name) == value for name, value in values.items()):
        return before, Outcome.UNCHANGED
    row, is_new = record_support(source=record.source, source_id=record.id, values=values, now=now)
    return row, Outcome.NEW if is_new else Outcome.CHANGED


def link_support(*, now: datetime) -> int:
    """Let records of support given find offers and initiatives that have arrived; return how many did."""
    linked = 0
    waiting = SupportGiven.objects.filter(offer__isnull=True).exclude(offer_source="")
    for row in waiting.iterator(chunk_size=500):
        offer = referred(SupportOffer, row.offer_source, row.offer_source_id)
        if offer is not None:
            link(row, now=now, offer=offer)
            linked += 1
    waiting = SupportGiven.objects.filter(initiative__isnull=True).exclude(initiative_source="")
    for row in waiting.iterator(chunk_size=500):
        initiative = referred(Initiative, row.initiative_source, row.initiative_source_id)
        if initiative is not None:
            link(row, now=now, initiative=initiative)
            linked += 1
    return linked


def referred(model: Any, source: str, record_id: str) -> Any:
    """Return the row that a reference names, or None."""
    if source == OWN_SOURCE and (own := model.objects.filter(source="", public_id=record_id).first()):
        return own
    return model.objects.filter(source=source, source_id=record_id).first()


def _refuse_own(source: str, record_id: str, model: Any) -> None:
    """What was written here is not overwritten by a file that was exported from here."""
    if source == OWN_SOURCE and model.objects.filter(source="", public_id=record_id).exists():
        raise Unusable("was written here and is changed here, not by a file", "id")


def _say_none(profile: Initiative | SupportOffer, question: str, *, is_none: bool) -> None:
    """Keep "there are none" apart from "nobody has said", where rows alone cannot."""
    if is_none and question not in profile.answered:
        said = Func(F("answered"), Value(question), function="array_append")
        type(profile)._default_manager.filter(pk=profile.pk).update(answered=said)


def _outcome(is_new: bool, before: Any, saved: Any) -> Outcome:
    if is_new:
        return Outcome.NEW
    is_same = before.revision == saved.revision and before.state == PublicationState(saved.state)
    return Outcome.UNCHANGED if is_same else Outcome.CHANGED


def _common_changes(common: Common) -> dict[str, Any]:
    language = common.language
    themes = resolved(common.themes, lambda word: taxonomy.resolve_theme(word, language))
    groups = resolved(common.target_groups, lambda word: taxonomy.resolve_target_group(word, language))
    methods = resolved(common.methods, lambda word: taxonomy.resolve_method(word, language))
    kinds = resolved(common.innovation_kinds, lambda word: taxonomy.resolve_innovation_kind(word, language))
    drivers = resolved(common.drivers, _driver)
    return {
        "title": common.title,
        "description": common.description,
        "title_second": common.title_second,
        "summary_second": common.summary_second,
        "theme_codes": themes.codes,
        "theme_words": themes.words,
        "target_group_codes": groups.codes,
        "target_group_words": groups.words,
        "process_parts": common.process_parts,
        "method_codes": methods.codes,
        "method_words": methods.words,
        "innovation_kind_codes": kinds.codes,
        "innovation_kind_words": kinds.words,
        "driver_codes": drivers.codes,
        "driver_words": drivers.words,
        "forms_not_accepted": common.forms_not_accepted,
        "source_url": common.source_url,
    }


_DRIVERS = {normalise_name(value): value for value in Driver.values}


def _driver(word: str) -> str | None:
    return _DRIVERS.get(normalise_name(word)) or next(
        (code for code in Driver.values if normalise_name(str(Driver(code).label)) == normalise_name(word)),
        None,
    )


def _areas(name: str, words: list[str] | None, problems: list[Problem]) -> Tags:
    def resolve(word: str) -> str | None:
        found = taxonomy.resolve_area(word)
        return found.code if found else None

    tags = resolved(words, resolve)
    for word in tags.words:
        reason = f"“{word}” is no area that we know: kept and shown, and the verdict on place is unclear"
        problems.append(Problem(name, reason, is_note=True))
    return tags


def _codes_only(
    name: str, words: list[str] | None, vocabulary: str, common: Common, problems: list[Problem]
) -> list[str] | None:
    resolve = taxonomy.resolve_theme if vocabulary == "themes" else taxonomy.resolve_target_group
    tags = resolved(words, lambda word: resolve(word, common.language))
    for word in tags.words:
        problems.append(Problem(name, f"“{word}” is not in the taxonomy"))
    return None if words and not tags.codes else tags.codes
