"""Find the heads of compounds anew in the texts that are there, when the words we know have changed.

A text's heads are found when it is written. With an upgrade that knows more words the others are read again, a few
rows at a time, once: the version of the words is kept with the name of each table that has been gone through.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction

import brygga.language
from brygga.organisations import heads
from brygga.organisations.models import WordsKnown

#: So many rows are held at a time.
CHUNK = 200


@cache
def version_of_words() -> str:
    """Return a digest of the lexicon and of the code that takes words apart."""
    digest = hashlib.sha256(Path(heads.__file__).read_bytes())
    folder = Path(brygga.language.__file__).parent
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".csv", ".txt")):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def reread_texts(*, now: datetime) -> int:
    """Find heads anew in every table whose texts were read with other words; return how many rows differ.

    Safe to run twice, at once in two places, and while people write: each row is held while it is read.
    """
    version = version_of_words()
    found = 0
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, heads.HeadsField)]
        if not fields or WordsKnown.objects.filter(table=model._meta.label, version=version).exists():
            continue
        found += sum(_reread(model, field) for field in fields)
        WordsKnown.objects.update_or_create(
            table=model._meta.label, defaults={"version": version, "read_at": now}
        )
    return found


def _reread(model: type[models.Model], field: heads.HeadsField) -> int:
    rows = model._default_manager.order_by("pk").only("pk", field.name, *field.of)
    last, changed = 0, 0
    while True:
        with transaction.atomic():
            chunk: list[Any] = list(rows.filter(pk__gt=last).select_for_update(no_key=True)[:CHUNK])
            if not chunk:
                return changed
            last = chunk[-1].pk
            for row in chunk:
                new = heads.heads_in(getattr(row, name) for name in field.of)
                if new != getattr(row, field.attname):
                    model._default_manager.filter(pk=row.pk).update(**{field.name: new})
                    changed += 1
