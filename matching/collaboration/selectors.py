"""Other initiatives to do something together with, for one initiative and one reader.

The database chooses a few hundred that share a challenge, a theme or a rare word, the kernel ranks them. Only what the
reader may see is read; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from brygga.organisations.registration.search import text_query
from innovators.models import Initiative
from innovators.selectors import InitiativeCard, cards, public_places, with_card_rows
from matching.challenges.models import ChallengeAnswer
from matching.challenges.selectors import challenges_answered
from matching.engine.selectors import current_run

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.engine.collection import Frozen
    from matching.kernel.facts import InitiativeFacts

SHOWN = 20
#: How many the kernel looks at, by shared challenges, themes and rare words.
BY_CHALLENGE, BY_THEME, BY_WORD = 100, 200, 100
MOST_WORDS = 8
#: Reasons on a card.
REASONS = 3


@dataclass(frozen=True)
class Collaborator:
    """One other initiative and why."""

    card: InitiativeCard
    place: str
    reasons: tuple[str, ...]
    score: float


def collaborators_for(initiative: Initiative, user: User, now: datetime) -> list[Collaborator] | None:
    """Return up to `SHOWN` initiatives that the user may see, best first; None before the first run.

    Twelve queries at most, whatever the number, and less than a second's work at any size of the collection.
    """
    run = current_run()
    if run is None or run.analysis_id is None:
        return None
    # Late: scipy is loaded when somebody asks.
    import numpy as np  # noqa: PLC0415 - as above

    from matching.engine.collection import frozen_for  # noqa: PLC0415 - as above
    from matching.engine.encoding import read_initiatives  # noqa: PLC0415 - as above
    from matching.kernel.arrays import encode_initiatives  # noqa: PLC0415 - as above
    from matching.kernel.collaboration import CollaborationIndex, collaborators  # noqa: PLC0415 - as above

    frozen = frozen_for(run)
    mine = next(
        (facts for _, facts in read_initiatives(Initiative.objects.filter(pk=initiative.pk), now)), None
    )
    if mine is None:
        return []
    others = _others(initiative, user)
    same = by_challenge(initiative, others, user)
    chosen = dict.fromkeys([*same, *by_theme(others, frozen, mine), *by_word(others, frozen, mine)])
    rows = list(read_initiatives(Initiative.objects.filter(pk__in=chosen), now))
    if not rows:
        return []
    alone = encode_initiatives([mine], frozen.trees)
    index = CollaborationIndex(
        encode_initiatives([facts for _, facts in rows], frozen.trees), frozen.analysis
    )
    found = collaborators(alone, index, SHOWN, np.array([row.pk in same for row, _ in rows], dtype=bool))
    best = [rows[row] for row in np.asarray(found.rows).tolist()]
    return _in_words(frozen, mine, best, found.score.tolist(), same)


def _others(initiative: Initiative, user: User) -> QuerySet[Initiative]:
    return (
        Initiative.objects.published()
        .visible_to(user)
        .exclude(organisation=initiative.organisation_id)
        .exclude(pk=initiative.pk)
    )


def by_challenge(
    initiative: Initiative, others: QuerySet[Initiative], user: User
) -> dict[int, tuple[str, ...]]:
    """Return those that answer a public challenge which it answers too, by primary key with the challenges' titles.

    Of very many, those that answered last.
    """
    mine = {one.pk: one.title for one in challenges_answered([initiative], user).get(initiative.pk, ())}
    if not mine:
        return {}
    answers = (
        ChallengeAnswer.objects.standing()
        .filter(challenge__in=mine, initiative__in=others.order_by().values("pk"))
        .order_by("-added_at", "-pk")
    )
    found: dict[int, tuple[str, ...]] = {}
    for other, challenge in answers.values_list("initiative_id", "challenge_id")[:BY_CHALLENGE]:
        found[other] = (*found.get(other, ()), mine[challenge])
    return found


def by_theme(others: QuerySet[Initiative], frozen: Frozen, mine: InitiativeFacts) -> list[int]:
    """Return primary keys of those that share a theme, wider and narrower ones too: those that share most first."""
    tree = frozen.trees.themes
    own = [tree.index[code] for code in mine.themes or () if code in tree.index]
    if not own:
        return []
    reach = [code for place, code in enumerate(tree.codes) if tree.related[own, place].any()]
    shared = _weight("theme_codes", mine.themes or (), frozen.analysis.theme_idf) + _weight(
        "target_group_codes", mine.target_groups or (), frozen.analysis.target_group_idf
    )
    found = others.filter(theme_codes__overlap=reach).annotate(shared=shared)
    return list(found.order_by("-shared", "pk").values_list("pk", flat=True)[:BY_THEME])


def _weight(column: str, codes: tuple[str, ...], idf: Mapping[str, float]) -> Any:
    """Return the sum of how rare the shared codes are, as the database reckons it."""
    total: Any = Value(0.0, output_field=FloatField())
    for code in codes:
        total = total + Case(
            When(Q(**{f"{column}__contains": [code]}), then=Value(idf.get(code, 1.0))),
            default=Value(0.0),
            output_field=FloatField(),
        )
    return total


def by_word(others: QuerySet[Initiative], frozen: Frozen, mine: InitiativeFacts) -> list[int]:
    """Return primary keys of those that share a rare word: those that share most first."""
    from matching.kernel.collaboration import rare_words  # noqa: PLC0415 - loads scipy

    # Written into a query as they are, so letters and digits only.
    words = [word for word in rare_words(mine.document, frozen.analysis) if word.isalnum()][:MOST_WORDS]
    if not words:
        return []
    column, config = ("search_english", "english") if mine.language == "en" else ("search_swedish", "swedish")
    query = text_query(words, config, "|")
    found = others.filter(**{column: query}).annotate(
        rank=Coalesce(SearchRank(F(column), query), Value(0.0), output_field=FloatField())
    )
    return list(found.order_by("-rank", "pk").values_list("pk", flat=True)[:BY_WORD])


def _in_words(
    frozen: Frozen,
    mine: InitiativeFacts,
    best: list[tuple[Initiative, InitiativeFacts]],
    scores: list[float],
    same: Mapping[int, tuple[str, ...]],
) -> list[Collaborator]:
    from matching.engine.explaining import name_of  # noqa: PLC0415 - loads scipy
    from matching.kernel.collaboration_reasons import (  # noqa: PLC0415 - loads scipy
        collaboration_reasons,
        collaboration_sentence,
    )

    language = "en" if (get_language() or "sv").startswith("en") else "sv"
    rows = with_card_rows(Initiative.objects.filter(pk__in=[row.pk for row, _ in best]))
    by_key = {card.initiative.pk: card for card in cards(rows)}
    found = []
    for (row, facts), score in zip(best, scores, strict=True):
        reasons = collaboration_reasons(
            mine,
            facts,
            taxonomy=frozen.trees.taxonomy,
            text=frozen.analysis.text,
            challenges=same.get(row.pk, ()),
        )
        sentences = tuple(collaboration_sentence(reason, name_of, language) for reason in reasons[:REASONS])
        found.append(Collaborator(by_key[row.pk], ", ".join(public_places(row)[:2]), sentences, score))
    return found
