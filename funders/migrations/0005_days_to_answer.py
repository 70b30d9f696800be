from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funders", "0004_how_the_last_round_went"),
    ]

    operations = [
        migrations.AddField(
            model_name="supportoffer",
            name="answer_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days to answer"),
        ),
        migrations.AddConstraint(
            model_name="supportoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_days__isnull", True),
                    models.Q(("answer_days__gte", 7), ("answer_days__lte", 90)),
                    _connector="OR",
                ),
                name="support_offer_answer_days",
            ),
        ),
    ]
