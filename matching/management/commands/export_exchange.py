"""`manage.py export_exchange`: write what is public in the exchange format, to standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from matching.exchange.records import TYPES
from matching.exchange.writing import exported
from matching.management.commands._command_line import write_objects


class Command(BaseCommand):
    help = "Export published initiatives and support offers, and support given, one JSON object per line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--type", action="append", choices=TYPES, help="only this kind; may be repeated")
        parser.add_argument("--source", help="only records of this source; “brygga” = written here")

    def handle(self, *args: Any, **options: Any) -> None:
        types = tuple(kind for kind in TYPES if not options["type"] or kind in options["type"])
        write_objects(self.stdout, exported(types, options["source"]))
