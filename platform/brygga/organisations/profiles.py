"""What an initiative and a support offer have in common: an owner, a state, words and taxonomy codes."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import Language, PublicationState
from brygga.core.identifiers import new_public_id
from brygga.organisations.models import Organisation


def code_array(verbose_name: Any, length: int = 60, **options: Any) -> ArrayField[Any, Any]:
    """Return a field for taxonomy codes: null = not known, [] = said to be none or no restriction."""
    return ArrayField(
        models.CharField(max_length=length), verbose_name=verbose_name, null=True, blank=True, **options
    )


def word_array() -> ArrayField[Any, Any]:
    """Return a field for words that no taxonomy entry matches: kept, shown and counted as text."""
    return ArrayField(models.CharField(max_length=120), default=list, blank=True)


class Profile(models.Model):
    """Abstract ground of Initiative and SupportOffer. Codes are checked by services against the taxonomy."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=PublicationState, default=PublicationState.DRAFT
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SWEDISH)
    title = models.CharField(_("name"), max_length=120, blank=True)
    description = models.TextField(_("description"), max_length=6000, blank=True)
    title_second = models.CharField(_("name in the other language"), max_length=120, blank=True)
    summary_second = models.TextField(_("summary in the other language"), max_length=1000, blank=True)
    theme_codes = code_array(_("themes"))
    theme_words = word_array()
    target_group_codes = code_array(_("target groups"))
    target_group_words = word_array()
    process_parts = code_array(_("parts of the process"), 20)
    method_codes = code_array(_("methods"))
    method_words = word_array()
    innovation_kind_codes = code_array(_("kinds of innovation"))
    innovation_kind_words = word_array()
    driver_codes = code_array(_("drivers"))
    driver_words = word_array()
    forms_not_accepted = code_array(_("forms not accepted"), 30)
    area_codes = code_array(_("places"), 20)
    # Place names that resolve to no area, such as "Sjuhärad": shown, and make the verdict on place unclear.
    area_words = word_array()
    # Questions the owner has answered, "I don't know yet" included; the task list shows what is left.
    answered = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Rises by one at each change: a form that started from an older revision is shown the difference.
    revision = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    is_demo = models.BooleanField(_("demo"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title or str(_("(no name yet)"))

    @property
    def is_published(self) -> bool:
        return self.state == PublicationState.PUBLISHED


def profile_constraints(name: str) -> list[models.BaseConstraint]:
    """Return the constraints that hold for every profile, named for the table."""
    return [
        models.CheckConstraint(condition=Q(state__in=PublicationState.values), name=f"{name}_state_known"),
        models.CheckConstraint(condition=Q(language__in=Language.values), name=f"{name}_language_known"),
        models.CheckConstraint(
            condition=Q(state=PublicationState.DRAFT) | ~Q(title=""), name=f"{name}_public_has_title"
        ),
        models.CheckConstraint(
            condition=~Q(state=PublicationState.PUBLISHED) | Q(published_at__isnull=False),
            name=f"{name}_published_has_moment",
        ),
        models.CheckConstraint(
            condition=Q(process_parts__isnull=True)
            | Q(
                process_parts__contained_by=[
                    "understand",
                    "envision",
                    "mobilise",
                    "develop",
                    "realise",
                    "value",
                ]
            ),
            name=f"{name}_process_parts_known",
        ),
        models.UniqueConstraint(
            fields=["source", "source_id"], condition=~Q(source=""), name=f"{name}_source_once"
        ),
    ]
