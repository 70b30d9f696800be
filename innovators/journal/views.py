"""The journal of an initiative: everybody's list and picture, and what its people write."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from brygga.core.http import BryggaRequest
from innovators.journal import selectors
from innovators.journal.tips import PART_TIPS
from innovators.records.views import edit, find_for_reading, writers_context

PAGE_SIZE = 20


@login_not_required
@require_GET
def journal(request: BryggaRequest, public_id: str) -> HttpResponse:
    """What has happened, the newest first, as far as this reader may know."""
    initiative = find_for_reading(request, public_id)
    entries = selectors.entries_for(initiative, request.user)
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "innovators/journal/journal.html",
        {
            "initiative": initiative,
            "page": page,
            "lines": selectors.entry_lines(page.object_list),
            "process": selectors.process_picture(initiative, request.user, localdate()),
            **writers_context(request, initiative, "journal"),
        },
    )


@login_not_required
def write(request: BryggaRequest, public_id: str, number: int | None = None) -> HttpResponse:
    """Write an entry, or change one."""
    return edit(request, public_id, kind="journal", number=number, tips=PART_TIPS)
