"""Rows into the kernel's facts: the only part that knows both worlds.

Reads what is public and nothing else: masked texts, places as coarse as their owner allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from brygga.taxonomy import selectors as taxonomy
from brygga.taxonomy.enums import SupportKind
from brygga.taxonomy.selectors import Vocabulary
from funders.enums import Strict
from funders.models import SupportLine, SupportOffer
from innovators.adopting.enums import Decides
from innovators.enums import LegalEntity
from innovators.models import Actor, Adopter, Initiative, Need
from matching.awards.models import SupportGiven
from matching.awards.selectors import is_public, newest_support, past_support, public_name
from matching.challenges.selectors import answers_at_hand, public_challenges
from matching.kernel import codes
from matching.kernel.facts import (
    AnsweredChallenge,
    InitiativeFacts,
    NeedFacts,
    OfferFacts,
    SupportedCase,
    SupportFacts,
    Taxonomy,
)
from matching.kernel.terms import TextDocument

CHUNK = 1000
_EPOCH = date(1970, 1, 1)
_UNREAD = ("search_swedish", "search_english", "compound_heads")


def day_number(day: date) -> int:
    """Return a day as the kernel counts them."""
    return (day - _EPOCH).days


def today(now: datetime) -> int:
    """Return the day it is in Stockholm."""
    return day_number(timezone.localdate(now))


def kernel_taxonomy() -> Taxonomy:
    """Return the trees as they are now."""
    current = taxonomy.current_taxonomy()
    return Taxonomy(
        areas={code: area.parent for code, area in current.areas.items()},
        themes=_parents(current.themes),
        target_groups=_parents(current.target_groups),
        neighbours=taxonomy.NEIGHBOURING_COUNTIES,
    )


def _parents(vocabulary: Vocabulary) -> dict[str, str | None]:
    return {code: entry.parent for code, entry in vocabulary.entries.items()}


def with_initiative_facts(rows: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """Bring along what `initiative_facts` reads: four queries for any number of rows."""
    return (
        rows.select_related("organisation")
        .defer(*_UNREAD)
        .prefetch_related(
            Prefetch("needs", Need.objects.order_by("position")),
            Prefetch("actors", Actor.objects.order_by("position")),
            answers_at_hand(),
        )
    )


def with_offer_facts(rows: QuerySet[SupportOffer]) -> QuerySet[SupportOffer]:
    """Bring along what `offer_facts` reads: five queries for any number of rows."""
    return (
        rows.select_related("organisation")
        .defer(*_UNREAD)
        .prefetch_related(
            Prefetch("support", SupportLine.objects.order_by("position")), *past_support(), answers_at_hand()
        )
    )


def published_initiatives() -> QuerySet[Initiative]:
    """Return what takes part in matching. Who may see a match is asked when it is shown."""
    return Initiative.objects.published()


def open_offers(now: datetime) -> QuerySet[SupportOffer]:
    """Return what takes part in matching: published and not over."""
    return SupportOffer.objects.not_over_on(timezone.localdate(now))


def read_initiatives(
    rows: QuerySet[Initiative], now: datetime
) -> Iterator[tuple[Initiative, InitiativeFacts]]:
    """Yield rows with their facts, in chunks, by primary key."""
    for row in with_initiative_facts(rows).order_by("pk").iterator(chunk_size=CHUNK):
        yield row, initiative_facts(row, now)


def read_offers(rows: QuerySet[SupportOffer]) -> Iterator[tuple[SupportOffer, OfferFacts]]:
    """Yield rows with their facts, in chunks, by primary key."""
    for row in with_offer_facts(rows).order_by("pk").iterator(chunk_size=CHUNK):
        yield row, offer_facts(row)


def initiative_facts(row: Initiative, now: datetime) -> InitiativeFacts:
    """Return what the kernel needs to know of an initiative (fetched by `with_initiative_facts`)."""
    organisation = row.organisation
    actors = tuple(actor.kind for actor in row.actors.all())
    needs = tuple(
        NeedFacts(need.kind, need.amount, need.hours)
        for need in row.needs.all()
        if need.kind in codes.SUPPORT_KINDS
    )
    return InitiativeFacts(
        key=row.public_id,
        organisation_id=row.organisation_id,
        lead_kind=organisation.kind,
        # Without a row we do not know that there is nobody: the others are not stated.
        actor_kinds=actors or None,
        legal_entity=_legal_entity(row),
        age_months=months_since(organisation.founded_on or row.started_on, timezone.localdate(now)),
        works_in=_codes(row.public_area_codes),
        works_in_unresolved=tuple(row.public_area_words),
        may_spread_to=_codes(row.spread_area_codes),
        themes=_codes(row.theme_codes),
        themes_unresolved=tuple(row.theme_words),
        target_groups=_codes(row.target_group_codes),
        target_groups_unresolved=tuple(row.target_group_words),
        process_parts=_codes(row.process_parts, codes.PROCESS_PARTS),
        needs=needs or None,
        forms_not_accepted=_codes(row.forms_not_accepted, codes.SUPPORT_KINDS),
        form_after=row.form_after if row.form_after in codes.FORMS_AFTER else None,
        drivers=_codes(row.driver_codes, codes.DRIVERS),
        language=row.language,
        challenges=_challenges(row),
        document=_document(row, [row.change, row.description, row.who_affected]),
    )


def adopter_facts(row: Adopter) -> InitiativeFacts:
    """Return what the kernel needs to know of an adopter; its places are where it wants to take something up."""
    return InitiativeFacts(
        key=row.public_id,
        organisation_id=row.organisation_id,
        lead_kind=row.organisation.kind,
        works_in=tuple(row.area_codes) or None,
        themes=tuple(row.theme_codes) or None,
        target_groups=tuple(row.target_group_codes) or None,
        language=row.language,
        document=TextDocument(row.title, row.change, row.language),
    )


def brought_by(row: Adopter) -> tuple[str, ...] | None:
    """Return the kinds of support that an adopter can put in; None when it does not know yet."""
    decides = (SupportKind.MANDATE.value,) if row.decides == Decides.OURSELVES else ()
    if row.puts_in is None:
        return decides or None
    return (*(kind for kind in row.puts_in if kind in codes.SUPPORT_KINDS), *decides)


def offer_facts(row: SupportOffer) -> OfferFacts:
    """Return what the kernel needs to know of an offer (fetched by `with_offer_facts`)."""
    support = support_facts(row.support.all())
    refusable = (*codes.SUPPORT_KINDS, *codes.FORMS_AFTER, *codes.DRIVERS)
    return OfferFacts(
        key=row.public_id,
        organisation_id=row.organisation_id,
        eligible_organisation_kinds=_codes(row.eligible_kinds, codes.ORGANISATION_KINDS),
        applies_to=row.eligible_kinds_apply_to,
        must_include_kinds=_codes(row.must_include_kinds, codes.ORGANISATION_KINDS),
        consortium_required=row.consortium_required,
        legal_entity_required=row.legal_entity_required,
        min_age_months=row.min_age_months,
        areas=_codes(row.area_codes),
        areas_unresolved=tuple(row.area_words),
        themes=_codes(row.theme_codes),
        themes_unresolved=tuple(row.theme_words),
        target_groups=_codes(row.target_group_codes),
        target_groups_unresolved=tuple(row.target_group_words),
        process_parts=_codes(row.process_parts, codes.PROCESS_PARTS),
        support=support,
        forms_not_accepted=_codes(row.forms_not_accepted, refusable),
        languages=(row.language,) if Strict.LANGUAGE in row.strict else None,
        opens_day=None if row.opens_on is None else day_number(row.opens_on),
        # The closing day counts until 23:59 in Stockholm, so the day itself is still open.
        closes_day=None if row.closes_on is None else day_number(row.closes_on),
        strict=tuple(name for name in row.strict if name in codes.STRICT),
        co_funding_percent=row.co_funding_percent,
        drivers=_codes(row.driver_codes, codes.DRIVERS),
        history=_history(row),
        challenges=_challenges(row),
        document=_document(row, [row.description]),
    )


def support_facts(lines: Iterable[SupportLine]) -> tuple[SupportFacts, ...] | None:
    """Return lines of support, stored or not; None without any."""
    support = tuple(
        SupportFacts(line.kind, line.amount_min, line.amount_max, line.hours)
        for line in lines
        if line.kind in codes.SUPPORT_KINDS
    )
    return support or None


def _challenges(row: Initiative | SupportOffer) -> tuple[AnsweredChallenge, ...]:
    return tuple(
        AnsweredChallenge(one.pk, one.title) for one in public_challenges(row)[: codes.MOST_CHALLENGES]
    )


def _history(row: Any) -> tuple[SupportedCase, ...]:
    """Return what an offer has supported before, or without any, what its giver has."""
    own = tuple(filter(None, (_case(case, is_borrowed=False) for case in newest_support(row))))
    if own:
        return own
    lent = (_case(case, is_borrowed=True) for case in newest_support(row.organisation))
    return tuple(filter(None, lent))


def _case(case: SupportGiven, *, is_borrowed: bool) -> SupportedCase | None:
    """Return one case in facts, None when it has no text that everybody may read."""
    initiative = case.initiative
    seen = initiative if initiative is not None and is_public(initiative) else None
    document = TextDocument(
        case.title or (seen.title if seen else ""),
        "\n".join(filter(None, [case.description, *((seen.change, seen.description) if seen else ())])),
        case.language if case.title or case.description or not seen else seen.language,
    )
    if document.is_empty:
        return None
    return SupportedCase(
        key=f"{case.source}:{case.source_id}",
        document=document,
        initiative_key=initiative.public_id if initiative else None,
        decided_day=None if case.decided_on is None else day_number(case.decided_on),
        name=public_name(case),
        is_borrowed=is_borrowed,
    )


def _legal_entity(row: Initiative) -> bool | None:
    if row.legal_entity is not None:
        # Somebody else's organisation number is a good answer too.
        return row.legal_entity != LegalEntity.NO
    return True if row.organisation.number else None


def ages_in_months(keys: list[int], day: date) -> list[float | None]:
    """Return what `InitiativeFacts.age_months` is on a day, for initiatives by primary key."""
    rows = Initiative.objects.filter(pk__in=keys)
    begun = {
        key: founded or started
        for key, founded, started in rows.values_list("pk", "organisation__founded_on", "started_on")
    }
    return [months_since(begun.get(key), day) for key in keys]


def months_since(begun: date | None, day: date) -> float | None:
    """Return the whole months from a day to another; None for no day, 0 for one to come."""
    if begun is None or begun > day:
        return None if begun is None else 0.0
    months = (day.year - begun.year) * 12 + day.month - begun.month
    return float(months - (day.day < begun.day))


def _codes(values: Iterable[str] | None, known: tuple[str, ...] | None = None) -> tuple[str, ...] | None:
    """Keep null apart from none. A code that has gone out of use must not stop a whole run."""
    if values is None:
        return None
    return tuple(code for code in values if known is None or code in known)


def _document(row: Any, texts: Iterable[str]) -> TextDocument:
    # Words that became codes count as codes; only those without one are text.
    tags = [
        *row.theme_words,
        *row.target_group_words,
        *row.method_words,
        *row.innovation_kind_words,
        *row.driver_words,
    ]
    return TextDocument(
        ". ".join([row.title, *tags]), "\n".join(text for text in texts if text), row.language
    )
