"""Support given, as the engine reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F

from matching.awards.enums import SaidBy

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


class SupportGivenManager(models.Manager["SupportGiven"]):
    """What givers have said: decided here, or told by a source about them."""

    def get_queryset(self) -> SupportGivenQuerySet:
        return SupportGivenQuerySet(self.model, using=self._db).filter(said_by=SaidBy.GIVER)

    def newest_first(self) -> SupportGivenQuerySet:
        return self.get_queryset().newest_first()
