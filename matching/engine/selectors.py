"""Reads for pages and programs: lists of matches, why they are there, and what is under way.

Only what both sides may read of each other. The kernel, which loads scipy, is imported when a reason
is first put into words and not when a web process starts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.awards.selectors import past_support
from matching.challenges.selectors import answers_at_hand
from matching.desk.models import Recusal
from matching.engine.models import Match, MatchRun, ProfileScoring
from matching.unsuited.models import Unsuited

if TYPE_CHECKING:
    from brygga.users.models import User

Perspective = Literal["initiative", "offer"]


@dataclass(frozen=True)
class CriterionResult:
    """One wish: `value` is None where it is not known, and then `contribution` is 0."""

    criterion: str
    verdict: str
    value: float | None
    weight: float
    contribution: float
    sentence: str


@dataclass(frozen=True)
class RequirementResult:
    """One rule. `verdict`: fits, unclear or does_not_fit."""

    requirement: str
    verdict: str
    sentence: str


@dataclass(frozen=True)
class MatchExplanation:
    """Why a pair is where it is. `base` and the contributions sum to `fit`.

    `band` is strong, good or possible and `share` (0 to 1) how long its bar is. `criteria` stand in the
    kernel's order; `requirements` are those that have a rule. Sentences have no full stop.
    """

    verdict: str
    fit: float
    base: float
    confidence: float
    band: str
    share: float
    confidence_words: str
    reasons: tuple[str, ...]
    caveat: str
    criteria: tuple[CriterionResult, ...]
    requirements: tuple[RequirementResult, ...]
    # The words that make the texts alike, as the initiative and as the offer writes them.
    shared_words: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def may_meet(self) -> bool:
        """Whether no rule is broken."""
        return self.verdict != "does_not_fit"

    @property
    def broken(self) -> tuple[RequirementResult, ...]:
        """The rules that stop the pair."""
        return tuple(rule for rule in self.requirements if rule.verdict == "does_not_fit")


@dataclass(frozen=True)
class HowWell:
    """How well a stored match fits, without why: `band` and `share` as in `MatchExplanation`."""

    fit: float
    band: str
    share: float


@dataclass(frozen=True)
class ScoringStatus:
    """Is a profile's list of matches up to date?"""

    is_under_way: bool
    asked_at: datetime | None
    done_at: datetime | None
    has_run: bool


def current_run() -> MatchRun | None:
    """Return the published run that pages read."""
    return MatchRun.objects.filter(is_current=True).first()


def matches_for_initiative(
    initiative: Initiative, user: User | AnonymousUser, now: datetime | None = None
) -> QuerySet[Match]:
    """Return the initiative's matches with offers that are open today, best first; not what its people put aside.

    What `explain` reads comes along: five queries for any number of rows.
    """
    offers = SupportOffer.objects.open_on(timezone.localdate(now)).filter(
        pk__in=SupportOffer.objects.visible_to(user).values("pk")
    )
    rows = (
        _current()
        .filter(initiative=initiative, offer__in=offers.values("pk"))
        .exclude(offer__in=Unsuited.objects.offers_of(initiative))
    )
    return for_explaining(rows).order_by("-fit", "offer__public_id")


def matches_for_offer(
    offer: SupportOffer, user: User | AnonymousUser, now: datetime | None = None
) -> QuerySet[Match]:
    """Return the offer's matches with initiatives that the user may see, best first.

    An offer that is not open any more keeps the last that it had. Cases that the user stands aside from are left
    out. What `explain` reads comes along.
    """
    return matches_for_offers([offer.pk], user, now)


def matches_for_offers(
    offers: Iterable[int], user: User | AnonymousUser, now: datetime | None = None
) -> QuerySet[Match]:
    """Return the matches of several offers, by key, as `matches_for_offer` returns those of one."""
    initiatives = Initiative.objects.published().filter(
        pk__in=Initiative.objects.visible_to(user).values("pk")
    )
    rows = Match.objects.shown_to_givers().filter(
        ~Recusal.objects.of_pair(user), offer__in=list(offers), initiative__in=initiatives.values("pk")
    )
    return for_explaining(rows).order_by("-fit", "initiative__public_id")


def own_matches(user: User | AnonymousUser, now: datetime | None = None) -> QuerySet[Match]:
    """Return the matches of every initiative and offer of the user's organisations, best first."""
    if not user.is_authenticated:
        return Match.objects.none()
    mine = Organisation.objects.of(user).values("pk")
    seen = Initiative.objects.published().filter(pk__in=Initiative.objects.visible_to(user).values("pk"))
    offers = SupportOffer.objects.open_on(timezone.localdate(now))
    rows = (
        _current()
        .filter(
            Q(~Unsuited.objects.of_pair(), initiative__organisation__in=mine)
            | Q(~Recusal.objects.of_pair(user), offer__organisation__in=mine)
        )
        .filter(initiative__in=seen.values("pk"), offer__in=offers.values("pk"))
    )
    return for_explaining(rows).order_by("-fit", "pk")


def _current() -> QuerySet[Match]:
    return Match.objects.current()


def for_explaining(rows: QuerySet[Match]) -> QuerySet[Match]:
    """Bring along what `explain` reads."""
    unread = ("search_swedish", "search_english")
    return (
        rows.select_related("initiative__organisation", "offer__organisation")
        .defer(
            *(f"initiative__{name}" for name in unread),
            *(f"offer__{name}" for name in unread),
        )
        .prefetch_related(
            "initiative__needs",
            "initiative__actors",
            "offer__support",
            *past_support("offer__"),
            answers_at_hand("initiative__"),
            answers_at_hand("offer__"),
        )
    )


def explain(
    match: Match,
    language: str | None = None,
    perspective: Perspective = "initiative",
    now: datetime | None = None,
) -> MatchExplanation:
    """Put a stored match into words, from its own numbers and both sides' facts.

    No query for matches from the lists above, but for the run's analysis the first time.
    """
    from matching.engine import explaining  # noqa: PLC0415 - loads scipy

    return explaining.explain_match(match, language, perspective, now or timezone.now())


def how_well(match: Match) -> HowWell:
    """Say how well a stored match fits: for tables that do not say why. Reads nothing of the two sides."""
    from matching.engine import explaining  # noqa: PLC0415 - loads scipy

    return explaining.how_well(match)


def pair_explanation(
    initiative: Initiative,
    offer: SupportOffer,
    language: str | None = None,
    perspective: Perspective = "initiative",
    now: datetime | None = None,
) -> MatchExplanation | None:
    """Explain any pair, also one that is no match or not among the best: "why do I not see X?".

    Scored now, with the current run's frozen analysis, so a stored pair gets the very same numbers. To the giver
    nothing ceases to fit because the time to apply has passed. None when nothing has been matched yet.
    """
    from matching.engine import explaining  # noqa: PLC0415 - loads scipy

    run = current_run()
    if run is None:
        return None
    return explaining.explain_any(run, initiative, offer, language, perspective, now or timezone.now())


def scoring_status(profile: Initiative | SupportOffer) -> ScoringStatus:
    """Say whether a profile's matches are being renewed. Two queries."""
    side = {"initiative": profile.pk} if isinstance(profile, Initiative) else {"offer": profile.pk}
    scoring = ProfileScoring.objects.filter(**side).first()
    has_run = MatchRun.objects.filter(is_current=True).exists()
    if scoring is None:
        return ScoringStatus(False, None, None, has_run)
    return ScoringStatus(scoring.is_under_way, scoring.asked_at, scoring.done_at, has_run)
