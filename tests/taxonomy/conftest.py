from __future__ import annotations

from collections.abc import Iterator

import pytest

from brygga.taxonomy.selectors import recheck_taxonomy
from tests.taxonomy.people import Staff


@pytest.fixture(autouse=True)
def fresh_copy() -> Iterator[None]:
    """Tests here change the lists inside transactions that are rolled back: no copy may outlive one."""
    recheck_taxonomy()
    yield
    recheck_taxonomy()


@pytest.fixture
def staff() -> Staff:
    return Staff()
