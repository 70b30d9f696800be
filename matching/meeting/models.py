"""Introductions: contact details change hands only when both sides have said yes. Whoever asks has said yes."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.identifiers import new_public_id
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.querysets import IntroductionQuerySet

MESSAGE_LENGTH = 1500


class Introduction(models.Model):
    """A question from one side to the other to be introduced: a giver's to an initiative, or the other way round."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="introductions")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="introductions")
    state = models.CharField(max_length=10, choices=IntroductionState, default=IntroductionState.ASKED)
    # The other side answers.
    asked_side = models.CharField(max_length=10, choices=Side, default=Side.OFFER)
    message = models.TextField(_("message"), max_length=MESSAGE_LENGTH)
    answer = models.TextField(_("answer"), max_length=MESSAGE_LENGTH, blank=True)
    # The giver's promise, made when the initiative said yes, which it does by asking too: changing or closing the
    # offer leaves it.
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    reminded_week_at = models.DateTimeField(null=True, blank=True)
    reminded_day_at = models.DateTimeField(null=True, blank=True)
    # When the initiative was told that the giver's time had run out.
    time_out_told_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    # When an initiative that a giver has asked was reminded of the question.
    asked_reminded_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    # A side that wants no more of the conversation ends it, and may open it again. Empty: it is open.
    ended_side = models.CharField(max_length=10, choices=Side, blank=True, default="")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=IntroductionState.values), name="introduction_state_known"
            ),
            models.CheckConstraint(
                condition=Q(answer_by__isnull=False)
                | Q(
                    reminded_week_at__isnull=True,
                    reminded_day_at__isnull=True,
                    time_out_told_at__isnull=True,
                ),
                name="introduction_told_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(asked_side__in=Side.values), name="introduction_asked_by_a_side"
            ),
            # At most one open or accepted introduction per pair, whoever asks: a double click asks once.
            models.UniqueConstraint(
                fields=["offer", "initiative"],
                condition=Q(state__in=["asked", "accepted"]),
                name="introduction_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=IntroductionState.ASKED) | Q(answered_at__isnull=False),
                name="introduction_answered_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(ended_side="", ended_at__isnull=True)
                | Q(ended_side__in=Side.values, ended_at__isnull=False, state=IntroductionState.ACCEPTED),
                name="introduction_ended_by_a_side",
            ),
        ]
        indexes = [
            models.Index(fields=["initiative", "-asked_at"], name="introduction_of_initiative"),
            models.Index(fields=["offer", "-asked_at"], name="introduction_of_offer"),
            models.Index(
                fields=["asked_at"],
                name="introduction_to_remind_of",
                condition=Q(state="asked", asked_side="offer", asked_reminded_at__isnull=True),
            ),
            models.Index(
                fields=["answer_by"],
                name="introduction_answer_due",
                condition=Q(answer_by__isnull=False, time_out_told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def answering_side(self) -> Side:
        """The side that was asked."""
        return Side.INITIATIVE if self.asked_side == Side.OFFER else Side.OFFER

    @property
    def waits_for_giver(self) -> bool:
        """Whether the initiative has asked and the giver has not answered."""
        return self.state == IntroductionState.ASKED and self.asked_side == Side.INITIATIVE

    @property
    def is_accepted(self) -> bool:
        return self.state == IntroductionState.ACCEPTED

    @property
    def promised_from(self) -> datetime | None:
        """When the initiative said yes, from which the giver's time to answer is counted: by asking or answering."""
        return self.asked_at if self.asked_side == Side.INITIATIVE else self.answered_at

    @property
    def is_open_for_talk(self) -> bool:
        """Whether the two sides have both said yes and neither has ended the conversation."""
        return self.state == IntroductionState.ACCEPTED and self.ended_at is None


class SharedContact(models.Model):
    """What one side has chosen to show the other, should both say yes.

    Written when a side asks and when the other accepts; deleted when the answer is no or the question is
    taken back. Read by `matching.meeting.selectors.contact_details` alone.
    """

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="contacts")
    side = models.CharField(max_length=10, choices=Side)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["introduction", "side"], name="shared_contact_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="shared_contact_side_known"),
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="shared_contact_reachable"),
        ]

    def __str__(self) -> str:
        return f"{self.introduction_id} {self.side}"
