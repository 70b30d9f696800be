"""A question from one initiative's people to another's: do you want to do it together?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.identifiers import new_public_id
from brygga.organisations.models import Organisation
from innovators.models import Initiative
from matching.meeting.enums import IntroductionState
from matching.together.enums import TogetherSide
from matching.together.querysets import TogetherQuerySet

MESSAGE_LENGTH, ANSWER_LENGTH = 1000, 500


class TogetherQuestion(models.Model):
    """Asked in an organisation's name, for one of its initiatives or for none: then they want to join.

    Of `own` the other side learns the title alone, unless it may see it anyhow; a draft may be named too.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="together_questions")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    own = models.ForeignKey(Initiative, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=IntroductionState, default=IntroductionState.ASKED)
    message = models.TextField(_("message"), max_length=MESSAGE_LENGTH)
    answer = models.TextField(_("answer"), max_length=ANSWER_LENGTH, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TogetherQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=IntroductionState.values), name="together_state_known"
            ),
            # A double click asks once.
            models.UniqueConstraint(
                fields=["organisation", "initiative"],
                condition=Q(state__in=["asked", "accepted"]),
                name="together_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=IntroductionState.ASKED) | Q(answered_at__isnull=False),
                name="together_answered_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["initiative", "-asked_at"], name="together_of_initiative"),
            models.Index(fields=["organisation", "-asked_at"], name="together_of_asker"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_waiting(self) -> bool:
        return self.state == IntroductionState.ASKED


class TogetherContact(models.Model):
    """What one side has chosen to show the other, should the answer be yes.

    Written when a side asks and when the other says yes; deleted when the answer is no or the question is taken
    back. Read by `matching.together.selectors.contact_details` alone.
    """

    question = models.ForeignKey(TogetherQuestion, on_delete=models.CASCADE, related_name="contacts")
    side = models.CharField(max_length=10, choices=TogetherSide)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "side"], name="together_contact_once"),
            models.CheckConstraint(
                condition=Q(side__in=TogetherSide.values), name="together_contact_side_known"
            ),
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="together_contact_reachable"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.side}"
