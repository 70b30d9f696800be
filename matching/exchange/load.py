"""Very many made-up profiles as real rows, to measure with: no signals, no messages, no rescoring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from brygga.core.enums import PublicationState
from brygga.core.identifiers import new_public_id
from brygga.organisations.models import Organisation
from funders.models import SupportLine, SupportOffer
from innovators.enums import LegalEntity
from innovators.models import Actor, Initiative, Need
from matching.awards.models import SupportGiven
from matching.engine.encoding import day_number
from matching.kernel.facts import InitiativeFacts, OfferFacts

SOURCE = "load"
CHUNK = 1_000
_EPOCH = date(1970, 1, 1)
_DAYS_A_MONTH = 30.44


def real_profiles() -> int:
    """Return how many profiles there are that are neither made up for a demo nor for load."""
    return sum(
        model._default_manager.filter(is_demo=False).exclude(source=SOURCE).count()
        for model in (Initiative, SupportOffer)
    )


@dataclass
class _Filling:
    """One filling of the database; its rows are told from those of other fillings by `batch`."""

    now: datetime
    made_on: int
    batch: str = field(default_factory=new_public_id)
    #: Primary keys by the profiles' own numbers of organisations.
    organisations: dict[int, int] = field(default_factory=dict)
    number: int = 0

    def put(self, chunk: list[InitiativeFacts | OfferFacts]) -> None:
        """Store some profiles with everything below them."""
        self._put_organisations(chunk)
        initiatives = [facts for facts in chunk if isinstance(facts, InitiativeFacts)]
        offers = [facts for facts in chunk if isinstance(facts, OfferFacts)]
        if initiatives:
            self._put_initiatives(initiatives)
        if offers:
            self._put_offers(offers)

    def _put_organisations(self, chunk: list[InitiativeFacts | OfferFacts]) -> None:
        new: dict[int, Organisation] = {}
        for facts in chunk:
            number = facts.organisation_id or 0
            if number in self.organisations or number in new:
                continue
            new[number] = Organisation(
                name=f"Load {self.batch} {number}",
                kind=facts.lead_kind if isinstance(facts, InitiativeFacts) else None,
                is_demo=True,
                source=SOURCE,
                created_at=self.now,
            )
        _copy(Organisation, list(new.values()))
        self.organisations |= {number: row.pk for number, row in new.items()}

    def _common(self, facts: InitiativeFacts | OfferFacts) -> dict[str, Any]:
        self.number += 1
        return {
            "organisation_id": self.organisations[facts.organisation_id or 0],
            "state": PublicationState.PUBLISHED,
            "language": facts.document.language,
            "title": facts.document.title[:120],
            "theme_codes": _listed(facts.themes),
            "target_group_codes": _listed(facts.target_groups),
            "process_parts": _listed(facts.process_parts),
            "driver_codes": _listed(facts.drivers),
            "forms_not_accepted": _listed(facts.forms_not_accepted),
            "source": SOURCE,
            "source_id": f"{self.batch}-{self.number}",
            "is_demo": True,
            "created_at": self.now,
            "changed_at": self.now,
            "published_at": self.now,
        }

    def _put_initiatives(self, chunk: list[InitiativeFacts]) -> None:
        rows = [self._initiative(facts) for facts in chunk]
        _copy(Initiative, rows)
        pairs = list(zip(rows, chunk, strict=True))
        needs = [
            Need(
                initiative_id=row.pk,
                position=place,
                kind=need.kind,
                amount=_whole(need.amount),
                hours=_whole(need.hours),
            )
            for row, facts in pairs
            for place, need in enumerate(facts.needs or ())
        ]
        _copy(Need, needs)
        actors = [
            Actor(initiative_id=row.pk, position=place, kind=kind)
            for row, facts in pairs
            for place, kind in enumerate(facts.actor_kinds or ())
        ]
        _copy(Actor, actors)

    def _initiative(self, facts: InitiativeFacts) -> Initiative:
        words = facts.document.body.split()
        started = None
        if facts.age_months is not None:
            started = timezone.localdate(self.now) - timedelta(days=round(facts.age_months * _DAYS_A_MONTH))
        legal = {True: LegalEntity.YES, False: LegalEntity.NO, None: None}[facts.legal_entity]
        return Initiative(
            **self._common(facts),
            change=" ".join(words[:15])[: Initiative.CHANGE_LENGTH],
            description=" ".join(words[15:])[:6000],
            legal_entity=legal,
            started_on=started,
            area_codes=_listed(facts.works_in),
            area_words=list(facts.works_in_unresolved),
            spread_area_codes=_listed(facts.may_spread_to),
            form_after=facts.form_after,
            needs_stated=facts.needs is not None,
        )

    def _put_offers(self, chunk: list[OfferFacts]) -> None:
        rows = [self._offer(facts) for facts in chunk]
        _copy(SupportOffer, rows)
        pairs = list(zip(rows, chunk, strict=True))
        lines = [
            SupportLine(
                offer_id=row.pk,
                position=place,
                kind=line.kind,
                amount_min=_whole(line.amount_min),
                amount_max=_whole(line.amount_max),
                hours=_whole(line.hours),
            )
            for row, facts in pairs
            for place, line in enumerate(facts.support or ())
        ]
        _copy(SupportLine, lines)
        cases = [
            SupportGiven(
                source=SOURCE,
                source_id=f"{row.source_id}-{case.key}",
                language=case.document.language or row.language,
                offer_id=row.pk,
                given_by_id=row.organisation_id,
                title=case.document.title[:300],
                description=case.document.body,
                decided_on=self._day(case.decided_day),
            )
            for row, facts in pairs
            for case in facts.history
        ]
        _copy(SupportGiven, cases)

    def _offer(self, facts: OfferFacts) -> SupportOffer:
        return SupportOffer(
            **self._common(facts),
            description=facts.document.body[:6000],
            area_codes=_listed(facts.areas),
            area_words=list(facts.areas_unresolved),
            eligible_kinds=_listed(facts.eligible_organisation_kinds),
            eligible_kinds_apply_to=facts.applies_to,
            must_include_kinds=_listed(facts.must_include_kinds),
            consortium_required=facts.consortium_required,
            legal_entity_required=facts.legal_entity_required,
            min_age_months=_whole(facts.min_age_months),
            co_funding_percent=_whole(facts.co_funding_percent),
            strict=list(facts.strict),
            opens_on=self._day(facts.opens_day),
            closes_on=self._day(facts.closes_day),
        )

    def _day(self, day: float | None) -> date | None:
        """Return a day as far from today as it was from the day that the profiles were made for."""
        if day is None:
            return None
        today = day_number(timezone.localdate(self.now))
        return _EPOCH + timedelta(days=int(day) - self.made_on + today)


def fill(
    profiles: Iterable[InitiativeFacts | OfferFacts],
    *,
    made_on: int,
    now: datetime,
    tell: Callable[[int], None] = lambda done: None,
    chunk: int = CHUNK,
) -> int:
    """Store profiles, published, `chunk` at a time; return how many.

    Parameters
    ----------
    made_on
        The day, as days since 1970-01-01, that the profiles take for today.
    tell
        Told how many are stored.
    """
    filling = _Filling(now, made_on)
    left = iter(profiles)
    while some := list(islice(left, chunk)):
        with transaction.atomic():
            filling.put(some)
        tell(filling.number)
    with connection.cursor() as cursor:
        # The planner must not take the tables for empty before the database gets round to it.
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in _FILLED)}")
    return filling.number


_FILLED: tuple[type[Model], ...] = (
    Organisation,
    Initiative,
    Need,
    Actor,
    SupportOffer,
    SupportLine,
    SupportGiven,
)


def _copy(model: type[Model], rows: Sequence[Model]) -> None:
    """Write new rows with COPY and give them their primary keys. The database checks what it always checks."""
    if not rows:
        return
    key = model._meta.pk
    assert key is not None
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [column for column in model._meta.concrete_fields if not column.generated]
    names = ", ".join(connection.ops.quote_name(str(column.column)) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, key.column, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(
                    [
                        column.get_db_prep_save(column.pre_save(row, add=True), connection)
                        for column in columns
                    ]
                )


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
