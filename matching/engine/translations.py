"""What Brygga holds in both languages, for an analysis to learn translations from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from brygga.language import Lexicon, load_lexicon
from matching.engine.encoding import open_offers, published_initiatives
from matching.kernel.translations import ParallelText, with_translations

_IS_TOLD_TWICE = ~Q(title_second="") | ~Q(summary_second="")
_FETCHED_AT_ONCE = 1_000


def current_lexicon(now: datetime) -> Lexicon:
    """Return the project's lexicon with what profiles told in both languages teach it. Two queries."""
    return with_translations(load_lexicon(), _profiles(now))


def _profiles(now: datetime) -> Iterator[ParallelText]:
    for rows, story in ((published_initiatives(), "change"), (open_offers(now), "description")):
        told_twice = rows.filter(_IS_TOLD_TWICE).order_by("pk")
        fields = ("language", "title", story, "title_second", "summary_second")
        for language, title, first, title_second, second in told_twice.values_list(*fields).iterator(
            chunk_size=_FETCHED_AT_ONCE
        ):
            own, other = f"{title}\n{first}", f"{title_second}\n{second}"
            yield ParallelText(own, other) if language == "sv" else ParallelText(other, own)
