"""What was learned of choices: weights with their test, and since when a giver wants it forgotten."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.organisations.models import Organisation
from brygga.taxonomy.enums import SupportKind
from matching.learning.enums import LearnedState, Level


class LearnedWeights(models.Model):
    """One fit and what its gate said. Numbers never change; only the state does.

    `weights` and `compared_with` (the run's weights then) map criterion to weight. `reason` is the gate's word
    and `figures` its numbers: change, low, high, lists, groups.
    """

    level = models.CharField(max_length=10, choices=Level)
    kind = models.CharField(max_length=20, choices=SupportKind, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="learned_weights"
    )
    state = models.CharField(max_length=10, choices=LearnedState)
    weights = models.JSONField()
    compared_with = models.JSONField()
    decisions = models.PositiveIntegerField()
    reason = models.CharField(max_length=20)
    figures = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("learned weights")
        verbose_name_plural = _("learned weights")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state=LearnedState.IN_USE),
                name="learned_weights_one_in_use",
            ),
            # What is learned of all orders nobody's list.
            models.CheckConstraint(
                condition=~Q(state=LearnedState.IN_USE) | Q(level=Level.GIVER),
                name="learned_weights_in_use_by_giver",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.EVERYBODY, kind="", organisation__isnull=True)
                | Q(level=Level.KIND, organisation__isnull=True) & ~Q(kind="")
                | Q(level=Level.GIVER, kind="", organisation__isnull=False),
                name="learned_weights_of_level",
            ),
        ]
        indexes = [
            models.Index(fields=["level", "organisation", "-created_at"], name="learned_weights_newest")
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.kind or self.organisation_id or ''} {self.state}"


class LearningReset(models.Model):
    """From when on a giver's choices may teach again; earlier ones are forgotten."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="learning_reset")
    forget_before = models.DateTimeField(null=True, blank=True)
    # What undo goes back to, and which weights were in use; no moment = nothing to undo.
    previous_forget_before = models.DateTimeField(null=True, blank=True)
    weights = models.ForeignKey(
        LearnedWeights, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reset_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reset_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.organisation_id} forgets before {self.forget_before}"
