"""`manage.py import_exchange FILE...`: take in initiatives, support offers and support given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matching.exchange.importing import Summary, import_lines, lines_of


class Command(BaseCommand):
    help = (
        "Import files in the exchange format (one JSON object per line). What cannot be used is told per "
        "line; the rest is imported. Exit code 0 when everything was used, 1 otherwise."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")

    def handle(self, *args: Any, files: list[Path], dry_run: bool, **options: Any) -> None:
        # All files are tried before any is imported: a misspelt name changes nothing.
        for path in files:
            try:
                with path.open("rb") as file:
                    file.read(1)
            except OSError as error:
                raise CommandError(f"Cannot read {path}: {error.strerror}", returncode=2) from error
        now = timezone.now()
        total = Summary()
        for path in files:
            self.stdout.write(f"{path}:")
            summary = import_lines(lines_of(path), tell=self.stdout.write, now=now, is_dry_run=dry_run)
            total.add(summary)
            self.stdout.write(summary.in_words())
        if len(files) > 1:
            self.stdout.write(f"all files: {total.in_words()}")
        if dry_run:
            self.stdout.write("This was a dry run: nothing has been kept.")
        if not total.is_clean:
            raise SystemExit(1)
