"""Why do I not see …? Any published profile of the other side, found by name and answered in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from funders.models import SupportOffer
from funders.selectors import giver_name
from funders.selectors import telling as offer_telling
from innovators.models import Initiative
from innovators.selectors import owner_name
from innovators.selectors import telling as initiative_telling
from matching.answers.too_low import last_place, too_low
from matching.desk.closed import last_matches_of
from matching.desk.comparison import CRITERION_NAMES, REQUIREMENT_NAMES, Comparison
from matching.desk.enums import DECIDED, PICKED_OUT, Stage
from matching.desk.models import Recusal, ShortlistEntry
from matching.desk.selectors import entries_of
from matching.desk.views.finding import MOST_FOUND, named_like, visible_initiatives, visible_offers
from matching.engine.models import Match, ProfileScoring
from matching.engine.selectors import (
    MatchExplanation,
    current_run,
    matches_for_initiative,
    matches_for_offer,
    scoring_status,
)
from matching.unsuited.models import Unsuited

if TYPE_CHECKING:
    from brygga.users.models import User

Row = dict[str, Any]

#: How alike a name must be to what was written, when nothing is called just that.
_ALIKE = 0.4
#: The best of a list, which the others are compared with.
_BEST = 5
#: By how much less a criterion must give than it gives the best, to be named.
_LESS = 0.01
MOST_NAMED = 3


def offers_asked_for(initiative: Initiative, user: User, text: str, now: datetime) -> tuple[list[Row], bool]:
    """Return what there is to say about offers with that name, and whether the names are only alike."""
    from matching.engine.encoding import with_initiative_facts, with_offer_facts  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain

    offers, is_guess = _found(with_offer_facts(visible_offers(user)), text)
    if not offers:
        return [], False
    mine = with_initiative_facts(Initiative.objects.all()).get(pk=initiative.pk)
    rows = _explained([mine], offers, "initiative", now)
    found = [
        {
            **_named(offer, offer_telling(offer), giver_name(offer.organisation)),
            "url": reverse("matching:pair-for-initiative", args=[initiative.public_id, offer.public_id]),
            **_judged(rows.get((initiative.pk, offer.pk)), mine, offer, now, is_seeker=True),
        }
        for offer in offers
    ]
    if initiative.is_published and _any_may_meet(found):
        places = _places(matches_for_initiative(initiative, user, now), "offer")
        _place_all(found, places, *_order(initiative, user, now))
    aside = Unsuited.objects.filter(initiative=initiative, offer__in=[row["pk"] for row in found])
    lying = {row.offer_id: row for row in aside.select_related("put_by")}
    for row in found:
        row["unsuited"] = lying.get(row["pk"])
    return found, is_guess


def initiatives_asked_for(
    offer: SupportOffer, user: User, text: str, now: datetime
) -> tuple[list[Row], bool]:
    """Return what there is to say about initiatives with that name, and whether names are only alike."""
    from matching.engine.encoding import with_initiative_facts, with_offer_facts  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain

    initiatives, is_guess = _found(
        with_initiative_facts(_not_aside(visible_initiatives(user), user, offer)), text
    )
    if not initiatives:
        return [], False
    mine = with_offer_facts(SupportOffer.objects.all()).get(pk=offer.pk)
    rows = _explained(initiatives, [mine], "offer", now)
    found = [
        {
            **_named(one, initiative_telling(one), owner_name(one.organisation)),
            "url": reverse("matching:pair-for-offer", args=[offer.public_id, one.public_id]),
            **_judged(rows.get((one.pk, offer.pk)), one, mine, now, is_seeker=False),
        }
        for one in initiatives
    ]
    last = last_matches_of(offer, now)
    if (offer.is_published or last) and _any_may_meet(found):
        # From what is stored: one offer against all texts would take long where there are many.
        aside = ShortlistEntry.objects.filter(offer=offer, stage=Stage.DISMISSED)
        listed = matches_for_offer(offer, user, now).exclude(initiative__in=aside.values("initiative"))
        _place_all(found, _places(listed, "initiative"), {}, _means(_stored(listed[:_BEST])))
        if last is None:
            _say_what_keeps_off(found, initiatives, mine, now)
    entries = entries_of(offer, [row["pk"] for row in found])
    for row in found:
        entry = entries.get(row["pk"])
        row["aside"] = entry if entry is not None and entry.stage == Stage.DISMISSED else None
        row["decided"] = entry if entry is not None and entry.stage in DECIDED else None
        row["picked_out"] = entry if entry is not None and entry.stage in PICKED_OUT else None
        row["closed"] = last
    return found, is_guess


def own_cases_aside(offer: SupportOffer, user: User) -> int:
    """Return from how many of an offer's cases the user stands aside, who therefore finds them nowhere. One query."""
    return Recusal.objects.filter(offer=offer, person=user).count()


def _say_what_keeps_off(
    found: Sequence[Row], initiatives: Sequence[Initiative], offer: SupportOffer, now: datetime
) -> None:
    """Say of each that fits and is not on the offer's list: not compared yet, or by how much its fit is too low."""
    run, last = current_run(), last_place(offer)
    waiting = {
        one.initiative_id
        for one in ProfileScoring.objects.filter(initiative__in=[row["pk"] for row in found])
        if one.is_under_way
    }
    is_offer_waiting = scoring_status(offer).is_under_way
    rows = {one.pk: one for one in initiatives}
    for row in found:
        why = row["why"]
        if row["is_listed"] or run is None or why is None or not why.may_meet:
            continue
        row["is_under_way"] = is_offer_waiting or row["pk"] in waiting
        if last is not None and why.fit <= last.fit:
            row["too_low"] = too_low(why, rows[row["pk"]], offer, last, run, timezone.localdate(now))


