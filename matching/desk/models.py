"""The giver's desk: shortlists and dismissals of one offer, shared by colleagues."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.enums import DismissReason, Stage

NOTE_LENGTH = 2000


class ShortlistEntry(models.Model):
    """One initiative on one offer's desk. Seen by the offer's organisation only.

    A row is never deleted by a change of mind: it goes back to `suggested` and keeps its note.
    """

    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="shortlist")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=12, choices=Stage)
    # What undo goes back to; empty = nothing to undo.
    previous_stage = models.CharField(max_length=12, choices=Stage, blank=True)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    # Kept when the case leaves the pile of dismissed ones, so that undo finds it again.
    reason = models.CharField(_("reason"), max_length=20, choices=DismissReason, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "initiative"], name="shortlist_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="shortlist_stage_known"),
            models.CheckConstraint(
                condition=~Q(stage=Stage.DISMISSED) | ~Q(reason=""), name="shortlist_dismissal_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["offer", "stage", "-changed_at"], name="shortlist_of_offer")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.stage} {self.initiative_id}"
