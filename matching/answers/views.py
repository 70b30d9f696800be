"""Pages that say what would help: more matches, one more question, a package, what each rule shuts out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.organisations.registration.saving import Outcome
from funders.models import SupportOffer
from innovators.models import Initiative
from innovators.selectors import telling as initiative_telling
from matching.answers import in_place_views as in_place
from matching.answers import selectors, why_not
from matching.desk import permissions
from matching.desk.views.finding import own_initiative, own_offer

if TYPE_CHECKING:
    from brygga.users.models import User

LONGEST_QUESTION = 200

Profile = TypeVar("Profile", Initiative, SupportOffer)
Asking = Callable[[Profile, "User", str, datetime], tuple[list[why_not.Row], bool]]


@never_cache
@require_safe
def more_matches(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What would give an initiative more matches, and the next best question. For its own people."""
    initiative = own_initiative(request.user, public_id)
    if not initiative.is_published:
        return _publish_first(request, initiative)
    found = selectors.more_matches(initiative, request.user, timezone.now())
    return _more_matches(request, initiative, found, _asked(initiative, found))


def _more_matches(
    request: BryggaRequest,
    initiative: Initiative,
    found: selectors.MoreMatches | None,
    asked: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = {**_mine(request, initiative), "found": found, **asked}
    return render(request, "matching/answers/more_matches.html", context, status=status)


def _asked(initiative: Initiative, found: selectors.MoreMatches | None) -> dict[str, Any]:
    """Return the next best question, with the form that answers it where it is asked."""
    asked = found.question if found else None
    question = in_place.question_in_place(asked.slug) if asked else None
    form = in_place.form_of(initiative, question) if question else None
    return {"asked": asked, "question": question, "form": form}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def next_question(request: BryggaRequest, public_id: str) -> HttpResponse:
    """The next best question alone, fetched by the list of matches; others are sent to the whole page.

    A POST answers it and leads back to the list. Open, so that an answer outlives its sender's session.
    """
    if request.method == "POST":
        return _answer_in_place(request, public_id)
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("matching:more-matches", args=[public_id]))
    initiative = own_initiative(request.user, public_id)
    if "HX-Request" not in request.headers:
        return redirect("matching:more-matches", public_id)
    found = None
    if initiative.is_published:
        found = selectors.more_matches(initiative, request.user, timezone.now(), only_question=True)
    context = {**_mine(request, initiative), **_asked(initiative, found)}
    response = render(request, "matching/answers/_question.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answer_in_place(request: BryggaRequest, public_id: str) -> HttpResponse:
    question = in_place.question_in_place(request.POST.get("question", ""))
    user = request.user
    if not user.is_authenticated:
        if question is None:
            return redirect_to_login(reverse("matching:more-matches", args=[public_id]))
        return in_place.keep_for_signing_in(request, public_id, question)
    initiative = own_initiative(user, public_id)
    if question is None:
        if not permissions.can_write_for(user, initiative.organisation_id):
            raise PermissionDenied
        return redirect("matching:more-matches", public_id)
    attempt = in_place.save_in_place(request, initiative, question)
    if attempt.outcome == Outcome.INVALID:
        found = selectors.more_matches(initiative, user, timezone.now())
        asked = {"asked": found.question if found else None, "question": question, "form": attempt.form}
        return _more_matches(request, initiative, found, asked, status=422)
    if not attempt.is_stored:
        messages.info(request, _("Somebody has changed this answer meanwhile. What you wrote is still here."))
        return redirect(in_place.address_of(public_id, question))
    return redirect("matching:for-initiative", public_id)


@never_cache
@require_safe
def package(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A few offers that together cover what an initiative needs. For its own people."""
    initiative = own_initiative(request.user, public_id)
    if not initiative.is_published:
        return _publish_first(request, initiative)
    found = selectors.package(initiative, request.user, timezone.now())
    return render(request, "matching/answers/package.html", {**_mine(request, initiative), "found": found})


@never_cache
@require_safe
def rules_at_work(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What each requirement of an offer shuts out. For its own people."""
    offer = own_offer(request.user, public_id)
    now = timezone.now()
    return render(
        request,
        "matching/answers/rules_at_work.html",
        {
            "offer": offer,
            "found": selectors.rules_at_work(offer, request.user, now) if offer.is_published else None,
            "can_change": permissions.can_write_for(request.user, offer.organisation_id),
            "is_shut": _is_shut(offer, now),
        },
    )


@never_cache
@require_safe
def why_not_for_initiative(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Find an offer by name or address and say what stops it, or which place it has."""
    return _why_not(
        request, own_initiative(request.user, public_id), why_not.offers_asked_for, "more-matches"
    )


@never_cache
@require_safe
def why_not_for_offer(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Find an initiative by name or address and say what stops it, or which place it has."""
    return _why_not(
        request, own_offer(request.user, public_id), why_not.initiatives_asked_for, "rules-at-work"
    )


def _why_not(request: SignedInRequest, profile: Profile, ask: Asking[Profile], more: str) -> HttpResponse:
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_QUESTION]
    rows, is_guess = ask(profile, request.user, text, timezone.now()) if text else ([], False)
    is_seeker = isinstance(profile, Initiative)
    the_list = "matching:for-initiative" if is_seeker else "matching:for-offer"
    return render(
        request,
        "matching/why_not.html",
        {
            "is_seeker": is_seeker,
            "text": text,
            "rows": rows,
            "is_guess": is_guess,
            "back_url": reverse(the_list, args=[profile.public_id]),
            "more_url": reverse(f"matching:{more}", args=[profile.public_id]),
            "profile_is_published": profile.is_published,
            "profile": profile,
            "own_aside": 0
            if isinstance(profile, Initiative)
            else why_not.own_cases_aside(profile, request.user),
        },
    )


def _mine(request: BryggaRequest, initiative: Initiative) -> dict[str, Any]:
    return {
        "initiative": initiative,
        "told": initiative_telling(initiative),
        "can_change": permissions.can_write_for(request.user, initiative.organisation_id),
    }


def _publish_first(request: SignedInRequest, initiative: Initiative) -> HttpResponse:
    return render(request, "matching/publish_first.html", {"initiative": initiative})


def _is_shut(offer: SupportOffer, now: datetime) -> bool:
    """Whether today lies outside the time in which one can apply."""
    today = timezone.localdate(now)
    is_over = offer.closes_on is not None and offer.closes_on < today
    return is_over or (offer.opens_on is not None and offer.opens_on > today)
