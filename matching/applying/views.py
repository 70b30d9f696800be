"""Say that one means to apply elsewhere, and afterwards how it went."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.formatting import format_day
from brygga.core.http import SignedInRequest
from brygga.users.models import User
from matching.applying import permissions, selectors, services
from matching.applying.days import ask_day
from matching.applying.forms import HowDidItGoForm
from matching.applying.models import Application
from matching.desk.views.finding import own_initiative, visible_offer

PAGE_SIZE = 20
UNPROCESSABLE = 422
CONFLICT = 409


@never_cache
@require_safe
def applications(request: SignedInRequest) -> HttpResponse:
    """What one's initiatives have meant to apply for elsewhere, and how it went; of one of them, if asked."""
    asked = request.GET.get("initiative", "")
    initiative = own_initiative(request.user, asked) if asked.isascii() and asked.isalnum() else None
    rows = selectors.applications_of(request.user, initiative)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    lines = [
        {"line": selectors.line_of(one, today), "may_tell": permissions.can_tell(request.user, one)}
        for one in page.object_list
    ]
    return render(
        request,
        "matching/applying/applications.html",
        {"page": page, "rows": lines, "initiative": initiative},
    )


@require_POST
def mean_to_apply(request: SignedInRequest, initiative: str, offer: str) -> HttpResponse:
    """Note that one means to apply, and go to where it says how."""
    mine = own_initiative(request.user, initiative)
    theirs = visible_offer(request.user, offer)
    try:
        noted, _is_new = services.mean_to_apply(
            offer=theirs, initiative=mine, actor=request.user, now=timezone.now()
        )
    except services.CannotApply:
        messages.info(request, _("This support is not applied for elsewhere now. The page says how."))
    else:
        day = format_day(ask_day(theirs, noted.meant_on))
        messages.success(
            request,
            _("It is noted. Nothing is sent to the giver. We ask you %(day)s how it went.") % {"day": day},
        )
    # To the place that says how, with the link to the giver; what is noted stands right below it.
    return redirect(reverse("funders:detail", args=[theirs.public_id]) + "#apply-title")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Whether one applied, how it went and what was hard. It can be changed afterwards."""
    found = _for_telling(request.user, public_id)
    form = HowDidItGoForm(
        request.POST if request.method == "POST" else None, initial=HowDidItGoForm.initial_of(found)
    )
    if request.method != "POST":
        return _show(request, found, form, 200)
    if not form.is_valid():
        return _show(request, found, form, UNPROCESSABLE)
    try:
        services.tell_how_it_went(
            application=found,
            actor=request.user,
            answer=form.answer,
            seen=form.cleaned_data["seen"],
            now=timezone.now(),
        )
    except services.ColleagueWasFirst:
        return _show_colleagues(request, public_id)
    messages.success(request, _("Thank you. You can change the answer when you know more."))
    return redirect("matching:applications")


def _show_colleagues(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Show what a colleague has answered meanwhile beside what was typed: sent again, it replaces that."""
    found = Application.objects.visible_to(request.user).filter(public_id=public_id).first()
    if found is None:
        messages.info(request, _("A colleague has taken it away meanwhile. Nothing was saved."))
        return redirect("matching:applications")
    found = _for_telling(request.user, public_id)
    typed = request.POST.copy()
    typed["seen"] = str(found.revision)
    context = {
        "colleague": found.answered_by.name if found.answered_by else "",
        "theirs": selectors.line_of(found, timezone.localdate()),
    }
    return _show(request, found, HowDidItGoForm(typed), CONFLICT, **context)


def _show(
    request: SignedInRequest, found: Application, form: HowDidItGoForm, status: int, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "line": selectors.line_of(found, timezone.localdate()),
        "meant_on": found.meant_on,
        "back_url": reverse("matching:applications"),
        "back_text": _("Support applied for elsewhere"),
        "save_text": _("Save the answer"),
        "cancel_url": reverse("matching:applications"),
        **more,
    }
    return render(request, "matching/applying/tell.html", context, status=status)


@require_POST
def remove(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take away that one means to apply, while nothing is told of it."""
    found = _for_telling(request.user, public_id)
    if services.forget_application(application=found, actor=request.user, now=timezone.now()):
        messages.success(request, _("It is taken away. You can say it again on the page of the support."))
    else:
        messages.info(
            request, _("It stays, because somebody has told how it went. Change the answer instead.")
        )
    return redirect("matching:applications")


def _for_telling(user: User, public_id: str) -> Application:
    """Return an application of one's own; strangers meet 404, readers 403."""
    rows = Application.objects.visible_to(user).select_related(
        "offer__organisation", "initiative__organisation", "answered_by"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    if not permissions.can_tell(user, found):
        raise PermissionDenied
    return found
