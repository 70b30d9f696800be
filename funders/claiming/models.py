"""An organisation says that an imported offer is its own. Staff check it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.organisations.models import Organisation
from funders.claiming.enums import ClaimState, ClaimWay

EVIDENCE_LENGTH = 500
NOTE_LENGTH = 500


class OfferClaim(models.Model):
    """Read by those who may write for the organisation, and by staff."""

    offer = models.ForeignKey(
        "funders.SupportOffer",
        on_delete=models.CASCADE,
        related_name="claims",
        verbose_name=_("support offer"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", verbose_name=_("organisation")
    )
    # When an account is closed, the claim stays with the organisation, without a name.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    way = models.CharField(_("how it can be checked"), max_length=10, choices=ClaimWay)
    evidence = models.TextField(_("where to look"), max_length=EVIDENCE_LENGTH)
    state = models.CharField(_("outcome"), max_length=10, choices=ClaimState, default=ClaimState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # For whoever asked.
    note = models.TextField(_("reason"), max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = _("claim of an imported offer")
        verbose_name_plural = _("claims of imported offers")
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "organisation"],
                condition=Q(state=ClaimState.OPEN),
                name="offer_claim_open_once",
            ),
            models.UniqueConstraint(
                fields=["offer"], condition=Q(state=ClaimState.APPROVED), name="offer_claim_one_yes"
            ),
            models.CheckConstraint(condition=Q(way__in=ClaimWay.values), name="offer_claim_way_known"),
            models.CheckConstraint(
                condition=Q(state=ClaimState.OPEN, decided_at__isnull=True)
                | Q(state__in=ClaimState.values, decided_at__isnull=False) & ~Q(state=ClaimState.OPEN),
                name="offer_claim_decided_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ClaimState.APPROVED, ClaimState.DECLINED]) | ~Q(note=""),
                name="offer_claim_decided_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="offer_claim_open_first")]

    def __str__(self) -> str:
        # Neither the text nor a name.
        return gettext("Claim %(number)s") % {"number": self.pk}
