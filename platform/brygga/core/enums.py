"""Small lists that every app shares."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Language(TextChoices):
    SWEDISH = "sv", _("Swedish")
    ENGLISH = "en", _("English")


class PublicationState(TextChoices):
    """Where a profile (initiative or support offer) is in its public life."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


NEXT_STATES: dict[PublicationState, frozenset[PublicationState]] = {
    PublicationState.DRAFT: frozenset({PublicationState.PUBLISHED}),
    PublicationState.PUBLISHED: frozenset({PublicationState.PAUSED, PublicationState.CLOSED}),
    PublicationState.PAUSED: frozenset({PublicationState.PUBLISHED, PublicationState.CLOSED}),
    PublicationState.CLOSED: frozenset({PublicationState.PUBLISHED}),
}
