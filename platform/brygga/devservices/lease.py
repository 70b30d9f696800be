"""Using the embedded servers: take a lease, give it back."""

import contextlib
import fcntl
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from brygga.devservices import processes
from brygga.devservices.errors import ServiceError
from brygga.devservices.location import Location

#: Creating a database on a slow machine takes a while.
PATIENCE = 90.0
#: Which server answers for which variable.
SERVER_OF_VARIABLE = {"DATABASE_URL": "postgresql", "REDIS_URL": "valkey"}


def missing_variables(environment: Mapping[str, str]) -> list[str]:
    """The addresses that were not given, so that servers of our own must answer."""
    return [name for name in SERVER_OF_VARIABLE if not environment.get(name)]


class Lease:
    """A claim on embedded servers: while it is held they run.

    Several processes may hold one at the same time. It ends with `release()`, or with the process.
    """

    def __init__(self, location: Location, variables: Collection[str] = tuple(SERVER_OF_VARIABLE)) -> None:
        """`variables`: the addresses wanted, of DATABASE_URL and REDIS_URL."""
        self.location = location
        self.variables = tuple(variables)
        self._connection: socket.socket | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Exactly the wanted addresses."""
        return {name: self.location.environment[name] for name in self.variables}

    def acquire(self) -> Self:
        """Start the servers, or join those that already run, and wait until they answer.

        Raises ServiceError when they cannot be started.
        """
        self.location.prepare()
        request = " ".join(SERVER_OF_VARIABLE[name] for name in self.variables).encode() + b"\n"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            connection = self._connect()
            if started := connection is None:
                connection = self._start_keeper()
            answer = self._ask(connection, request, deadline)
            if answer == "ready":
                self._connection = connection
                return self
            connection.close()
            if answer.startswith("failed "):
                raise ServiceError(str(json.loads(answer.removeprefix("failed "))["reason"]))
            if started and answer != "busy":
                raise ServiceError(
                    f"The embedded servers do not start:\n{processes.last_lines(self._log_path)}"
                )
            # Another keeper is just starting or stopping: try again.
            time.sleep(0.1)
        raise ServiceError("Another process holds the embedded servers, but they do not answer.")

    def release(self) -> None:
        """Give the lease back; the servers stop soon if nobody else needs them."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def release_and_wait(self, patience: float = 10.0) -> None:
        """Give the lease back and wait until the keeper is gone, or somebody else turns out to need it."""
        if self._connection is None:
            return
        with contextlib.suppress(OSError):
            # A keeper that stops closes our side last of all: after its servers and their files.
            self._connection.shutdown(socket.SHUT_WR)
            select.select([self._connection], [], [], patience)
        self.release()

    def keep_through_exec(self) -> None:
        """Let the program that replaces this one hold the lease, until it ends."""
        os.set_inheritable(self.fileno(), True)

    def is_lost(self) -> bool:
        """Whether the keeper has gone although we still hold the lease."""
        if self._connection is None:
            return False
        readable, _, _ = select.select([self._connection], [], [], 0)
        return bool(readable)

    def fileno(self) -> int:
        """For select(): becomes readable when the lease is lost."""
        if self._connection is None:
            raise ValueError("this lease is not held")
        return self._connection.fileno()

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release_and_wait()

    @property
    def _log_path(self) -> Path:
        return self.location.state / "keeper.log"

    def _connect(self) -> socket.socket | None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(self.location.keeper_socket))
        except OSError:
            connection.close()
            return None
        return connection

    def _start_keeper(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        location = self.location
        durability = "ephemeral" if location.ephemeral else "durable"
        arguments = [str(location.state), str(location.sockets), durability, str(theirs.fileno())]
        # The keeper imports this very package, wherever the current process found it.
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        with theirs, self._log_path.open("ab") as log:
            subprocess.run(
                [sys.executable, "-m", "brygga.devservices.keeper", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                check=False,
            )
        return ours

    def _ask(self, connection: socket.socket, request: bytes, deadline: float) -> str:
        connection.settimeout(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(OSError):
            connection.sendall(request)
            answer = b""
            while not answer.endswith(b"\n"):
                part = connection.recv(65536)
                if not part:
                    return ""
                answer += part
            return answer.decode().strip()
        return ""


def delete_state(location: Location) -> None:
    """Delete all data of a location whose servers have stopped.

    Raises ServiceError while somebody still uses them.
    """
    with _no_keeper(location):
        for found in location.state.glob("postgresql-*"):
            if found.is_dir():
                shutil.rmtree(found)
        shutil.rmtree(location.state / "appendonlydir", ignore_errors=True)


@contextlib.contextmanager
def _no_keeper(location: Location, patience: float = 30.0) -> Iterator[None]:
    """Hold the keeper's lock. One that stops takes its socket away first, its servers after that."""
    begun = time.monotonic()
    location.prepare()
    with (location.state / "lock").open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waited = time.monotonic() - begun
                # The last lease may have been given back this moment; then the socket goes at once.
                if location.keeper_socket.exists() and waited > 3:
                    raise ServiceError(
                        "The servers are in use; stop script/server (and script/manage) first."
                    ) from None
                if waited > patience:
                    raise ServiceError("The servers do not stop; see keeper.log.") from None
                time.sleep(0.1)
        yield
