"""The lists of matches to take along, as CSV, XLSX or JSON: `?as=json`, and the filters of the page."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from brygga.core.http import SignedInRequest
from brygga.core.table_files import table_file
from matching.comparing.blind import Shown, ShownAt
from matching.desk import selectors
from matching.desk.views import lists
from matching.desk.views.all_cases import asked_for
from matching.desk.views.finding import own_initiative, own_offer
from matching.engine.selectors import matches_for_initiative, matches_for_offer
from matching.exporting.tables import all_cases_table, case_table, shortlist_table, support_table
from matching.learning.selectors import in_use, order_by_choices


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
    return table_file(
        request, table, gettext("initiatives-that-fit"), offer.title, now, unknown=asked.unknown
    )


@never_cache
@require_safe
def shortlist_file(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """What lies on an offer's shortlist and aside."""
    offer = own_offer(request.user, public_id)
    now = timezone.now()
    table = shortlist_table(offer, request.user, Shown(request.session, offer, request.user, now))
    return table_file(request, table, gettext("shortlist"), offer.title, now)


@never_cache
@require_safe
def all_cases_file(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """Cases of all of an organisation's offers, as the page shows them with the same address."""
    now = timezone.now()
    asking = asked_for(request, public_id, now)
    shown = ShownAt(request.session, [offer.pk for offer in asking.offers], request.user, now)
    table = all_cases_table(asking.offers, asking.rows, request.user, shown, now)
    return table_file(
        request, table, gettext("all-cases"), str(asking.organisation), now, unknown=asking.asked.unknown
    )


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
    first_page = lists.PAGE_SIZE if asked.sort == "fit" else None
    table = support_table(initiative, narrowed, first_page=first_page, now=now)
    return table_file(
        request, table, gettext("support-that-fits"), initiative.title, now, unknown=asked.unknown
    )