def _named(profile: Initiative | SupportOffer, told: Any, owner: str) -> Row:
    return {"pk": profile.pk, "title": told.title, "language": told.language, "owner": owner}


def _judged(
    why: MatchExplanation | None,
    initiative: Initiative,
    offer: SupportOffer,
    now: datetime,
    *,
    is_seeker: bool,
) -> Row:
    """Return what the rules say of a pair, and room for the place it has among the others."""
    return {
        "why": why,
        "rules": _rules(why, initiative, offer, now, is_seeker=is_seeker),
        "is_listed": False,
        "place": None,
        "total": 0,
        "lower": [],
        "is_under_way": False,
        "too_low": None,
    }


def _not_aside(initiatives: QuerySet[Initiative], user: User, offer: SupportOffer) -> QuerySet[Initiative]:
    return initiatives.exclude(pk__in=Recusal.objects.initiatives_hidden_from(user, offer))


def _found(profiles: QuerySet[Any], text: str) -> tuple[list[Any], bool]:
    named = named_like(profiles, text)
    if named:
        return named, False
    alike = (
        profiles.annotate(alike=TrigramWordSimilarity(text, "title"))
        .filter(alike__gte=_ALIKE)
        .order_by("-alike", "title", "pk")
    )
    return list(alike[:MOST_FOUND]), True


def _explained(
    initiatives: Sequence[Initiative], offers: Sequence[SupportOffer], perspective: Any, now: datetime
) -> dict[tuple[int, int], MatchExplanation]:
    from matching.engine.explaining import explain_pairs  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain

    run = current_run()
    return {} if run is None else explain_pairs(run, initiatives, offers, None, perspective, now)


def _rules(
    why: MatchExplanation | None,
    initiative: Initiative,
    offer: SupportOffer,
    now: datetime,
    *,
    is_seeker: bool,
) -> list[dict[str, Any]]:
    """Return the rules that stop the pair, with the facts of both sides."""
    comparison = Comparison(initiative, offer, timezone.localdate(now))
    told = []
    for rule in why.broken if why else ():
        said = comparison.requirement(rule.requirement)
        mine, theirs = (said.initiative, said.offer) if is_seeker else (said.offer, said.initiative)
        told.append(
            {
                "name": REQUIREMENT_NAMES[rule.requirement],
                "sentence": rule.sentence,
                "yours": mine,
                "theirs": theirs,
            }
        )
    return told


def _places(matches: QuerySet[Match], side: str) -> dict[int, int]:
    """Return, by primary key, which place each has in the list that the person sees."""
    keys = matches.select_related(None).prefetch_related(None).values_list(side, flat=True)
    return {key: place for place, key in enumerate(keys, start=1)}


def _any_may_meet(found: Sequence[Row]) -> bool:
    return any(row["why"] is not None and row["why"].may_meet for row in found)


def _order(initiative: Initiative, user: User, now: datetime) -> tuple[dict[int, int], dict[str, float]]:
    """Return every eligible offer's place, and what the best of them get from each criterion."""
    import numpy as np  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain

    from matching.answers.against import offers_against  # noqa: PLC0415 - as above
    from matching.kernel import codes  # noqa: PLC0415 - as above

    against = offers_against(initiative, user, now)
    if against is None:
        return {}, {}
    eligible = against.best_first(np.flatnonzero(against.may_meet))
    order = {int(against.keys[row]): place for place, row in enumerate(eligible, start=1)}
    best = [
        dict(zip(codes.CRITERIA, against.contributions[row].tolist(), strict=True))
        for row in eligible[:_BEST]
    ]
    return order, _means(best)


def _stored(matches: QuerySet[Match]) -> list[dict[str, float]]:
    """Return what stored matches get from each criterion. One query."""
    from matching.engine.collection import frozen_by  # noqa: PLC0415 - the kernel loads scipy: only when asked to explain
    from matching.engine.storing import unpack  # noqa: PLC0415 - as above
    from matching.kernel import codes  # noqa: PLC0415 - as above

    given = []
    for match in matches.select_related(None).prefetch_related(None):
        frozen = frozen_by(match.analysis_id)
        numbers = unpack(match.numbers, match.rules, frozen.analysis, frozen.weights)
        given.append(dict(zip(codes.CRITERIA, numbers.contributions, strict=True)))
    return given


def _given(why: MatchExplanation) -> dict[str, float]:
    return {one.criterion: one.contribution for one in why.criteria}


def _means(given: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: sum(one[name] for one in given) / len(given) for name in given[0]} if given else {}


def _place_all(
    found: Sequence[Row], places: dict[int, int], order: dict[int, int], best: dict[str, float]
) -> None:
    """Say where each that fits stands: in the list, or in the whole order, and what the best have more of."""
    for row in found:
        if row["why"] is None or not row["why"].may_meet:
            continue
        row["is_listed"] = row["pk"] in places
        row["total"] = len(places) if row["is_listed"] else len(order)
        row["place"] = places.get(row["pk"], order.get(row["pk"]))
        if row["place"] != 1:
            mine = _given(row["why"])
            less = sorted(((best[name] - mine.get(name, 0.0), name) for name in best), reverse=True)
            names = [name for amount, name in less if amount > _LESS][:MOST_NAMED]
            row["lower"] = [str(CRITERION_NAMES[name]) for name in names]
