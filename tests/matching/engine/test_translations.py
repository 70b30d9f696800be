"""What is told in both languages teaches an analysis words; a run freezes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brygga.language import load_lexicon
from matching.engine.models import MatchAnalysis
from matching.engine.translations import current_lexicon
from matching.kernel.analysis import Analysis
from tests.factories import InitiativeFactory, SupportOfferFactory

pytestmark = pytest.mark.django_db
WORDS = ("ågranbygden", "oakstead")


def told_twice(factory: type[InitiativeFactory | SupportOfferFactory], **changes: object) -> None:
    given = {"title": "Ågranbygden", "language": "sv", "title_second": "The oakstead", **changes}
    # Without the words that every profile of the factory has.
    story = {"change": "2026"} if factory is InitiativeFactory else {"description": "2026"}
    factory(**story, **given)


def learned() -> set[tuple[str, str]]:
    groups = current_lexicon(timezone.now()).groups[len(load_lexicon().groups) :]
    return {(group.swedish[0], group.english[0]) for group in groups}


def test_both_sides_teach_and_either_language_may_come_first() -> None:
    told_twice(InitiativeFactory)
    told_twice(SupportOfferFactory)
    assert learned() == set()
    told_twice(InitiativeFactory, title="The oakstead", language="en", title_second="Ågranbygden")
    with CaptureQueriesContext(connection) as captured:
        assert WORDS in learned()
    assert len(captured) == 2


def test_drafts_teach_nothing() -> None:
    for _ in range(4):
        told_twice(InitiativeFactory, draft=True)
    assert learned() == set()


def test_a_run_freezes_what_it_learned(matched: Callable[[], None]) -> None:
    for _ in range(3):
        told_twice(InitiativeFactory)
    told_twice(SupportOfferFactory)
    matched()
    frozen = Analysis.from_bytes(bytes(MatchAnalysis.objects.get().payload))
    assert WORDS in {(group.swedish[0], group.english[0]) for group in frozen.text.lexicon.groups}
