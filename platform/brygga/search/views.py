"""One's saved searches: save, change, pause, delete and undo; and the way out of their mails."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.search import services
from brygga.search.enums import CatalogueKind, Rhythm
from brygga.search.forms import SearchForm
from brygga.search.models import NAME_LENGTH, SavedSearch
from brygga.search.selectors import asked_by, catalogue_address, own_searches, search_rows

UNPROCESSABLE = 422


@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """List one's saved searches, newest first; the one just deleted can be brought back."""
    deleted = None
    if request.GET.get("deleted"):
        found = SavedSearch.objects.visible_to(request.user).filter(public_id=request.GET["deleted"])
        deleted = found.filter(deleted_at__isnull=False).first()
    rows = search_rows(own_searches(request.user), timezone.now())
    return render(request, "search/mine.html", {"rows": rows, "deleted": deleted})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: SignedInRequest, kind: str) -> HttpResponse:
    """Save the search that stands in the address."""
    if kind not in CatalogueKind.values:
        raise Http404
    now = timezone.now()
    asked = asked_by(kind, request.GET.urlencode(), now)
    everything = CatalogueKind(kind).label
    proposed = ", ".join(asked.labels) or str(everything)
    form = SearchForm(
        request.POST if request.method == "POST" else None,
        initial={"name": proposed[:NAME_LENGTH], "rhythm": Rhythm.DAILY},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_search(
                actor=request.user, kind=kind, query=asked.address, now=now, **form.cleaned_data
            )
        except services.CannotSave:
            form.add_error(None, _("You follow 30 searches already, or this one has too many filters."))
        else:
            messages.success(request, _("Saved. We write to you when there is something new."))
            return redirect("search:mine")
    context: dict[str, Any] = {
        "form": form,
        "labels": asked.labels,
        "kind": kind,
        "back_url": catalogue_address(kind, asked.address),
        "back_text": _("Back to the search"),
        "save_text": _("Follow the search"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "search/save.html", context, status=status)


def _own(request: SignedInRequest, public_id: str) -> SavedSearch:
    found = SavedSearch.objects.visible_to(request.user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Give a search another name or another rhythm."""
    search = _own(request, public_id)
    form = SearchForm(
        request.POST if request.method == "POST" else None,
        initial={"name": search.name, "rhythm": search.rhythm},
    )
    if request.method == "POST" and form.is_valid():
        services.change_search(search=search, actor=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("search:mine")
    context = {
        "form": form,
        "search": search,
        "back_url": redirect("search:mine").url,
        "save_text": _("Save"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "search/change.html", context, status=status)


@require_POST
def pause(request: SignedInRequest, public_id: str) -> HttpResponseRedirect:
    """Send nothing more about a search for now."""
    services.pause_search(search=_own(request, public_id), actor=request.user, now=timezone.now())
    messages.success(request, _("Paused. We send nothing about it until you begin again."))
    return redirect("search:mine")


@require_POST
def resume(request: SignedInRequest, public_id: str) -> HttpResponseRedirect:
    """Begin to send again."""
    services.resume_search(search=_own(request, public_id), actor=request.user, now=timezone.now())
    messages.success(request, _("You follow the search again, from now on."))
    return redirect("search:mine")


@require_POST
def delete(request: SignedInRequest, public_id: str) -> HttpResponseRedirect:
    """Take a search away, with a way back."""
    search = _own(request, public_id)
    services.delete_search(search=search, actor=request.user, now=timezone.now())
    return HttpResponseRedirect(f"{redirect('search:mine').url}?deleted={search.public_id}")


@require_POST
def restore(request: SignedInRequest, public_id: str) -> HttpResponseRedirect:
    """Bring a search back."""
    search = _own(request, public_id)
    if services.restore_search(search=search, actor=request.user, now=timezone.now()):
        messages.success(request, _("The search is back."))
    else:
        messages.info(request, _("You follow that search already, or it was deleted more than a week ago."))
    return redirect("search:mine")


# Mail programs send the POST by themselves: without a cookie, so there is no token to ask for (RFC 8058).
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: BryggaRequest, token: str) -> HttpResponse:
    """Stop the mails of one search, by the link in them. Only a POST stops: programs that scan mails read links."""
    if request.method == "POST":
        search = services.stop_by_token(token=token, now=timezone.now())
    else:
        search = services.search_of_token(token)
    if search is None:
        raise Http404
    is_stopped = request.method == "POST" or search.paused_at is not None
    return render(request, "search/stop.html", {"is_stopped": is_stopped})
