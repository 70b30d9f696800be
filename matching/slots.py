"""What matching adds to pages below: ways to one's matches, questions that wait, weights, figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from brygga.organisations.permissions import is_member
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.enums import Stage
from matching.desk.models import Recusal, ShortlistEntry
from matching.desk.selectors import givers_of
from matching.engine.models import Match, MatchSuggestion
from matching.meeting.conversation.selectors import unread_numbers
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import Introduction
from matching.meeting.proposing.models import Proposal
from matching.offering.selectors import begun_for
from matching.public import figures, rules
from matching.public import selectors as public
from matching.quick.slots import start_question
from matching.unsuited.models import Unsuited

MOST_AT_HOME = 5
MOST_ON_OFFER = 3


def connect() -> None:
    """Hang everything up; doing it again changes nothing."""
    from brygga.core.slots import register  # noqa: PLC0415 - called when apps are ready

    register("initiative_owner_actions", initiative_owner_actions)
    register("initiative_sections", initiative_sections)
    register("initiative_needs", offer_support_door)
    register("initiative_actions", way_to_offer_support)
    register("offer_owner_actions", offer_owner_actions)
    register("offer_sections", offer_sections)
    register("home_sections", home)
    register("how_we_match_rules", rules_of_matching)
    register("how_we_match", how_we_match)
    register("start_figures", start_figures)
    register("start_question", start_question)


def initiative_owner_actions(
    initiatives: Sequence[Initiative], request: HttpRequest
) -> dict[Any, SafeString]:
    """On an initiative's own pages: its matches, and a question that waits for an answer."""
    own = [one for one in initiatives if is_member(request.user, one.organisation_id)]
    numbers = _numbers_of_support(own)
    waiting: dict[int, list[Introduction]] = {}
    for introduction in (
        Introduction.objects.waiting()
        .filter(asked_side=Side.OFFER, initiative__in=[one.pk for one in own])
        .order_by("asked_at", "pk")
    ):
        waiting.setdefault(introduction.initiative_id, []).append(introduction)
    return {
        one.pk: render_to_string(
            "matching/_initiative_owner.html",
            {"initiative": one, "number": numbers[one.pk], "waiting": waiting.get(one.pk, [])},
            request,
        )
        for one in own
    }


def offer_owner_actions(offers: Sequence[SupportOffer], request: HttpRequest) -> dict[Any, SafeString]:
    """On an offer's own pages: its matches and its shortlist."""
    own = [one for one in offers if is_member(request.user, one.organisation_id)]
    listed = _numbers_on_shortlist(own, request.user)
    begun = begun_for(own, request.user) if own and request.user.is_authenticated else {}
    return {
        one.pk: render_to_string(
            "matching/_offer_owner.html",
            {"offer": one, "listed": listed[one.pk], "begun": begun.get(one.pk)},
            request,
        )
        for one in own
    }


def offer_sections(offers: Sequence[SupportOffer], request: HttpRequest) -> dict[Any, SafeString]:
    """On an offer's public page, for people with an initiative: how well do we fit?"""
    if not request.user.is_authenticated:
        return {}
    own = list(
        Initiative.objects.published()
        .filter(organisation__members=request.user)
        .only("public_id", "title", "organisation_id")
        .order_by("-changed_at", "-pk")[:MOST_ON_OFFER]
    )
    if not own:
        return {}
    return {
        offer.pk: render_to_string("matching/_offer_section.html", {"offer": offer, "own": own}, request)
        for offer in offers
        if offer.is_published and not is_member(request.user, offer.organisation_id)
    }


