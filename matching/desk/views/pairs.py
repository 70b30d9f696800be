"""One initiative and one offer side by side, and "why do I not see …?"."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from brygga.core.http import SignedInRequest
from brygga.core.slots import fill
from funders.models import SupportOffer
from funders.selectors import giver_name
from funders.selectors import telling as offer_telling
from innovators.models import Initiative
from innovators.selectors import owner_name
from innovators.selectors import telling as initiative_telling
from matching.applying.selectors import choices_of, link_to_giver
from matching.desk import permissions, selectors
from matching.desk.cards import giver_tag, how_to_apply, is_asked_here
from matching.desk.comparison import (
    CRITERION_NAMES,
    REQUIREMENT_NAMES,
    Comparison,
    Said,
    is_told,
    overlapping_sentences,
    shown_verdict,
    weight_in_words,
)
from matching.desk.decided import standing_of, told_decisions
from matching.desk.views.finding import (
    own_initiative,
    own_offer,
    visible_case,
    visible_offer,
)
from matching.engine.models import Match
from matching.engine.opened import is_unopened
from matching.engine.selectors import (
    MatchExplanation,
    Perspective,
    pair_explanation,
)
from matching.meeting.enums import Side
from matching.meeting.selectors import newest_introductions
from matching.unsuited.selectors import aside_of

LONGEST_QUESTION = 200


@never_cache
@require_safe
def for_initiative(request: SignedInRequest, initiative: str, offer: str) -> HttpResponse:
    """An offer beside one's own initiative: what fits, what is unclear, what does not fit."""
    mine = own_initiative(request.user, initiative)
    theirs = visible_offer(request.user, offer)
    return render(
        request,
        "matching/pair_for_initiative.html",
        {
            **_pair(mine, theirs, "initiative"),
            "is_unopened": is_unopened(mine, theirs, "initiative"),
            "apply_way": how_to_apply(theirs),
            "giver_tag": giver_tag(theirs),
            **_introduced(mine, theirs),
            "may_ask": is_asked_here(theirs)
            and Match.objects.current().filter(initiative=mine, offer=theirs).exists(),
            "can_change": permissions.can_write_for(request.user, mine.organisation_id),
            "choices": choices_of(theirs, [mine], request.user, timezone.localdate()),
            "link_text": link_to_giver(theirs),
            "unsuited": aside_of(mine, theirs),
        },
    )


@never_cache
@require_safe
def for_offer(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """An initiative beside one's own offer."""
    mine = own_offer(request.user, offer)
    theirs = visible_case(request.user, mine, initiative)
    fill("initiative_badges", [theirs], request)
    return render(
        request,
        "matching/pair_for_offer.html",
        {
            **_pair(theirs, mine, "offer"),
            "is_unopened": is_unopened(theirs, mine, "offer"),
            "entry": selectors.entries_of(mine, [theirs.pk]).get(theirs.pk),
            "introduction": newest_introductions(mine, [theirs.pk]).get(theirs.pk),
            "recusals": selectors.recusals_of(mine, [theirs.pk]).get(theirs.pk, []),
            "can_write": permissions.can_use_desk(request.user, mine),
            "next": request.path,
        },
    )


def _introduced(initiative: Initiative, offer: SupportOffer) -> dict[str, Any]:
    """Return where the two stand, for the initiative's people: the newest introduction and what followed."""
    found = newest_introductions(offer, [initiative.pk]).get(initiative.pk)
    if found is None:
        return {}
    return {"introduction": found, "standing": standing_of(found, Side.INITIATIVE, told_decisions([found]))}


def _pair(initiative: Initiative, offer: SupportOffer, perspective: Perspective) -> dict[str, Any]:
    now = timezone.now()
    why = pair_explanation(initiative, offer, perspective=perspective, now=now)
    comparison = Comparison(initiative, offer, timezone.localdate(now))
    is_seeker = perspective == "initiative"
    return {
        "initiative": initiative,
        "offer": offer,
        "initiative_told": initiative_telling(initiative),
        "offer_told": offer_telling(offer),
        "owner": owner_name(initiative.organisation),
        "giver": giver_name(offer.organisation),
        "why": why,
        "requirements": _requirement_rows(why, comparison, is_seeker=is_seeker) if why else [],
        "wishes": _wish_rows(why, comparison, is_seeker=is_seeker) if why else [],
        "missing": [one.sentence for one in why.criteria if one.verdict == "unclear"] if why else [],
        "overlap": _overlap(why, initiative, offer, is_seeker=is_seeker) if why else [],
        "shared_words": why.shared_words[0 if is_seeker else 1] if why else (),
    }


def _requirement_rows(
    why: MatchExplanation, comparison: Comparison, *, is_seeker: bool
) -> list[dict[str, Any]]:
    return [
        _row(
            REQUIREMENT_NAMES[one.requirement],
            comparison.requirement(one.requirement),
            one.verdict,
            one.sentence,
            is_seeker=is_seeker,
        )
        for one in why.requirements
    ]


def _wish_rows(why: MatchExplanation, comparison: Comparison, *, is_seeker: bool) -> list[dict[str, Any]]:
    return [
        _row(
            CRITERION_NAMES[one.criterion],
            comparison.criterion(one.criterion),
            shown_verdict(one.criterion, one.verdict),
            one.sentence,
            is_seeker=is_seeker,
        )
        | {"weight": weight_in_words(one.weight)}
        for one in sorted(why.criteria, key=lambda one: -one.weight)
        if is_told(one.criterion, one.verdict)
    ]


def _row(name: Any, said: Said, verdict: str, sentence: str, *, is_seeker: bool) -> dict[str, Any]:
    yours, theirs = (said.initiative, said.offer) if is_seeker else (said.offer, said.initiative)
    return {"criterion": name, "yours": yours, "theirs": theirs, "verdict": verdict, "note": f"{sentence}."}


def _overlap(
    why: MatchExplanation, initiative: Initiative, offer: SupportOffer, *, is_seeker: bool
) -> list[dict[str, Any]]:
    """Return the sentences of each side that use the shared words, one's own first."""
    words, their_words = why.shared_words
    written = "\n".join([initiative.change, initiative.description, initiative.who_affected])
    sides = [
        {
            "whose": _("You write") if is_seeker else _("They write"),
            "sentences": overlapping_sentences(written, words, initiative.language),
            "language": initiative.language,
        },
        {
            "whose": _("They write") if is_seeker else _("You write"),
            "sentences": overlapping_sentences(offer.description, their_words, offer.language),
            "language": offer.language,
        },
    ]
    if not is_seeker:
        sides.reverse()
    return sides if all(side["sentences"] for side in sides) else []
