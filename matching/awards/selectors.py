"""Reads of past support."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Count,
    Func,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from brygga.core.enums import PublicationState
from funders.models import SupportOffer
from innovators.enums import Visibility
from innovators.models import Initiative
from matching.awards.models import SupportGiven
from matching.kernel.codes import MOST_CASES

#: Names shown beside an offer.
MOST_NAMES = 3


def is_public(initiative: Initiative) -> bool:
    """Say whether everybody may read an initiative: only then is it part of an offer's history."""
    return initiative.is_published and initiative.visibility == Visibility.EVERYONE


def public_name(case: SupportGiven) -> str:
    """Return what a case may be called to anybody; "" when what it went to is not public."""
    if case.initiative is None:
        return case.title
    return case.initiative.title if is_public(case.initiative) else ""


def past_support(path: str = "") -> list[Prefetch[Any]]:
    """Bring along the history of offers at `path`: what they have supported, and what their givers have.

    Two queries, and `newest_support` on the offer and on its organisation.
    """
    newest = SupportGiven.objects.newest_first()[:MOST_CASES]
    return [
        Prefetch(f"{path}support_given", newest, to_attr="newest_support"),
        Prefetch(f"{path}organisation__support_behind", newest, to_attr="newest_support"),
    ]


def history_stamp(organisation: str) -> Subquery:
    """Return, for a query whose rows have an organisation there, what changes when its past does.

    The texts of initiatives that were supported are part of it, and whether they are public.
    """
    public = Q(initiative__state=PublicationState.PUBLISHED, initiative__visibility=Visibility.EVERYONE)
    parts = (
        Count("pk"),
        Count("pk", filter=public),
        Count("offer"),
        Sum("initiative__revision"),
        Max("changed_at"),
    )
    words: list[Any] = [Coalesce(Cast(part, TextField()), Value("-")) for part in parts]
    return Subquery(
        SupportGiven.objects.filter(given_by=OuterRef(organisation))
        .order_by()
        .values("given_by")
        .annotate(stamp=Func(Value("|"), *words, function="concat_ws", output_field=TextField()))
        .values("stamp")
    )


def newest_support(row: Any) -> list[SupportGiven]:
    """Return the newest awards of an offer or of an organisation, at hand or asked for."""
    if hasattr(row, "newest_support"):
        return list(row.newest_support)
    whose = {"offer": row} if isinstance(row, SupportOffer) else {"given_by": row}
    return list(SupportGiven.objects.newest_first().filter(**whose)[:MOST_CASES])


def named_cases(offer: SupportOffer) -> list[str]:
    """Return names of what an offer has supported, or without any what its giver has, newest first.

    Two queries at most, none for an offer that `past_support` was brought along with.
    """
    cases = newest_support(offer) or newest_support(offer.organisation)
    return list(dict.fromkeys(name for name in map(public_name, cases) if name))[:MOST_NAMES]
