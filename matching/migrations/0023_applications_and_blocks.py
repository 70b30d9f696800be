import brygga.core.identifiers
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funders", "0005_days_to_answer"),
        ("innovators", "0006_records"),
        ("organisations", "0002_two_steps"),
        ("matching", "0022_asked_by_either_side"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=brygga.core.identifiers.new_public_id,
                        editable=False,
                        max_length=12,
                        unique=True,
                    ),
                ),
                ("meant_on", models.DateField()),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "did_apply",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes, we applied"),
                            ("no", "No, we did not apply"),
                            ("not_yet", "Not yet"),
                        ],
                        default="",
                        max_length=7,
                        verbose_name="applied",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("waiting", "We wait for an answer"),
                            ("yes", "We got the support"),
                            ("no", "We did not get it"),
                            ("withdrew", "We took the application back"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="how it went",
                    ),
                ),
                (
                    "amount",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="amount, kronor"),
                ),
                ("hard", models.TextField(blank=True, max_length=600, verbose_name="what was hard")),
                ("is_shown", models.BooleanField(default=False)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
            ],
            options={
                "verbose_name": "application elsewhere",
                "verbose_name_plural": "applications elsewhere",
            },
        ),
        migrations.AddField(
            model_name="supportgiven",
            name="said_by",
            field=models.CharField(
                choices=[("giver", "The giver, or a source about the giver"), ("seeker", "Those who got it")],
                default="giver",
                max_length=6,
                verbose_name="said by",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportgiven",
            constraint=models.CheckConstraint(
                condition=models.Q(("said_by__in", ["giver", "seeker"])), name="support_given_said_by_known"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="award",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="matching.supportgiven",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="initiative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="innovators.initiative"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="meant_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="offer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="funders.supportoffer",
                verbose_name="support offer",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("asked_at__isnull", True), ("did_apply", "")),
                fields=["meant_on"],
                name="application_to_ask",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(fields=("offer", "initiative"), name="application_once"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("did_apply", ""), ("hard", "")),
                    models.Q(("answered_at__isnull", False), ("did_apply__in", ["yes", "no", "not_yet"])),
                    _connector="OR",
                ),
                name="application_answer_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("did_apply", "yes"), ("outcome__in", ["waiting", "yes", "no", "withdrew"])),
                    models.Q(models.Q(("did_apply", "yes"), _negated=True), ("outcome", "")),
                    _connector="OR",
                ),
                name="application_outcome_of_an_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "yes"),
                    models.Q(("amount__isnull", True), ("is_shown", False)),
                    _connector="OR",
                ),
                name="application_amount_of_a_yes",
            ),
        ),
        migrations.CreateModel(
            name="ContactBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "against",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "against"), name="contact_block_once"),
                    models.CheckConstraint(
                        condition=models.Q(("organisation", models.F("against")), _negated=True),
                        name="contact_block_between_two",
                    ),
                ],
            },
        ),
    ]
