"""Take cases in from a table: the file, its columns, what becomes of each row, and undo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import SignedInRequest
from brygga.core.spreadsheets import XLSX, csv_lines, xlsx_file
from brygga.core.uploads import skipped_uploads
from funders.models import SupportOffer
from matching.comparing.blind import title_for
from matching.desk.views.finding import own_offer
from matching.intake import permissions, selectors, services
from matching.intake.enums import TAKEN, Outcome
from matching.intake.forms import ColumnsForm, TakeInForm, UploadForm
from matching.intake.models import CaseImport
from matching.intake.planning import plan

UNPROCESSABLE = 422
PAGE_SIZE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask for a table."""
    offer = own_offer(request.user, public_id, writing=True)
    if not permissions.can_take_in(request.user, offer):
        messages.info(request, _("Publish the offer first. Then you can take in cases."))
        return redirect("matching:desk", offer.public_id)
    is_sent = request.method == "POST"
    form = UploadForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        left_out=skipped_uploads(request) if is_sent else (),
    )
    if is_sent and form.is_valid():
        made = services.begin(
            offer=offer, actor=request.user, table=form.cleaned_data["file"], now=timezone.now()
        )
        return redirect("matching:intake-columns", offer.public_id, made.public_id)
    now = timezone.now()
    begun = selectors.imports_of(offer, request.user).filter(taken_at=None).first()
    context = {
        "form": form,
        "offer": offer,
        "earlier": selectors.earlier(offer, request.user),
        "begun": begun if begun and selectors.has_table(begun, now) else None,
        "back_url": reverse("matching:desk", args=[offer.public_id]),
        "back_text": _("The desk"),
        "save_text": _("Continue"),
    }
    return render(
        request, "matching/intake/bring.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: SignedInRequest, public_id: str, table: str) -> HttpResponse:
    """Ask which column tells what; what the headings say is chosen already."""
    offer, mine = _find(request, public_id, table)
    now = timezone.now()
    if mine.taken_at is not None:
        return redirect("matching:intake", offer.public_id, mine.public_id)
    if not selectors.has_table(mine, now):
        return _gone(request, offer)
    headings = [
        name or _("Column %(number)d") % {"number": place} for place, name in enumerate(mine.table[0], 1)
    ]
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        headings=headings,
        initial={**mine.columns, "stage_otherwise": mine.stage},
    )
    if request.method == "POST" and form.is_valid():
        services.map_columns(
            case_import=mine,
            actor=request.user,
            columns=form.mapping(),
            stage=form.cleaned_data["stage_otherwise"],
            now=now,
        )
        return redirect("matching:intake", offer.public_id, mine.public_id)
    context = {
        "form": form,
        "offer": offer,
        "headings": headings,
        "examples": mine.table[1:4],
        "rows": len(mine.table) - 1,
        "back_url": reverse("matching:intake-file", args=[offer.public_id]),
        "save_text": _("Continue"),
    }
    return render(
        request, "matching/intake/columns.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: SignedInRequest, public_id: str, table: str) -> HttpResponse:
    """Show what becomes of each row, and do it; afterwards what became of them."""
    offer, mine = _find(request, public_id, table)
    now = timezone.now()
    if request.method == "POST" and mine.taken_at is None:
        form = TakeInForm(request.POST)
        form.is_valid()
        try:
            services.take_in(
                case_import=mine,
                actor=request.user,
                adds_notes=form.cleaned_data.get("notes") == "add",
                now=now,
            )
        except services.TableGone:
            return _gone(request, offer)
        return redirect("matching:intake", offer.public_id, mine.public_id)
    if mine.taken_at is not None:
        return _done(request, offer, mine, now)
    if not selectors.has_table(mine, now):
        return _gone(request, offer)
    if not mine.is_mapped:
        return redirect("matching:intake-columns", offer.public_id, mine.public_id)
    planned = plan(mine, request.user, now)
    counts = selectors.counted([row.outcome for row in planned])
    wanted = request.GET.get("show", "")
    shown = [row for row in planned if row.outcome == wanted] if wanted in Outcome.values else planned
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    new = sum(row.outcome == Outcome.NEW for row in planned)
    has_notes = any(row.outcome == Outcome.EXISTS and row.note for row in planned)
    context: dict[str, Any] = {
        "offer": offer,
        "mine": mine,
        "page": page,
        "lines": [
            {"row": row, "title": title_for(request.session, row.initiative) if row.initiative else ""}
            for row in page.object_list
        ],
        "counts": counts,
        "wanted": wanted,
        "total": len(planned),
        "form": TakeInForm(initial={"notes": "leave"}) if has_notes else None,
        "can_take": new or has_notes,
        "rest": sum(row.outcome not in TAKEN for row in planned),
        "take_text": ngettext("Take in %(number)d case", "Take in %(number)d cases", new) % {"number": new}
        if new
        else _("Add the notes"),
    }
    return render(request, "matching/intake/preview.html", context)


def _done(request: SignedInRequest, offer: SupportOffer, mine: CaseImport, now: datetime) -> HttpResponse:
    cases = mine.cases.all()
    changed = [
        title_for(request.session, case.entry.initiative)
        for case in (
            cases.select_related("entry__initiative").order_by("pk")[:PAGE_SIZE] if mine.undone_at else ()
        )
    ]
    has_table = selectors.has_table(mine, now)
    context = {
        "offer": offer,
        "mine": mine,
        "made": cases.filter(is_new=True).count(),
        "noted": cases.filter(is_new=False).count(),
        "changed": changed,
        "counts": [one for one in selectors.counted(mine.outcomes) if one["outcome"] not in TAKEN],
        "has_table": has_table,
        "has_rest": has_table and any(one and one not in TAKEN for one in mine.outcomes),
        "can_undo": selectors.can_be_undone(mine, now),
        "invitation": "" if mine.undone_at else selectors.invitation(offer, mine.outcomes),
    }
    return render(request, "matching/intake/done.html", context)


@require_POST
def undo(request: SignedInRequest, public_id: str, table: str) -> HttpResponse:
    """Take back what the table did, but for cases that somebody has changed since."""
    offer, mine = _find(request, public_id, table)
    try:
        undone, changed = services.undo(case_import=mine, actor=request.user, now=timezone.now())
    except services.NothingToUndo:
        messages.info(request, _("There was nothing to undo."))
        return redirect("matching:intake", offer.public_id, mine.public_id)
    said = ngettext("Undone: %(number)d case.", "Undone: %(number)d cases.", undone) % {"number": undone}
    if changed:
        said += " " + ngettext(
            "%(number)d case stays: somebody has changed it since.",
            "%(number)d cases stay: somebody has changed them since.",
            changed,
        ) % {"number": changed}
    messages.success(request, said)
    return redirect("matching:intake", offer.public_id, mine.public_id)


@require_POST
def throw_away(request: SignedInRequest, public_id: str, table: str) -> HttpResponse:
    """Delete the table; what was taken in stays."""
    offer, mine = _find(request, public_id, table)
    services.throw_away(case_import=mine, actor=request.user, now=timezone.now())
    messages.success(request, _("The table is deleted."))
    return redirect("matching:desk", offer.public_id)


@never_cache
@require_safe
def rest(request: SignedInRequest, public_id: str, table: str) -> HttpResponseBase:
    """The rows that did not come in, with the reason, as CSV or with ?as=xlsx a workbook."""
    _offer, mine = _find(request, public_id, table)
    now = timezone.now()
    if not selectors.has_table(mine, now) or not (mine.is_mapped or mine.taken_at):
        raise Http404
    headings, lines = selectors.rest(mine, request.user, now)
    headings = [*headings, _("What became of it"), _("Why")]
    what = _("not-taken-in")
    is_sheet = request.GET.get("as") == "xlsx"
    response: HttpResponseBase
    if is_sheet:
        response = FileResponse(xlsx_file(what, headings, lines), content_type=XLSX)
    else:
        response = StreamingHttpResponse(csv_lines(headings, lines), content_type="text/csv; charset=utf-8")
    name = f"{what}-{timezone.localdate(now).isoformat()}.{'xlsx' if is_sheet else 'csv'}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _find(request: SignedInRequest, public_id: str, table: str) -> tuple[SupportOffer, CaseImport]:
    """Return an offer that the person writes for, and a table that they themselves brought to it."""
    offer = own_offer(request.user, public_id, writing=True)
    mine = get_object_or_404(selectors.imports_of(offer, request.user), public_id=table)
    mine.offer = offer
    return offer, mine


def _gone(request: SignedInRequest, offer: SupportOffer) -> HttpResponse:
    messages.info(request, _("The table is not here any more. We keep it for one day. Bring it again."))
    return redirect("matching:intake-file", offer.public_id)
