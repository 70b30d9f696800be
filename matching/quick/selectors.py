"""What the quick match shows: the best offers with reasons, what would help, and the next best question.

Nothing of what somebody has written is stored, logged or kept in a cache here or below.
The kernel is imported when somebody first asks, or by the web process before that (`engine.warming`).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.utils import timezone

from funders.models import SupportOffer
from matching.answers import words
from matching.desk.cards import SupportCard, support_card
from matching.desk.comparison import REQUIREMENT_NAMES
from matching.engine.encoding import with_offer_facts
from matching.engine.selectors import MatchExplanation, current_run

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AnonymousUser

    from brygga.users.models import User
    from matching.engine.collection import Block
    from matching.engine.collection import Collection as Encoded
    from matching.kernel.facts import InitiativeFacts
    from matching.kernel.scoring import PreparedOffers
    from matching.quick.judging import Judged, Scored

logger = structlog.get_logger(__name__)
#: Cards on the page: about the same thing first, then of those open to many. Whoever saves sees all of them.
MOST_CLOSE, MOST_OTHERS = 6, 3
#: Without any about the same thing.
MOST_ALONE = 5
#: Asked for, so that there are enough when some have been taken away meanwhile or are about something else.
MOST_ASKED_FOR = 40
#: What tells that an offer is about the same thing, and not only open to whoever it may be.
SUBJECT = ("text", "themes", "target_groups", "history")
#: How much of the fit one of them must bring, beyond what it brings on the average.
CLEARLY = 0.02
#: Words that both texts must share for the reason to name them.
FEWEST_WORDS = 2
MOST_STEPS = 3
#: How long a process goes on with the list of offers it has. What is shown is read anew each time.
FRESH_SECONDS = 3.0


@dataclass(frozen=True)
class Step:
    """One change in words, and how many offers more it lets in."""

    sentence: str
    hint: str
    number: int


@dataclass(frozen=True)
class Asked:
    """The next best question: the form's field that answers it, and how many offers it is about."""

    field: str
    settles: int
    waiting: int


