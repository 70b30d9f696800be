"""What a need says on a page: one hour is not "1 timmar"."""

import pytest
from django.utils.translation import override

from brygga.taxonomy.enums import SupportKind
from innovators.models import Need
from innovators.selectors import need_in_words


@pytest.mark.parametrize(
    ("hours", "language", "said"),
    [
        (1, "sv", "Mentorskap: 1 timme"),
        (2, "sv", "Mentorskap: 2 timmar"),
        (1, "en", "Mentoring: 1 hour"),
        (20, "en", "Mentoring: 20 hours"),
    ],
)
def test_hours_in_words(hours: int, language: str, said: str) -> None:
    with override(language):
        assert need_in_words(Need(kind=SupportKind.MENTORING, hours=hours)) == said
