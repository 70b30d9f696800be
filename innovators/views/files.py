"""The catalogue as a file: what the page shows with the same address, every page of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from brygga.core.http import SignedInRequest
from brygga.core.table_files import Cells, Table, numbered_rows, table_file
from brygga.organisations.registration.catalogue import MOST_COUNTED, read_catalogue
from brygga.organisations.registration.words import Terms
from innovators import selectors
from innovators.models import Initiative

#: The columns of the catalogue shown as a table, with nothing cut short.
COLUMNS: dict[str, str | Promise] = {
    "place": _("Place in the list"),
    "initiative": _("Initiative"),
    "where": _("Where"),
    "themes": _("Subject"),
    "needs": _("What they need"),
    "owner": _("Who is behind it"),
    "address": _("Address"),
}


@never_cache
@require_safe
def catalogue_file(request: SignedInRequest) -> HttpResponseBase:
    """Published initiatives that this person may see, searched, filtered and ordered by the address."""
    result = read_catalogue(selectors.initiative_catalogue(request.user), request.GET)
    paged: Any = result.page.paginator.object_list
    # The best hits are keys already; another order is a query.
    keys = paged if isinstance(paged, list) else list(paged.values_list("pk", flat=True)[:MOST_COUNTED])
    profiles = selectors.with_card_rows(Initiative.objects.published().visible_to(request.user))

    def rows(part: Sequence[int]) -> list[Cells]:
        found = profiles.in_bulk(part)
        return [_cells(found[key]) for key in part if key in found]

    table = Table(COLUMNS, numbered_rows(keys, rows))
    return table_file(
        request, table, gettext("initiatives"), result.text, timezone.now(), unknown=result.notices
    )


def _cells(initiative: Initiative) -> Cells:
    return [
        selectors.telling(initiative).title,
        ", ".join(selectors.public_places(initiative)),
        ", ".join(Terms.THEME.names(initiative.theme_codes or [])),
        ", ".join(str(need.get_kind_display()) for need in initiative.needs.all()),
        selectors.owner_name(initiative.organisation),
        settings.SITE_ADDRESS + reverse("innovators:detail", args=[initiative.public_id]),
    ]
