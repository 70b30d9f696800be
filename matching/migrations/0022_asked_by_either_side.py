from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0020_several_at_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="introduction",
            name="asked_side",
            field=models.CharField(
                choices=[("initiative", "The initiative"), ("offer", "The giver")],
                default="offer",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="introduction",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_side__in", ["initiative", "offer"])),
                name="introduction_asked_by_a_side",
            ),
        ),
    ]
