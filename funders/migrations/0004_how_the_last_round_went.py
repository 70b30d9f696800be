from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funders", "0003_filter_counts"),
        ("organisations", "0001_organisations"),
    ]

    operations = [
        migrations.AddField(
            model_name="supportoffer",
            name="applied_last",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="how many applied last time"
            ),
        ),
        migrations.AddField(
            model_name="supportoffer",
            name="supported_last",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="how many got it last time"
            ),
        ),
        migrations.AddConstraint(
            model_name="supportoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_last__isnull", True), ("supported_last__isnull", True)),
                    models.Q(
                        ("applied_last__gte", 1),
                        ("applied_last__isnull", False),
                        ("supported_last__isnull", False),
                        ("supported_last__lte", models.F("applied_last")),
                    ),
                    _connector="OR",
                ),
                name="support_offer_last_round",
            ),
        ),
    ]
