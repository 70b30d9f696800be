"""A database that cannot tell Swedish letters apart is refused before it holds anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connections


def check_swedish_letters(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Refuse a database that is not UTF-8, or whose locale makes trigrams drop å, ä and ö.

    Runs with `migrate` and `check --database default`. The trigram test waits until pg_trgm is there,
    which the first migration sees to.
    """
    problems: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        try:
            with connection.cursor() as cursor:
                cursor.execute("SHOW server_encoding")
                encoding = cursor.fetchone()[0]
                cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
                trigrams = bool(cursor.fetchone()[0])
                letters_kept = True
                if trigrams and encoding == "UTF8":
                    cursor.execute("SELECT cardinality(show_trgm('åäö')) > 0")
                    letters_kept = cursor.fetchone()[0]
        except DatabaseError as error:
            problems.append(Error(f"The database {alias!r} could not be asked: {error}", id="taxonomy.E003"))
            continue
        if encoding != "UTF8":
            problems.append(
                Error(
                    f"The database {alias!r} uses {encoding}, not UTF-8.",
                    hint="Create it with: createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0",
                    id="taxonomy.E001",
                )
            )
        if not letters_kept:
            problems.append(
                Error(
                    f"The database {alias!r} drops å, ä and ö from trigrams, so search would miss them.",
                    hint="Its locale is C or POSIX. Create it with: createdb --encoding=UTF8 "
                    "--locale=C.UTF-8 --template=template0",
                    id="taxonomy.E002",
                )
            )
    return problems
