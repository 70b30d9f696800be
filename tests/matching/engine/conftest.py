from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_kept_between_tests() -> Iterator[None]:
    """A process keeps what it has encoded by primary key, and keys come again in another test's database."""
    from matching.engine import collection, encoded

    for module in (collection, encoded):
        module.forget()
    yield
    for module in (collection, encoded):
        module.forget()
