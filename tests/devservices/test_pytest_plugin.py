"""The servers a test run gets."""

import os

import psycopg
import pytest

from brygga.devservices.pytest_plugin import redis_url_for_worker


def test_both_addresses_are_set_before_settings_load() -> None:
    assert os.environ["DATABASE_URL"]
    assert os.environ["REDIS_URL"]


def test_the_database_keeps_swedish_letters_in_trigrams() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("create extension if not exists pg_trgm")
        row = connection.execute("select show_trgm('åäö')").fetchone()
    assert row is not None
    assert len(row[0]) == 4


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("unix:///run/valkey.sock?db=0", "unix:///run/valkey.sock?db=3"),
        ("unix:///run/valkey.sock", "unix:///run/valkey.sock?db=3"),
        ("redis+socket:///run/valkey.sock?virtual_host=1", "redis+socket:///run/valkey.sock?virtual_host=4"),
        ("redis://localhost:6379", "redis://localhost:6379/3"),
        ("redis://:secret@localhost:6379/2", "redis://:secret@localhost:6379/5"),
        ("rediss://localhost/?db=1", "rediss://localhost/4"),
    ],
)
def test_each_worker_gets_a_redis_database_of_its_own(given: str, expected: str) -> None:
    assert redis_url_for_worker(given, 2) == expected
