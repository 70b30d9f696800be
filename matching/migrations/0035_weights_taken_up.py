"""Which weights in force are those that were learned of all givers' choices."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0034_question_with_offered_support")]

    operations = [
        migrations.AddField(
            model_name="matchweights",
            name="learned_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_up",
                to="matching.learnedweights",
                verbose_name="learned from choices",
            ),
        ),
    ]
