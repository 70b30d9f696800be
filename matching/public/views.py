"""Pages that everybody may read: where support is missing, and Brygga in numbers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from brygga.core.http import BryggaRequest
from brygga.core.spreadsheets import csv_text
from matching.public import figures as numbers
from matching.public import gaps as missing
from matching.public import themes as subjects


@login_not_required
@require_safe
def gaps(request: BryggaRequest) -> HttpResponse:
    """Need against supply; everything that is chosen stands in the address."""
    query, notices = missing.read_query(request.GET)
    page = missing.gap_page(missing.gaps(), query)
    context = {"page": page, "notices": notices, "filters_chosen": sum(map(bool, query.chosen))}
    response = render(request, "public/gaps.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_not_required
@require_safe
def gaps_file(request: BryggaRequest) -> HttpResponse:
    """The table as it stands on the page. A file must not answer another question than was asked: 400."""
    query, notices = missing.read_query(request.GET)
    if notices:
        text = "\n".join([gettext("The address asks for something that we do not have."), *notices])
        return HttpResponse(text + "\n", status=400, content_type="text/plain; charset=utf-8")
    text = csv_text(*missing.file_rows(missing.gaps().value, query))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{gettext("where-support-is-missing")}.csv"'
    return response


@login_not_required
@require_safe
def statistics(request: BryggaRequest) -> HttpResponse:
    """Brygga in numbers, each with what it counts and when."""
    found = numbers.figures()
    context = {"figures": numbers.shown_figures(found.value), "counted_at": found.counted_at}
    return render(request, "public/statistics.html", context)


@login_not_required
@require_safe
def themes(request: BryggaRequest) -> HttpResponse:
    """Every subject, with what one finds under it."""
    return render(request, "public/themes.html", {"groups": subjects.theme_groups(timezone.now())})


@login_not_required
@require_safe
def theme(request: BryggaRequest, code: str) -> HttpResponse:
    """One subject: initiatives, support, what is missing, and how to follow it."""
    page = subjects.theme_page(code, timezone.now())
    if page is None:
        raise Http404
    return render(request, "public/theme.html", {"page": page})
