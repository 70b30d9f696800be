"""Who waits for a word: nobody who has asked for contact, or said yes to it, is put aside in silence."""

from __future__ import annotations

from django.db.models import QuerySet

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.meeting.enums import IntroductionState
from matching.meeting.models import Introduction


class WaitsForWord(Exception):
    """Somebody waits for an answer or a decision: `introduction` says on what."""

    def __init__(self, introduction: Introduction) -> None:
        self.introduction = introduction
        super().__init__(str(introduction))


def waiting_introduction(offer: SupportOffer, initiative: Initiative) -> Introduction | None:
    """Return the pair's question that waits for an answer, or the yes that waits for a decision."""
    return _open(offer, initiative).first()


def hold_nobody_waiting(offer: SupportOffer, initiative: Initiative) -> None:
    """Raise WaitsForWord if somebody does. A yes at this moment comes before or after the caller's transaction."""
    found = _open(offer, initiative).select_for_update(of=("self",)).first()
    if found is not None:
        raise WaitsForWord(found)


def _open(offer: SupportOffer, initiative: Initiative) -> QuerySet[Introduction]:
    open_states = [IntroductionState.ASKED, IntroductionState.ACCEPTED]
    return Introduction.objects.filter(offer=offer, initiative=initiative, state__in=open_states)
