"""Who answers a challenge, and what a profile answers, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from brygga.challenges.models import Challenge
from brygga.organisations.models import Organisation
from brygga.organisations.permissions import can_write_for
from brygga.users.models import User
from funders import selectors as funders
from funders.models import SupportOffer
from innovators import selectors as innovators
from innovators.models import Initiative
from matching.challenges.models import ChallengeAnswer

Card = TypeVar("Card")
#: Answers of each kind on a challenge's page, the newest.
MOST_SHOWN = 50


@dataclass(frozen=True)
class Answers:
    """Who answers a challenge. The cards' `number` leads to taking the answer away."""

    initiatives: list[tuple[innovators.InitiativeCard, int]]
    offers: list[tuple[funders.OfferCard, int]]
    number_of_initiatives: int
    number_of_offers: int
    #: Taken away by the challenge's people: for them all of these, for others their own.
    removed: list[ChallengeAnswer]


def answers_of(challenge: Challenge, user: User | AnonymousUser, today: date) -> Answers:
    """Return what the user may see of those who answer. A constant number of queries."""
    visible = ChallengeAnswer.objects.visible_to(user).filter(challenge=challenge)
    standing = visible.standing()
    of_initiatives = standing.filter(initiative__isnull=False)
    of_offers = standing.filter(offer__isnull=False)
    initiatives = _numbers(of_initiatives, "initiative")
    offers = _numbers(of_offers, "offer")
    initiative_cards = innovators.cards(
        innovators.with_card_rows(Initiative.objects.filter(pk__in=initiatives))
    )
    offer_cards = funders.cards(funders.with_card_rows(SupportOffer.objects.filter(pk__in=offers)), today)
    return Answers(
        initiatives=_in_order([(card, initiatives[card.initiative.pk]) for card in initiative_cards]),
        offers=_in_order([(card, offers[card.offer.pk]) for card in offer_cards]),
        number_of_initiatives=of_initiatives.count() if len(initiatives) == MOST_SHOWN else len(initiatives),
        number_of_offers=of_offers.count() if len(offers) == MOST_SHOWN else len(offers),
        removed=_removed(visible, challenge, user),
    )


def _removed(
    visible: QuerySet[ChallengeAnswer], challenge: Challenge, user: User | AnonymousUser
) -> list[ChallengeAnswer]:
    if not user.is_authenticated:
        return []
    removed = visible.filter(removed_at__isnull=False)
    if not can_write_for(user, challenge.organisation_id):
        mine = Organisation.objects.of(user).values("pk")
        removed = removed.filter(Q(initiative__organisation__in=mine) | Q(offer__organisation__in=mine))
    rows = removed.select_related("initiative__organisation", "offer__organisation")
    return list(rows.order_by("-removed_at", "-pk")[:MOST_SHOWN])


def _numbers(answers: QuerySet[ChallengeAnswer], side: str) -> dict[int, int]:
    """Return the answers' own numbers by that of the profile, of the newest."""
    newest = answers.order_by("-added_at", "-pk")[:MOST_SHOWN]
    return dict(newest.values_list(f"{side}_id", "pk"))


def _in_order(rows: list[tuple[Card, int]]) -> list[tuple[Card, int]]:
    return sorted(rows, key=lambda row: -row[1])


def challenges_answered(
    profiles: Sequence[Initiative | SupportOffer], user: User | AnonymousUser
) -> dict[int, list[Challenge]]:
    """Return, for profiles of one kind, the public challenges that each answers, the newest answer first. One query."""
    side = "initiative" if profiles and isinstance(profiles[0], Initiative) else "offer"
    found: dict[int, list[Challenge]] = {}
    answers = (
        ChallengeAnswer.objects.standing()
        .filter(
            **{f"{side}__in": [one.pk for one in profiles]},
            challenge__in=Challenge.objects.visible_to(user).public().values("pk"),
        )
        .select_related("challenge__organisation")
        .order_by("-added_at", "-pk")
    )
    for answer in answers:
        found.setdefault(getattr(answer, f"{side}_id"), []).append(answer.challenge)
    return found


def answers_at_hand(path: str = "") -> Prefetch[Any]:
    """Bring along what profiles at `path` answer, the newest first: one query, and then `public_challenges`."""
    newest = ChallengeAnswer.objects.public().select_related("challenge").order_by("-added_at", "-pk")
    return Prefetch(f"{path}challenge_answers", newest, to_attr="public_answers")


def public_challenges(profile: Any) -> list[Challenge]:
    """Return the public challenges that an initiative or an offer answers, the newest first, at hand or asked for."""
    if not hasattr(profile, "public_answers"):
        prefetch_related_objects([profile], answers_at_hand())
    return [answer.challenge for answer in profile.public_answers]


def may_answer_with(user: User, challenge: Challenge) -> tuple[list[Initiative], list[SupportOffer]]:
    """Return what the user writes for, is published and does not answer the challenge yet."""
    mine = Organisation.objects.writable_by(user).values("pk")
    answered = ChallengeAnswer.objects.filter(challenge=challenge)
    initiatives = Initiative.objects.published().filter(organisation__in=mine)
    offers = SupportOffer.objects.published().filter(organisation__in=mine)
    return (
        list(
            initiatives.exclude(pk__in=answered.filter(initiative__isnull=False).values("initiative"))
            .select_related("organisation")
            .order_by("-changed_at", "-pk")[:MOST_SHOWN]
        ),
        list(
            offers.exclude(pk__in=answered.filter(offer__isnull=False).values("offer"))
            .select_related("organisation")
            .order_by("-changed_at", "-pk")[:MOST_SHOWN]
        ),
    )
