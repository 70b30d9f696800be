import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0026_last_pairs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="meetingproposal",
            name="proposal_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="meetingproposal",
            name="proposal_picked_is_proposed",
        ),
        migrations.AddField(
            model_name="meetingproposal",
            name="called_off_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="meetingproposal",
            name="called_off_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="meetingproposal",
            name="called_off_side",
            field=models.CharField(
                blank=True,
                choices=[("initiative", "The initiative"), ("offer", "The giver")],
                default="",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="meetingproposal",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Waiting for an answer"),
                    ("picked", "A time is agreed"),
                    ("others_wanted", "Other times are wanted"),
                    ("taken_back", "Taken back"),
                    ("called_off", "The meeting is called off"),
                ],
                default="open",
                max_length=14,
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["open", "picked", "others_wanted", "taken_back", "called_off"])
                ),
                name="proposal_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("picked__isnull", False),
                        ("state__in", ("picked", "called_off")),
                        ("times__contains", [models.F("picked")]),
                    ),
                    models.Q(
                        models.Q(("state__in", ("picked", "called_off")), _negated=True),
                        ("picked__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="proposal_picked_is_proposed",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("called_off_at__isnull", False),
                        ("called_off_side__in", ["initiative", "offer"]),
                        ("state", "called_off"),
                    ),
                    models.Q(
                        models.Q(("state", "called_off"), _negated=True),
                        ("called_off_at__isnull", True),
                        ("called_off_side", ""),
                    ),
                    _connector="OR",
                ),
                name="proposal_called_off_by_a_side",
            ),
        ),
    ]
