import pytest


@pytest.fixture
def taxonomy_in_transactional_tests() -> None:
    """The outbox knows no taxonomy: nothing to load again."""
