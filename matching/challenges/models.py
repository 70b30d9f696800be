"""One initiative or one offer that answers a challenge."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.challenges.models import Challenge
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.challenges.querysets import ChallengeAnswerQuerySet

REASON_LENGTH = 300


class ChallengeAnswer(models.Model):
    """Made by whoever writes for the initiative or the offer, which take it away by deleting it.

    The challenge's own people take it away with a reason; the row stays, so that it does not come back by itself.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="answers")
    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, null=True, blank=True, related_name="challenge_answers"
    )
    offer = models.ForeignKey(
        SupportOffer, on_delete=models.CASCADE, null=True, blank=True, related_name="challenge_answers"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)

    objects = ChallengeAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(initiative__isnull=False, offer__isnull=True)
                | Q(initiative__isnull=True, offer__isnull=False),
                name="challenge_answer_is_one",
            ),
            models.UniqueConstraint(
                fields=["challenge", "initiative"], name="challenge_answer_initiative_once"
            ),
            models.UniqueConstraint(fields=["challenge", "offer"], name="challenge_answer_offer_once"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | ~Q(removed_reason=""),
                name="challenge_answer_removed_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.initiative_id or self.offer_id}"

    @property
    def profile(self) -> Initiative | SupportOffer:
        """The initiative or the offer."""
        found = self.initiative or self.offer
        assert found is not None
        return found
