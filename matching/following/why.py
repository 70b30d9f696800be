"""Why a suggestion is one, in a few words for a mail: from the match's own stored numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from matching.desk.querysets import Pair, in_pairs
from matching.engine.models import Match, MatchSuggestion
from matching.engine.selectors import explain, for_explaining
from matching.following.catalogues import one_line

if TYPE_CHECKING:
    from matching.kernel.reasons import Perspective

#: Reasons of each.
MOST_REASONS = 2


def why_of(
    suggestions: Iterable[MatchSuggestion], perspective: Perspective, now: datetime
) -> dict[Pair, str]:
    """Return the first reasons of each suggestion, in the language that is on, by its pair. Constant queries.

    A pair that is no match by now has none.
    """
    pairs = {(row.offer_id, row.initiative_id) for row in suggestions}
    matches = for_explaining(Match.objects.current().filter(in_pairs(pairs))) if pairs else []
    found = {}
    for match in matches:
        reasons = explain(match, perspective=perspective, now=now).reasons[:MOST_REASONS]
        if reasons:
            found[match.offer_id, match.initiative_id] = "; ".join(map(one_line, reasons))
    return found
