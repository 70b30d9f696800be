"""Support given, on the pages of those who got it and of those who gave it. Only what the giver has said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from brygga.core.slots import register
from brygga.organisations.models import Organisation
from brygga.organisations.permissions import is_member
from funders.selectors import giver_name
from innovators.models import Initiative
from matching.awards.models import SupportGiven
from matching.awards.querysets import SupportGivenQuerySet
from matching.awards.selectors import is_public, public_name
from matching.awards.words import given_in_words

#: The newest are shown.
MOST_SHOWN = 10


def connect() -> None:
    """Hang everything up; doing it again changes nothing."""
    register("initiative_sections", of_initiative)
    register("organisation_sections", of_organisation)


def of_initiative(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On an initiative's page: what it has got, from whom. Not beside one that only some may read."""
    shown = [one for one in initiatives if is_public(one) or is_member(request.user, one.organisation_id)]
    rows: dict[int, list[dict[str, Any]]] = {}
    for case in _newest().filter(initiative__in=[one.pk for one in shown]):
        rows.setdefault(case.initiative_id or 0, []).append(_row(case, to=False))
    return {
        key: render_to_string("matching/awards/_got.html", {"rows": found[:MOST_SHOWN]}, request)
        for key, found in rows.items()
    }


def of_organisation(organisations: Sequence[Organisation], request: HttpRequest) -> dict[Any, SafeString]:
    """On a giver's page: what it has supported, where that may be named. The newest."""
    contents = {}
    for one in organisations:
        cases = list(_newest().filter(given_by=one)[: 5 * MOST_SHOWN])
        rows = [_row(case, to=True) for case in cases if public_name(case)]
        if rows:
            contents[one.pk] = render_to_string(
                "matching/awards/_gave.html", {"rows": rows[:MOST_SHOWN]}, request
            )
    return contents


def _newest() -> SupportGivenQuerySet:
    return SupportGiven.objects.newest_first().select_related("initiative", "given_by")


def _row(case: SupportGiven, *, to: bool) -> dict[str, Any]:
    initiative = case.initiative
    giver = giver_name(case.given_by) if case.given_by else ""
    return {
        "what": given_in_words(case),
        "name": public_name(case) if to else giver,
        "initiative": initiative if to and initiative is not None and is_public(initiative) else None,
        # A private person has no page to lead to.
        "giver": case.given_by if not to and case.given_by and giver == str(case.given_by) else None,
        "day": case.decided_on,
        "language": case.language,
    }
