"""For whom an offer of support was begun: somebody read an initiative's page and wanted to help."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative


class OfferedSupport(models.Model):
    """An offer that was begun on an initiative's page. When it is published, the initiative is shortlisted."""

    offer = models.OneToOneField(SupportOffer, on_delete=models.CASCADE, related_name="begun_for")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.offer_id} for {self.initiative_id}"
