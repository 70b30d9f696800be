"""That somebody asks for help, whom it reaches, and who gives it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.identifiers import new_public_id
from brygga.organisations.models import Organisation
from innovators.models import Initiative
from intermediaries.helping.querysets import HelpRequestQuerySet

TEXT_LENGTH = 2000


class HelpRequest(models.Model):
    """What somebody wrote, and where they are. Who they are is shown to the first who says yes."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # A county's code.
    area_code = models.CharField(_("place"), max_length=20)
    text = models.TextField(_("what they need help with"), max_length=TEXT_LENGTH)
    initiative = models.ForeignKey(
        Initiative, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reached = models.ManyToManyField(Organisation, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for help")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, organisation__isnull=True)
                | Q(taken_at__isnull=False, organisation__isnull=False),
                name="help_taken_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "-asked_at"], name="help_newest")]

    def __str__(self) -> str:
        return self.public_id
