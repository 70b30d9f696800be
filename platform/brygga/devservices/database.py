"""Brings a database up to what the code expects: migrations, taxonomy and, the first time, demo data.

Usage: `python -m brygga.devservices.database [--demo]`

One process instead of one for each command, and none of Django when nothing has changed.
"""

import hashlib
import importlib
import json
import os
import sys
from io import StringIO
from pathlib import Path
from typing import Any

from brygga.devservices.location import checkout_folder

PACKAGES = ("platform/brygga", "innovators", "funders", "matching", "intermediaries")
RECORD = Path(".local") / "prepared.json"


def code_digest(checkout: Path) -> str:
    """A number that changes with everything the database's tables and taxonomy are made from."""
    files = {checkout / "requirements" / "base.lock"}
    for package in PACKAGES:
        files.update((checkout / package).glob("**/migrations/*.py"))
    files.update(path for path in (checkout / "platform/brygga/taxonomy").rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in sorted(files):
        if "__pycache__" not in path.parts and path.exists():
            digest.update(f"{path.relative_to(checkout)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def database_identity(url: str) -> str | None:
    """What tells this database from one that took its place; None when it has no tables yet."""
    import psycopg  # noqa: PLC0415 - the tests of this module need no driver

    with psycopg.connect(url) as connection:
        row = connection.execute(
            """
            select (select system_identifier from pg_control_system())::text, oid::text,
                   to_regclass('django_migrations') is not null
            from pg_database where datname = current_database()
            """
        ).fetchone()
    if row is None or not row[2]:
        return None
    return f"{row[0]}/{row[1]}"


def read_record(checkout: Path) -> dict[str, Any]:
    """What the last preparation left: identity, digest, demo."""
    try:
        record = json.loads((checkout / RECORD).read_text())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def prepare(checkout: Path, *, url: str, demo: bool) -> None:
    """Migrate and load what has changed since the last time; the record says what was done."""
    digest = code_digest(checkout)
    identity = database_identity(url)
    record = read_record(checkout)
    known = identity is not None and record.get("identity") == identity
    demo_note = str(record.get("demo_note", "")) if known else ""
    if known and record.get("digest") == digest and (demo_note or not demo):
        return
    demo_note = _run_commands(demo=demo, demo_note=demo_note)
    record = {"identity": database_identity(url), "digest": digest, "demo_note": demo_note}
    (checkout / RECORD).write_text(json.dumps(record))


def _run_commands(*, demo: bool, demo_note: str) -> str:
    # Late: nothing of Django is needed when nothing has changed.
    import django  # noqa: PLC0415 - see above
    from django.core.management import call_command  # noqa: PLC0415 - see above

    # Tasks must be sent through our application, which stands above this package.
    importlib.import_module("brygga.celery")
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    call_command("load_taxonomy")
    if not demo or demo_note:
        return demo_note
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - only after setup()

    if get_user_model()._default_manager.exists():
        # Somebody uses this database already: it is not the first start, and nothing of ours goes in.
        return " "
    told = StringIO()
    call_command("load_demo", stdout=told)
    return told.getvalue() or " "


def main(arguments: list[str]) -> int:
    prepare(checkout_folder(), url=os.environ["DATABASE_URL"], demo="--demo" in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
