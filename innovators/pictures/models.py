"""Pictures that an initiative's people have put on its page."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.pictures import PictureKind
from innovators.pictures.storage import place_of, private_files

ALT_LENGTH = 200


class InitiativePicture(models.Model):
    """A picture and what it shows in words. The stored file is deleted with its row (see `receivers`)."""

    initiative = models.ForeignKey("innovators.Initiative", on_delete=models.CASCADE, related_name="pictures")
    alt = models.CharField(_("what the picture shows"), max_length=ALT_LENGTH)
    kind = models.CharField(max_length=5, choices=PictureKind)
    file = models.FileField(storage=private_files, upload_to=place_of, max_length=120)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PictureKind.values), name="picture_kind_known"),
            models.CheckConstraint(condition=~Q(alt=""), name="picture_is_told"),
        ]
        indexes = [models.Index(fields=["initiative", "id"], name="picture_in_order")]

    def __str__(self) -> str:
        return f"picture {self.pk}"
