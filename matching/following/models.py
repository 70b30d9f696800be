"""What people have been told of by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from brygga.notifications.enums import TipsTopic
from funders.models import SupportOffer
from innovators.models import Initiative


class ToldTip(models.Model):
    """A suggestion that a person has been told of: never told again, also if it goes and comes back."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=20, choices=TipsTopic)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "topic", "initiative", "offer"], name="told_tip_once"),
            models.CheckConstraint(condition=Q(topic__in=TipsTopic.values), name="told_tip_topic_known"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.initiative_id} x {self.offer_id}"
