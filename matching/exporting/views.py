"""The lists of matches to take along, as CSV or JSON: `?as=json`, and the filters of the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from brygga.core.http import SignedInRequest
from brygga.core.spreadsheets import csv_lines
from matching.comparing.blind import Shown
from matching.desk import selectors
from matching.desk.views.finding import own_initiative, own_offer
from matching.desk.views.lists import PAGE_SIZE
from matching.engine.selectors import matches_for_initiative, matches_for_offer
from matching.exporting.tables import Table, case_table, shortlist_table, support_table
from matching.learning.selectors import in_use, order_by_choices

_KINDS = ("csv", "json")


@never_cache
@require_safe
def cases_file(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """Initiatives that fit an offer, as the page shows them with the same address."""
    offer = own_offer(request.user, public_id)
    now = timezone.now()
    learned = in_use(offer.organisation_id)
    filters: dict[str, Iterable[str]] = {
        name: [code for code, _label in choices] for name, choices in selectors.case_filters().items()
    }
    sorts = selectors.LEARNED_SORTS if learned else selectors.CASE_SORTS
    asked = selectors.read_address(request.GET, filters, sorts)
    every = matches_for_offer(offer, request.user, now)
    # As the page: an offer that is not published has no matches to show.
    narrowed = selectors.narrowed_cases(every, offer, asked) if offer.is_published else every.none()
    if learned and asked.sort == "choices":
        keys = list(order_by_choices(narrowed, learned))
    else:
        keys = list(narrowed.values_list("pk", flat=True))
    shown = Shown(request.session, offer, request.user, now)
    table = case_table(offer, every, keys, shown, now)
    return _file(request, table, gettext("initiatives-that-fit"), offer.title, asked, now)


@never_cache
@require_safe
def shortlist_file(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """What lies on an offer's shortlist and aside."""
    offer = own_offer(request.user, public_id)
    now = timezone.now()
    table = shortlist_table(offer, request.user, Shown(request.session, offer, request.user, now))
    return _file(request, table, gettext("shortlist"), offer.title, None, now)


@never_cache
@require_safe
def support_file(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """Support that fits an initiative, as the page shows it with the same address."""
    initiative = own_initiative(request.user, public_id)
    now = timezone.now()
    kinds: dict[str, Iterable[str]] = {"kind": [code for code, _label in selectors.kind_choices()]}
    asked = selectors.read_address(request.GET, kinds, selectors.SUPPORT_SORTS, selectors.SECTIONS)
    every = matches_for_initiative(initiative, request.user, now)
    narrowed = selectors.narrowed_support(every, asked) if initiative.is_published else every.none()
    first_page = PAGE_SIZE if asked.sort == "fit" else None
    table = support_table(initiative, narrowed, first_page=first_page, now=now)
    return _file(request, table, gettext("support-that-fits"), initiative.title, asked, now)


def _file(
    request: SignedInRequest,
    table: Table,
    what: str,
    title: str,
    asked: selectors.Asked | None,
    now: datetime,
) -> HttpResponseBase:
    """Send a table while it is read. A file must not answer another question than was asked: 400."""
    kind = request.GET.get("as", "csv")
    unknown = [*(asked.unknown if asked else []), *([kind[:40]] if kind not in _KINDS else [])]
    if unknown:
        text = "\n".join([gettext("The address asks for something that we do not have."), *unknown])
        return HttpResponse(text + "\n", status=400, content_type="text/plain; charset=utf-8")
    if kind == "json":
        sent, content_type = _json(table), "application/json"
    else:
        header = [str(name) for name in table.columns.values()]
        sent, content_type = csv_lines(header, table.rows), "text/csv; charset=utf-8"
    response = StreamingHttpResponse(sent, content_type=content_type)
    day = timezone.localdate(now).isoformat()
    name = "-".join(part for part in (what, slugify(title)[:40].strip("-"), day) if part)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    return response


def _json(table: Table) -> Iterator[str]:
    """Yield a list of objects whose keys are the same in every language."""
    yield "["
    divider = "\n"
    for cells in table.rows:
        yield divider + json.dumps(dict(zip(table.columns, cells, strict=True)), ensure_ascii=False)
        divider = ",\n"
    yield "\n]\n"
