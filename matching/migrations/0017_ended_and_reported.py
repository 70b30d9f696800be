import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0016_names_in_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="introduction",
            name="ended_side",
            field=models.CharField(
                blank=True,
                choices=[("initiative", "The initiative"), ("offer", "The giver")],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="introduction",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="introduction",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="introduction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_side", "")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_side__in", ["initiative", "offer"]),
                        ("state", "accepted"),
                    ),
                    _connector="OR",
                ),
                name="introduction_ended_by_a_side",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="hidden_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="MessageReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("threatening", "It is unpleasant or threatening"),
                            ("fraud", "It wants money or looks like fraud"),
                            ("personal_data", "It tells things about a person that should not be there"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                (
                    "text",
                    models.TextField(blank=True, max_length=1000, verbose_name="what they write"),
                ),
                (
                    "reported_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="reported"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waits for staff"),
                            ("kept", "The message stays"),
                            ("hidden", "The message is hidden"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "handled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="handled"),
                ),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="why")),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handled by",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="matching.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reported by",
                    ),
                ),
            ],
            options={
                "verbose_name": "reported message",
                "verbose_name_plural": "reported messages",
                "indexes": [models.Index(fields=["state", "-reported_at"], name="report_open_first")],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "reporter"), name="report_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["threatening", "fraud", "personal_data", "other"])
                        ),
                        name="report_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handled_at__isnull", True), ("state", "open")),
                            models.Q(("handled_at__isnull", False), ("state__in", ["kept", "hidden"])),
                            _connector="OR",
                        ),
                        name="report_handled_has_moment",
                    ),
                ],
            },
        ),
    ]
