"""The world of a module: made once, in a transaction that is taken back at the end.

Each test, marked `django_db` as usual, is a savepoint inside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.permissions.table import rolled_back
from tests.permissions.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), rolled_back():
        yield build()
