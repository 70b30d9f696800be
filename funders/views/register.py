"""Registering an offer of support: the first page, the task list, one question a page, check your answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.core.slots import fill
from brygga.organisations.models import Organisation
from brygga.organisations.permissions import can_write_for
from brygga.organisations.registration.saving import Registration
from brygga.organisations.registration.views import (
    answer_question,
    document_answer,
    profile_for_members,
    profile_for_writing,
    questions_as_text,
    show_check,
    show_questions,
    show_tasks,
)
from brygga.organisations.services import create_organisation, ensure_own_organisation
from brygga.taxonomy.enums import OrganisationKind
from funders import selectors, services
from funders.contradictions import contradictions, doubts
from funders.forms.start import ALONE, StartForm
from funders.models import SupportOffer
from funders.overlaps import overlapping_own_offers
from funders.questions import OFFER_QUESTIONS
from funders.starting_points import STARTING_POINTS, answers_of, questions_with_help


def find_for_writing(user: Any, public_id: str) -> SupportOffer:
    offers = SupportOffer.objects.prefetch_related("support")
    offer: SupportOffer = profile_for_writing(offers, user, public_id)
    return offer


def find_for_members(user: Any, public_id: str) -> SupportOffer:
    offer: SupportOffer = profile_for_members(SupportOffer.objects.all(), user, public_id)
    return offer


def _change(*, profile: SupportOffer, **more: Any) -> SupportOffer:
    return services.change_offer(offer=profile, **more)


REGISTRATION = Registration(
    namespace="funders",
    templates="funders",
    questions=OFFER_QUESTIONS,
    find=find_for_writing,
    change=_change,
)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    """Whose offer it is. Sending it makes a draft, once."""
    own = list(
        Organisation.objects.writable_by(request.user)
        .exclude(kind=OrganisationKind.INDIVIDUAL)
        .order_by("name")
    )
    if request.method != "POST":
        initial = {"owner": own[0].public_id} if len(own) == 1 else {}
        return render(request, "funders/create.html", {"form": StartForm(organisations=own, initial=initial)})
    form = StartForm(request.POST, organisations=own)
    if not form.is_valid():
        return render(request, "funders/create.html", {"form": form}, status=422)
    key = form.cleaned_data["key"]
    made = SupportOffer.objects.filter(creation_key=key).first() if key else None
    if made is not None and can_write_for(request.user, made.organisation_id):
        # The form was sent twice: the first has made everything, its organisation too.
        return HttpResponseRedirect(reverse("funders:tasks", args=[made.public_id]))
    try:
        offer = _start(request, form)
    except PermissionDenied:
        # A key of somebody else's page: start over with a key of one's own.
        return HttpResponseRedirect(request.path)
    if form.cleaned_data["start"] in STARTING_POINTS:
        messages.success(
            request,
            gettext(
                "Your draft is saved with common answers. Look each of them through, and write your own words "
                "where it says “Write here”."
            ),
        )
        return HttpResponseRedirect(reverse("funders:tasks", args=[offer.public_id]))
    messages.success(
        request, gettext("Your draft is saved. Answer in any order, and come back when you like.")
    )
    return HttpResponseRedirect(reverse("funders:tasks", args=[offer.public_id]))


@transaction.atomic
def _start(request: SignedInRequest, form: StartForm) -> SupportOffer:
    now = timezone.now()
    owner = form.cleaned_data["owner"]
    if owner in form.organisations:
        organisation = form.organisations[owner]
    elif owner == ALONE:
        organisation = ensure_own_organisation(user=request.user, now=now)
    else:
        organisation = create_organisation(
            actor=request.user,
            now=now,
            kind=form.cleaned_data["organisation_kind"],
            name=form.cleaned_data["organisation_name"].strip(),
            number=form.cleaned_data["organisation_number"],
        )
    language, start = selectors.page_language(), form.cleaned_data["start"]
    return services.create_offer(
        organisation=organisation,
        actor=request.user,
        now=now,
        changes=answers_of(start, language) if start in STARTING_POINTS else None,
        language=language,
        key=form.cleaned_data["key"],
    )


@require_GET
def tasks(request: SignedInRequest, public_id: str) -> HttpResponse:
    offer = find_for_writing(request.user, public_id)
    fill("offer_owner_actions", [offer], request)
    state, following = selectors.state_in_words(offer, timezone.now())
    return show_tasks(
        request,
        REGISTRATION,
        offer,
        state_text=state,
        state_next=following,
        **_advice(offer),
    )


def _advice(offer: SupportOffer) -> dict[str, Any]:
    """Return what a giver is told of an offer while it is written: help left in it, and what to think of."""
    today = timezone.localdate()
    overlaps = overlapping_own_offers(offer, today)
    return {
        "with_help": [_link(offer, slug) for slug in questions_with_help(offer)],
        "overlaps": overlaps,
        "contradictions": contradictions(offer, overlaps),
        "doubts": [
            {**_link(offer, doubt.question), "sentence": doubt.sentence} for doubt in doubts(offer, today)
        ],
    }


def _link(offer: SupportOffer, slug: str) -> dict[str, Any]:
    question = OFFER_QUESTIONS.find(slug)
    assert question is not None
    return {"title": question.task, "url": reverse("funders:question", args=[offer.public_id, slug])}


# Open, so that what was typed while the session ended is kept; it asks for sign-in itself.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: BryggaRequest, public_id: str, slug: str) -> HttpResponse:
    return answer_question(request, REGISTRATION, public_id, slug)


@require_GET
def check(request: SignedInRequest, public_id: str) -> HttpResponse:
    offer = find_for_writing(request.user, public_id)
    return show_check(request, REGISTRATION, offer, **before_publishing(offer))


def before_publishing(offer: SupportOffer) -> dict[str, Any]:
    """Return what the answers page says beside the answers."""
    return {**selectors.rules_in_short(offer), **_advice(offer)}


@login_not_required
@require_GET
def questions(request: BryggaRequest) -> HttpResponse:
    """All questions, to read or print before starting."""
    return show_questions(request, REGISTRATION, **_downloads())


@login_not_required
@require_GET
def questions_text(request: BryggaRequest) -> HttpResponse:
    title = gettext("Questions about the support you give")
    response = HttpResponse(questions_as_text(REGISTRATION, title), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{gettext("questions")}.txt"'
    return response


@login_not_required
@require_GET
def questions_document(request: BryggaRequest) -> HttpResponse:
    return document_answer(
        REGISTRATION, gettext("Questions about the support you give"), gettext("questions")
    )


@never_cache
@require_GET
def answers_document(request: SignedInRequest, public_id: str) -> HttpResponse:
    """All questions with the answers so far, for those who write them."""
    offer = find_for_writing(request.user, public_id)
    return document_answer(REGISTRATION, str(offer), gettext("answers"), offer)


def _downloads() -> dict[str, str]:
    return {
        "text_url": reverse("funders:questions-text"),
        "document_url": reverse("funders:questions-document"),
    }
