import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import innovators.models

# "SE-1480" becomes "SE-14" when the place is coarsened; wider areas stay. Each county once, in order.
# Immutable as generated columns ask: it reads nothing but its arguments.
PUBLIC_AREAS = """
CREATE FUNCTION innovators_public_areas(codes text[], coarsened boolean) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN codes IS NULL OR NOT coarsened THEN codes
        ELSE ARRAY(
            SELECT code FROM (
                SELECT CASE WHEN one ~ '^SE-[0-9]{4}$' THEN left(one, 5) ELSE one END AS code, min(place) AS place
                FROM unnest(codes) WITH ORDINALITY AS given(one, place) GROUP BY 1
            ) AS coarse ORDER BY place
        )
    END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("innovators", "0001_initiatives")]

    operations = [
        migrations.RunSQL(PUBLIC_AREAS, "DROP FUNCTION innovators_public_areas(text[], boolean)"),
        migrations.AddField(
            model_name="initiative",
            name="creation_key",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="initiative",
            name="public_area_codes",
            field=models.GeneratedField(
                db_persist=True,
                expression=innovators.models.PublicAreas("area_codes", "place_coarsened"),
                output_field=django.contrib.postgres.fields.ArrayField(models.TextField(), null=True),
            ),
        ),
        migrations.RemoveIndex(model_name="initiative", name="initiative_areas"),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["public_area_codes"], name="initiative_public_areas"
            ),
        ),
        migrations.AddIndex(
            model_name="need", index=models.Index(fields=["kind", "initiative"], name="need_kind")
        ),
    ]
