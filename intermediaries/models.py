"""Intermediaries' judgements. They never enter a score."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.organisations.models import Organisation
from innovators.models import Initiative
from intermediaries.enums import FlagReason
from intermediaries.helping.models import HelpRequest
from intermediaries.querysets import FlagQuerySet

__all__ = ["Flag", "HelpRequest"]


class Flag(models.Model):
    """A named person at a verified intermediary finds an initiative promising, and says why."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="flags")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="flags")
    flagged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Kept as text too, so that the judgement stays named if the account is erased.
    flagged_by_name = models.CharField(max_length=120)
    reasons = ArrayField(models.CharField(max_length=30, choices=FlagReason), verbose_name=_("reasons"))
    text = models.TextField(_("why"), max_length=1500)
    evidence_url = models.URLField(_("link to evidence"), max_length=500, blank=True)
    # Empty = declared to have no conflict of interest; otherwise what the tie is, shown beside the flag.
    conflict = models.CharField(_("conflict of interest"), max_length=300, blank=True)
    flagged_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_reason = models.CharField(_("reason for withdrawing"), max_length=500, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "organisation"],
                condition=Q(withdrawn_at__isnull=True),
                name="flag_standing_once",
            ),
            models.CheckConstraint(condition=Q(reasons__len__gt=0), name="flag_has_reason"),
            models.CheckConstraint(
                condition=Q(reasons__contained_by=FlagReason.values), name="flag_reasons_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="flag_withdrawal_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-flagged_at", "-id"], name="flag_newest", condition=Q(withdrawn_at__isnull=True)
            ),
            GinIndex(fields=["reasons"], name="flag_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.initiative_id}"
