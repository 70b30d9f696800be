from django.db import migrations


class Migration(migrations.Migration):
    """What a part of a run has found hardly gets smaller by packing, which takes longer than writing it."""

    dependencies = [
        ("matching", "0007_order_of_a_runs_parts"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE matching_matchshard ALTER COLUMN result SET STORAGE EXTERNAL",
            "ALTER TABLE matching_matchshard ALTER COLUMN result SET STORAGE EXTENDED",
        ),
    ]
