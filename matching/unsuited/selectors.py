"""Reads of what lies aside, for an initiative's own people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from funders.models import SupportOffer
from funders.selectors import telling
from innovators.models import Initiative
from matching.unsuited.models import Unsuited

if TYPE_CHECKING:
    from brygga.users.models import User

#: What the page after putting something aside tells, with a button that undoes it.
JUST_ASIDE = "support_just_put_aside"


@dataclass(frozen=True)
class JustAside:
    """What was put aside a moment ago, and where that is undone."""

    said: str
    undo: str


def lying_aside(initiative: Initiative, user: User) -> QuerySet[Unsuited]:
    """Return what an initiative has put aside and the user may see now, the last first."""
    return (
        Unsuited.objects.visible_to(user)
        .filter(
            initiative=initiative, offer__in=SupportOffer.objects.published().visible_to(user).values("pk")
        )
        .select_related("offer__organisation", "put_by")
        .defer("offer__search_swedish", "offer__search_english")
        .order_by("-put_at", "-pk")
    )


def aside_of(initiative: Initiative, offer: SupportOffer) -> Unsuited | None:
    """Return what is said of the pair, if it lies aside. One query."""
    return Unsuited.objects.filter(initiative=initiative, offer=offer).select_related("put_by").first()


def pop_just_aside(session: SessionBase, initiative: Initiative) -> JustAside | None:
    """Return what was just put aside, once. No query when nothing was."""
    mine, offer = session.get(JUST_ASIDE) or ("", "")
    if mine != initiative.public_id:
        return None
    del session[JUST_ASIDE]
    row = (
        Unsuited.objects.filter(initiative=initiative, offer__public_id=offer).select_related("offer").first()
    )
    if row is None:
        return None
    said = gettext("“%(title)s” is put aside. The giver is not told.") % {"title": telling(row.offer).title}
    return JustAside(said, reverse("matching:take-support-back", args=[mine, offer]))
