"""Find support without an account: ask, see what fits and why, save.

The text stands in the body of the request and in the answer, nowhere else: no address, session, cache or
log holds it. Only `save` stores it, after the page has said so.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.organisations.permissions import can_write_for
from brygga.taxonomy.selectors import county_choices, municipality_choices, suggest_areas
from innovators import kept_drafts
from innovators.models import Initiative
from innovators.services import InvalidAnswers
from matching.quick import limits
from matching.quick.forms import FIELD_OF_FACT, QuickForm
from matching.quick.selectors import Found, find_support

PAGE = "matching/quick/page.html"


# Asking changes nothing, so it needs no token, and who only asks is given no cookie.
@csrf_exempt
@login_not_required
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: BryggaRequest) -> HttpResponse:
    """The form; and to a POST, what fits, in the same page. Stores nothing."""
    if request.method != "POST":
        return _page(request, QuickForm())
    return _answer(request, QuickForm(request.POST))


@never_cache
@sensitive_variables()
def _answer(request: BryggaRequest, form: QuickForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, status=422)
    if not _is_within(limits.ASKING, request):
        return _page(request, form, status=429, is_too_often=True)
    now = timezone.now()
    found = find_support(form.facts(now), request.user, now, FIELD_OF_FACT, form.answered)
    return _page(request, form, found)


@sensitive_variables()
def _page(
    request: BryggaRequest, form: QuickForm, found: Found | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "found": found,
        "asked_field": form[found.question.field] if found and found.question else None,
        "key": form["key"].value() or uuid4(),
        "unknown_places": form.resolved.words,
        "places": [*county_choices(), *municipality_choices()],
        **more,
    }
    return render(request, PAGE, context, status=status)


@login_not_required
@sensitive_post_parameters()
@sensitive_variables()
@never_cache
@require_POST
def save(request: BryggaRequest) -> HttpResponse:
    """Make a draft of what was written: at once for who has an account, else kept until they have one."""
    form = QuickForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if not _is_within(limits.SAVING, request):
        return _page(request, form, status=429, is_too_often=True)
    now = timezone.now()
    if request.user.is_authenticated:
        try:
            made = kept_drafts.begin_initiative(
                answers=form.answers(), actor=request.user, now=now, key=form.cleaned_data["key"]
            )
        except InvalidAnswers as refused:
            for said in refused.messages.values():
                form.add_error(None, said)
            return _page(request, form, status=422)
        return _to_tasks(request, made)
    session = request.session
    session[kept_drafts.SECRET_KEY] = kept_drafts.keep_draft(
        answers=form.answers(), now=now, secret=session.get(kept_drafts.SECRET_KEY, "")
    )
    messages.success(
        request,
        gettext(
            "What you wrote is saved for seven days. Create an account with your e-mail address, or sign in, "
            "and it becomes your draft."
        ),
    )
    after = urlencode({"next": reverse("quick:saved")})
    return HttpResponseRedirect(f"{reverse('account_signup')}?{after}")


@never_cache
@require_safe
def saved(request: SignedInRequest) -> HttpResponse:
    """Where somebody comes who has signed up or in after saving: to the draft, or to where it waits."""
    became = request.session.get(kept_drafts.BECAME_KEY, "")
    made = Initiative.objects.filter(public_id=became).first() if became else None
    if made is None or not can_write_for(request.user, made.organisation_id):
        return redirect("pages:home")
    return _to_tasks(request, made)


def _to_tasks(request: BryggaRequest, made: Initiative) -> HttpResponse:
    messages.success(
        request, gettext("Your draft is saved. Answer in any order, and come back when you like.")
    )
    return redirect("innovators:tasks", made.public_id)


@login_not_required
@require_safe
def places(request: BryggaRequest) -> HttpResponse:
    """Places for a name somebody has begun to write: municipalities, counties, towns, postal codes."""
    typed = " ".join(request.GET.get("place", "").split())[:80]
    digits = typed.replace(" ", "")
    is_code = digits.isdigit()
    options: list[tuple[str, str]] = []
    if typed and _is_within(limits.PLACES, request):
        for one in suggest_areas(digits if is_code else typed):
            if is_code and not one.written.startswith(digits):
                continue
            name = one.area.official_name((get_language() or "sv")[:2])
            # A browser offers only what holds the very characters typed.
            written = f"{one.written[:3]} {one.written[3:]}" if is_code and " " in typed else one.written
            options.append((name, "") if one.written in name else (written, name))
    return render(request, "matching/quick/_places.html", {"options": options})


def _is_within(limit: limits.Limit, request: BryggaRequest) -> bool:
    return limits.is_within(limit, get_adapter().get_client_ip(request))
