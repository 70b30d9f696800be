"""Initiatives that an adopter could take up, and adopters for an initiative that wants to spread.

The database chooses a few hundred, the kernel ranks them. Only what the reader may see is read; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from innovators.adopting.selectors import AdopterCard
from innovators.adopting.selectors import cards as adopter_cards
from innovators.models import Adopter, Initiative, Need, SpreadRecord
from innovators.selectors import InitiativeCard, cards, public_places, with_card_rows
from innovators.spread.lists import items_of
from matching.adopting.proofs import Proof, proofs_of
from matching.collaboration.selectors import by_theme, by_word
from matching.engine.selectors import current_run

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.engine.collection import Frozen
    from matching.kernel.facts import InitiativeFacts

SHOWN = 20
#: How many adopters the kernel looks at.
MOST_ADOPTERS = 300
#: Reasons on a card, and conditions to go through.
REASONS, CONDITIONS = 3, 12
MOST_WORDS = 8


@dataclass(frozen=True)
class Why:
    """What is told of one pair: reasons, and one thing to ask about or go through first."""

    reasons: tuple[str, ...]
    caveat: str
    score: float


@dataclass(frozen=True)
class Proven:
    """One initiative that an adopter could take up. `core`: what must stay the same, to go through."""

    card: InitiativeCard
    place: str
    why: Why
    core: list[str]


@dataclass(frozen=True)
class Wanting:
    """One adopter to whom an initiative could show how."""

    card: AdopterCard
    why: Why


def wants_to_spread() -> Q:
    """Return the condition that an initiative says in some way that others may do the same."""
    taken_up = SpreadRecord.objects.visible_to(AnonymousUser()).values("initiative")
    looking = Need.objects.filter(kind="mandate").values("initiative")
    return (
        Q(spread_area_codes__len__gt=0)
        | Q(spread_area_words__len__gt=0)
        | Q(spread_theme_codes__len__gt=0)
        | Q(spread_target_group_codes__len__gt=0)
        | ~Q(core="")
        | ~Q(adaptable="")
        | Q(pk__in=taken_up)
        | Q(pk__in=looking)
    )


def proven_for(adopter: Adopter, user: User | AnonymousUser, now: datetime) -> list[Proven] | None:
    """Return up to `SHOWN` initiatives that the user may see, best first; None before the first run.

    A constant number of queries whatever is found.
    """
    run = current_run()
    if run is None or run.analysis_id is None:
        return None
    # Late: scipy is loaded when somebody asks.
    from matching.engine.collection import frozen_for  # noqa: PLC0415 - as above
    from matching.engine.encoding import adopter_facts, read_initiatives  # noqa: PLC0415 - as above

    frozen, mine = frozen_for(run), adopter_facts(adopter)
    others = (
        Initiative.objects.published()
        .visible_to(user)
        .exclude(organisation=adopter.organisation_id)
        .filter(wants_to_spread(), _may_reach(adopter.area_codes, frozen))
    )
    chosen = dict.fromkeys([*by_theme(others, frozen, mine), *by_word(others, frozen, mine)])
    rows = list(read_initiatives(Initiative.objects.filter(pk__in=chosen), now))
    if not rows:
        return []
    proofs = proofs_of([row for row, _ in rows], user, now)
    found = _ranked(frozen, [(adopter, mine)], rows, proofs)
    shown = with_card_rows(Initiative.objects.filter(pk__in=[rows[place][0].pk for place, _ in found]))
    by_key = {card.initiative.pk: card for card in cards(shown)}
    return [
        Proven(
            card=by_key[row.pk],
            place=", ".join(public_places(row)[:2]),
            why=why,
            core=items_of(row.core)[:CONDITIONS],
        )
        for place, why in found
        for row in [rows[place][0]]
    ]


def adopters_for_initiative(
    initiative: Initiative, user: User | AnonymousUser, now: datetime
) -> list[Wanting] | None:
    """Return up to `SHOWN` published adopters to whose places it may spread, best first; None before the first run.

    A constant number of queries whatever is found.
    """
    run = current_run()
    if run is None or run.analysis_id is None:
        return None
    from matching.engine.collection import frozen_for  # noqa: PLC0415 - loads scipy
    from matching.engine.encoding import adopter_facts, read_initiatives  # noqa: PLC0415 - as above

    frozen = frozen_for(run)
    rows = list(read_initiatives(Initiative.objects.filter(pk=initiative.pk), now))
    if not rows:
        return []
    adopters = [(one, adopter_facts(one)) for one in _adopters(initiative, user, frozen, rows[0][1])]
    if not adopters:
        return []
    proofs = proofs_of([rows[0][0]], user, now)
    found = _ranked(frozen, adopters, rows, proofs, reader="initiative")
    shown = adopter_cards(adopters[place][0] for place, _ in found)
    return [Wanting(card, why) for card, (_, why) in zip(shown, found, strict=True)]


def _adopters(
    initiative: Initiative, user: User | AnonymousUser, frozen: Frozen, mine: InitiativeFacts
) -> QuerySet[Adopter]:
    """Return those that share a theme, a target group or a rare word, the newest."""
    from matching.kernel.collaboration import rare_words  # noqa: PLC0415 - loads scipy

    shared = Q(theme_codes__overlap=_related(frozen.trees.themes, mine.themes))
    shared |= Q(target_group_codes__overlap=list(mine.target_groups or ()))
    for word in rare_words(mine.document, frozen.analysis)[:MOST_WORDS]:
        shared |= Q(change__icontains=word) | Q(title__icontains=word)
    return (
        Adopter.objects.visible_to(user)
        .published()
        .exclude(organisation=initiative.organisation_id)
        .filter(shared)
        .select_related("organisation")
        .order_by("-published_at", "-pk")[:MOST_ADOPTERS]
    )


def _related(tree: Any, codes: Sequence[str] | None) -> list[str]:
    """Return codes with those above and below them."""
    own = [tree.index[code] for code in codes or () if code in tree.index]
    return [code for place, code in enumerate(tree.codes) if own and tree.related[own, place].any()]


def _may_reach(places: Sequence[str], frozen: Frozen) -> Q:
    """Return the condition that an initiative may spread to one of the places, is there, or has not said where."""
    if not places:
        return Q()
    areas = frozen.trees.areas
    near = _related(areas, places)
    around = [
        code
        for code in near
        if any(
            areas.distances[areas.index[place], areas.index[code]] >= 0
            for place in places
            if place in areas.index
        )
    ]
    unsaid = Q(spread_area_codes__isnull=True) | Q(spread_area_codes=[]) | Q(spread_area_words__len__gt=0)
    return unsaid | Q(spread_area_codes__overlap=near) | Q(public_area_codes__overlap=around)


def _ranked(
    frozen: Frozen,
    adopters: Sequence[tuple[Adopter, InitiativeFacts]],
    initiatives: Sequence[tuple[Initiative, InitiativeFacts]],
    proofs: Sequence[Proof],
    reader: str = "adopter",
) -> list[tuple[int, Why]]:
    """Return the best of the side that is many, as its places, with what is told of each to the other side."""
    import numpy as np  # noqa: PLC0415 - loads numpy and scipy

    from matching.engine.encoding import brought_by  # noqa: PLC0415 - as above
    from matching.kernel import codes  # noqa: PLC0415 - as above
    from matching.kernel.adopting import (  # noqa: PLC0415 - as above
        CONDITIONS as VERDICTS,
    )
    from matching.kernel.adopting import PROOFS, Receivers, Spreaders, adoptions, best  # noqa: PLC0415 - as above
    from matching.kernel.adopting_reasons import AdoptionFacts  # noqa: PLC0415 - as above
    from matching.kernel.arrays import encode_initiatives  # noqa: PLC0415 - as above

    brought = [brought_by(row) for row, _ in adopters]
    receivers = Receivers(
        encode_initiatives([facts for _, facts in adopters], frozen.trees),
        np.array([[kind in (one or ()) for kind in codes.SUPPORT_KINDS] for one in brought], dtype=bool),
        np.array([one is not None for one in brought], dtype=bool),
    )
    spreaders = Spreaders(
        encode_initiatives([facts for _, facts in initiatives], frozen.trees),
        np.array([[name in one.kinds for name in PROOFS] for one in proofs], dtype=bool),
        np.array([[kind in one.adopters for kind in codes.ORGANISATION_KINDS] for one in proofs], dtype=bool),
        np.array([bool(row.spread_area_words) for row, _ in initiatives], dtype=bool),
    )
    compared = adoptions(receivers, spreaders, frozen.analysis)
    many = initiatives if reader == "adopter" else adopters
    flat = len(many)
    order = best(
        compared.score.reshape(flat),
        compared.fits.reshape(flat),
        tuple(facts.key for _, facts in many),
        SHOWN,
    )
    verdicts = compared.conditions.reshape(flat, len(VERDICTS))
    found = []
    for place in order.tolist():
        mine = adopters[0 if reader == "adopter" else place]
        theirs = initiatives[place if reader == "adopter" else 0]
        facts = AdoptionFacts(
            verdicts=dict(zip(VERDICTS, verdicts[place].tolist(), strict=True)),
            proofs=proofs[place if reader == "adopter" else 0].kinds,
            brings=brought[0 if reader == "adopter" else place] or (),
            has_core=bool(items_of(theirs[0].core)),
        )
        score = float(compared.score.reshape(flat)[place])
        found.append((place, _in_words(frozen, mine[1], theirs[1], facts, reader, score)))
    return found


def _in_words(
    frozen: Frozen, mine: InitiativeFacts, theirs: InitiativeFacts, facts: Any, reader: str, score: float
) -> Why:
    from matching.engine.explaining import name_of  # noqa: PLC0415 - loads scipy
    from matching.kernel.adopting_reasons import (  # noqa: PLC0415 - as above
        adoption_reasons,
        adoption_sentence,
        caveat,
    )

    language = "en" if (get_language() or "sv").startswith("en") else "sv"
    reasons = adoption_reasons(
        mine, theirs, facts, reader=reader, taxonomy=frozen.trees.taxonomy, text=frozen.analysis.text
    )
    return Why(
        tuple(adoption_sentence(one, name_of, language, reader) for one in reasons[:REASONS]),
        adoption_sentence(caveat(theirs, facts), name_of, language, reader),
        score,
    )
