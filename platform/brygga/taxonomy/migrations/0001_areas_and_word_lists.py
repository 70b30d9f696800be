import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.contrib.postgres.operations import (
    BtreeGinExtension,
    CITextExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Needed by every app above; created here because taxonomy is the lowest app with tables.
        TrigramExtension(),
        UnaccentExtension(),
        CITextExtension(),
        BtreeGinExtension(),
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="An entry that staff have changed is no longer updated from the data files.",
                        null=True,
                        verbose_name="changed by staff",
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("world", "World"),
                            ("europe", "Europe"),
                            ("nordic", "Nordic countries"),
                            ("country", "Country"),
                            ("county", "County"),
                            ("municipality", "Municipality"),
                        ],
                        max_length=20,
                        verbose_name="level",
                    ),
                ),
                ("name_sv", models.CharField(max_length=100, verbose_name="name in Swedish")),
                ("name_en", models.CharField(max_length=100, verbose_name="name in English")),
                (
                    "official_name_sv",
                    models.CharField(blank=True, max_length=100, verbose_name="official name in Swedish"),
                ),
                (
                    "official_name_en",
                    models.CharField(blank=True, max_length=100, verbose_name="official name in English"),
                ),
                ("nuts3", models.CharField(blank=True, max_length=5, verbose_name="NUTS 3 code")),
                ("iso_3166_2", models.CharField(blank=True, max_length=6, verbose_name="ISO 3166-2 code")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="latitude of the centre")),
                (
                    "longitude",
                    models.FloatField(blank=True, null=True, verbose_name="longitude of the centre"),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="taxonomy.area",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "area",
                "verbose_name_plural": "areas",
            },
        ),
        migrations.CreateModel(
            name="AreaName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="An entry that staff have changed is no longer updated from the data files.",
                        null=True,
                        verbose_name="changed by staff",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name as written")),
                ("key", models.CharField(editable=False, max_length=100, verbose_name="name as compared")),
                (
                    "folded",
                    models.CharField(editable=False, max_length=100, verbose_name="name without diacritics"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("official", "Official name"),
                            ("short", "Short name"),
                            ("other", "Other name"),
                            ("postal_code", "Postal code"),
                            ("locality", "Locality"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="kind of name",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="taxonomy.area",
                        verbose_name="area",
                    ),
                ),
            ],
            options={
                "verbose_name": "area name",
                "verbose_name_plural": "area names",
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        primary_key=True, serialize=False, verbose_name="number"
                    ),
                ),
                ("name_sv", models.CharField(max_length=100, verbose_name="name in Swedish")),
                ("name_en", models.CharField(max_length=100, verbose_name="name in English")),
            ],
            options={
                "verbose_name": "global goal",
                "verbose_name_plural": "global goals",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__range", (1, 17))), name="goal_is_one_of_17"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IcnptsoEntry",
            fields=[
                (
                    "code",
                    models.CharField(max_length=4, primary_key=True, serialize=False, verbose_name="code"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("notes", models.TextField(blank=True, verbose_name="notes")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="taxonomy.icnptsoentry",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "ICNP/TSO entry",
                "verbose_name_plural": "ICNP/TSO entries",
            },
        ),
        migrations.CreateModel(
            name="InnovationKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="An entry that staff have changed is no longer updated from the data files.",
                        null=True,
                        verbose_name="changed by staff",
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="code")),
                ("name_sv", models.CharField(max_length=100, verbose_name="name in Swedish")),
                ("name_en", models.CharField(max_length=100, verbose_name="name in English")),
                (
                    "synonyms_sv",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other words in Swedish",
                    ),
                ),
                (
                    "synonyms_en",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other words in English",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place in the list")),
            ],
            options={
                "verbose_name": "kind of innovation",
                "verbose_name_plural": "kinds of innovation",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z0-9]+([-_][a-z0-9]+)*$")),
                        name="innovationkind_code_is_plain",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Method",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="An entry that staff have changed is no longer updated from the data files.",
                        null=True,
                        verbose_name="changed by staff",
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="code")),
                ("name_sv", models.CharField(max_length=100, verbose_name="name in Swedish")),
                ("name_en", models.CharField(max_length=100, verbose_name="name in English")),
                (
                    "synonyms_sv",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other words in Swedish",
                    ),
                ),
                (
                    "synonyms_en",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other words in English",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place in the list")),
            ],
            options={
                "verbose_name": "method",
                "verbose_name_plural": "methods",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z0-9]+([-_][a-z0-9]+)*$")),
                        name="method_code_is_plain",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="An entry that staff have changed is no longer updated from the data files.",
                        null=True,
                        verbose_name="changed by staff",
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="code")),
                ("name_sv", models.CharField(max_length=100, verbose_name="name in Swedish")),
                ("name_en", models.CharField(max_length=100, verbose_name="name in English")),
                (
                    "synonyms_sv",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other words in Swedish",
                    ),
                ),
                (
                    "synonyms_en",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other words in English",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place in the list")),
                (
                    "sdg_goals",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(17),
                            ]
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="global goals",
                    ),
                ),
                (
                    "icnptso_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="ICNP/TSO codes",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="taxonomy.targetgroup",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "target group",
                "verbose_name_plural": "target groups",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TaxonomyVersion",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("version", models.UUIDField(verbose_name="version")),
                (
                    "digest",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="fingerprint of the loaded data files"
                    ),
                ),
                ("changed_at", models.DateTimeField(verbose_name="changed")),
            ],
            options={
                "verbose_name": "taxonomy version",
                "verbose_name_plural": "taxonomy versions",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="taxonomyversion_is_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "edited_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="An entry that staff have changed is no longer updated from the data files.",
                        null=True,
                        verbose_name="changed by staff",
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="code")),
                ("name_sv", models.CharField(max_length=100, verbose_name="name in Swedish")),
                ("name_en", models.CharField(max_length=100, verbose_name="name in English")),
                (
                    "synonyms_sv",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other words in Swedish",
                    ),
                ),
                (
                    "synonyms_en",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other words in English",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place in the list")),
                (
                    "sdg_goals",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(17),
                            ]
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="global goals",
                    ),
                ),
                (
                    "icnptso_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="ICNP/TSO codes",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="taxonomy.theme",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(fields=["kind"], name="area_kind_index"),
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(
                django.db.models.functions.comparison.Collate(
                    models.Func(
                        django.db.models.functions.text.Lower(models.F("name_sv")),
                        models.Value("åäöé"),
                        models.Value("{|}e"),
                        function="translate",
                        output_field=models.TextField(),
                    ),
                    "C",
                ),
                name="area_swedish_order_index",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["world", "europe", "nordic", "country", "county", "municipality"])
                ),
                name="area_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "world"), ("parent__isnull", True)),
                    models.Q(models.Q(("kind", "world"), _negated=True), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="area_only_world_has_no_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code__regex", "^SE-[0-9]{4}$"), ("kind", "municipality")),
                    models.Q(("code__regex", "^SE-[0-9]{2}$"), ("kind", "county")),
                    models.Q(("code__regex", "^[A-Z]{2}$"), ("kind", "country")),
                    models.Q(("code", models.F("kind")), ("kind__in", ["world", "europe", "nordic"])),
                    _connector="OR",
                ),
                name="area_code_fits_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="area_centre_is_whole_and_on_earth",
            ),
        ),
        migrations.AddIndex(
            model_name="areaname",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["folded"], name="areaname_folded_trigrams", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="areaname",
            constraint=models.UniqueConstraint(fields=("key", "area"), name="areaname_once_per_area"),
        ),
        migrations.AddConstraint(
            model_name="areaname",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["code", "official", "short", "other", "postal_code", "locality"])
                ),
                name="areaname_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="areaname",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="areaname_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="icnptsoentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-L]([0-9]{2})?$")), name="icnptso_code_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="targetgroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z0-9]+([-_][a-z0-9]+)*$")),
                name="targetgroup_code_is_plain",
            ),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z0-9]+([-_][a-z0-9]+)*$")), name="theme_code_is_plain"
            ),
        ),
    ]
