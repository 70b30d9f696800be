from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0006_ended_and_reported"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_kind_known",
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("member_joined", "Somebody joined your organisation"),
                    ("introduction_asked", "Somebody asks for an introduction"),
                    ("introduction_accepted", "Your introduction was accepted"),
                    ("introduction_declined", "Your introduction was declined"),
                    ("introduction_withdrawn", "A request for an introduction was withdrawn"),
                    ("message_received", "Somebody has written to you"),
                    ("meeting_proposed", "Times to meet are proposed"),
                    ("meeting_picked", "A time to meet is agreed"),
                    ("meeting_others_wanted", "Other times to meet are wanted"),
                    ("meeting_taken_back", "Proposed times are taken back"),
                    ("conversation_ended", "A conversation is ended"),
                    ("conversation_reopened", "A conversation is opened again"),
                    ("message_reported", "A message is reported"),
                    ("reported_message_hidden", "A message that you reported is hidden"),
                    ("reported_message_kept", "A message that you reported stays"),
                    ("decision_made", "A giver has decided about your initiative"),
                    ("decision_taken_back", "A giver has taken a decision back"),
                    ("answer_due", "The day to answer an initiative is near"),
                    ("answer_time_out", "A giver has not answered in time"),
                    ("answered_for_you", "An automatic answer is sent for you"),
                    ("flagged", "Your initiative was flagged as promising"),
                    ("organisation_verified", "Your organisation was verified"),
                ],
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "member_joined",
                            "introduction_asked",
                            "introduction_accepted",
                            "introduction_declined",
                            "introduction_withdrawn",
                            "message_received",
                            "meeting_proposed",
                            "meeting_picked",
                            "meeting_others_wanted",
                            "meeting_taken_back",
                            "conversation_ended",
                            "conversation_reopened",
                            "message_reported",
                            "reported_message_hidden",
                            "reported_message_kept",
                            "decision_made",
                            "decision_taken_back",
                            "answer_due",
                            "answer_time_out",
                            "answered_for_you",
                            "flagged",
                            "organisation_verified",
                        ],
                    )
                ),
                name="notice_kind_known",
            ),
        ),
    ]
