"""Organisations and who belongs to them. Every initiative and offer has an owner organisation."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.identifiers import new_public_id
from brygga.organisations.enums import MembershipRole
from brygga.organisations.querysets import OrganisationQuerySet
from brygga.organisations.verification.models import VerificationRequest
from brygga.taxonomy.enums import OrganisationKind

__all__ = ["Invitation", "Membership", "Organisation", "VerificationRequest"]


class Organisation(models.Model):
    """An actor that owns profiles: also an informal group or one person, made silently for them."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("name"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind of organisation"), max_length=30, choices=OrganisationKind, null=True, blank=True
    )
    # Ten digits without a dash; the form has checked it. A personal number is never stored.
    number = models.CharField(_("organisation number"), max_length=10, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    website = models.URLField(_("website"), blank=True)
    area_code = models.CharField(_("place"), max_length=20, blank=True)
    founded_on = models.DateField(_("founded"), null=True, blank=True)
    is_intermediary = models.BooleanField(_("intermediary"), default=False)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("verified by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # From this day all members sign in with two steps. Null = it is not asked for.
    two_steps_from = models.DateField(_("two-step sign-in from"), null=True, blank=True)
    is_demo = models.BooleanField(_("demo"), default=False)
    source = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="organisations"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(number="") | Q(number__regex=r"^[0-9]{2}[2-9][0-9]{7}$"),
                name="organisation_number_form",
            ),
            models.CheckConstraint(
                condition=Q(kind__isnull=True) | Q(kind__in=OrganisationKind.values),
                name="organisation_kind_known",
            ),
            # An import names its organisations; the same name from the same source is the same organisation.
            models.UniqueConstraint(
                "source", Lower("name"), condition=~Q(source=""), name="organisation_import_name"
            ),
        ]
        indexes = [
            GinIndex(fields=["name"], name="organisation_name_trigram", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["verified_at"], name="organisation_verified"),
        ]

    def __str__(self) -> str:
        return self.name or str(OrganisationKind(self.kind or OrganisationKind.INFORMAL_GROUP).label)

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class Membership(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=MembershipRole)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=MembershipRole.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role}"


class Invitation(models.Model):
    """An e-mailed invitation to join. The link's secret is stored as a hash only."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(_("role"), max_length=10, choices=MembershipRole)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                name="invitation_open_once",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(role__in=MembershipRole.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role}"


class WordsKnown(models.Model):
    """With which version of the words we know the compounds of a table's texts were last taken apart."""

    table = models.CharField(max_length=100, primary_key=True)
    version = models.CharField(max_length=64)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("words known when texts were read")
        verbose_name_plural = _("words known when texts were read")

    def __str__(self) -> str:
        return self.table
