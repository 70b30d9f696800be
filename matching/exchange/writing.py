"""Rows as exchange records: the same keys in the same order, always all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Prefetch

from brygga.organisations.models import Organisation
from brygga.organisations.profiles import Profile
from funders.models import SupportLine, SupportOffer
from innovators.models import Actor, Initiative, Need
from matching.awards.models import SupportGiven
from matching.exchange.records import TYPES, VERSION
from matching.exchange.storing import OWN_SOURCE

Line = dict[str, Any]
_CHUNK = 500


def exported(types: tuple[str, ...] = TYPES, source: str | None = None) -> Iterator[Line]:
    """Yield what is public: published initiatives for everyone, published offers, support given.

    In the order of source and id, so that the same content is the same lines. Never contact details,
    never a place finer than its owner allows, never the name of a person who has not confirmed it.
    """
    if "initiative" in types:
        initiatives = (
            Initiative.objects.public()
            .select_related("organisation")
            .prefetch_related(
                Prefetch("needs", Need.objects.order_by("position")),
                Prefetch("actors", Actor.objects.order_by("position")),
            )
        )
        yield from (_initiative(row) for row in _in_order(initiatives, source))
    if "offer" in types:
        offers = (
            SupportOffer.objects.published()
            .select_related("organisation")
            .prefetch_related(Prefetch("support", SupportLine.objects.order_by("position")))
        )
        yield from (_offer(row) for row in _in_order(offers, source))
    if "support" in types:
        given = SupportGiven.objects.select_related("giver").order_by("source", "source_id")
        if source is not None:
            given = given.filter(source=source)
        yield from (_support(row) for row in given.iterator(chunk_size=_CHUNK))


def reference(profile: Profile) -> dict[str, str]:
    """Return how records name a profile."""
    if profile.source:
        return {"source": profile.source, "id": profile.source_id}
    return {"source": OWN_SOURCE, "id": profile.public_id}


def _in_order(rows: Any, source: str | None) -> Iterator[Any]:
    if source is not None:
        rows = rows.filter(source="" if source == OWN_SOURCE else source) | (
            rows.filter(source=OWN_SOURCE) if source == OWN_SOURCE else rows.none()
        )
    return iter(rows.order_by("source", "source_id", "public_id").iterator(chunk_size=_CHUNK))


def _organisation(organisation: Organisation | None) -> Line | None:
    if organisation is None or not (organisation.name or organisation.kind or organisation.number):
        return None
    number = organisation.number
    return {
        "name": organisation.name or None,
        "kind": organisation.kind,
        "number": f"{number[:6]}-{number[6:]}" if number else None,
    }


def _tags(codes: list[str] | None, words: list[str]) -> list[str] | None:
    if codes is None:
        return list(words) or None
    return [*codes, *words]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _rows(profile: Profile, question: str, rows: list[Line]) -> list[Line] | None:
    """No rows are null, unless somebody has said that there are none."""
    return rows if rows or question in profile.answered else None


def _common(kind: str, profile: Profile) -> Line:
    return {
        "type": kind,
        "version": VERSION,
        **reference(profile),
        "source_url": profile.source_url or None,
        "language": profile.language,
        "title": profile.title,
        "description": profile.description or None,
        "title_second": profile.title_second or None,
        "summary_second": profile.summary_second or None,
        "organisation": _organisation(profile.organisation),
        "themes": _tags(profile.theme_codes, profile.theme_words),
        "target_groups": _tags(profile.target_group_codes, profile.target_group_words),
        "process_parts": profile.process_parts,
        "methods": _tags(profile.method_codes, profile.method_words),
        "innovation_kinds": _tags(profile.innovation_kind_codes, profile.innovation_kind_words),
        "drivers": _tags(profile.driver_codes, profile.driver_words),
        "forms_not_accepted": profile.forms_not_accepted,
    }


def _initiative(row: Initiative) -> Line:
    needs = [{"kind": need.kind, "amount": need.amount, "hours": need.hours} for need in row.needs.all()]
    actors = [
        {"name": actor.public_name or None, "kind": actor.kind, "role": actor.role or None}
        for actor in row.actors.all()
    ]
    return {
        **_common("initiative", row),
        "change": row.change or None,
        "actors": _rows(row, "actors", [actor for actor in actors if any(actor.values())]),
        "needs": needs if needs or row.needs_stated else None,
        "works_in": _tags(row.public_area_codes, row.public_area_words),
        "may_spread_to": _tags(row.spread_area_codes, row.spread_area_words),
        "may_spread_to_target_groups": row.spread_target_group_codes,
        "may_spread_to_themes": row.spread_theme_codes,
        "form_after": row.form_after,
        "core": row.core or None,
        "adaptable": row.adaptable or None,
        "who_affected": row.who_affected or None,
        "participation": row.participation,
        "legal_entity": row.legal_entity,
        "started_on": _day(row.started_on),
    }


def _offer(row: SupportOffer) -> Line:
    support = [
        {"kind": line.kind, "amount_min": line.amount_min, "amount_max": line.amount_max, "hours": line.hours}
        for line in row.support.all()
    ]
    return {
        **_common("offer", row),
        "areas": _tags(row.area_codes, row.area_words),
        "support": _rows(row, "support", support),
        "eligible_organisation_kinds": row.eligible_kinds,
        "applies_to": row.eligible_kinds_apply_to,
        "must_include_kinds": row.must_include_kinds,
        "consortium_required": row.consortium_required,
        "legal_entity_required": row.legal_entity_required,
        "co_funding_percent": row.co_funding_percent,
        "min_age_months": row.min_age_months,
        "opens": _day(row.opens_on),
        "closes": _day(row.closes_on),
        "decision_on": _day(row.decision_on),
        "capacity": row.capacity,
        "hours_to_apply": row.hours_to_apply,
        "apply_way": row.apply_way,
        "apply_url": row.apply_url or None,
        "how_to_apply": row.how_to_apply or None,
        "strict": row.strict,
        "confirmed": row.is_confirmed,
    }


def _support(row: SupportGiven) -> Line:
    return {
        "type": "support",
        "version": VERSION,
        "source": row.source,
        "id": row.source_id,
        "source_url": row.source_url or None,
        "language": row.language,
        "offer": _reference(row.offer_source, row.offer_source_id),
        "giver": _organisation(row.giver),
        "initiative": _reference(row.initiative_source, row.initiative_source_id),
        "title": row.title or None,
        "description": row.description or None,
        "kind": row.kind,
        "amount": row.amount,
        "decided_on": _day(row.decided_on),
    }


def _reference(source: str, record_id: str) -> Line | None:
    return {"source": source, "id": record_id} if source else None
