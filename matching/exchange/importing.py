"""Take in files of exchange records, line by line, and say what could not be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from matching.engine.asking import many_changes
from matching.exchange.fields import Problem
from matching.exchange.records import LONGEST_LINE, Unusable, read_json, read_record
from matching.exchange.storing import link_support, store_record

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass
class Summary:
    """What became of the lines of a file, or of several."""

    outcomes: Counter[str] = field(default_factory=Counter)
    not_used: int = 0
    fields_not_used: int = 0
    notes: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether everything was used."""
        return self.not_used == 0 and self.fields_not_used == 0

    def add(self, other: Summary) -> None:
        """Count another file in."""
        self.outcomes += other.outcomes
        self.not_used += other.not_used
        self.fields_not_used += other.fields_not_used
        self.notes += other.notes

    def in_words(self) -> str:
        """Return one line of figures."""
        used = sum(self.outcomes.values())
        counts = ", ".join(f"{self.outcomes[name]} {name}" for name in ("new", "changed", "unchanged"))
        return (
            f"{used} lines imported ({counts}), {self.not_used} lines not used, "
            f"{self.fields_not_used} fields not used, {self.notes} notes"
        )


Tell = Callable[[str], None]
Prepare = Callable[[dict[str, Any]], Mapping[str, Any]]


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield a file's lines without their ends. Raises OSError. A line too long is yielded cut, once."""
    with path.open("rb") as file:
        is_first = True
        while line := file.readline(LONGEST_LINE + 2):
            if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
            yield (line.removeprefix(_BYTE_ORDER_MARK) if is_first else line).rstrip(b"\r\n")
            is_first = False


def import_lines(
    lines: Iterable[bytes],
    *,
    tell: Tell,
    now: datetime,
    is_dry_run: bool = False,
    prepare: Prepare | None = None,
    stored: list[Any] | None = None,
) -> Summary:
    """Store every usable record and tell, per line, what could not be used.

    Each record is stored whole or not at all, and one record's trouble never touches another.
    Idempotent on (source, id). With `is_dry_run` everything is tried and nothing is kept. `prepare`
    takes keys that the format does not have out of an object and returns columns for them. A run, or
    rescoring where little has changed, is asked for at the end.
    """
    summary = Summary()
    with many_changes(now=now, is_dry_run=is_dry_run):
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            problems: list[Problem] = []
            try:
                outcome = _import_line(line, problems, now, is_dry_run, prepare, stored)
            except Unusable as error:
                summary.not_used += 1
                tell(f"line {number}: not used: {error.field + ' ' if error.field else ''}{error}")
                continue
            summary.outcomes[outcome] += 1
            for problem in problems:
                summary.notes += problem.is_note
                summary.fields_not_used += not problem.is_note
                where = f"{problem.field} " if problem.field else ""
                tell(f"line {number}: {'note: ' if problem.is_note else ''}{where}{problem.reason}")
        if not is_dry_run:
            link_support(now=now)
    return summary


def _import_line(
    line: bytes,
    problems: list[Problem],
    now: datetime,
    is_dry_run: bool,
    prepare: Prepare | None,
    stored: list[Any] | None,
) -> str:
    values = read_json(line)
    extra = prepare(values) if prepare else {}
    moment = extra.get("_now", now)
    extra = {name: value for name, value in extra.items() if name != "_now"}
    record = read_record(values, problems)
    try:
        with transaction.atomic():
            outcome = store_record(record, now=moment, problems=problems, extra=extra, stored=stored)
            if is_dry_run:
                transaction.set_rollback(True)
    except (DatabaseError, ValueError) as error:
        if not isinstance(error, ValueError) and not _is_about_the_values(error):
            raise
        # A value that the parser let through and the database refuses: this line only.
        raise Unusable(f"cannot be stored ({str(error).splitlines()[0][:160]})") from error
    return outcome.value


def _is_about_the_values(error: DatabaseError) -> bool:
    """Tell a refused value from a database that has gone away."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state[:2] in {"22", "23"}
