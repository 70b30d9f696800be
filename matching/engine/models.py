"""Runs and their parts, frozen analyses, the matches they found, and what is put forward."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.enums import Gone, RunState, ShardKind, ShardState, Verdict
from matching.engine.querysets import MatchQuerySet, SuggestionManager


class MatchWeights(models.Model):
    """One version of the weights and rules. Never changed: another version takes its place.

    `values` maps criterion to weight, together 1; `rules` maps a name of `weights.RULES` to a number.
    `learned_from` is what was learned of all givers' choices, where the weights are just that.
    """

    values = models.JSONField()
    rules = models.JSONField(default=dict)
    note = models.CharField(_("why"), max_length=300)
    learned_from = models.ForeignKey(
        "matching.LearnedWeights",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_up",
        verbose_name=_("learned from choices"),
    )
    is_active = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("weights")
        verbose_name_plural = _("weights")
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="match_weights_one_active"
            )
        ]

    def __str__(self) -> str:
        return f"weights {self.pk}"


class MatchAnalysis(models.Model):
    """Frozen statistics (idf, mean lengths, criterion means) with the weights they are used with.

    Numbers of pairs scored under one analysis can be compared, whichever run or change computed them.
    `payload` is `matching.kernel.analysis.Analysis.to_bytes()`; `profiles` are the stamps of the
    profiles that it was learned from. `engine_version` also tells which dense model, if any.
    """

    created_at = models.DateTimeField(default=timezone.now)
    engine_version = models.CharField(max_length=20)
    taxonomy_version = models.CharField(max_length=80, blank=True)
    weights = models.JSONField(default=dict)
    payload = models.BinaryField()
    profiles = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"analysis {self.pk}"


class MatchRun(models.Model):
    """One full run over every published initiative and every open offer.

    `day` is the day in Stockholm that all its parts reckon with. `figures` are those of its allocation.
    """

    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    is_current = models.BooleanField(default=False)
    engine_version = models.CharField(max_length=20, blank=True)
    analysis = models.ForeignKey(
        MatchAnalysis, on_delete=models.PROTECT, null=True, blank=True, related_name="runs"
    )
    weights_version = models.ForeignKey(
        MatchWeights, on_delete=models.PROTECT, null=True, blank=True, related_name="runs"
    )
    weights = models.JSONField(default=dict)
    rules = models.JSONField(default=dict)
    day = models.IntegerField(null=True, blank=True)
    input_digest = models.CharField(max_length=64, blank=True)
    seed = models.PositiveIntegerField(default=0)
    initiatives = models.PositiveIntegerField(default=0)
    offers = models.PositiveIntegerField(default=0)
    initiatives_done = models.PositiveIntegerField(default=0)
    matches_found = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="match_run_one_current"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(state=RunState.PUBLISHED),
                name="match_run_current_is_published",
            ),
            # Two runs asked for at once become one, and one is carried out at a time.
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=RunState.WAITING), name="match_run_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=RunState.RUNNING), name="match_run_one_running"
            ),
        ]
        permissions = [("start_matchrun", "Can start a match run")]

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in (RunState.PUBLISHED, RunState.FAILED, RunState.CANCELLED)


class MatchSnapshot(models.Model):
    """Which profiles a run is about, and as which revisions it knows them.

    `profiles` is what `stamps.Profiles.to_bytes` writes. `order` holds the places among them, as
    little-endian 32-bit numbers, in the order that the run's parts are cut from; empty: as they stand.
    `floors` holds, per offer, the best fits that the parts done so far have found.
    """

    run = models.OneToOneField(MatchRun, on_delete=models.CASCADE, related_name="snapshot")
    profiles = models.BinaryField()
    order = models.BinaryField(default=bytes)
    floors = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"snapshot of {self.run_id}"


class MatchShard(models.Model):
    """One part of a run. Whoever works on it holds a lease and renews it; `result` is for the merger."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="shards")
    kind = models.CharField(max_length=10, choices=ShardKind)
    # Places in the order of the run's snapshot, `hi` not included.
    lo = models.PositiveIntegerField(default=0)
    hi = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ShardState, default=ShardState.WAITING)
    holder = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    # A part that went wrong is not tried again before this.
    not_before = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    pairs = models.PositiveIntegerField(default=0)
    result = models.BinaryField(default=bytes)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "kind", "lo"], name="match_shard_once")]
        indexes = [
            models.Index(
                fields=["state", "lease_until"],
                name="match_shard_open",
                condition=Q(state__in=[ShardState.WAITING, ShardState.LEASED]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.lo}-{self.hi} of run {self.run_id}"


class Match(models.Model):
    """One initiative and one offer that may meet, as scored under an analysis.

    Shown by every run of that analysis from `from_run` until `to_run` (null: still). `numbers` and
    `rules` are packed by `storing`. Derived rows by the million: the database checks no foreign keys.

    The last pairs of support that has closed or is paused are kept for its own people (`keeping`): no run shows
    them any more, and `kept_at` is the moment since when.
    """

    analysis = models.ForeignKey(
        MatchAnalysis, on_delete=models.CASCADE, related_name="matches", db_constraint=False, db_index=False
    )
    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, related_name="matches", db_constraint=False, db_index=False
    )
    offer = models.ForeignKey(
        SupportOffer, on_delete=models.CASCADE, related_name="matches", db_constraint=False, db_index=False
    )
    from_run = models.BigIntegerField()
    to_run = models.BigIntegerField(null=True, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict)
    fit = models.FloatField()
    confidence = models.FloatField()
    numbers = models.BinaryField()
    rules = models.BigIntegerField()
    scored_at = models.DateTimeField(default=timezone.now)
    kept_at = models.DateTimeField(null=True, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            models.UniqueConstraint(
                fields=["analysis", "initiative", "offer"],
                condition=Q(to_run__isnull=True),
                name="match_once",
            ),
            # In this order, which is how they are looked up.
            models.UniqueConstraint(
                fields=["offer", "initiative"],
                condition=Q(kept_at__isnull=False),
                name="match_kept_once",
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(to_run__isnull=False), name="match_kept_is_taken_away"
            ),
            models.CheckConstraint(
                condition=Q(fit__gte=0, fit__lte=1, confidence__gte=0, confidence__lte=1),
                name="match_in_range",
            ),
            models.CheckConstraint(condition=~Q(verdict=Verdict.DOES_NOT_FIT), name="match_may_meet"),
        ]
        indexes = [
            models.Index(
                "analysis",
                "initiative",
                F("fit").desc(),
                "offer",
                name="match_of_initiative",
                condition=Q(to_run__isnull=True),
            ),
            models.Index(
                "analysis",
                "offer",
                F("fit").desc(),
                "initiative",
                name="match_of_offer",
                condition=Q(to_run__isnull=True),
            ),
            models.Index("to_run", name="match_taken_away", condition=Q(to_run__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} x {self.offer_id}"


class MatchSuggestion(models.Model):
    """A match that is put forward, within what its offer has room for.

    What somebody has opened stays, also when it is no suggestion any more: then it says since when and
    why, so that nothing that was seen is gone without a word. For that alone `everything` also has matches that
    somebody has opened without their being put forward: they take no room and are no news to the other side.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="suggestions")
    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="suggestions")
    is_put_forward = models.BooleanField(default=True)
    since_run = models.BigIntegerField()
    fit = models.FloatField()
    suggested_at = models.DateTimeField()
    seen_by_initiative_at = models.DateTimeField(null=True, blank=True)
    seen_by_offer_at = models.DateTimeField(null=True, blank=True)
    # Where it stood for the offer's people among what they had opened; smaller is higher (`order`).
    place_for_offer = models.FloatField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    gone_because = models.CharField(max_length=20, choices=Gone, blank=True)

    objects = SuggestionManager()
    everything = models.Manager["MatchSuggestion"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "offer"], name="match_suggestion_once"),
            models.CheckConstraint(
                condition=Q(gone_at__isnull=True, gone_because="")
                | Q(gone_at__isnull=False) & ~Q(gone_because=""),
                name="match_suggestion_gone_because",
            ),
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
