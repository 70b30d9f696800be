"""Ask for help, read what somebody asks, say that one helps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.language import mask_contact_details
from brygga.organisations.permissions import can_manage_members
from brygga.organisations.registration.kept_texts import forget_text, keep_text, kept_text
from brygga.taxonomy.selectors import area_name
from innovators.models import Initiative
from innovators.selectors import own_initiatives
from intermediaries.helping import permissions, services
from intermediaries.helping.forms import AskForm
from intermediaries.helping.models import HelpRequest
from intermediaries.permissions import intermediaries_of

PAGE_SIZE = 20
MOST_OWN = 20
UNPROCESSABLE = 422
COUNTY_LENGTH = 5


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: BryggaRequest) -> HttpResponse:
    """Ask an intermediary in the county. Anybody may write; to send it they sign in, and the text is still there."""
    user = request.user
    own = list(own_initiatives(user)[:MOST_OWN]) if user.is_authenticated else []
    if request.method != "POST":
        kept = kept_text(request.session, request.path)
        form = AskForm(kept, own=own) if kept else AskForm(own=own, initial=_initial(request, own))
        return _show(request, form, is_kept=kept is not None)
    form = AskForm(request.POST, own=own)
    if not form.is_valid():
        return _show(request, form, UNPROCESSABLE)
    if not user.is_authenticated:
        if keep_text(request.session, request.path, request.POST):
            messages.info(request, _("What you wrote is kept. Sign in, or sign up, to send it."))
        return redirect_to_login(request.path)
    try:
        made = services.ask_for_help(
            actor=user,
            county=form.cleaned_data["county"],
            text=form.cleaned_data["text"],
            initiative=form.about,
            now=timezone.now(),
        )
    except services.AskedEnough:
        form.add_error(
            None, _("You have asked for help already. Wait for an answer, or delete what you asked.")
        )
        return _show(request, form, UNPROCESSABLE)
    except services.NobodyToAsk:
        return _show(request, form, UNPROCESSABLE, is_nobody_there=True)
    forget_text(request.session, request.path)
    messages.success(request, _("It is sent."))
    return redirect("helping:request", made.public_id)


def _initial(request: BryggaRequest, own: list[Initiative]) -> dict[str, str]:
    """Begin from the initiative that the person came from, and from its county."""
    about = next((one for one in own if one.public_id == request.GET.get("initiative")), None)
    if about is None:
        return {}
    county = next((code[:COUNTY_LENGTH] for code in about.area_codes or () if len(code) >= COUNTY_LENGTH), "")
    return {"initiative": about.public_id, "county": county}


def _show(request: BryggaRequest, form: AskForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "save_text": _("Ask for help"), **more}
    return render(request, "intermediaries/helping/ask.html", context, status=status)


@never_cache
@require_safe
def requests(request: SignedInRequest) -> HttpResponse:
    """What one has asked, and what waits for one's intermediary."""
    reaching = HelpRequest.objects.reaching(request.user).select_related("organisation")
    page = Paginator(reaching.order_by("taken_at", "asked_at", "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    own = HelpRequest.objects.of(request.user).select_related("organisation").order_by("-asked_at", "-pk")
    context = {
        "own": [_row(one) for one in own[:PAGE_SIZE]],
        "page": page,
        "reaching": [_row(one) for one in page.object_list],
        "is_intermediary": bool(intermediaries_of(request.user)),
    }
    return render(request, "intermediaries/helping/requests.html", context)


def _row(one: HelpRequest) -> dict[str, Any]:
    text = " ".join(mask_contact_details(one.text).text.split())
    return {"request": one, "place": area_name(one.area_code), "text": text}


@never_cache
@require_safe
def request_page(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What somebody asks, and where it stands. Who they are is shown to the one who helps, and to nobody before."""
    found = _visible(request, public_id)
    is_own = permissions.can_forget(request.user, found)
    helping = [
        one
        for one in intermediaries_of(request.user)
        if found.taken_at is None and permissions.can_help(request.user, found, one)
    ]
    shows_asker = not is_own and found.taken_at is not None
    initiative = found.initiative
    context = {
        "help": found,
        "place": area_name(found.area_code),
        "text": found.text if is_own or shows_asker else mask_contact_details(found.text).text,
        "is_own": is_own,
        "helping": helping,
        "shows_asker": shows_asker,
        # Who fills in for somebody does it as an editor whom an owner has invited, and may send away.
        "may_invite": is_own
        and initiative is not None
        and can_manage_members(request.user, initiative.organisation),
        # Only what the reader may see anyway.
        "initiative": initiative
        if initiative and Initiative.objects.visible_to(request.user).filter(pk=initiative.pk).exists()
        else None,
        "reached": list(found.reached.order_by("name", "pk")) if is_own and found.taken_at is None else [],
    }
    return render(request, "intermediaries/helping/request.html", context)


@require_POST
def give(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say that one helps."""
    found = _visible(request, public_id)
    organisation = next(
        (
            one
            for one in intermediaries_of(request.user)
            if permissions.can_help(request.user, found, one)
            and request.POST.get("organisation", one.public_id) == one.public_id
        ),
        None,
    )
    if organisation is None:
        raise PermissionDenied
    try:
        services.give_help(request=found, organisation=organisation, actor=request.user, now=timezone.now())
    except services.SomebodyWasFirst:
        messages.info(request, _("Somebody else has said yes already. Thank you all the same."))
        return redirect("helping:requests")
    messages.success(request, _("Thank you. Get in touch within a few days: they are waiting for you."))
    return redirect("helping:request", public_id)


@require_POST
def forget(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Delete what one has asked."""
    found = _visible(request, public_id)
    services.forget_help(request=found, actor=request.user, now=timezone.now())
    messages.success(request, _("It is deleted."))
    return redirect("helping:requests")


def _visible(request: SignedInRequest, public_id: str) -> HelpRequest:
    rows = HelpRequest.objects.visible_to(request.user).select_related(
        "asked_by", "taken_by", "organisation", "initiative__organisation"
    )
    return get_object_or_404(rows, public_id=public_id)
