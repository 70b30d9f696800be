"""`manage.py generate_load`: fill a database with made-up profiles, to measure with."""

from __future__ import annotations

import importlib
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matching.exchange.load import fill, real_profiles
from matching.management.commands._command_line import whole_number


class Command(BaseCommand):
    help = "Fill a database for measuring with very many made-up, published initiatives and support offers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--initiatives", type=whole_number(0), required=True)
        parser.add_argument("--offers", type=whole_number(0), required=True)
        parser.add_argument(
            "--seed", type=whole_number(0), default=1, help="the same seed gives the same profiles"
        )
        parser.add_argument("--yes", action="store_true", help="beside real profiles too")

    def handle(self, *args: Any, initiatives: int, offers: int, seed: int, yes: bool, **options: Any) -> None:
        if not yes and (real := real_profiles()):
            raise CommandError(
                f"{real} profiles here are neither demo nor load, and made-up ones would stand among them. "
                "Use a database of its own, or say --yes."
            )
        try:
            synthetic = importlib.import_module("benchmarks.synthetic")
        except ModuleNotFoundError as error:
            raise CommandError(
                "The generator is in `benchmarks`, which is part of the source code and not of an image. "
                "Run this in a checkout."
            ) from error
        wanted = initiatives + offers

        def tell(done: int) -> None:
            self.stdout.write(f"{done} of {wanted} profiles")
            self.stdout.flush()

        stored = fill(
            synthetic.written_profiles(initiatives, offers, seed),
            made_on=synthetic.TODAY,
            now=timezone.now(),
            tell=tell,
        )
        self.stdout.write(f"{stored} profiles are stored and published. `manage.py match` matches them.")
