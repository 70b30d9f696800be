"""What shows that an initiative works elsewhere, as far as the reader may know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from innovators.models import Indicator, Initiative, Measurement, SpreadRecord

if TYPE_CHECKING:
    from brygga.users.models import User

TWO_YEARS = timedelta(days=2 * 365)


@dataclass(frozen=True)
class Proof:
    """Kinds of proof that there are, and kinds of organisations that have taken it up."""

    kinds: tuple[str, ...]
    adopters: frozenset[str]


def proofs_of(initiatives: Sequence[Initiative], user: User | AnonymousUser, now: datetime) -> list[Proof]:
    """Return what proof there is of each, in their order. Two queries for any number."""
    adopters: dict[int, set[str]] = defaultdict(set)
    taken_up = SpreadRecord.objects.visible_to(user).filter(initiative__in=initiatives)
    for key, kind in taken_up.values_list("initiative_id", "adopter_kind"):
        adopters[key].add(kind or "")
    shown = Indicator.objects.visible_to(user).filter(initiative__in=initiatives)
    numbers = Measurement.objects.standing().filter(indicator__in=shown.values("pk"))
    measured = set(numbers.values_list("initiative_id", flat=True))
    long_ago = timezone.localdate(now) - TWO_YEARS
    found = []
    for one in initiatives:
        is_old = one.started_on is not None and one.started_on <= long_ago
        proofs = {"taken_up": one.pk in adopters, "measured": one.pk in measured, "in_use": is_old}
        kinds = tuple(name for name, is_there in proofs.items() if is_there)
        found.append(Proof(kinds, frozenset(adopters[one.pk]) - {""}))
    return found
