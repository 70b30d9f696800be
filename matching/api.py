"""One's own matches for programs: with the numbers, and the reasons in both languages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from brygga.core.api import NUMBERED_PAGE_PARAMETERS, ApiView, Parameters, numbered_page_of
from brygga.core.api_documents import described, page_serializer
from brygga.organisations.models import Organisation
from brygga.users.enums import TokenScope
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine import selectors
from matching.engine.models import Match
from matching.kernel import codes

_VERDICTS = [("fits", "fits"), ("unclear", "a fact is missing"), ("does_not_fit", "does not fit")]


class MatchedProfileSerializer(serializers.Serializer[Any]):
    """One side of a match."""

    public_id = serializers.CharField()
    title = serializers.CharField()
    url = serializers.URLField()


class MatchCriterionSerializer(serializers.Serializer[Any]):
    """One wish: how well it is met, how much it weighs and what it added to the fit."""

    criterion = serializers.ChoiceField(choices=[(name, name) for name in codes.CRITERIA])
    verdict = serializers.CharField(help_text="`fits`, `unclear`, `does_not_fit` or `no_rule`.")
    value = serializers.FloatField(allow_null=True, help_text="0 to 1, or null where a fact is missing.")
    weight = serializers.FloatField()
    contribution = serializers.FloatField()
    reason_sv = serializers.CharField()
    reason_en = serializers.CharField()


class MatchRequirementSerializer(serializers.Serializer[Any]):
    """One hard rule."""

    requirement = serializers.ChoiceField(choices=[(name, name) for name in codes.REQUIREMENTS])
    verdict = serializers.ChoiceField(choices=_VERDICTS)
    reason_sv = serializers.CharField()
    reason_en = serializers.CharField()


class MatchSerializer(serializers.Serializer[Any]):
    """Why two may meet. `base` and the contributions of all criteria sum to `fit`."""

    initiative = MatchedProfileSerializer()
    offer = MatchedProfileSerializer()
    verdict = serializers.ChoiceField(choices=_VERDICTS)
    fit = serializers.FloatField(min_value=0, max_value=1)
    confidence = serializers.FloatField(
        min_value=0, max_value=1, help_text="How much is known, apart from fit."
    )
    band = serializers.ChoiceField(
        choices=[(name, name) for name in ("strong", "good", "possible")],
        help_text="In a word. While a rule is unclear, a match is possible and no more.",
    )
    base = serializers.FloatField()
    criteria = MatchCriterionSerializer(many=True)
    requirements = MatchRequirementSerializer(many=True)
    caveat_sv = serializers.CharField(allow_blank=True)
    caveat_en = serializers.CharField(allow_blank=True)
    scored_at = serializers.DateTimeField()


EXAMPLE = {
    "initiative": {
        "public_id": "k7m2qxw9ta",
        "title": "Lagningsverkstaden på torget",
        "url": "https://brygga.example/en/initiatives/k7m2qxw9ta/",
    },
    "offer": {
        "public_id": "w3f9hkq2mz",
        "title": "Bidrag till unga på väg in i arbetslivet",
        "url": "https://brygga.example/en/support/w3f9hkq2mz/",
    },
    "verdict": "unclear",
    "fit": 0.71,
    "confidence": 0.83,
    "band": "possible",
    "base": 0.41,
    "criteria": [
        {
            "criterion": "themes",
            "verdict": "fits",
            "value": 0.92,
            "weight": 0.2,
            "contribution": 0.3,
            "reason_sv": "Samma ämne: arbete",
            "reason_en": "Same theme: work",
        }
    ],
    "requirements": [
        {
            "requirement": "legal_entity",
            "verdict": "unclear",
            "reason_sv": "Kräver organisationsnummer – du har inte angett något",
            "reason_en": "Requires an organisation number – you have not stated one",
        }
    ],
    "caveat_sv": "Kräver organisationsnummer – du har inte angett något",
    "caveat_en": "Requires an organisation number – you have not stated one",
    "scored_at": "2026-03-02T10:00:00+01:00",
}
MatchPageSerializer = page_serializer("MatchPage", MatchSerializer)


class MatchesView(ApiView):
    """Matches of a profile of one's own organisation. To everybody else the profile has none to show."""

    scope = TokenScope.READ_MATCHES
    parameters = Parameters(*NUMBERED_PAGE_PARAMETERS)
    perspective: selectors.Perspective

    def answer(self, request: Request, matches: QuerySet[Match]) -> Response:
        page = numbered_page_of(request, matches, self.asked)
        rows = [self.row(match) for match in page.rows]
        return Response(
            {"count": page.count, "next": page.next, "results": MatchSerializer(rows, many=True).data}
        )

    def row(self, match: Match) -> dict[str, Any]:
        now = timezone.now()
        swedish = selectors.explain(match, "sv", self.perspective, now)
        english = selectors.explain(match, "en", self.perspective, now)
        return {
            "initiative": self.side(match.initiative, "innovators:detail"),
            "offer": self.side(match.offer, "funders:detail"),
            "verdict": swedish.verdict,
            "fit": swedish.fit,
            "confidence": swedish.confidence,
            "band": swedish.band,
            "base": swedish.base,
            "criteria": [
                {
                    "criterion": mine.criterion,
                    "verdict": mine.verdict,
                    "value": mine.value,
                    "weight": mine.weight,
                    "contribution": mine.contribution,
                    "reason_sv": mine.sentence,
                    "reason_en": other.sentence,
                }
                for mine, other in zip(swedish.criteria, english.criteria, strict=True)
            ],
            "requirements": [
                {
                    "requirement": mine.requirement,
                    "verdict": mine.verdict,
                    "reason_sv": mine.sentence,
                    "reason_en": other.sentence,
                }
                for mine, other in zip(swedish.requirements, english.requirements, strict=True)
            ],
            "caveat_sv": swedish.caveat,
            "caveat_en": english.caveat,
            "scored_at": match.scored_at,
        }

    def side(self, profile: Initiative | SupportOffer, page: str) -> dict[str, str]:
        address = self.request.build_absolute_uri(reverse(page, args=[profile.public_id]))
        return {"public_id": profile.public_id, "title": profile.title, "url": address}


@described(
    operation="initiative_matches",
    tag="matches",
    summary=_("The support that may fit one's own initiative, best first"),
    description=_("For members of its organisation. Sentences speak to the innovator."),
    answer=MatchPageSerializer,
    example={"count": 1, "next": None, "results": [EXAMPLE]},
    path={"public_id": _("The initiative's public id.")},
)
class InitiativeMatchesView(MatchesView):
    perspective = "initiative"

    def get(self, request: Request, public_id: str) -> Response:
        mine = Organisation.objects.of(request.user).values("pk")
        initiative = Initiative.objects.filter(organisation__in=mine, public_id=public_id).first()
        if initiative is None:
            raise Http404
        return self.answer(request, selectors.matches_for_initiative(initiative, request.user))


@described(
    operation="offer_matches",
    tag="matches",
    summary=_("The initiatives that may fit one's own offer, best first"),
    description=_("For members of its organisation. Sentences speak to the giver."),
    answer=MatchPageSerializer,
    example={"count": 1, "next": None, "results": [EXAMPLE]},
    path={"public_id": _("The offer's public id.")},
)
class OfferMatchesView(MatchesView):
    perspective = "offer"

    def get(self, request: Request, public_id: str) -> Response:
        mine = Organisation.objects.of(request.user).values("pk")
        offer = SupportOffer.objects.filter(organisation__in=mine, public_id=public_id).first()
        if offer is None:
            raise Http404
        return self.answer(request, selectors.matches_for_offer(offer, request.user))
