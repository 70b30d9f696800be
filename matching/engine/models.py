"""Runs, frozen analyses and the matches they found."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.enums import RunState, Verdict


class MatchAnalysis(models.Model):
    """Frozen statistics (idf, mean lengths, criterion means) of one full run.

    Updates of one profile use the current run's analysis, so the same pair gets the same number
    whichever way it was computed. `payload` is `matching.kernel.analysis.Analysis.to_bytes()`.
    """

    created_at = models.DateTimeField(default=timezone.now)
    engine_version = models.CharField(max_length=20)
    payload = models.BinaryField()

    def __str__(self) -> str:
        return f"analysis {self.pk}"


class MatchRun(models.Model):
    """One full run over every published initiative and every open offer."""

    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    is_current = models.BooleanField(default=False)
    engine_version = models.CharField(max_length=20, blank=True)
    analysis = models.ForeignKey(
        MatchAnalysis, on_delete=models.PROTECT, null=True, blank=True, related_name="runs"
    )
    weights = models.JSONField(default=dict)
    input_digest = models.CharField(max_length=64, blank=True)
    seed = models.PositiveIntegerField(default=0)
    initiatives = models.PositiveIntegerField(default=0)
    offers = models.PositiveIntegerField(default=0)
    initiatives_done = models.PositiveIntegerField(default=0)
    matches_found = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="match_run_one_current"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(state=RunState.PUBLISHED),
                name="match_run_current_is_published",
            ),
            # Two runs asked for at once become one.
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=RunState.WAITING), name="match_run_one_waiting"
            ),
        ]
        permissions = [("start_matchrun", "Can start a match run")]

    def __str__(self) -> str:
        return f"run {self.pk}"


class Match(models.Model):
    """One initiative and one offer that may meet, as a run scored them.

    `criteria` is a list of [criterion, verdict, value, weight, contribution, facts] in the kernel's
    order; base plus contributions is fit. `requirements` is a list of [rule, verdict, facts].
    """

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="matches")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="matches")
    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="matches")
    verdict = models.CharField(max_length=12, choices=Verdict)
    fit = models.FloatField()
    confidence = models.FloatField()
    base = models.FloatField()
    criteria = models.JSONField(default=list)
    requirements = models.JSONField(default=list)
    scored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "initiative", "offer"], name="match_once"),
            models.CheckConstraint(
                condition=Q(fit__gte=0, fit__lte=1, confidence__gte=0, confidence__lte=1),
                name="match_in_range",
            ),
            models.CheckConstraint(condition=~Q(verdict=Verdict.DOES_NOT_FIT), name="match_may_meet"),
        ]
        indexes = [
            models.Index("run", "initiative", F("fit").desc(), "offer", name="match_of_initiative"),
            models.Index("run", "offer", F("fit").desc(), "initiative", name="match_of_offer"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} x {self.offer_id}"


class ProfileScoring(models.Model):
    """Is a changed profile's list up to date? The page says so."""

    initiative = models.OneToOneField(
        Initiative, on_delete=models.CASCADE, null=True, blank=True, related_name="scoring"
    )
    offer = models.OneToOneField(
        SupportOffer, on_delete=models.CASCADE, null=True, blank=True, related_name="scoring"
    )
    asked_revision = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    done_revision = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(initiative__isnull=True, offer__isnull=False)
                | Q(initiative__isnull=False, offer__isnull=True),
                name="profile_scoring_one_side",
            )
        ]

    def __str__(self) -> str:
        return f"scoring of {self.initiative_id or self.offer_id}"

    @property
    def is_under_way(self) -> bool:
        return self.done_revision < self.asked_revision
