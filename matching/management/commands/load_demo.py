"""`manage.py load_demo`: made-up data for a first visit, in demo mode only."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matching.exchange.demonstration import OnlyInDemoMode, load_demo


class Command(BaseCommand):
    help = "Load made-up organisations, people, initiatives and support offers. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-match", action="store_true", help="load only, match later")

    def handle(self, *args: Any, no_match: bool, **options: Any) -> None:
        try:
            loaded = load_demo(now=timezone.now(), match=not no_match)
        except OnlyInDemoMode as error:
            raise CommandError(
                "Demo data is loaded in demo mode only (BRYGGA_DEMO=1 on a machine for trying out): "
                "made-up people who sign in with one click have no place beside real ones."
            ) from error
        for line in loaded.told:
            self.stderr.write(line)
        self.stdout.write(
            f"Demo: {len(loaded.initiatives)} initiatives, {len(loaded.offers)} support offers, and "
            f"{len(loaded.people)} people to sign in as:"
        )
        for person in loaded.people.values():
            self.stdout.write(f"  {person.name} – {person.demo_person.role_en} ({person.email})")
