"""That an organisation takes no more questions from another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from brygga.organisations.models import Organisation


class ContactBlock(models.Model):
    """One organisation takes no more questions from the other, until its own people lift it.

    The other is told that it cannot ask, and not why. What is between them already stays.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    against = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "against"], name="contact_block_once"),
            models.CheckConstraint(condition=~Q(organisation=F("against")), name="contact_block_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.against_id}"
