"""Servers and marks for the tests of this folder. Nothing here touches the run's own servers."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from brygga.devservices.account import service_account
from brygga.devservices.location import Location
from tests.devservices.marked import Mark


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mark]:
    """Marks everything the test starts, and ends what it leaves."""
    mark = Mark()
    for name, value in mark.environment.items():
        monkeypatch.setenv(name, value)
    yield mark
    mark.kill_all()


@pytest.fixture
def location() -> Iterator[Location]:
    """Durable servers in a folder of their own."""
    # Not tmp_path: as root, the servers' account could not enter it.
    state = Path(tempfile.mkdtemp(prefix="brygga-test-"))
    yield Location(state, state / "sockets", service_account(), ephemeral=False)
    shutil.rmtree(state)
