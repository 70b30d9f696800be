"""What the story page of an initiative shows of its journal, its value and its spread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from innovators.journal import selectors as journal
from innovators.journal.selectors import EntryLine, ProcessPicture
from innovators.models import Initiative
from innovators.spread import selectors as spread
from innovators.spread.selectors import Lists, SpreadLine
from innovators.value import selectors as value
from innovators.value.selectors import IndicatorCard

if TYPE_CHECKING:
    from brygga.users.models import User

# The story page shows the latest; each has a page of its own with everything.
MOST_SHOWN = 3


@dataclass(frozen=True)
class Story:
    process: ProcessPicture | None
    latest: list[EntryLine]
    indicators: list[tuple[str, IndicatorCard]]
    lists: Lists
    spread: list[SpreadLine]

    @property
    def is_begun(self) -> bool:
        """Whether anything is written yet."""
        return bool(self.latest or self.indicators or self.spread)

    @property
    def shown_indicators(self) -> list[tuple[str, IndicatorCard]]:
        return self.indicators[:MOST_SHOWN]

    @property
    def more_indicators(self) -> bool:
        """Whether the story page shows only some of the numbers."""
        return len(self.indicators) > MOST_SHOWN

    @property
    def shown_spread(self) -> list[SpreadLine]:
        return self.spread[:MOST_SHOWN]


def story_of(initiative: Initiative, user: User | AnonymousUser, today: date) -> Story:
    """Return what somebody may read of how the work goes. Five queries, whatever is written."""
    groups = value.value_groups(initiative, user)
    return Story(
        process=journal.process_picture(initiative, user, today),
        latest=journal.entry_lines(journal.entries_for(initiative, user)[:MOST_SHOWN]),
        indicators=[(group.label, card) for group in groups for card in group.cards],
        lists=spread.lists_of(initiative),
        spread=spread.spread_lines(initiative, user),
    )
