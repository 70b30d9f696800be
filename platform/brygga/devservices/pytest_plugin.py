"""Throw-away PostgreSQL and Valkey for a test run, up before Django's settings are loaded.

Only for the addresses (DATABASE_URL, REDIS_URL) that are not given. Workers of pytest-xdist inherit the
servers; pytest-django gives each its own database, this plugin its own Redis database.
"""

import os
from collections.abc import Generator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from brygga.devservices.errors import ServiceError
from brygga.devservices.lease import Lease, missing_variables
from brygga.devservices.location import throw_away_location

#: What this process holds, to give it back at the end.
_leases: list[Lease] = []


# A wrapper runs before every plain hook, so also before pytest-django loads the settings.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    missing = missing_variables(os.environ)
    if missing:
        try:
            lease = Lease(throw_away_location(), missing).acquire()
        except ServiceError as error:
            raise pytest.UsageError(str(error)) from error
        _leases.append(lease)
        os.environ.update(lease.environment)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker.startswith("gw"):
        number = int(worker.removeprefix("gw"))
        os.environ["REDIS_URL"] = redis_url_for_worker(os.environ["REDIS_URL"], number)
    return (yield)


def redis_url_for_worker(url: str, worker: int) -> str:
    """The same server, a database of its own: number 0 stays with whoever gave the address."""
    address, _, query_string = url.partition("?")
    query = dict(parse_qsl(query_string))
    named = query.pop("db", None) or query.pop("virtual_host", None)
    scheme = urlsplit(address).scheme
    if scheme in ("unix", "redis+socket"):
        name = "db" if scheme == "unix" else "virtual_host"
        return f"{address}?{urlencode({**query, name: int(named or 0) + worker + 1})}"
    parts = urlsplit(address)
    number = int(parts.path.strip("/") or named or 0) + worker + 1
    return urlunsplit(parts._replace(path=f"/{number}", query=urlencode(query)))


def pytest_unconfigure() -> None:
    while _leases:
        lease = _leases.pop()
        for name in lease.variables:
            os.environ.pop(name, None)
        lease.release_and_wait()
