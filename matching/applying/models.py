"""Support that is applied for elsewhere: who meant to apply, and how they say that it went."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brygga.core.identifiers import new_public_id
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.applying.enums import DidApply, Outcome
from matching.applying.querysets import ApplicationQuerySet
from matching.awards.models import SupportGiven

HARD_LENGTH = 600


class Application(models.Model):
    """That an initiative means to apply for support with the giver's own form or directly, and what came of it.

    Nothing of it is sent to the giver. Read by the initiative's people; staff read what was hard, without whose it is.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    offer = models.ForeignKey(
        SupportOffer, on_delete=models.CASCADE, related_name="+", verbose_name=_("support offer")
    )
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    meant_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    meant_on = models.DateField()
    # When somebody was asked how it went. Once.
    asked_at = models.DateTimeField(null=True, blank=True)
    did_apply = models.CharField(_("applied"), max_length=7, choices=DidApply, blank=True, default="")
    outcome = models.CharField(_("how it went"), max_length=8, choices=Outcome, blank=True, default="")
    amount = models.PositiveBigIntegerField(_("amount, kronor"), null=True, blank=True)
    hard = models.TextField(_("what was hard"), max_length=HARD_LENGTH, blank=True)
    # The choice to show support that was got on the initiative's page, and the record it became.
    is_shown = models.BooleanField(default=False)
    award = models.OneToOneField(SupportGiven, on_delete=models.SET_NULL, null=True, related_name="+")
    # Rises by one with each answer: a form that started from an older one is shown what a colleague has said.
    revision = models.PositiveIntegerField(default=0)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application elsewhere")
        verbose_name_plural = _("applications elsewhere")
        constraints = [
            models.UniqueConstraint(fields=["offer", "initiative"], name="application_once"),
            models.CheckConstraint(
                condition=Q(did_apply="", answered_at__isnull=True, hard="")
                | Q(did_apply__in=DidApply.values, answered_at__isnull=False),
                name="application_answer_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(did_apply=DidApply.YES, outcome__in=Outcome.values)
                | (~Q(did_apply=DidApply.YES) & Q(outcome="")),
                name="application_outcome_of_an_application",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.YES) | Q(amount__isnull=True, is_shown=False),
                name="application_amount_of_a_yes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["meant_on"],
                name="application_to_ask",
                condition=Q(asked_at__isnull=True, did_apply=""),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
