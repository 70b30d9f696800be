"""Support given in the past: recorded or imported. It teaches the engine what an offer is for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import Language
from brygga.organisations.models import Organisation
from brygga.taxonomy.enums import SupportKind
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.awards.enums import SaidBy
from matching.awards.querysets import SupportGivenManager, SupportGivenQuerySet


class SupportGiven(models.Model):
    """One decision to support. Either side may be known by name only.

    The references are kept as they were given, so that a record whose offer or initiative arrives
    later finds it then. What only those who got it have said is left out of `objects` and of relations, so that
    nobody but the giver makes an offer's history; `everything` has it.
    """

    source = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120)
    source_url = models.URLField(max_length=500, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.SWEDISH)
    offer = models.ForeignKey(
        SupportOffer, on_delete=models.SET_NULL, null=True, blank=True, related_name="support_given"
    )
    offer_source = models.CharField(max_length=60, blank=True)
    offer_source_id = models.CharField(max_length=120, blank=True)
    giver = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="support_given"
    )
    # Who is behind it, as far as we know: the offer's organisation, else the giver that was named.
    given_by = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="support_behind"
    )
    initiative = models.ForeignKey(
        Initiative, on_delete=models.SET_NULL, null=True, blank=True, related_name="support_given"
    )
    initiative_source = models.CharField(max_length=60, blank=True)
    initiative_source_id = models.CharField(max_length=120, blank=True)
    title = models.CharField(_("what was supported"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(_("kind of support"), max_length=20, choices=SupportKind, null=True, blank=True)
    amount = models.PositiveBigIntegerField(_("amount, kronor"), null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    said_by = models.CharField(_("said by"), max_length=6, choices=SaidBy, default=SaidBy.GIVER)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = SupportGivenManager()
    everything = SupportGivenQuerySet.as_manager()

    class Meta:
        verbose_name = _("support given")
        verbose_name_plural = _("support given")
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="support_given_once"),
            models.CheckConstraint(
                condition=Q(kind__isnull=True) | Q(kind__in=SupportKind.values),
                name="support_given_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(said_by__in=SaidBy.values), name="support_given_said_by_known"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="support_given_period_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["offer_source", "offer_source_id"], name="support_given_offer"),
            models.Index(
                fields=["initiative_source", "initiative_source_id"], name="support_given_initiative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"
