"""That an adopter and an initiative want to talk: contact details change hands only when both have said yes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.identifiers import new_public_id
from innovators.models import Adopter, Initiative, SpreadRecord
from matching.adopting.enums import AdoptionSide, other_side
from matching.adopting.querysets import AdoptionQuestionQuerySet
from matching.meeting.enums import IntroductionState
from matching.meeting.models import MESSAGE_LENGTH


class AdoptionQuestion(models.Model):
    """A question from one side to the other. Whoever asks has said yes."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    adopter = models.ForeignKey(Adopter, on_delete=models.CASCADE, related_name="questions")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="adoption_questions")
    state = models.CharField(max_length=10, choices=IntroductionState, default=IntroductionState.ASKED)
    asked_side = models.CharField(max_length=10, choices=AdoptionSide)
    message = models.TextField(_("message"), max_length=MESSAGE_LENGTH)
    answer = models.TextField(_("answer"), max_length=MESSAGE_LENGTH, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    # What the initiative's people wrote when it had been taken up.
    spread = models.ForeignKey(
        SpreadRecord, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = AdoptionQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=IntroductionState.values), name="adoption_state_known"
            ),
            models.CheckConstraint(
                condition=Q(asked_side__in=AdoptionSide.values), name="adoption_asked_by_a_side"
            ),
            # At most one that waits or has got a yes, whoever asks: a double click asks once.
            models.UniqueConstraint(
                fields=["adopter", "initiative"],
                condition=Q(state__in=["asked", "accepted"]),
                name="adoption_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=IntroductionState.ASKED) | Q(answered_at__isnull=False),
                name="adoption_answered_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(spread__isnull=True) | Q(state=IntroductionState.ACCEPTED),
                name="adoption_taken_up_after_a_yes",
            ),
        ]
        indexes = [
            models.Index(fields=["adopter", "-asked_at"], name="adoption_of_adopter"),
            models.Index(fields=["initiative", "-asked_at"], name="adoption_of_initiative"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def answering_side(self) -> AdoptionSide:
        """The side that was asked."""
        return other_side(self.asked_side)

    @property
    def is_waiting(self) -> bool:
        return self.state == IntroductionState.ASKED

    @property
    def is_accepted(self) -> bool:
        return self.state == IntroductionState.ACCEPTED


class AdoptionContact(models.Model):
    """What one side has chosen to show the other, should both say yes.

    Deleted when the answer is no or the question is taken back. Read by `questions.contact_details` alone.
    """

    question = models.ForeignKey(AdoptionQuestion, on_delete=models.CASCADE, related_name="contacts")
    side = models.CharField(max_length=10, choices=AdoptionSide)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "side"], name="adoption_contact_once"),
            models.CheckConstraint(
                condition=Q(side__in=AdoptionSide.values), name="adoption_contact_side_known"
            ),
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="adoption_contact_reachable"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.side}"
