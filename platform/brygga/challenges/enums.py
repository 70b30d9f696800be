from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from brygga.taxonomy.enums import OrganisationKind


class ChallengeState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Open")
    ENDED = "ended", _("Ended")


#: Who tells challenges: bodies that answer to the public.
PUBLIC_BODIES = frozenset(
    {
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.REGION,
        OrganisationKind.STATE_AGENCY,
        OrganisationKind.UNIVERSITY,
    }
)
