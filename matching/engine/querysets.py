"""Which matches a run shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from matching.engine.models import Match, MatchRun


class MatchQuerySet(models.QuerySet["Match"]):
    def current(self) -> Self:
        """Return the matches that pages show: those of the published run."""
        run = self.model._meta.apps.get_model("matching", "MatchRun")
        analysis = run._default_manager.filter(is_current=True).values("analysis_id")[:1]
        return self.filter(analysis_id=models.Subquery(analysis), to_run__isnull=True)

    def of(self, run: MatchRun) -> Self:
        """Return the matches of a run that is or was published, as long as they are kept."""
        return self.filter(Q(to_run__isnull=True) | Q(to_run__gt=run.pk)).filter(
            analysis_id=run.analysis_id, from_run__lte=run.pk
        )
