"""From the ticked cases of a desk to the page where they stand side by side; or back, with the ticks kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from brygga.core.http import SignedInRequest
from matching.comparing.selectors import LEAST, MOST
from matching.desk.enums import Deed
from matching.desk.several import Seen

#: Chosen where the deeds are, though it changes nothing.
COMPARE = "compare"
_TICKED = "desk_ticked"


def choices() -> list[tuple[str, Any]]:
    """Return what may be done with the ticked cases on a desk, with the page that compares them."""
    return [*Deed.choices, (COMPARE, _("Compare side by side"))]


def compare(request: SignedInRequest, seen: Sequence[Seen], back: str) -> HttpResponse:
    """Lead to the page that shows the ticked cases side by side; its address can be shared. Else back, ticks kept."""
    offers = {one.offer for one in seen}
    if len(offers) == 1 and LEAST <= len(seen) <= MOST:
        asked = urlencode([("initiative", one.initiative) for one in seen])
        return HttpResponseRedirect(f"{reverse('matching:compare', args=[*offers])}?{asked}")
    if len(offers) > 1:
        said = _("You ticked cases of different support. Tick cases of one support, and compare again.")
    elif len(seen) > MOST:
        said = _("You ticked %(number)d. At most %(most)d fit side by side. Untick some, and compare again.")
    else:
        said = _("Tick at least two cases to compare them.")
    messages.error(request, said % {"number": len(seen), "most": MOST})
    keep_ticks(request, seen)
    return HttpResponseRedirect(back)


def keep_ticks(request: SignedInRequest, seen: Sequence[Seen]) -> None:
    """Let the next desk that the person opens show these cases ticked."""
    request.session[_TICKED] = [f"{one.offer}.{one.initiative}" for one in seen]


def pop_ticks(request: SignedInRequest) -> list[str]:
    """Return the cases that are to be shown ticked, once."""
    if _TICKED not in request.session:
        return []
    ticked: list[str] = request.session.pop(_TICKED)
    return ticked
