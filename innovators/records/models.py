"""The abstract ground of everything that is written about an initiative's work as it goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from innovators.enums import RecordVisibility
from innovators.querysets import RecordQuerySet

# How long what was taken away can be brought back; then it is deleted.
BROUGHT_BACK_WITHIN = timedelta(days=7)


class Kept(models.Model):
    """A row about an initiative. Taken away, it can be brought back for a week."""

    # Free texts that others read: contact details in them are hidden. Lists end in `_words`.
    TEXTS: ClassVar[tuple[str, ...]] = ()
    # What the services take.
    CHANGEABLE: ClassVar[tuple[str, ...]] = ()
    # More than this of one initiative is a machine.
    MOST: ClassVar[int] = 1000

    initiative = models.ForeignKey("innovators.Initiative", on_delete=models.CASCADE, related_name="+")
    # No name stands beside it: when an account is erased, the row belongs to the initiative alone.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Rises by one at each change: a form that started from an older one is shown the difference.
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Record(Kept):
    """A row that its people show to everyone who may see the initiative, or keep among themselves."""

    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=RecordVisibility, default=RecordVisibility.PAGE
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_internal(self) -> bool:
        return self.visibility == RecordVisibility.OURS


def record_constraints(name: str) -> list[models.BaseConstraint]:
    """Return the constraints that hold for every record, named for the table."""
    return [
        models.CheckConstraint(
            condition=Q(visibility__in=RecordVisibility.values), name=f"{name}_visibility_known"
        )
    ]


def removed_index(name: str) -> Any:
    """Return the index by which what was taken away is found and forgotten."""
    return models.Index(fields=["removed_at"], name=f"{name}_removed", condition=Q(removed_at__isnull=False))
