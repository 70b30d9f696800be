"""What a web process loads before it says that it is ready."""

from __future__ import annotations

import threading

import pytest
from django.test import Client

from brygga.core import warming


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "_callables", {})
    monkeypatch.setattr(warming, "_running", [])


def test_readiness_waits_for_what_is_loaded(alone: None, client: Client, db: None) -> None:
    wait = threading.Event()
    warming.register("something", lambda: wait.wait(20) and None)
    assert warming.is_done()
    warming.start()
    assert client.get("/readyz").json()["warming"] == "under way"
    wait.set()
    warming._running[0].join(20)
    assert "warming" not in client.get("/readyz").json()


def test_what_fails_stops_nothing_else(alone: None) -> None:
    loaded = []

    def broken() -> None:
        raise RuntimeError

    warming.register("first", broken)
    warming.register("second", lambda: loaded.append(True))
    warming._load()
    assert loaded == [True]
