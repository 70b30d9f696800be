"""What a text finds, the best first, without reading more of the texts than has to be read.

To rank a hit its search vector is fetched from where long values lie, and that takes most of the time: where very
many are found only those whose titles say it and the newest are ranked, and the rest follow by age.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import BigAutoField, Lookup, QuerySet

from brygga.organisations.registration.search import SearchPlan

#: Where more is found than is counted, so many with a fitting title and so many of the newest are ranked.
MOST_RANKED = 1_000
_NEWEST = ("-published_at", "-pk")


@BigAutoField.register_lookup
class AnyOf(Lookup[Any]):
    """`pk__any_of=[...]`: as `pk__in`, but one parameter however many the keys, which is read at once."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            # As with `in`: nothing is asked.
            raise EmptyResultSet
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", (*parameters, list(self.rhs))


def found_by_text(profiles: QuerySet[Any], plan: SearchPlan, most: int) -> list[int]:
    """Return the keys of what the text finds, the best first, at most one more than `most`. At most five queries."""
    hits = profiles.filter(plan.condition()).order_by(*_NEWEST).values_list("pk", flat=True)
    with _looked_up_in_indexes():
        newest = list(hits[: most + 1])
        ranked = newest
        if len(newest) > most:
            titled = hits.filter(plan.title_condition())[:MOST_RANKED]
            ranked = list(dict.fromkeys([*titled, *newest[:MOST_RANKED]]))
    if not ranked:
        return []
    by_relevance = profiles.filter(pk__any_of=ranked).annotate(relevance=plan.relevance())
    best = by_relevance.order_by("-relevance", *_NEWEST).values_list("pk", flat=True)
    return list(dict.fromkeys([*best, *newest]))[: most + 1]


@contextmanager
def _looked_up_in_indexes() -> Iterator[None]:
    """Keep the planner from reading every row, or all in the order of their days.

    It does not reckon with what it costs to fetch a search vector, and thinks both cheaper than the indexes of words.
    """
    # Both last no longer than the transaction, which may be the caller's.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL jit = off"
        )
        yield
        cursor.execute(
            "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_indexscan TO DEFAULT; SET LOCAL jit TO DEFAULT"
        )
