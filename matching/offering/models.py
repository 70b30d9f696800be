"""For whom an offer of support was begun: somebody read an initiative's page and wanted to help."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative


class OfferedSupportQuerySet(models.QuerySet["OfferedSupport"]):
    def waiting(self) -> OfferedSupportQuerySet:
        """Whose question is still to be put."""
        return self.filter(asked_at__isnull=True, begun_by__isnull=False).select_related(
            "offer__organisation", "initiative", "begun_by"
        )


class OfferedSupport(models.Model):
    """An offer that was begun on an initiative's page, and the question that goes with it.

    When the offer is published the initiative is shortlisted, and asked in the name of `begun_by`: at once, or
    when the giver has been checked. `asked_at` is empty until then.
    """

    offer = models.OneToOneField(SupportOffer, on_delete=models.CASCADE, related_name="begun_for")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True)

    objects = OfferedSupportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.offer_id} for {self.initiative_id}"
