"""Contact details shared in an introduction; cases that are put back keep their row."""

import django.db.models.deletion
from django.db import migrations, models

STAGES = [("suggested", "Suggested"), ("shortlisted", "On the shortlist"), ("dismissed", "Not relevant")]


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_matches_desk_and_introductions")]

    operations = [
        migrations.CreateModel(
            name="SharedContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("initiative", "The initiative"), ("offer", "The giver")], max_length=10
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "introduction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="matching.introduction",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("introduction", "side"), name="shared_contact_once"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["initiative", "offer"])),
                        name="shared_contact_side_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("email", ""), _negated=True),
                            models.Q(("phone", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="shared_contact_reachable",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="shortlistentry", name="shortlist_stage_known"),
        migrations.AlterField(
            model_name="shortlistentry",
            name="previous_stage",
            field=models.CharField(blank=True, choices=STAGES, max_length=12),
        ),
        migrations.AlterField(
            model_name="shortlistentry",
            name="stage",
            field=models.CharField(choices=STAGES, max_length=12),
        ),
        migrations.AddConstraint(
            model_name="shortlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["suggested", "shortlisted", "dismissed"])),
                name="shortlist_stage_known",
            ),
        ),
    ]
