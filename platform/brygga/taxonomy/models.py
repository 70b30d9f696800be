"""Rows that change seldom: areas and the word lists profiles are tagged with.

Profiles store arrays of codes, not foreign keys, so nothing here is ever deleted: an entry that is no
longer wanted is put out of use and keeps its names for the profiles that carry its code.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brygga.taxonomy.enums import AreaKind, AreaNameKind
from brygga.taxonomy.querysets import AreaNameQuerySet, AreaQuerySet, VocabularyQuerySet, swedish_order

TERM_CODE = r"^[a-z0-9]+([-_][a-z0-9]+)*$"


class VocabularyRow(models.Model):
    """What all lists share: people can switch an entry off, and staff edits outlive the data files."""

    is_active = models.BooleanField(_("in use"), default=True)
    edited_at = models.DateTimeField(
        _("changed by staff"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("An entry that staff have changed is no longer updated from the data files."),
    )

    class Meta:
        abstract = True


class Area(VocabularyRow):
    """A place in the tree world > Europe > Nordic countries > country > county > municipality."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    kind = models.CharField(_("level"), max_length=20, choices=AreaKind)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    name_sv = models.CharField(_("name in Swedish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    official_name_sv = models.CharField(_("official name in Swedish"), max_length=100, blank=True)
    official_name_en = models.CharField(_("official name in English"), max_length=100, blank=True)
    nuts3 = models.CharField(_("NUTS 3 code"), max_length=5, blank=True)
    iso_3166_2 = models.CharField(_("ISO 3166-2 code"), max_length=6, blank=True)
    latitude = models.FloatField(_("latitude of the centre"), null=True, blank=True)
    longitude = models.FloatField(_("longitude of the centre"), null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        indexes = [
            models.Index(fields=["kind"], name="area_kind_index"),
            models.Index(swedish_order("name_sv"), name="area_swedish_order_index"),
        ]
        constraints = [
            models.CheckConstraint(
                name="area_kind_known",
                condition=Q(kind__in=AreaKind.values),
            ),
            models.CheckConstraint(
                name="area_only_world_has_no_parent",
                condition=Q(kind=AreaKind.WORLD, parent__isnull=True)
                | (~Q(kind=AreaKind.WORLD) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="area_code_fits_kind",
                condition=Q(kind=AreaKind.MUNICIPALITY, code__regex=r"^SE-[0-9]{4}$")
                | Q(kind=AreaKind.COUNTY, code__regex=r"^SE-[0-9]{2}$")
                | Q(kind=AreaKind.COUNTRY, code__regex=r"^[A-Z]{2}$")
                | Q(kind__in=[AreaKind.WORLD, AreaKind.EUROPE, AreaKind.NORDIC], code=F("kind")),
            ),
            models.CheckConstraint(
                name="area_centre_is_whole_and_on_earth",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_sv} ({self.code})"


class AreaName(VocabularyRow):
    """One way people write a place; several names may lead to one area, and one name to several."""

    area = models.ForeignKey(Area, verbose_name=_("area"), on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("name as written"), max_length=100)
    key = models.CharField(_("name as compared"), max_length=100, editable=False)
    folded = models.CharField(_("name without diacritics"), max_length=100, editable=False)
    kind = models.CharField(
        _("kind of name"), max_length=20, choices=AreaNameKind, default=AreaNameKind.OTHER
    )

    objects = AreaNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("area name")
        verbose_name_plural = _("area names")
        indexes = [GinIndex(fields=["folded"], name="areaname_folded_trigrams", opclasses=["gin_trgm_ops"])]
        constraints = [
            models.UniqueConstraint(fields=["key", "area"], name="areaname_once_per_area"),
            models.CheckConstraint(name="areaname_kind_known", condition=Q(kind__in=AreaNameKind.values)),
            models.CheckConstraint(name="areaname_not_empty", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return self.name


class Term(VocabularyRow):
    """An entry of a word list, with the words ordinary people and funders use for it."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    synonyms_sv = ArrayField(
        models.CharField(max_length=80), verbose_name=_("other words in Swedish"), default=list, blank=True
    )
    synonyms_en = ArrayField(
        models.CharField(max_length=80), verbose_name=_("other words in English"), default=list, blank=True
    )
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    objects = VocabularyQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_code_is_plain", condition=Q(code__regex=TERM_CODE)),
        ]

    def __str__(self) -> str:
        return f"{self.name_sv} ({self.code})"


class MappedTerm(Term):
    """A term that is also placed in the international classifications."""

    sdg_goals = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(17)]),
        verbose_name=_("global goals"),
        default=list,
        blank=True,
    )
    icnptso_codes = ArrayField(
        models.CharField(max_length=4), verbose_name=_("ICNP/TSO codes"), default=list, blank=True
    )

    class Meta(Term.Meta):
        abstract = True


class Theme(MappedTerm):
    """What an initiative is about; two levels."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    class Meta(MappedTerm.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")


class TargetGroup(MappedTerm):
    """Whom an initiative is for. Tags the initiative, never a person."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    class Meta(MappedTerm.Meta):
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")


class Method(Term):
    """A way of working that can be tried elsewhere."""

    class Meta(Term.Meta):
        verbose_name = _("method")
        verbose_name_plural = _("methods")


class InnovationKind(Term):
    """What is new: a service, a meeting place, a way to organise, a rule ..."""

    class Meta(Term.Meta):
        verbose_name = _("kind of innovation")
        verbose_name_plural = _("kinds of innovation")


class Goal(models.Model):
    """One of the 17 global goals for sustainable development."""

    number = models.PositiveSmallIntegerField(_("number"), primary_key=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)

    class Meta:
        verbose_name = _("global goal")
        verbose_name_plural = _("global goals")
        constraints = [models.CheckConstraint(name="goal_is_one_of_17", condition=Q(number__range=(1, 17)))]

    def __str__(self) -> str:
        return f"{self.number}. {self.name_sv}"


class IcnptsoEntry(models.Model):
    """An entry of the international classification of non-profit and third sector organisations."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    title = models.CharField(_("title"), max_length=200)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("ICNP/TSO entry")
        verbose_name_plural = _("ICNP/TSO entries")
        constraints = [
            models.CheckConstraint(name="icnptso_code_form", condition=Q(code__regex=r"^[A-L]([0-9]{2})?$")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class TaxonomyVersion(models.Model):
    """The single row that tells every process whether its copy of the taxonomy is still the current one."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    version = models.UUIDField(_("version"))
    digest = models.CharField(_("fingerprint of the loaded data files"), max_length=64, blank=True)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("taxonomy version")
        verbose_name_plural = _("taxonomy versions")
        constraints = [models.CheckConstraint(name="taxonomyversion_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.version)