@dataclass(frozen=True)
class Found:
    """Everything the page tells.

    `close` are about what was written, `others` open to many; both best first. `possible` = offers that no
    rule stops, of `offers` that are open.
    """

    close: list[SupportCard] = field(default_factory=list)
    others: list[SupportCard] = field(default_factory=list)
    possible: int = 0
    offers: int = 0
    stops: list[tuple[str, int]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    question: Asked | None = None
    is_ready: bool = True

    @property
    def cards(self) -> list[SupportCard]:
        return [*self.close, *self.others]


def find_support(
    facts: InitiativeFacts,
    user: User | AnonymousUser,
    now: datetime,
    answerable: dict[str, str],
    answered: Collection[str] = (),
) -> Found:
    """Return what fits somebody who has said no more than this.

    `answerable` maps facts to the fields of the page that state them; those in `answered` are not asked
    about again. Queries: constant.
    """
    from matching.engine.collection import collection_for  # noqa: PLC0415 - loads scipy
    from matching.kernel.dense_folders import DenseModelError  # noqa: PLC0415 - as above
    from matching.quick.judging import judge  # noqa: PLC0415 - as above

    run = current_run()
    if run is None:
        return Found(is_ready=False)
    collection = collection_for(run, now)
    try:
        judged = judge(facts, _blocks(collection, now), collection.frozen, collection.day, MOST_ASKED_FOR)
    except DenseModelError as error:
        # For whoever runs the place; a visitor reads that the comparing is not ready.
        logger.error("dense_model_gone", reason=str(error))
        return Found(is_ready=False)
    counts = judged.counts
    close, others = _cards(judged, collection, user, now)
    return Found(
        close=close,
        others=others,
        possible=counts.fits + counts.unclear,
        offers=counts.pairs,
        stops=_stops(judged),
        steps=_steps(judged),
        question=_question(judged, answerable, answered),
    )


_lock = threading.Lock()
_kept: list[tuple[object, float, list[Any]]] = []


def _blocks(collection: Encoded, now: datetime) -> list[Block[PreparedOffers]]:
    """Return every offer that takes part, as of at most a few seconds ago."""
    with _lock:
        if not (_kept and _kept[0][0] is collection and time.monotonic() - _kept[0][1] < FRESH_SECONDS):
            _kept[:] = [(collection, time.monotonic(), collection.offers(now))]
        return _kept[0][2]


def forget() -> None:
    """Forget which offers this process has."""
    with _lock:
        _kept.clear()


def warm() -> None:
    """Have the offers in memory before the first visitor asks."""
    from matching.engine.collection import collection_for  # noqa: PLC0415 - loads scipy
    from matching.kernel.facts import InitiativeFacts  # noqa: PLC0415 - as above
    from matching.kernel.terms import TextDocument  # noqa: PLC0415 - as above
    from matching.quick.judging import judge  # noqa: PLC0415 - as above

    now = timezone.now()
    run = current_run()
    if run is not None:
        collection = collection_for(run, now)
        nobody = InitiativeFacts(key="", document=TextDocument(body="stöd till unga", language="sv"))
        judge(nobody, _blocks(collection, now), collection.frozen, collection.day, 1)


def _cards(
    judged: Judged, collection: Encoded, user: User | AnonymousUser, now: datetime
) -> tuple[list[SupportCard], list[SupportCard]]:
    """Read the best offers anew: only what is open and what this person may see, whatever was scored."""
    today = timezone.localdate(now)
    rows = with_offer_facts(
        SupportOffer.objects.open_on(today)
        .visible_to(user)
        .filter(pk__in=[scored.key for scored in judged.best])
    )
    offers = {row.pk: row for row in rows}
    close: list[SupportCard] = []
    others: list[SupportCard] = []
    for scored in judged.best:
        # Words take time: no more cards are written than may be shown, and a few that turn out to be others.
        may_be_close = len(close) < MOST_CLOSE and _is_clear(scored, collection)
        if scored.key not in offers or not (may_be_close or len(others) < MOST_ALONE):
            continue
        card = _card(scored, judged, collection, offers[scored.key], now)
        if may_be_close and _has_subject(card.why):
            close.append(card)
        elif len(others) < MOST_ALONE:
            others.append(card)
    return close, others[: min(MOST_OTHERS, MOST_CLOSE - len(close))] if close else others


def _is_clear(scored: Scored, collection: Encoded) -> bool:
    """Whether the two meet in what they are about, clearly more than offers do in general."""
    from matching.kernel import codes  # noqa: PLC0415 - with the kernel

    frozen = collection.frozen
    gain = frozen.weights.as_array() * (scored.values - frozen.analysis.mean_array())
    places = [codes.CRITERIA.index(name) for name in SUBJECT]
    return any(bool(scored.known[place]) and gain[place] >= CLEARLY for place in places)


def _has_subject(why: MatchExplanation) -> bool:
    """Whether it can be named what the two have in common."""
    tagged = (one for one in why.criteria if one.criterion in SUBJECT and one.criterion != "text")
    return len(why.shared_words[0]) >= FEWEST_WORDS or any(one.contribution >= CLEARLY for one in tagged)


def _card(
    scored: Scored, judged: Judged, collection: Encoded, offer: SupportOffer, now: datetime
) -> SupportCard:
    from matching.engine.explaining import explain_scored  # noqa: PLC0415 - loads scipy

    why = explain_scored(
        collection.frozen,
        judged.facts,
        offer,
        values=scored.values,
        known=scored.known,
        rules=scored.rules,
        verdict=scored.verdict,
        fit=scored.fit,
        confidence=scored.confidence,
        now=now,
    )
    return support_card(offer, why, timezone.localdate(now))


def _stops(judged: Judged) -> list[tuple[str, int]]:
    """Return the rules that stop most offers, with how many."""
    from matching.kernel import codes  # noqa: PLC0415 - with the kernel

    stops = judged.counts.stops
    by_number = sorted(range(len(codes.REQUIREMENTS)), key=lambda place: -int(stops[place]))
    return [
        (str(REQUIREMENT_NAMES[codes.REQUIREMENTS[place]]), int(stops[place]))
        for place in by_number[:MOST_STEPS]
        if stops[place]
    ]


def _steps(judged: Judged) -> list[Step]:
    """Return the changes that are theirs to make and let in most, one for each rule."""
    found: dict[str, Step] = {}
    for gain in sorted(judged.steps().gains, key=lambda one: -len(one.rows)):
        if gain.change.nature == "act" and gain.change.rule not in found:
            found[gain.change.rule] = Step(
                words.change_in_words(gain.change), words.hint_of(gain.change), len(gain.rows)
            )
    return list(found.values())[:MOST_STEPS]


def _question(judged: Judged, answerable: dict[str, str], answered: Collection[str]) -> Asked | None:
    for one in judged.questions():
        name = answerable.get(one.fact)
        if name is not None and name not in answered:
            return Asked(name, len(one.settles), len(one.waiting))
    return None
