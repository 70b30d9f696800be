"""`manage.py export_matches`: the published matches with every number and reason, to standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.selectors import current_run
from matching.exchange.storing import referred
from matching.management.commands._command_line import whole_number, write_objects

MOST_PAIRS = 1_000_000


class Command(BaseCommand):
    help = "Export the matches of the published run, one JSON object per pair, best first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--per", choices=("initiative", "offer"), default="initiative")
        parser.add_argument("--top", type=whole_number(1), metavar="N", help="only the best N of each")
        parser.add_argument(
            "--all-verdicts", action="store_true", help="also pairs that may not meet, and what stops them"
        )
        parser.add_argument("--initiative", metavar="SOURCE:ID", help="only this initiative")
        parser.add_argument("--offer", metavar="SOURCE:ID", help="only this support offer")

    def handle(self, *args: Any, **options: Any) -> None:
        run = current_run()
        if run is None:
            raise CommandError("Nothing has been matched yet: run “manage.py match” first.")
        initiative = _referred(Initiative, options["initiative"])
        offer = _referred(SupportOffer, options["offer"])
        is_one = initiative is not None or offer is not None
        if options["all_verdicts"] and not is_one and run.initiatives * run.offers > MOST_PAIRS:
            raise CommandError(
                f"There are {run.initiatives * run.offers} pairs: choose one side with --initiative or --offer."
            )
        from matching.exchange.matches import MatchWriter, Wanted  # noqa: PLC0415 - loads scipy

        wanted = Wanted(options["per"], options["top"], options["all_verdicts"], initiative, offer)
        write_objects(self.stdout, MatchWriter(run, timezone.now()).lines(wanted))


def _referred(model: Any, text: str | None) -> Any:
    if text is None:
        return None
    source, colon, record_id = text.partition(":")
    found = referred(model, source, record_id) if colon else None
    if found is None:
        raise CommandError(
            f"There is no “{text}”. Write SOURCE:ID, such as “brygga:k3m9…” for one written here."
        )
    return found
