"""Which initiatives people follow, and what they have been told of by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from brygga.notifications.enums import TipsTopic
from brygga.notifications.models import Notice
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.following.querysets import FollowQuerySet


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


class Follow(models.Model):
    """That somebody follows an initiative. Its own people learn how many do so, never who."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    followed_at = models.DateTimeField(default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "initiative"], name="follow_once")]
        indexes = [models.Index(fields=["user", "-followed_at"], name="follow_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.initiative_id}"


class ToldNews(models.Model):
    """A line in somebody's list, about what they follow, that has been in a mail: never in another."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.notice_id)
