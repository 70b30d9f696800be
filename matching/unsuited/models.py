"""What those who look for support have said does not suit them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.unsuited.enums import UnsuitedReason
from matching.unsuited.querysets import UnsuitedQuerySet


class Unsuited(models.Model):
    """An offer that an initiative's people have put aside. It changes nothing for the giver."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=20, choices=UnsuitedReason)
    put_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    put_at = models.DateTimeField(default=timezone.now)

    objects = UnsuitedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "offer"], name="unsuited_once"),
            models.CheckConstraint(
                condition=Q(reason__in=UnsuitedReason.values), name="unsuited_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.offer_id}"
