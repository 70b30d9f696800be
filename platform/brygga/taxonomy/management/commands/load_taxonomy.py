"""Load areas and word lists from the data files kept with the code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from brygga.taxonomy.services import load_taxonomy


class Command(BaseCommand):
    help = "Load areas and word lists. Safe to repeat: unchanged files are left at once, staff edits stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="compare every row even when the files are unchanged"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_taxonomy(now=timezone.now(), force=options["force"])
        if not report.changed:
            self.stdout.write("Taxonomy: nothing to change.")
            return
        self.stdout.write(
            f"Taxonomy: {report.created} created, {report.updated} updated, "
            f"{report.retired} put out of use, {report.kept} kept as staff have changed them."
        )
