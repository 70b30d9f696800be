from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brygga.taxonomy.enums import OrganisationKind
from brygga.taxonomy.selectors import area_name
from innovators.records.models import Record, record_constraints, removed_index


class SpreadRecord(Record):
    """Somebody else has taken it up: where, who, when, and what they changed."""

    TEXTS = ("adopter", "place", "adapted")
    CHANGEABLE = (
        "adopter",
        "adopter_kind",
        "area_code",
        "place",
        "started_on",
        "adapted",
        "kept_words",
        "link",
        "visibility",
    )
    MOST = 300

    adopter = models.CharField(_("who has taken it up"), max_length=200, blank=True)
    adopter_kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind, null=True, blank=True)
    # A place that the taxonomy knows, or what people call it.
    area_code = models.CharField(_("place"), max_length=20, blank=True)
    place = models.CharField(_("place in words"), max_length=120, blank=True)
    started_on = models.DateField(_("when they began"), null=True, blank=True)
    adapted = models.TextField(_("what they changed"), max_length=2000, blank=True)
    # What must stay the same and they have kept, as it was worded then.
    kept_words = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("spread")
        verbose_name_plural = _("spread")
        constraints = [
            *record_constraints("spread"),
            models.CheckConstraint(
                condition=Q(adopter_kind__isnull=True) | Q(adopter_kind__in=OrganisationKind.values),
                name="spread_kind_known",
            ),
            models.CheckConstraint(condition=~Q(area_code="") | ~Q(place=""), name="spread_has_place"),
        ]
        indexes = [
            models.Index(
                fields=["initiative", "-started_on", "-id"],
                name="spread_newest",
                condition=Q(removed_at__isnull=True),
            ),
            removed_index("spread"),
        ]

    def __str__(self) -> str:
        return self.adopter or self.place or area_name(self.area_code)

    @property
    def public_adopter(self) -> str:
        """The name that strangers may read: a private person is not named by others."""
        return "" if self.adopter_kind == OrganisationKind.INDIVIDUAL else self.adopter
