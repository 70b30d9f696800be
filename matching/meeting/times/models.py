"""Three times to meet that one side proposes, and what the other answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.times.enums import SETTLED, MeetingWay, ProposalState

WHERE_LENGTH = 300
TIMES = 3


class MeetingProposal(models.Model):
    """Three times, a way to meet and how long. The other side picks one or asks for others."""

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="proposals")
    side = models.CharField(max_length=10, choices=Side)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    times = ArrayField(models.DateTimeField(), size=TIMES)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    way = models.CharField(max_length=5, choices=MeetingWay)
    # An address, a phone number or a link: text, which no page makes a link of.
    where = models.CharField(_("where"), max_length=WHERE_LENGTH)
    state = models.CharField(max_length=14, choices=ProposalState, default=ProposalState.OPEN)
    picked = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    called_off_side = models.CharField(max_length=10, choices=Side, blank=True, default="")
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    called_off_at = models.DateTimeField(null=True, blank=True)
    creation_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="proposal_side_known"),
            models.CheckConstraint(condition=Q(way__in=MeetingWay.values), name="proposal_way_known"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(condition=Q(times__len=TIMES), name="proposal_three_times"),
            models.UniqueConstraint(
                fields=["introduction"], condition=Q(state="open"), name="proposal_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, picked__isnull=False, times__contains=[F("picked")])
                | (~Q(state__in=SETTLED) & Q(picked__isnull=True)),
                name="proposal_picked_is_proposed",
            ),
            models.CheckConstraint(
                condition=Q(state="called_off", called_off_at__isnull=False, called_off_side__in=Side.values)
                | (~Q(state="called_off") & Q(called_off_at__isnull=True, called_off_side="")),
                name="proposal_called_off_by_a_side",
            ),
        ]
        indexes = [models.Index(fields=["introduction", "-id"], name="proposal_newest")]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def ends_at(self) -> datetime | None:
        """When the agreed meeting is over; None where no time was agreed."""
        return self.picked + timedelta(minutes=self.minutes) if self.picked else None
