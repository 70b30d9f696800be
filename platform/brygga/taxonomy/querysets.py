"""Chainable reads of the taxonomy, and the one Swedish order used in SQL and in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Collate, Lower

if TYPE_CHECKING:
    from brygga.taxonomy.models import Area, AreaName

Row = TypeVar("Row", bound=models.Model)

# å ä ö follow z in Swedish, and { | } follow z in ASCII; é sorts as e. No database here may name an
# ICU collation, so the order is spelt out instead.
SWEDISH_LETTERS = "åäöé"
SWEDISH_PLACES = "{|}e"
_SWEDISH_TABLE = str.maketrans(SWEDISH_LETTERS, SWEDISH_PLACES)


def swedish_sort_key(text: str) -> str:
    """Return a key that sorts as `swedish_order` does in the database.

    >>> sorted(["Örebro", "Åre", "Ängelholm", "Zinkgruvan", "Idé", "Idun"], key=swedish_sort_key)
    ['Idé', 'Idun', 'Zinkgruvan', 'Åre', 'Ängelholm', 'Örebro']
    """
    return text.lower().translate(_SWEDISH_TABLE)


def swedish_order(field: str) -> Collate:
    """Return the expression to order or index a text column by, in Swedish order."""
    return Collate(
        Func(
            Lower(F(field)),
            Value(SWEDISH_LETTERS),
            Value(SWEDISH_PLACES),
            function="translate",
            output_field=models.TextField(),
        ),
        "C",
    )


class VocabularyQuerySet(models.QuerySet[Row]):
    """Rows that are put out of use instead of deleted."""

    def active(self) -> VocabularyQuerySet[Row]:
        """Only what people may choose today."""
        return self.filter(is_active=True)

    def in_swedish_order(self, field: str = "name_sv") -> VocabularyQuerySet[Row]:
        """Order by a text column as a Swedish reader expects."""
        return self.order_by(swedish_order(field), "pk")

    def edited_by_staff(self) -> VocabularyQuerySet[Row]:
        """Rows the loader must leave alone."""
        return self.filter(edited_at__isnull=False)


class AreaQuerySet(VocabularyQuerySet["Area"]):
    """Areas, by level."""

    def of_kind(self, *kinds: str) -> AreaQuerySet:
        """Only areas on these levels of the tree."""
        return self.filter(kind__in=kinds)


class AreaNameQuerySet(VocabularyQuerySet["AreaName"]):
    """Names that lead to areas."""

    def current(self) -> AreaNameQuerySet:
        """Names in use, of areas in use."""
        return self.filter(is_active=True, area__is_active=True)

    def with_area(self) -> AreaNameQuerySet:
        """Fetch each name's area in the same query."""
        return self.select_related("area")


def vocabulary_values(rows: models.QuerySet[Any], *fields: str) -> list[tuple[Any, ...]]:
    """Return the rows as plain tuples, in the order they were listed in the data files."""
    return list(rows.order_by("position", "code").values_list(*fields))
