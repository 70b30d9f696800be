from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0017_ended_and_reported"),
        ("funders", "0005_days_to_answer"),
    ]

    operations = [
        migrations.AddField(
            model_name="introduction",
            name="answer_by",
            field=models.DateField(blank=True, null=True, verbose_name="answer by"),
        ),
        migrations.AddField(
            model_name="introduction",
            name="reminded_week_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="introduction",
            name="reminded_day_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="introduction",
            name="time_out_told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="introduction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_by__isnull", False),
                    models.Q(
                        ("reminded_day_at__isnull", True),
                        ("reminded_week_at__isnull", True),
                        ("time_out_told_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="introduction_told_of_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="introduction",
            index=models.Index(
                condition=models.Q(("answer_by__isnull", False), ("time_out_told_at__isnull", True)),
                fields=["answer_by"],
                name="introduction_answer_due",
            ),
        ),
    ]
