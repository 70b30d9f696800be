"""Searches that somebody follows, and what they have been told of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.identifiers import new_public_id
from brygga.search.enums import CatalogueKind, Rhythm
from brygga.search.querysets import SavedSearchQuerySet

NAME_LENGTH = 80
QUERY_LENGTH = 2000


class SavedSearch(models.Model):
    """A catalogue's address, kept, with how often its person wants to hear of what is new in it."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="searches")
    kind = models.CharField(max_length=20, choices=CatalogueKind)
    # The parameters of the address, as `Asked.address` writes them.
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm, default=Rhythm.DAILY)
    created_at = models.DateTimeField(default=timezone.now)
    # Nothing that was published before this is news, and what was published before that has been looked at.
    begins_at = models.DateTimeField()
    looked_until = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CatalogueKind.values), name="saved_search_kind_known"
            ),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="saved_search_rhythm_known"),
            # The same search is saved once, however often somebody clicks.
            models.UniqueConstraint(
                fields=["user", "kind", "query"],
                condition=Q(deleted_at__isnull=True),
                name="saved_search_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="saved_search_due",
                condition=Q(paused_at__isnull=True, deleted_at__isnull=True),
            ),
            models.Index(
                fields=["deleted_at"], name="saved_search_deleted", condition=Q(deleted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ToldHit(models.Model):
    """A profile that the person of a search has been told of: never told again, also if published anew."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="told")
    # The primary key of an initiative or an offer: both stand above this app.
    profile_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "profile_id"], name="told_hit_once")]

    def __str__(self) -> str:
        return f"{self.search_id}: {self.profile_id}"
