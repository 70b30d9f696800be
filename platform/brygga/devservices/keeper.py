"""The process that keeps the embedded servers alive as long as anybody holds a lease.

A lease is an open connection, so the system itself gives it back when its holder ends, however it ends:
the servers outlive whoever started them if others still use them, and nobody else.

Usage: `python -m brygga.devservices.keeper STATE_FOLDER SOCKET_FOLDER durable|ephemeral DESCRIPTOR`

One line in (`postgresql valkey`), one line out: `ready`, `failed {"reason": …}` or `busy` (another keeper
holds this location). Started by `brygga.devservices.lease`, never by hand.
"""

import contextlib
import fcntl
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from brygga.devservices.account import service_account
from brygga.devservices.errors import ServiceError
from brygga.devservices.location import Location
from brygga.devservices.postgresql import PostgreSQL
from brygga.devservices.valkey import Valkey

SERVERS: dict[str, Callable[[Location], PostgreSQL | Valkey]] = {"postgresql": PostgreSQL, "valkey": Valkey}
#: How often the keeper looks whether its servers still run.
LOOK_INTERVAL = 0.5


class Keeper:
    """Servers of one location, and the leases on them."""

    def __init__(self, location: Location) -> None:
        self.location = location
        self.servers: dict[str, PostgreSQL | Valkey] = {}
        self.leases: set[socket.socket] = set()
        self.selector = selectors.DefaultSelector()
        self.last: socket.socket | None = None
        self.told_to_stop = False

    def run(self, first: socket.socket) -> None:
        """Serve until the last lease is given back, a server dies, or we are told to stop."""
        signal.signal(signal.SIGTERM, self._on_terminate)
        for ignored in (signal.SIGINT, signal.SIGHUP):
            signal.signal(ignored, signal.SIG_IGN)
        lock = os.open(self.location.state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Closing a socket with unread data resets it, and the answer would be lost with it.
            with contextlib.suppress(OSError):
                first.settimeout(5)
                first.recv(1024)
                first.sendall(b"busy\n")
            return
        listener = self._listen()
        self._add(first)
        try:
            while self.leases and not self.told_to_stop and self._all_running():
                for key, _ in self.selector.select(LOOK_INTERVAL):
                    if key.fileobj is listener:
                        self._add(listener.accept()[0])
                    elif isinstance(key.fileobj, socket.socket):
                        self._hear(key.fileobj)
        finally:
            # First nobody can come in any more: who is too late is refused and starts the next keeper.
            self.location.keeper_socket.unlink(missing_ok=True)
            listener.close()
            for server in reversed(list(self.servers.values())):
                server.stop()
            if self.location.ephemeral:
                shutil.rmtree(self.location.state, ignore_errors=True)
                shutil.rmtree(self.location.sockets, ignore_errors=True)
            # The leases are closed by our own end, so that whoever hears that we are gone finds nobody.

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.location.keeper_socket.unlink(missing_ok=True)
        listener.bind(str(self.location.keeper_socket))
        listener.listen(64)
        self.selector.register(listener, selectors.EVENT_READ)
        return listener

    def _add(self, lease: socket.socket) -> None:
        lease.settimeout(5)
        self.leases.add(lease)
        self.selector.register(lease, selectors.EVENT_READ)

    def _hear(self, lease: socket.socket) -> None:
        try:
            request = lease.recv(1024).decode().split()
        except (OSError, UnicodeDecodeError):
            request = []
        if not request:
            self.selector.unregister(lease)
            self.leases.discard(lease)
            if self.leases:
                lease.close()
            else:
                # The last holder may be waiting: it hears the end only when all has stopped.
                self.last = lease
            return
        try:
            for name in request:
                self._ensure(name)
            answer = "ready"
        except (ServiceError, OSError) as error:
            answer = "failed " + json.dumps({"reason": str(error)})
        with contextlib.suppress(OSError):  # The holder is gone: the next round hears that.
            lease.sendall(answer.encode() + b"\n")

    def _ensure(self, name: str) -> None:
        if name not in SERVERS:
            raise ServiceError(f"There is no embedded server called {name}.")
        if name not in self.servers:
            server = SERVERS[name](self.location)
            server.start()
            self.servers[name] = server

    def _all_running(self) -> bool:
        for server in self.servers.values():
            if not server.is_running():
                print(f"{server.title} stopped unexpectedly; see {server.log_path}", flush=True)
                return False
        return True

    def _on_terminate(self, _signal: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True


def main(arguments: list[str]) -> None:
    state, sockets, durability, descriptor = arguments
    location = Location(Path(state), Path(sockets), service_account(), ephemeral=durability == "ephemeral")
    # On its own: whoever started us is not our parent, and need not wait for our end.
    if os.fork():
        return
    location.prepare()
    keeper = Keeper(location)
    keeper.run(socket.socket(fileno=int(descriptor)))
    # At once: an interpreter that winds down closes the leases first and lives on for a moment.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
