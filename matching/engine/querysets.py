"""Which matches a run shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from matching.engine.models import Match, MatchRun, MatchSuggestion


class MatchQuerySet(models.QuerySet["Match"]):
    def current(self) -> Self:
        """Return the matches that pages show: those of the published run."""
        run = self.model._meta.apps.get_model("matching", "MatchRun")
        analysis = run._default_manager.filter(is_current=True).values("analysis_id")[:1]
        return self.filter(analysis_id=models.Subquery(analysis), to_run__isnull=True)

    def shown_to_givers(self) -> Self:
        """Return what an offer's own people see: the current matches, and the last ones of support that is not open."""
        return self.current() | self.filter(kept_at__isnull=False)

    def of(self, run: MatchRun) -> Self:
        """Return the matches of a run that is or was published, as long as they are kept."""
        return self.filter(Q(to_run__isnull=True) | Q(to_run__gt=run.pk)).filter(
            analysis_id=run.analysis_id, from_run__lte=run.pk
        )


class SuggestionManager(models.Manager["MatchSuggestion"]):
    """What is or was put forward. What was only opened is left out."""

    def get_queryset(self) -> models.QuerySet[MatchSuggestion]:
        return super().get_queryset().filter(is_put_forward=True)
