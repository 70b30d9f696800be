"""How many say no to the forms of support an offer gives, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from brygga.taxonomy.enums import RefusalReason, SupportKind
from funders.models import SupportLine, SupportOffer
from innovators.models import Initiative

if TYPE_CHECKING:
    from brygga.users.models import User


@dataclass(frozen=True)
class Refusals:
    """One form of support: how many say no to it, their reasons with the most frequent first, who has not said why.

    Somebody with two reasons counts under both.
    """

    kind: str
    number: int
    reasons: list[tuple[str, int]]
    silent: int


def refusals_of(
    offer: SupportOffer, user: User, lines: Iterable[SupportLine] | None = None
) -> list[Refusals]:
    """Return the forms that somebody says no to, in the order of the lines, counted as `preview` counts. One query.

    `lines` stands in for the offer's stored lines of support.
    """
    given = offer.support.all() if lines is None else lines
    kinds = list(dict.fromkeys(line.kind for line in given))
    if not kinds:
        return []
    rows = (
        Initiative.objects.published()
        .visible_to(user)
        .exclude(organisation=offer.organisation_id)
        .filter(forms_not_accepted__overlap=kinds)
        .order_by()
        .values_list("forms_not_accepted", "refusal_reasons")
        .annotate(number=Count("pk"))
    )
    said = list(rows)
    found = []
    for kind in kinds:
        mine = [(reasons or [], number) for refused, reasons, number in said if kind in refused]
        if not mine:
            continue
        counted: Counter[str] = Counter()
        for reasons, number in mine:
            counted.update(dict.fromkeys(reasons, number))
        found.append(
            Refusals(
                kind=str(SupportKind(kind).label),
                number=sum(number for _, number in mine),
                # Equal ones in the order of the list of reasons.
                reasons=sorted(
                    ((str(one.label), counted[one.value]) for one in RefusalReason if counted[one.value]),
                    key=lambda one: -one[1],
                ),
                silent=sum(number for reasons, number in mine if not reasons),
            )
        )
    return found
