from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brygga.taxonomy.enums import ProcessPart
from innovators.records.models import Record, record_constraints, removed_index


class JournalEntry(Record):
    """A dated step of the work, in one or more of its six parts."""

    TEXTS = ("title", "text")
    CHANGEABLE = ("happened_on", "parts", "title", "text", "link", "visibility")

    happened_on = models.DateField(_("day"))
    parts = ArrayField(
        models.CharField(max_length=20, choices=ProcessPart), verbose_name=_("parts of the process")
    )
    title = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("text"), max_length=4000, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = [
            *record_constraints("journal_entry"),
            models.CheckConstraint(condition=Q(parts__len__gt=0), name="journal_entry_has_part"),
            models.CheckConstraint(
                condition=Q(parts__contained_by=ProcessPart.values), name="journal_entry_parts_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["initiative", "-happened_on", "-id"],
                name="journal_entry_newest",
                condition=Q(removed_at__isnull=True),
            ),
            removed_index("journal_entry"),
        ]

    def __str__(self) -> str:
        return self.title
