"""An organisation asks to be checked. Staff answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.organisations.verification.enums import VerificationState
from brygga.organisations.verification.querysets import VerificationRequestQuerySet

PAGE_LENGTH = 200
SIGNATORY_LENGTH = 120
WORDS_LENGTH = 500
NOTE_LENGTH = 500


class VerificationRequest(models.Model):
    """Read by the organisation's owners, and by staff."""

    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.CASCADE,
        related_name="verification_requests",
        verbose_name=_("organisation"),
    )
    # When an account is closed, the request stays with the organisation, without a name.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    page = models.URLField(_("where to look"), max_length=PAGE_LENGTH, blank=True)
    # The name of somebody else, perhaps: both texts are emptied when the request has ended.
    signatory = models.CharField(_("who signs"), max_length=SIGNATORY_LENGTH, blank=True)
    words = models.TextField(_("what they add"), max_length=WORDS_LENGTH, blank=True)
    state = models.CharField(
        _("outcome"), max_length=10, choices=VerificationState, default=VerificationState.OPEN
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # For the owners. Empty when staff marked the organisation without looking at the request.
    note = models.TextField(_("reason"), max_length=NOTE_LENGTH, blank=True)

    objects = VerificationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to be verified")
        verbose_name_plural = _("requests to be verified")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state=VerificationState.OPEN),
                name="verification_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=VerificationState.OPEN, decided_at__isnull=True)
                | Q(state__in=VerificationState.values, decided_at__isnull=False)
                & ~Q(state=VerificationState.OPEN),
                name="verification_decided_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=VerificationState.DECLINED) | ~Q(note=""),
                name="verification_no_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=VerificationState.OPEN) | Q(signatory="", words=""),
                name="verification_ended_is_emptied",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="verification_open_first")]

    def __str__(self) -> str:
        # Neither a text nor a name.
        return gettext("Request %(number)s") % {"number": self.pk}
