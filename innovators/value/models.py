from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_day
from innovators.enums import ValueKind
from innovators.querysets import KeptQuerySet
from innovators.records.models import Kept, Record, record_constraints, removed_index
from innovators.value.numbers import written


class Indicator(Record):
    """Something that shows what the work leads to, in a unit of its own."""

    TEXTS = ("name", "unit", "how")
    CHANGEABLE = ("kind", "name", "unit", "how", "baseline", "target", "visibility")
    MOST = 30

    kind = models.CharField(_("kind of value"), max_length=20, choices=ValueKind)
    name = models.CharField(_("what is measured"), max_length=120)
    unit = models.CharField(_("unit"), max_length=40)
    how = models.TextField(_("how it is measured"), max_length=600, blank=True)
    # Null = not known, which is not the same as nought.
    baseline = models.DecimalField(
        _("from the start"), max_digits=15, decimal_places=3, null=True, blank=True
    )
    target = models.DecimalField(_("target"), max_digits=15, decimal_places=3, null=True, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            *record_constraints("indicator"),
            models.CheckConstraint(condition=Q(kind__in=ValueKind.values), name="indicator_kind_known"),
        ]
        indexes = [
            models.Index(
                fields=["initiative", "id"],
                name="indicator_of_initiative",
                condition=Q(removed_at__isnull=True),
            ),
            removed_index("indicator"),
        ]

    def __str__(self) -> str:
        return self.name


class Measurement(Kept):
    """One number of an indicator on one day. Whoever sees the indicator sees it."""

    TEXTS = ("source",)
    CHANGEABLE = ("measured_on", "number", "source", "indicator")
    MOST = 3000

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measurements")
    measured_on = models.DateField(_("day"))
    number = models.DecimalField(_("number"), max_digits=15, decimal_places=3)
    source = models.CharField(_("where the number comes from"), max_length=300, blank=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        indexes = [
            models.Index(
                fields=["indicator", "measured_on", "id"],
                name="measurement_by_day",
                condition=Q(removed_at__isnull=True),
            ),
            removed_index("measurement"),
        ]

    def __str__(self) -> str:
        return f"{format_day(self.measured_on)}: {written(self.number)}"
