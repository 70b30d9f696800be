"""Find the heads of compounds in the texts that are there. Safe to run twice, and while people write."""

from typing import Any

from django.db import migrations

from brygga.organisations.heads import heads_in

CHUNK = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    profiles = apps.get_model("innovators", "Initiative")._default_manager.using(
        schema_editor.connection.alias
    )
    names = profiles.model._meta.get_field("compound_heads").of
    last = 0
    while chunk := list(profiles.filter(pk__gt=last).order_by("pk").only(*names)[:CHUNK]):
        last = chunk[-1].pk
        for row in chunk:
            row.compound_heads = heads_in(getattr(row, name) for name in names)
        profiles.bulk_update([row for row in chunk if row.compound_heads], ["compound_heads"])


class Migration(migrations.Migration):
    # Rows are written a thousand at a time: none is held longer than that.
    atomic = False
    dependencies = [("innovators", "0009_compound_heads")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
