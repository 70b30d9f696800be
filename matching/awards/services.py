"""What follows when support given is recorded: it finds its offer, and what it teaches is used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from funders.models import SupportOffer
from matching.awards.enums import SaidBy
from matching.awards.models import SupportGiven
from matching.engine.asking import FEW, ask_again
from matching.engine.control import request_run


@transaction.atomic
def record_support(
    *, source: str, source_id: str, values: dict[str, Any], now: datetime
) -> tuple[SupportGiven, bool]:
    """Create or change one decision to support, by where it comes from; return it and whether it is new.

    Whoever records it has asked who may. The offers it teaches are rescored after commit.
    """
    before = SupportGiven.objects.filter(source=source, source_id=source_id).first()
    values = {**values, "given_by": _given_by(values), "changed_at": now}
    row, is_new = SupportGiven.objects.update_or_create(
        source=source, source_id=source_id, defaults=values, create_defaults={**values, "created_at": now}
    )
    _rescore_taught([row] if before is None else [before, row], now)
    return row, is_new


@transaction.atomic
def remove_support(row: SupportGiven, *, now: datetime) -> None:
    """Take a decision to support away. What it taught is asked for anew after commit."""
    if row.said_by == SaidBy.GIVER:
        _rescore_taught([row], now)
    row.delete()


@transaction.atomic
def record_said_by_seeker(
    *, source: str, source_id: str, values: dict[str, Any], now: datetime
) -> SupportGiven:
    """Create or change what those who got support say of it. It teaches nothing and is in no giver's history.

    Whoever records it has asked who may.
    """
    values = {**values, "said_by": SaidBy.SEEKER, "changed_at": now}
    row, _is_new = SupportGiven.everything.update_or_create(
        source=source, source_id=source_id, defaults=values, create_defaults={**values, "created_at": now}
    )
    return row


@transaction.atomic
def link(row: SupportGiven, *, now: datetime, **found: Any) -> None:
    """Let a decision know an offer or initiative that has arrived since."""
    values = {"offer": row.offer, "giver": row.giver, **found}
    SupportGiven.objects.filter(pk=row.pk).update(**found, given_by=_given_by(values), changed_at=now)
    row.refresh_from_db()
    _rescore_taught([row], now)


def _given_by(values: dict[str, Any]) -> Any:
    """Return the organisation behind the offer, else the giver that the record names."""
    offer: SupportOffer | None = values.get("offer")
    return offer.organisation if offer is not None else values.get("giver")


def _rescore_taught(rows: Iterable[SupportGiven], now: datetime) -> None:
    """Ask for the offers whose history this is, their own or lent by the giver."""
    rows = list(rows)
    own = {row.offer_id for row in rows if row.offer_id}
    givers = {row.given_by_id for row in rows if row.given_by_id}
    has_own = Exists(SupportGiven.objects.filter(offer=OuterRef("pk")))
    taught = SupportOffer.objects.not_over_on(timezone.localdate(now)).filter(
        Q(pk__in=own) | Q(~has_own, organisation__in=givers)
    )
    offers = list(taught.order_by("pk")[: FEW + 1])
    if len(offers) > FEW:
        request_run(now=now)
        return
    for offer in offers:
        ask_again(offer, because=f"support-{rows[-1].pk}-{now:%Y%m%d%H%M%S%f}", now=now)
