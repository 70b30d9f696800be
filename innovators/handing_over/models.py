"""That an organisation is asked to take over an initiative."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.organisations.models import Organisation
from innovators.handing_over.enums import HandoverState
from innovators.handing_over.querysets import HandoverQuerySet


class InitiativeHandover(models.Model):
    """One question at a time for each initiative. What is answered stays, as a record of who had it."""

    initiative = models.ForeignKey(
        "innovators.Initiative", on_delete=models.CASCADE, related_name="handovers"
    )
    from_organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=HandoverState, default=HandoverState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(state="asked"), name="handover_waits_once"
            ),
            models.CheckConstraint(condition=Q(state__in=HandoverState.values), name="handover_state_known"),
            models.CheckConstraint(
                condition=~Q(organisation=models.F("from_organisation")), name="handover_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} -> {self.organisation_id}"
