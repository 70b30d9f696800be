"""What an initiative leads to: everybody's page, and what its people write."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from brygga.core.http import BryggaRequest
from innovators.models import Indicator, Measurement
from innovators.records.views import edit, find_for_reading, writers_context
from innovators.value import selectors


@login_not_required
@require_GET
def value(request: BryggaRequest, public_id: str) -> HttpResponse:
    """Every indicator with its chart and table, under the three kinds."""
    initiative = find_for_reading(request, public_id)
    groups = selectors.value_groups(initiative, request.user)
    return render(
        request,
        "innovators/value/value.html",
        {
            "initiative": initiative,
            "groups": groups,
            "has_indicators": any(group.cards for group in groups),
            **writers_context(request, initiative, "indicator", "measurement"),
        },
    )


@login_not_required
def indicator(request: BryggaRequest, public_id: str, number: int | None = None) -> HttpResponse:
    """Choose something to measure, or change what was chosen."""
    return edit(request, public_id, kind="indicator", number=number)


@login_not_required
def measure(request: BryggaRequest, public_id: str, number: int) -> HttpResponse:
    """Write a new number of an indicator."""
    found = _indicator(public_id, pk=number)
    values: dict[str, Any] = {"indicator": found}
    return edit(request, public_id, kind="measurement", indicator=found, values=values)


@login_not_required
def measurement(request: BryggaRequest, public_id: str, number: int) -> HttpResponse:
    """Change a number that was written before."""
    rows = Measurement.objects.standing().filter(initiative__public_id=public_id, pk=number)
    found = _indicator(public_id, pk__in=rows.values("indicator"))
    return edit(request, public_id, kind="measurement", number=number, indicator=found)


def _indicator(public_id: str, **asked: Any) -> Indicator | None:
    """Return the indicator; whether the reader may know of it is asked where it is used."""
    rows = Indicator.objects.standing().filter(initiative__public_id=public_id, **asked)
    found: Indicator | None = rows.first()
    return found
