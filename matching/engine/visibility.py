"""Who may see an initiative that is only for verified givers it fits."""

from __future__ import annotations

from django.db.models import F, Q

from brygga.core.enums import PublicationState
from brygga.organisations.querysets import OrganisationQuerySet
from matching.desk.enums import PICKED_OUT
from matching.desk.models import ShortlistEntry
from matching.engine.enums import Verdict
from matching.engine.models import Match


def fits_an_offer_of(organisations: OrganisationQuerySet) -> Q:
    """Initiatives that fit, without a doubt, an offer of one of the organisations that is verified.

    Who decides does so when the support has closed: what fitted its last day is seen until it changes, and what was
    picked out stays in sight.
    """
    givers = organisations.verified().values("pk")
    matches = Match.objects.current().filter(
        verdict=Verdict.FITS,
        offer__organisation__in=givers,
        offer__state=PublicationState.PUBLISHED,
    )
    last = Match.objects.filter(
        kept_at__gte=F("initiative__changed_at"), verdict=Verdict.FITS, offer__organisation__in=givers
    )
    picked_out = ShortlistEntry.objects.filter(stage__in=PICKED_OUT, offer__organisation__in=givers)
    return (
        Q(pk__in=matches.values("initiative"))
        | Q(pk__in=last.values("initiative"))
        | Q(pk__in=picked_out.values("initiative"))
    )
