"""An adopter: an organisation without an idea of its own that wants to take up a proven one."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import Language, PublicationState
from brygga.core.identifiers import new_public_id
from brygga.organisations.models import Organisation
from innovators.adopting.enums import CAN_PUT_IN, Decides, Starts
from innovators.adopting.querysets import AdopterQuerySet

TITLE_LENGTH = 120
CHANGE_LENGTH = 600
TEXT_LENGTH = 1000
SHORT_TEXT_LENGTH = 600
MOST_CODES = 2
MOST_AREAS = 10


class Adopter(models.Model):
    """What one organisation wants to take up, for one need and in some places. It may have several.

    A draft may be empty. What is published has a name, the change that is wanted, a theme and a place.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="adopters")
    state = models.CharField(max_length=10, choices=PublicationState, default=PublicationState.DRAFT)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SWEDISH)
    title = models.CharField(_("name"), max_length=TITLE_LENGTH, blank=True)
    change = models.TextField(_("the change we want"), max_length=CHANGE_LENGTH, blank=True)
    theme_codes = ArrayField(models.CharField(max_length=60), verbose_name=_("themes"), default=list)
    target_group_codes = ArrayField(
        models.CharField(max_length=60), verbose_name=_("target groups"), default=list
    )
    area_codes = ArrayField(models.CharField(max_length=20), verbose_name=_("places"), default=list)
    who_we_are = models.TextField(_("who they are"), max_length=TEXT_LENGTH, blank=True)
    # Null = not known, [] = nothing of it.
    puts_in = ArrayField(
        models.CharField(max_length=20), verbose_name=_("what they can put in"), null=True, blank=True
    )
    amount_min = models.PositiveBigIntegerField(_("money at least, kronor"), null=True, blank=True)
    amount_max = models.PositiveBigIntegerField(_("money at most, kronor"), null=True, blank=True)
    decides = models.CharField(_("who decides"), max_length=20, choices=Decides, null=True, blank=True)
    starts = models.CharField(_("when they begin"), max_length=20, choices=Starts, null=True, blank=True)
    to_know = models.TextField(_("what they need to know first"), max_length=TEXT_LENGTH, blank=True)
    not_accepted = models.TextField(_("what they cannot accept"), max_length=SHORT_TEXT_LENGTH, blank=True)
    is_demo = models.BooleanField(_("demo"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = AdopterQuerySet.as_manager()

    class Meta:
        verbose_name = _("adopter")
        verbose_name_plural = _("adopters")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PublicationState.values), name="adopter_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=PublicationState.DRAFT) | Q(published_at__isnull=False),
                name="adopter_published_when",
            ),
            models.CheckConstraint(
                condition=Q(state=PublicationState.DRAFT)
                | (~Q(title="") & ~Q(change="") & ~Q(theme_codes=[]) & ~Q(area_codes=[])),
                name="adopter_published_is_told",
            ),
            models.CheckConstraint(
                condition=Q(puts_in__isnull=True) | Q(puts_in__contained_by=[str(one) for one in CAN_PUT_IN]),
                name="adopter_puts_in_known",
            ),
            models.CheckConstraint(
                condition=Q(decides__isnull=True) | Q(decides__in=Decides.values),
                name="adopter_decides_known",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(starts__in=Starts.values), name="adopter_starts_known"
            ),
            models.CheckConstraint(
                condition=Q(amount_min__isnull=True)
                | Q(amount_max__isnull=True)
                | Q(amount_max__gte=F("amount_min")),
                name="adopter_amounts_in_order",
            ),
        ]
        indexes = [
            models.Index(F("published_at").desc(), F("id").desc(), name="adopter_newest"),
            models.Index(fields=["organisation", "-changed_at"], name="adopter_of_organisation"),
            GinIndex(fields=["theme_codes"], name="adopter_themes"),
            GinIndex(fields=["area_codes"], name="adopter_areas"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("(no name yet)"))

    @property
    def is_draft(self) -> bool:
        return self.state == PublicationState.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == PublicationState.PUBLISHED
