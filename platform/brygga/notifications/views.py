"""One's own notices."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brygga.core.http import SignedInRequest
from brygga.notifications import services
from brygga.notifications.models import Notice
from brygga.notifications.selectors import count_unread, telling

NOTICES_A_PAGE = 20


@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    """List one's notices, newest first."""
    mine = Notice.objects.filter(user=request.user).order_by("-created_at", "-pk")
    page = Paginator(mine, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    entries = [{"notice": notice, "words": telling(notice)} for notice in page]
    context = {"page": page, "entries": entries, "unread": count_unread(request.user)}
    return render(request, "notifications/notices.html", context)


@require_POST
def read(request: SignedInRequest, number: int) -> HttpResponse:
    """Mark a notice as read and go to what it is about."""
    notice = get_object_or_404(Notice, pk=number, user=request.user)
    services.mark_read(user=request.user, now=timezone.now(), notice_id=notice.pk)
    address = telling(notice).address
    if "open" in request.POST and address:
        return HttpResponseRedirect(address)
    return redirect("notifications:list")


@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    if services.mark_read(user=request.user, now=timezone.now()):
        messages.success(request, _("All notices are marked as read."))
    return redirect("notifications:list")
