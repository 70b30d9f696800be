"""Who may see an initiative that is only for verified givers it fits."""

from __future__ import annotations

from django.db.models import Q

from brygga.core.enums import PublicationState
from brygga.organisations.models import Organisation
from brygga.users.models import User
from matching.engine.enums import Verdict
from matching.engine.models import Match


def fits_an_offer_of(user: User) -> Q:
    """Initiatives that fit, without a doubt, an offer of a verified organisation the user belongs to."""
    givers = Organisation.objects.of(user).verified().values("pk")
    matches = Match.objects.current().filter(
        verdict=Verdict.FITS,
        offer__organisation__in=givers,
        offer__state=PublicationState.PUBLISHED,
    )
    return Q(pk__in=matches.values("initiative"))
