"""Registering an initiative: the first page, the task list, one question a page, check your answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.core.slots import fill
from brygga.organisations.models import Organisation
from brygga.organisations.permissions import can_write_for
from brygga.organisations.registration.kept_texts import forget_text, keep_text, kept_text
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
from innovators import kept_drafts, selectors, services
from innovators.forms.start import ALONE, GROUP, StartForm
from innovators.models import Initiative
from innovators.questions import INITIATIVE_QUESTIONS

if TYPE_CHECKING:
    from brygga.users.models import User


def find_for_writing(user: Any, public_id: str) -> Initiative:
    initiative: Initiative = profile_for_writing(Initiative.objects.all(), user, public_id)
    return initiative


def find_for_members(user: Any, public_id: str) -> Initiative:
    initiative: Initiative = profile_for_members(Initiative.objects.all(), user, public_id)
    return initiative


def _change(*, profile: Initiative, **more: Any) -> Initiative:
    return services.change_initiative(initiative=profile, **more)


REGISTRATION = Registration(
    namespace="innovators",
    templates="innovators",
    questions=INITIATIVE_QUESTIONS,
    find=find_for_writing,
    change=_change,
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: BryggaRequest) -> HttpResponse:
    """The first page. Anybody may write; to save it they sign in, and their text is still there."""
    user = request.user
    own = list(
        Organisation.objects.writable_by(user).exclude(kind=OrganisationKind.INDIVIDUAL).order_by("name")
    )
    if request.method == "POST":
        form = StartForm(request.POST, organisations=own)
        if not user.is_authenticated:
            # An answer that cannot be saved later is said now, not after they have signed in.
            if form.is_valid() and keep_text(request.session, request.path, request.POST):
                messages.info(request, gettext("What you wrote is kept. Sign in, or sign up, to save it."))
                return redirect_to_login(request.path)
        elif form.is_valid():
            return _start(request, form, user)
        return render(request, "innovators/create.html", {"form": form}, status=422)
    kept = kept_text(request.session, request.path)
    form = StartForm(kept, organisations=own) if kept else StartForm(organisations=own)
    return render(request, "innovators/create.html", {"form": form, "is_kept": kept is not None})


def _start(request: BryggaRequest, form: StartForm, user: User) -> HttpResponse:
    now = timezone.now()
    owner = form.cleaned_data["owner"]
    name = form.cleaned_data["organisation_name"].strip()
    made = (
        Initiative.objects.filter(creation_key=form.cleaned_data["key"])
        .select_related("organisation")
        .first()
    )
    if form.cleaned_data["key"] and made is not None and can_write_for(user, made.organisation_id):
        # The form was sent twice: the first has made everything, its organisation too.
        return HttpResponseRedirect(reverse("innovators:tasks", args=[made.public_id]))
    if owner in form.organisations:
        organisation = form.organisations[owner]
    elif owner == GROUP:
        organisation = ensure_own_organisation(
            user=user, now=now, kind=OrganisationKind.INFORMAL_GROUP, name=name
        )
    elif owner == ALONE:
        organisation = ensure_own_organisation(user=user, now=now)
    else:
        organisation = create_organisation(
            actor=user, now=now, kind=form.cleaned_data["organisation_kind"], name=name
        )
    try:
        initiative = services.create_initiative(
            organisation=organisation,
            actor=user,
            now=now,
            changes=form.first_answers(),
            language="en" if (get_language() or "sv").startswith("en") else "sv",
            key=form.cleaned_data["key"],
        )
    except services.InvalidAnswers as refused:
        for field, said in refused.messages.items():
            for message in said:
                form.add_error(field if field in form.fields else None, message)
        return render(request, "innovators/create.html", {"form": form}, status=422)
    except PermissionDenied:
        # A key of somebody else's page: start over with a key of one's own.
        return HttpResponseRedirect(request.path)
    forget_text(request.session, request.path)
    messages.success(
        request, gettext("Your draft is saved. Answer in any order, and come back when you like.")
    )
    return HttpResponseRedirect(reverse("innovators:tasks", args=[initiative.public_id]))


@require_POST
def kept_draft(request: SignedInRequest, number: int) -> HttpResponse:
    """Go on with what was saved before signing up, or delete it. Others' is not there."""
    now = timezone.now()
    if request.POST.get("delete"):
        if not kept_drafts.forget_draft(number=number, actor=request.user, now=now):
            raise Http404
        messages.success(request, gettext("It is deleted."))
        return redirect("pages:home")
    made = kept_drafts.take_up(number=number, actor=request.user, now=now)
    if made is None:
        raise Http404
    messages.success(
        request, gettext("Your draft is saved. Answer in any order, and come back when you like.")
    )
    return redirect("innovators:tasks", made.public_id)


@require_GET
def tasks(request: SignedInRequest, public_id: str) -> HttpResponse:
    initiative = find_for_writing(request.user, public_id)
    fill("initiative_owner_actions", [initiative], request)
    state, following = selectors.state_in_words(initiative)
    return show_tasks(request, REGISTRATION, initiative, state_text=state, state_next=following)


# Open, so that what was typed while the session ended is kept; it asks for sign-in itself.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: BryggaRequest, public_id: str, slug: str) -> HttpResponse:
    return answer_question(request, REGISTRATION, public_id, slug)


@require_GET
def check(request: SignedInRequest, public_id: str) -> HttpResponse:
    initiative = find_for_writing(request.user, public_id)
    return show_check(request, REGISTRATION, initiative)


@login_not_required
@require_GET
def questions(request: BryggaRequest) -> HttpResponse:
    """All questions, to read or print before starting."""
    return show_questions(request, REGISTRATION, **_downloads())


@login_not_required
@require_GET
def questions_text(request: BryggaRequest) -> HttpResponse:
    title = gettext("Questions about your initiative")
    response = HttpResponse(questions_as_text(REGISTRATION, title), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{gettext("questions")}.txt"'
    return response


@login_not_required
@require_GET
def questions_document(request: BryggaRequest) -> HttpResponse:
    return document_answer(REGISTRATION, gettext("Questions about your initiative"), gettext("questions"))


@never_cache
@require_GET
def answers_document(request: SignedInRequest, public_id: str) -> HttpResponse:
    """All questions with the answers so far, for those who write them."""
    initiative = find_for_writing(request.user, public_id)
    return document_answer(REGISTRATION, str(initiative), gettext("answers"), initiative)


def _downloads() -> dict[str, str]:
    return {
        "text_url": reverse("innovators:questions-text"),
        "document_url": reverse("innovators:questions-document"),
    }