def initiative_sections(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On an initiative's public page, for givers: how well does it fit what we give?"""
    if not request.user.is_authenticated:
        return {}
    own = list(
        SupportOffer.objects.published()
        .filter(organisation__members=request.user)
        .only("public_id", "title", "organisation_id")
        .order_by("-changed_at", "-pk")[:MOST_ON_OFFER]
    )
    if not own:
        return {}
    aside = set(
        Recusal.objects.filter(
            person=request.user, offer__in=own, initiative__in=[one.pk for one in initiatives]
        ).values_list("initiative_id", "offer_id")
    )
    contents = {}
    for initiative in initiatives:
        beside = [offer for offer in own if (initiative.pk, offer.pk) not in aside]
        if beside and initiative.is_published and not is_member(request.user, initiative.organisation_id):
            contents[initiative.pk] = render_to_string(
                "matching/_initiative_section.html", {"initiative": initiative, "own": beside}, request
            )
    return contents


def offer_support_door(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On an initiative's public page, after what it needs, for everybody but its own people: offer support."""
    return _to_help_others("matching/offering/_door.html", initiatives, request)


def way_to_offer_support(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """The same at the top of the page, for who has made up their mind."""
    return _to_help_others("matching/offering/_button.html", initiatives, request)


def _to_help_others(
    template: str, initiatives: Sequence[Initiative], request: HttpRequest
) -> dict[Any, SafeString]:
    return {
        initiative.pk: render_to_string(template, {"initiative": initiative}, request)
        for initiative in initiatives
        if initiative.is_published and not is_member(request.user, initiative.organisation_id)
    }


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: questions that wait, and how many matches one's initiatives and offers have."""
    contents = {}
    for user in users:
        initiatives = list(
            Initiative.objects.published()
            .filter(organisation__members=user)
            .only("public_id", "title")
            .order_by("-changed_at", "-pk")[:MOST_AT_HOME]
        )
        offers = list(
            SupportOffer.objects.published()
            .filter(organisation__members=user)
            .only("public_id", "title")
            .order_by("-changed_at", "-pk")[:MOST_AT_HOME]
        )
        support = _numbers_of_support(initiatives)
        cases = _numbers_of_initiatives(offers, user)
        put_forward = MatchSuggestion.objects.filter(gone_at=None)
        new_support = _numbers_of_new(
            put_forward.filter(
                ~Unsuited.objects.of_pair(),
                initiative__in=[one.pk for one in initiatives],
                offer__in=SupportOffer.objects.open_on(timezone.localdate()).values("pk"),
            ),
            "initiative",
        )
        new_cases = _numbers_of_new(
            put_forward.filter(
                ~Recusal.objects.of_pair(user),
                offer__in=[one.pk for one in offers],
                initiative__in=Initiative.objects.published().visible_to(user).values("pk"),
            ),
            "offer",
        )
        context = {
            "initiatives": [
                {"initiative": one, "number": support[one.pk], "suggested": new_support.get(one.pk)}
                for one in initiatives
            ],
            "offers": [
                {"offer": one, "number": cases[one.pk], "suggested": new_cases.get(one.pk)} for one in offers
            ],
            "proposed_to_us": Proposal.objects.made_to(user).waiting().count(),
            "givers": givers_of(user),
            "asked_of_us": Introduction.objects.asked_of(user).waiting().count(),
            "asked_by_us": Introduction.objects.asked_by(user).waiting().count(),
            "accepted": Introduction.objects.asked_by(user).filter(state=IntroductionState.ACCEPTED).count(),
            **_unread_messages(user),
        }
        if any(context.values()):
            contents[user.pk] = render_to_string("matching/_home.html", context, request)
    return contents


def _unread_messages(user: Any) -> dict[str, Any]:
    """Count what the other sides have written; if it is in one conversation, say in which."""
    unread = unread_numbers(user)
    only = Introduction.objects.filter(pk__in=unread).values_list("public_id", flat=True)
    return {"unread": sum(unread.values()), "unread_in": only.get() if len(unread) == 1 else ""}


def rules_of_matching(things: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On the page about matching: the engine's rules, and how many offers have each."""
    markup = render_to_string("matching/_rules.html", {"rules": rules.rules_in_use()}, request)
    return {getattr(thing, "pk", None): markup for thing in things}


def how_we_match(things: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On the page about matching: the weights in use, and how good it is."""
    weights = public.weights_in_use()
    quality = public.quality()
    is_of_others = weights is not None and not quality.is_of(weights.values)
    context = {"weights": weights, "quality": quality, "is_of_others": is_of_others}
    markup = render_to_string("matching/_weights.html", context, request) if weights else SafeString("")
    markup += render_to_string("matching/_quality.html", context, request)
    return {getattr(thing, "pk", None): markup for thing in things}


def start_figures(things: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On the start page: real numbers, the same as on the page of statistics."""
    shown = figures.shown_figures(figures.figures().value, figures.ON_START_PAGE)
    markup = render_to_string("public/_start_figures.html", {"figures": shown}, request)
    return {getattr(thing, "pk", None): markup for thing in things}


def _numbers_of_support(initiatives: Sequence[Initiative]) -> Counter[int]:
    rows = (
        Match.objects.current()
        .filter(
            ~Unsuited.objects.of_pair(),
            initiative__in=[one.pk for one in initiatives],
            offer__in=SupportOffer.objects.open_on(timezone.localdate()).values("pk"),
        )
        .values_list("initiative")
        .annotate(number=Count("pk"))
    )
    return Counter(dict(rows))


def _numbers_of_initiatives(offers: Sequence[SupportOffer], user: Any) -> Counter[int]:
    """Count what the user may see, as their list does: a number must not tell of initiatives that hide."""
    rows = (
        Match.objects.shown_to_givers()
        .filter(
            ~Recusal.objects.of_pair(user),
            offer__in=[one.pk for one in offers],
            initiative__in=Initiative.objects.published().visible_to(user).values("pk"),
        )
        .values_list("offer")
        .annotate(number=Count("pk"))
    )
    return Counter(dict(rows))


def _numbers_of_new(suggestions: QuerySet[MatchSuggestion], side: str) -> dict[int, int]:
    """Return, for each profile to which something is put forward, how much of it is new. One query."""
    new = Count("pk", filter=Q(**{f"seen_by_{side}_at__isnull": True}))
    return dict(suggestions.values_list(side).annotate(new=new))


def _numbers_on_shortlist(offers: Sequence[SupportOffer], user: Any) -> Counter[int]:
    rows = (
        ShortlistEntry.objects.filter(
            ~Recusal.objects.of_pair(user), offer__in=[one.pk for one in offers], stage=Stage.SHORTLISTED
        )
        .values_list("offer")
        .annotate(number=Count("pk"))
    )
    return Counter(dict(rows))
