"""The three kinds of record of the exchange format, as typed values.

A record says what its line said and no more: null is None, [] is []. What could not be used stands in
the problems beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from brygga.core.enums import Language
from brygga.language import detect_language
from brygga.taxonomy.enums import (
    MONEY_KINDS,
    Driver,
    FormAfter,
    OrganisationKind,
    Participation,
    ProcessPart,
    SupportKind,
)
from funders.enums import AppliesTo, ApplyWay, Strict
from innovators.enums import LegalEntity
from matching.exchange.fields import FieldReader, Problem

VERSION = 1
TYPES = ("initiative", "offer", "support")
TITLE_LENGTH = 120
LONGEST_LINE = 2_000_000
MOST_KRONOR = 10**13
MOST_HOURS = 10**6
# What a giver may refuse: kinds of support, forms after the project, drivers.
REFUSABLE = (*SupportKind.values, *FormAfter.values, *Driver.values)


@dataclass(frozen=True)
class OrganisationRecord:
    name: str
    kind: str | None
    number: str


@dataclass(frozen=True)
class SupportRow:
    kind: str
    amount_min: int | None
    amount_max: int | None
    hours: int | None


@dataclass(frozen=True)
class NeedRow:
    kind: str
    amount: int | None
    hours: int | None


@dataclass(frozen=True)
class ActorRow:
    name: str
    kind: str | None
    role: str


@dataclass(frozen=True)
class Reference:
    """Another record, by source and id."""

    source: str
    id: str


@dataclass(frozen=True)
class Common:
    """What every profile has."""

    source: str
    id: str
    source_url: str
    language: str
    title: str
    description: str
    title_second: str
    summary_second: str
    organisation: OrganisationRecord | None
    themes: list[str] | None
    target_groups: list[str] | None
    process_parts: list[str] | None
    methods: list[str] | None
    innovation_kinds: list[str] | None
    drivers: list[str] | None
    forms_not_accepted: list[str] | None


@dataclass(frozen=True)
class InitiativeRecord:
    common: Common
    change: str
    actors: list[ActorRow] | None
    needs: list[NeedRow] | None
    works_in: list[str] | None
    may_spread_to: list[str] | None
    may_spread_to_target_groups: list[str] | None
    may_spread_to_themes: list[str] | None
    form_after: str | None
    core: str
    adaptable: str
    who_affected: str
    participation: str | None
    legal_entity: str | None
    started_on: date | None


@dataclass(frozen=True)
class OfferRecord:
    common: Common
    areas: list[str] | None
    support: list[SupportRow] | None
    eligible_organisation_kinds: list[str] | None
    applies_to: str | None
    must_include_kinds: list[str] | None
    consortium_required: bool | None
    legal_entity_required: bool | None
    co_funding_percent: int | None
    min_age_months: int | None
    opens: date | None
    closes: date | None
    decision_on: date | None
    capacity: int | None
    hours_to_apply: int | None
    apply_way: str | None
    apply_url: str
    how_to_apply: str
    strict: list[str] = field(default_factory=list)
    confirmed: bool = False


@dataclass(frozen=True)
class SupportRecord:
    """Support given in the past."""

    source: str
    id: str
    source_url: str
    language: str
    offer: Reference | None
    giver: OrganisationRecord | None
    initiative: Reference | None
    title: str
    description: str
    kind: str | None
    amount: int | None
    decided_on: date | None


Record = InitiativeRecord | OfferRecord | SupportRecord


class Unusable(Exception):
    """The line cannot be used at all."""

    def __init__(self, reason: str, field_name: str = "") -> None:
        self.field = field_name
        super().__init__(reason)


def read_json(line: bytes) -> dict[str, Any]:
    """Return the object on a line. Raises Unusable."""
    if len(line) > LONGEST_LINE:
        raise Unusable(f"the line is longer than {LONGEST_LINE} bytes")
    try:
        values = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unusable("the line is not UTF-8") from None
    except (ValueError, RecursionError):
        raise Unusable("the line is not JSON") from None
    if not isinstance(values, dict):
        raise Unusable("the line is not a JSON object")
    return values


def read_record(values: Mapping[str, Any], problems: list[Problem]) -> Record:
    """Return the record and add to `problems` what of it cannot be used. Raises Unusable."""
    version = values.get("version")
    if isinstance(version, bool) or version != VERSION:
        raise Unusable(f"is not {VERSION}, the version that we read", "version")
    kind = values.get("type")
    if kind not in TYPES:
        raise Unusable(f"is not one of {', '.join(TYPES)}", "type")
    reader = FieldReader(
        {key: value for key, value in values.items() if key not in ("type", "version")}, problems
    )
    for name, longest in (("source", 60), ("id", 120)):
        value = values.get(name)
        if not isinstance(value, str) or not value.strip():
            raise Unusable("is missing" if value is None else "is not a text that names something", name)
        if len(value) > longest:
            raise Unusable(f"is longer than {longest} characters", name)
    source, record_id = reader.text("source"), reader.text("id")
    readers: dict[str, Callable[[FieldReader, str, str], Record]] = {
        "initiative": _initiative,
        "offer": _offer,
        "support": _support,
    }
    record = readers[kind](reader, source, record_id)
    reader.leftovers()
    return record


def _common(reader: FieldReader, source: str, record_id: str, refusable: Collection[str]) -> Common:
    title, description = reader.text("title"), reader.text("description")
    if not title:
        raise Unusable("is missing", "title")
    if len(title) > TITLE_LENGTH:
        reader.problem(
            "title",
            f"is longer than {TITLE_LENGTH} characters: shortened, whole in the description",
            is_note=True,
        )
        description = f"{title}\n\n{description}".strip()
        title = title[: TITLE_LENGTH - 1].rstrip() + "…"
    return Common(
        source=source,
        id=record_id,
        source_url=reader.address("source_url"),
        language=_language(reader, f"{title} {description} {reader.text('change')}"),
        title=title,
        description=description,
        title_second=reader.text("title_second", TITLE_LENGTH),
        summary_second=reader.text("summary_second", 1000),
        organisation=_organisation(reader.part("organisation")),
        themes=reader.words("themes"),
        target_groups=reader.words("target_groups"),
        process_parts=reader.codes("process_parts", ProcessPart.values),
        methods=reader.words("methods"),
        innovation_kinds=reader.words("innovation_kinds"),
        drivers=reader.words("drivers"),
        forms_not_accepted=reader.codes("forms_not_accepted", refusable),
    )


def _language(reader: FieldReader, text: str) -> str:
    return reader.code("language", Language.values) or detect_language(text, default="sv") or "sv"


def _organisation(reader: FieldReader | None) -> OrganisationRecord | None:
    if reader is None:
        return None
    record = OrganisationRecord(
        name=reader.text("name", 200),
        kind=reader.code("kind", OrganisationKind.values),
        number=reader.text("number", 40),
    )
    reader.leftovers()
    return record


def _initiative(reader: FieldReader, source: str, record_id: str) -> InitiativeRecord:
    common = _common(reader, source, record_id, SupportKind.values)
    areas, works_in = reader.words("areas"), reader.words("works_in")
    if areas and works_in:
        works_in = list(dict.fromkeys([*works_in, *areas]))
    return InitiativeRecord(
        common=common,
        change=reader.text("change"),
        actors=_rows(reader, "actors", _actor),
        needs=_rows(reader, "needs", _need),
        works_in=areas if works_in is None else works_in,
        may_spread_to=reader.words("may_spread_to"),
        may_spread_to_target_groups=reader.words("may_spread_to_target_groups"),
        may_spread_to_themes=reader.words("may_spread_to_themes"),
        form_after=reader.code("form_after", FormAfter.values),
        core=reader.text("core"),
        adaptable=reader.text("adaptable"),
        who_affected=reader.text("who_affected"),
        participation=reader.code("participation", Participation.values),
        legal_entity=reader.code("legal_entity", LegalEntity.values),
        started_on=reader.day("started_on"),
    )


def _offer(reader: FieldReader, source: str, record_id: str) -> OfferRecord:
    common = _common(reader, source, record_id, REFUSABLE)
    opens, closes = reader.day("opens"), reader.day("closes")
    if opens and closes and closes < opens:
        reader.problem("closes", "is before opens; neither is used")
        opens = closes = None
    return OfferRecord(
        common=common,
        areas=reader.words("areas"),
        support=_rows(reader, "support", _support_row),
        eligible_organisation_kinds=reader.codes("eligible_organisation_kinds", OrganisationKind.values),
        applies_to=reader.code("applies_to", AppliesTo.values),
        must_include_kinds=reader.codes("must_include_kinds", OrganisationKind.values),
        consortium_required=reader.yes_no("consortium_required"),
        legal_entity_required=reader.yes_no("legal_entity_required"),
        co_funding_percent=reader.whole("co_funding_percent", 100),
        min_age_months=reader.whole("min_age_months", 1200),
        opens=opens,
        closes=closes,
        decision_on=reader.day("decision_on"),
        capacity=reader.whole("capacity", 10**6),
        hours_to_apply=reader.whole("hours_to_apply", 10_000),
        apply_way=reader.code("apply_way", ApplyWay.values),
        apply_url=reader.address("apply_url"),
        how_to_apply=reader.text("how_to_apply"),
        strict=reader.codes("strict", Strict.values) or [],
        confirmed=bool(reader.yes_no("confirmed")),
    )


def _support(reader: FieldReader, source: str, record_id: str) -> SupportRecord:
    offer, initiative = _reference(reader, "offer"), _reference(reader, "initiative")
    title, description = reader.text("title", 300), reader.text("description")
    giver = _giver(reader)
    if initiative is None and not title and not description:
        raise Unusable("is missing, and the recipient has neither title nor description", "initiative")
    if offer is None and giver is None:
        raise Unusable("is missing, and there is no giver", "offer")
    return SupportRecord(
        source=source,
        id=record_id,
        source_url=reader.address("source_url"),
        language=_language(reader, f"{title} {description}"),
        offer=offer,
        giver=giver,
        initiative=initiative,
        title=title,
        description=description,
        kind=reader.code("kind", SupportKind.values),
        amount=reader.whole("amount", MOST_KRONOR),
        decided_on=reader.day("decided_on"),
    )


def _giver(reader: FieldReader) -> OrganisationRecord | None:
    """Read the giver: an organisation, or its name alone."""
    if reader.is_text("giver"):
        return OrganisationRecord(reader.text("giver", 200), None, "")
    given = _organisation(reader.part("giver"))
    return given if given and (given.name or given.number) else None


def _reference(reader: FieldReader, name: str) -> Reference | None:
    part = reader.part(name)
    if part is None:
        return None
    reference = Reference(part.text("source", 60), part.text("id", 120))
    part.leftovers()
    if not reference.source or not reference.id:
        reader.problem(name, "needs both source and id")
        return None
    return reference


def _rows(reader: FieldReader, name: str, read: Any) -> list[Any] | None:
    given = reader.rows(name)
    if given is None:
        return None
    rows = []
    for row in given:
        found = read(row)
        if found is not None:
            rows.append(found)
            row.leftovers()
    # Rows that all were unusable say nothing, which is not the same as saying none.
    return None if given and not rows else rows


def _need(row: FieldReader) -> NeedRow | None:
    kind = _row_kind(row)
    return (
        None
        if kind is None
        else NeedRow(kind, row.whole("amount", MOST_KRONOR), row.whole("hours", MOST_HOURS))
    )


def _support_row(row: FieldReader) -> SupportRow | None:
    kind = _row_kind(row)
    if kind is None:
        return None
    least, most = row.whole("amount_min", MOST_KRONOR), row.whole("amount_max", MOST_KRONOR)
    if least is not None and most is not None and least > most:
        row.problem("amount_max", "is less than amount_min; neither is used")
        least = most = None
    if kind not in MONEY_KINDS and (least, most) != (None, None):
        row.problem("", f"has an amount, which goes with money and not with {kind}; the amount is not used")
        least = most = None
    return SupportRow(kind, least, most, row.whole("hours", MOST_HOURS))


def _row_kind(row: FieldReader) -> str | None:
    if not row.has("kind"):
        row.problem("kind", "is missing; the row is not used")
        return None
    return row.code("kind", SupportKind.values)


def _actor(row: FieldReader) -> ActorRow | None:
    actor = ActorRow(row.text("name", 200), row.code("kind", OrganisationKind.values), row.text("role", 120))
    if not (actor.name or actor.kind or actor.role):
        row.problem("", "is empty; the row is not used")
        return None
    return actor
