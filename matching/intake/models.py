"""Cases that came in from somebody's table: the table while it is needed, and what was made of it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from brygga.core.identifiers import new_public_id
from funders.models import SupportOffer
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from matching.intake.enums import STAGES

#: How long the table is kept, and how long what was made of it can be taken back.
TABLE_KEPT = timedelta(days=1)
UNDO_KEPT = timedelta(days=30)


class CaseImport(models.Model):
    """One table that one person brought to one offer's desk. Seen by that person only.

    The file is not kept. Its cells lie in `table` until they are a day old, or thrown away before.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Rows of texts, headings first; empty when they are gone.
    table = models.JSONField(default=list)
    # Which place in a row tells what: `Column` -> number.
    columns = models.JSONField(default=dict)
    # Where a case lies whose row does not say.
    stage = models.CharField(max_length=12, choices=[(one.value, one.label) for one in STAGES])
    # Whether the person has looked through the columns.
    is_mapped = models.BooleanField(default=False)
    # What became of each row below the headings: `Outcome`s. Goes with the table.
    outcomes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="case_import_stage_known"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(taken_at__isnull=False),
                name="case_import_undone_after_taken",
            ),
        ]
        indexes = [models.Index(fields=["offer", "person", "-created_at"], name="case_imports_of_person")]

    def __str__(self) -> str:
        # Never a cell: this ends up in pages and logs.
        return f"case import {self.pk}"

    @property
    def default_stage(self) -> Stage:
        return Stage(self.stage)


class ImportedCase(models.Model):
    """What one row did on the desk, as far as it takes to undo it. Holds no text."""

    case_import = models.ForeignKey(CaseImport, on_delete=models.CASCADE, related_name="cases")
    entry = models.ForeignKey(ShortlistEntry, on_delete=models.CASCADE, related_name="+")
    # Else a note was added to a case that was there.
    is_new = models.BooleanField()
    # How long the note was before, and a mark of what it all was after: another mark, and somebody has changed it.
    note_length = models.PositiveIntegerField(default=0)
    mark = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_import", "entry"], name="imported_case_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_import_id} {self.entry_id}"
