"""Support given, as the engine reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F

if TYPE_CHECKING:
    from matching.awards.models import SupportGiven


class SupportGivenQuerySet(models.QuerySet["SupportGiven"]):
    def newest_first(self) -> Self:
        """Return them with the initiatives they went to, those without a date last."""
        return (
            self.select_related("initiative")
            .defer("initiative__search_swedish", "initiative__search_english")
            .order_by(F("decided_on").desc(nulls_last=True), "source", "source_id")
        )
