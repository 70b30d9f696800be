"""What intermediaries add to pages below: flags on initiatives, ways to flag and to propose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from innovators.models import Initiative
from intermediaries import permissions
from intermediaries.enums import FlagReason
from intermediaries.models import Flag
from matching.meeting.proposing.selectors import may_propose_for, number_proposed_by


def _flags_of(initiatives: Sequence[Initiative]) -> dict[int, list[Flag]]:
    """Standing flags of initiatives that the page has already found visible; one query."""
    flags: dict[int, list[Flag]] = defaultdict(list)
    standing = (
        Flag.objects.standing()
        .filter(initiative__in=[initiative.pk for initiative in initiatives])
        .select_related("organisation")
        .order_by("-flagged_at", "-pk")
    )
    for flag in standing:
        flags[flag.initiative_id].append(flag)
    return flags


def badges(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On cards: who flagged it and when, by name."""
    return {
        key: render_to_string("intermediaries/_badges.html", {"flags": flags}, request)
        for key, flags in _flags_of(initiatives).items()
    }


def sections(initiatives: Sequence[Initiative], request: HttpRequest) -> dict[Any, SafeString]:
    """On the public page: each judgement whole, and for intermediaries ways to add theirs and propose support."""
    own = permissions.intermediaries_of(request.user)
    own_ids = {organisation.pk for organisation in own}
    flags_of = _flags_of(initiatives)
    contents = {}
    for initiative in initiatives:
        flags = flags_of.get(initiative.pk, [])
        standing = {flag.organisation_id for flag in flags}
        may_flag = any(
            organisation.pk not in standing and permissions.can_flag(request.user, initiative, organisation)
            for organisation in own
        )
        may_propose = bool(may_propose_for(request.user, initiative, own))
        if flags or may_flag or may_propose:
            rows = [
                {
                    "flag": flag,
                    "reasons": [FlagReason(code).label for code in flag.reasons],
                    "can_withdraw": flag.organisation_id in own_ids,
                }
                for flag in flags
            ]
            contents[initiative.pk] = render_to_string(
                "intermediaries/_sections.html",
                {
                    "rows": rows,
                    "may_flag": may_flag,
                    "may_propose": may_propose,
                    "initiative": initiative,
                },
                request,
            )
    return contents


def home(users: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """On my page: the ways to the flags and to what is proposed, for people at an intermediary."""
    organisations = permissions.intermediaries_of(request.user)
    if not organisations:
        return {}
    count = Flag.objects.standing().filter(organisation__in=organisations).count()
    context = {
        "organisations": organisations,
        "count": count,
        "proposals": number_proposed_by(request.user),
    }
    markup = render_to_string("intermediaries/_home.html", context, request)
    return {user.pk: markup for user in users}
