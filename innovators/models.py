"""Initiatives: what people want to change, who they are and what they need.

What is written about the work as it goes on has folders of its own: `journal`, `value` and `spread`. So have those
who want to take up something proven: `adopting`.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brygga.organisations.heads import HeadsField
from brygga.organisations.models import Organisation
from brygga.organisations.profiles import Profile, code_array, profile_constraints, word_array
from brygga.taxonomy.enums import FormAfter, OrganisationKind, Participation, SupportKind
from innovators.adopting.models import Adopter
from innovators.enums import LegalEntity, Visibility
from innovators.handing_over.models import InitiativeHandover
from innovators.journal.models import JournalEntry
from innovators.pictures.models import InitiativePicture
from innovators.querysets import InitiativeQuerySet
from innovators.spread.models import SpreadRecord
from innovators.value.models import Indicator, Measurement

__all__ = [
    "Actor",
    "Adopter",
    "Indicator",
    "Initiative",
    "InitiativeContact",
    "InitiativeHandover",
    "InitiativePicture",
    "JournalEntry",
    "KeptDraft",
    "Measurement",
    "Need",
    "SpreadRecord",
]


class PublicAreas(models.Func):
    """Municipalities become their county when the place is coarsened; the function is in migration 0002."""

    function = "innovators_public_areas"
    arity = 2


class Initiative(Profile):
    """A social innovation, named so or not. `area_codes` says where it works."""

    CHANGE_LENGTH = 600

    change = models.TextField(_("the change we want"), max_length=CHANGE_LENGTH, blank=True)
    who_affected = models.TextField(_("who is affected"), max_length=2000, blank=True)
    participation = models.CharField(
        _("how they take part"), max_length=20, choices=Participation, null=True, blank=True
    )
    legal_entity = models.CharField(
        _("organisation number"), max_length=20, choices=LegalEntity, null=True, blank=True
    )
    started_on = models.DateField(_("started"), null=True, blank=True)
    spread_area_codes = code_array(_("places it may spread to"), 20)
    spread_area_words = word_array()
    spread_target_group_codes = code_array(_("target groups it may spread to"))
    spread_theme_codes = code_array(_("themes it may spread to"))
    # Why they say no to `forms_not_accepted`; nothing when they do not say.
    refusal_reasons = code_array(_("why they say no"), 20)
    form_after = models.CharField(
        _("form after the project"), max_length=20, choices=FormAfter, null=True, blank=True
    )
    # A pilot with figures, an evaluation, a letter of support: in their own words, never matched.
    evidence = models.TextField(_("what shows how far the work has come"), max_length=2000, blank=True)
    core = models.TextField(_("what must be kept"), max_length=2000, blank=True)
    adaptable = models.TextField(_("what may be adapted"), max_length=2000, blank=True)
    links = ArrayField(models.URLField(max_length=500), default=list, blank=True)
    visibility = models.CharField(
        _("who may see it"), max_length=20, choices=Visibility, default=Visibility.EVERYONE
    )
    shared_with = models.ManyToManyField(Organisation, blank=True, related_name="+")
    # Shown and matched by county only: shelters, protected identities.
    place_coarsened = models.BooleanField(_("show only the county"), default=False)
    # Where the public, matching, filters and exports may say that it works: never finer than the owner
    # allows. A generated column, so that no way of writing a row can forget it.
    public_area_codes = models.GeneratedField(
        expression=PublicAreas("area_codes", "place_coarsened"),
        output_field=ArrayField(models.TextField(), null=True),
        db_persist=True,
    )
    needs_stated = models.BooleanField(_("needs are stated"), default=False)
    # When its people last said that what it says still holds, and when they were last asked.
    looked_over_at = models.DateTimeField(null=True, blank=True)
    look_over_asked_at = models.DateTimeField(null=True, blank=True)
    # A form that is sent twice makes one initiative.
    creation_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    compound_heads = HeadsField(["title", "title_second", "change", "description", "summary_second"])
    search_swedish = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="swedish")
        + SearchVector("title_second", weight="A", config="swedish")
        + SearchVector("change", weight="B", config="swedish")
        + SearchVector("description", "summary_second", weight="C", config="swedish"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_english = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("title_second", weight="A", config="english")
        + SearchVector("change", weight="B", config="english")
        + SearchVector("description", "summary_second", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        constraints = [
            *profile_constraints("initiative"),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="initiative_visibility_known"
            ),
        ]
        indexes = [
            GinIndex(fields=["search_swedish"], name="initiative_search_swedish"),
            GinIndex(fields=["search_english"], name="initiative_search_english"),
            GinIndex(fields=["compound_heads"], name="initiative_compound_heads"),
            GinIndex(fields=["title"], name="initiative_title_trigram", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["theme_codes"], name="initiative_themes"),
            GinIndex(fields=["target_group_codes"], name="initiative_target_groups"),
            GinIndex(fields=["public_area_codes"], name="initiative_public_areas"),
            GinIndex(fields=["process_parts"], name="initiative_process_parts"),
            models.Index(
                fields=["-published_at", "-id"],
                name="initiative_public_newest",
                condition=Q(state="published", visibility="everyone"),
            ),
            # What the filters count by, in one narrow place: texts and search vectors make the rows wide.
            models.Index(
                fields=["organisation"],
                include=["public_area_codes", "theme_codes", "target_group_codes", "process_parts"],
                name="initiative_public_filters",
                condition=Q(state="published", visibility="everyone"),
            ),
        ]

    @property
    def awaits_looking_over(self) -> bool:
        """Whether its people have been asked if it still holds, and nobody has said anything since."""
        last = max(at for at in (self.changed_at, self.published_at, self.looked_over_at) if at is not None)
        return self.is_published and self.look_over_asked_at is not None and self.look_over_asked_at >= last

    @property
    def last_word_at(self) -> datetime:
        """When somebody last changed it or said that it holds."""
        return max(at for at in (self.changed_at, self.looked_over_at) if at is not None)

    @property
    def public_area_words(self) -> list[str]:
        """Place names without a code that strangers may read."""
        return [] if self.place_coarsened else list(self.area_words)


class Need(models.Model):
    """One kind of support that the initiative looks for."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="needs")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind of support"), max_length=20, choices=SupportKind)
    amount = models.PositiveBigIntegerField(_("amount, kronor"), null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "position"], name="need_position_once"),
            models.CheckConstraint(condition=Q(kind__in=SupportKind.values), name="need_kind_known"),
        ]
        indexes = [models.Index(fields=["kind", "initiative"], name="need_kind")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Actor(models.Model):
    """An organisation's or a person's role in an initiative, beside the owner who leads it."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="actors")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind, null=True, blank=True)
    role = models.CharField(_("role"), max_length=120, blank=True)
    # An individual's name is public only after that person has confirmed it.
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "position"], name="actor_position_once"),
            models.CheckConstraint(
                condition=Q(kind__isnull=True) | Q(kind__in=OrganisationKind.values), name="actor_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.public_name

    @property
    def public_name(self) -> str:
        """The name that strangers may read."""
        if self.kind == OrganisationKind.INDIVIDUAL and self.confirmed_at is None:
            return ""
        return self.name


class InitiativeContact(models.Model):
    """How to reach the people behind an initiative. Kept apart from what is public.

    Read only by the owner's own forms and by `matching.meeting` after both sides have said yes.
    `private_texts` holds what the owner wrote where contact details were masked in the public field.
    """

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    private_texts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("contact details")

    def __str__(self) -> str:
        return f"initiative {self.initiative_id}"


class KeptDraft(models.Model):
    """What a visitor asked us to save before they have an account. Kept for seven days at most.

    Known by a secret in the visitor's session, of which only a hash stands here, or by the address they
    then signed up or in with, of which only a keyed hash does: neither leads from the row to a person.
    """

    secret_hash = models.CharField(max_length=64, unique=True)
    address_mark = models.CharField(max_length=64, blank=True)
    # What `create_initiative` takes as changes, and the kind of the owner.
    answers = models.JSONField()
    owner_kind = models.CharField(max_length=30, choices=OrganisationKind, blank=True)
    language = models.CharField(max_length=2)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept draft")
        indexes = [
            models.Index(fields=["address_mark"], name="kept_draft_address", condition=~Q(address_mark="")),
            models.Index(fields=["created_at"], name="kept_draft_age"),
        ]

    def __str__(self) -> str:
        return f"kept draft {self.pk}"
