"""Who is behind support that was given, and when a record last changed."""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Fill what earlier records have: the offer's organisation, else the giver that was named."""
    given = apps.get_model("matching", "SupportGiven")
    owner = given._default_manager.filter(pk=OuterRef("pk")).values("offer__organisation")
    given._default_manager.update(given_by=Coalesce(Subquery(owner[:1]), "giver"))


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0004_run_shards_and_differences"),
        ("organisations", "0001_organisations"),
    ]

    operations = [
        migrations.AddField(
            model_name="supportgiven",
            name="changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="supportgiven",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="support_behind",
                to="organisations.organisation",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
