from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0025_period_and_hours_of_support"),
    ]

    operations = [
        migrations.AddField(
            model_name="match",
            name="kept_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(
                fields=["offer", "initiative"],
                condition=Q(kept_at__isnull=False),
                name="match_kept_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(to_run__isnull=False), name="match_kept_is_taken_away"
            ),
        ),
        migrations.AddField(
            model_name="matchsuggestion",
            name="is_put_forward",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="matchsuggestion",
            name="place_for_offer",
            field=models.FloatField(blank=True, null=True),
        ),
    ]
