"""A challenge: what a public body cannot solve alone, told in public so that others can answer."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.challenges.enums import ChallengeState
from brygga.challenges.querysets import ChallengeQuerySet
from brygga.core.enums import Language
from brygga.core.identifiers import new_public_id
from brygga.organisations.models import Organisation

TITLE_LENGTH = 120
TEXT_LENGTH = 2000
WISH_LENGTH = 1000


class Challenge(models.Model):
    """Owned by an organisation. It is about a subject, a place, or both; published ones name at least one."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="challenges")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    text = models.TextField(_("what is the challenge"), max_length=TEXT_LENGTH)
    wish = models.TextField(_("what is wished for"), max_length=WISH_LENGTH, blank=True)
    theme_code = models.CharField(_("subject"), max_length=40, blank=True)
    area_code = models.CharField(_("place"), max_length=20, blank=True)
    website = models.URLField(_("read more"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SWEDISH)
    state = models.CharField(max_length=10, choices=ChallengeState, default=ChallengeState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ChallengeState.values), name="challenge_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ChallengeState.DRAFT) | Q(published_at__isnull=False),
                name="challenge_published_when",
            ),
            models.CheckConstraint(
                condition=Q(state=ChallengeState.ENDED, ended_at__isnull=False)
                | (~Q(state=ChallengeState.ENDED) & Q(ended_at__isnull=True)),
                name="challenge_ended_when",
            ),
            models.CheckConstraint(
                condition=Q(state=ChallengeState.DRAFT) | ~Q(theme_code="") | ~Q(area_code=""),
                name="challenge_about_something",
            ),
        ]
        indexes = [
            models.Index(F("published_at").desc(), F("id").desc(), name="challenge_newest"),
            models.Index(fields=["organisation", "-published_at"], name="challenge_of_organisation"),
            GinIndex(fields=["title"], name="challenge_title_trigram", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether somebody can still answer it."""
        return self.state == ChallengeState.PUBLISHED

    @property
    def is_draft(self) -> bool:
        return self.state == ChallengeState.DRAFT
