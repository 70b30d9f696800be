"""With which words the texts of a table were last read."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_verification_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="WordsKnown",
            fields=[
                ("table", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("version", models.CharField(max_length=64)),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "words known when texts were read",
                "verbose_name_plural": "words known when texts were read",
            },
        ),
    ]
