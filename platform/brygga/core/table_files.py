"""A list as a file to take along: CSV, XLSX or JSON, whichever the address asks for with `?as=`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import get_language, gettext, override

from brygga.core.spreadsheets import XLSX, csv_lines, xlsx_file

KINDS = ("csv", "xlsx", "json")
AT_ONCE = 100
Cells = list[str | int]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Table:
    """Columns by their key, and rows in the order of the page. Rows are asked for when they are sent."""

    columns: dict[str, str | Promise]
    rows: Iterator[Cells]


def table_file(
    request: HttpRequest, table: Table, what: str, title: str, now: datetime, *, unknown: Sequence[str] = ()
) -> HttpResponseBase:
    """Send a table while it is read, named by what it is, a title and the day.

    A file must not answer another question than was asked: `unknown`, what the address asks for that we do not
    have, is answered with 400, as is another kind of file.
    """
    kind = request.GET.get("as", "csv")
    refused = [*unknown, *([kind[:40]] if kind not in KINDS else [])]
    if refused:
        text = "\n".join([gettext("The address asks for something that we do not have."), *refused])
        return HttpResponse(text + "\n", status=400, content_type="text/plain; charset=utf-8")
    header = [str(name) for name in table.columns.values()]
    response: HttpResponseBase
    if kind == "json":
        response = StreamingHttpResponse(_json(table), content_type="application/json")
    elif kind == "xlsx":
        response = FileResponse(xlsx_file(what, header, table.rows), content_type=XLSX)
    else:
        response = StreamingHttpResponse(
            csv_lines(header, table.rows), content_type="text/csv; charset=utf-8"
        )
    day = timezone.localdate(now).isoformat()
    name = "-".join(part for part in (what, slugify(title)[:40].strip("-"), day) if part)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    return response


def numbered_rows(keys: Sequence[Key], rows: Callable[[Sequence[Key]], list[Cells]]) -> Iterator[Cells]:
    """Yield the rows of a list, each with its place in front, in the language that it was asked for in.

    `rows` is asked for a hundred keys at a time, while the file is being sent.
    """
    # The middleware may be done with the request before the last row is sent.
    language, place = get_language() or "sv", 0
    for first in range(0, len(keys), AT_ONCE):
        with override(language):
            made = rows(keys[first : first + AT_ONCE])
        for cells in made:
            place += 1
            yield [place, *cells]


def _json(table: Table) -> Iterator[str]:
    """Yield a list of objects whose keys are the same in every language."""
    yield "["
    divider = "\n"
    for cells in table.rows:
        yield divider + json.dumps(dict(zip(table.columns, cells, strict=True)), ensure_ascii=False)
        divider = ",\n"
    yield "\n]\n"
