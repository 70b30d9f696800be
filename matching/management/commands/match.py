"""`manage.py match`: match every published initiative with every open support offer."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matching.engine.control import request_run


class Command(BaseCommand):
    help = "Match everything and publish the result. Runs here and waits, or in a worker with --queue."

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--wait", action="store_true", help="run in this process and wait (what it does anyway)"
        )
        way.add_argument("--queue", action="store_true", help="leave it to a worker and return at once")

    def handle(self, *args: Any, queue: bool, **options: Any) -> None:
        now = timezone.now()
        if queue:
            self.stdout.write(f"Run {request_run(now=now).pk} is queued.")
            return
        from matching.engine.services import RunNotPublished, run_now  # noqa: PLC0415 - scipy is loaded only to match

        # How long each step takes is for the workers' log; here the steps are told in words.
        logging.getLogger("matching.engine.stages").setLevel(logging.WARNING)
        begun = time.monotonic()
        try:
            run = run_now(now=now, tell=self._tell)
        except RunNotPublished as error:
            raise CommandError(
                f"The run was not published: {error}. What was published before stays."
            ) from error
        self.stdout.write(
            f"Run {run.pk} published: {run.initiatives} initiatives x {run.offers} offers, "
            f"{run.matches_found} matches, {time.monotonic() - begun:.1f} s."
        )

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
