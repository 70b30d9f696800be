"""One embedded Valkey, which speaks Redis: start, stop."""

import signal
import socket
import subprocess
import time

from brygga.devservices import processes
from brygga.devservices.binaries import valkey_server
from brygga.devservices.errors import ServiceError
from brygga.devservices.location import Location

START_PATIENCE = 30.0
STOP_PATIENCE = 2.0
#: One for each test worker, and some for people.
DATABASES = 64


class Valkey:
    """The queue and cache server of a location."""

    title = "Valkey"

    def __init__(self, location: Location) -> None:
        self.location = location
        self.log_path = location.state / "valkey.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises ServiceError with the end of its log when it cannot.
        """
        location = self.location
        self._end_left_over()
        # fmt: off
        options = [
            "--port", "0", "--unixsocket", str(location.valkey_socket), "--unixsocketperm", "700",
            "--dir", str(location.state), "--databases", str(DATABASES), "--save", "", "--daemonize", "no",
            "--appendonly", "no" if location.ephemeral else "yes", "--maxmemory-policy", "noeviction",
        ]
        # fmt: on
        with self.log_path.open("wb") as log:
            self._process = processes.spawn(
                [valkey_server(location.account), *options],
                account=location.account,
                log=log,
                death_signal=signal.SIGTERM,
            )
        deadline = time.monotonic() + START_PATIENCE
        while self._ask(b"PING\r\n") != b"+PONG":
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise ServiceError(f"Valkey does not start:\n{processes.last_lines(self.log_path)}")
            time.sleep(0.02)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        if self._process is not None:
            processes.stop(self._process, with_signal=signal.SIGTERM, patience=STOP_PATIENCE)
            self._process = None

    def _end_left_over(self) -> None:
        """Stop a server that outlived its keeper: two must never write the same files."""
        deadline = time.monotonic() + 10
        while self._ask(b"PING\r\n") is not None:
            self._ask(b"SHUTDOWN\r\n")
            if time.monotonic() > deadline:
                raise ServiceError(f"An old Valkey at {self.location.valkey_socket} does not stop.")
            time.sleep(0.05)

    def _ask(self, request: bytes) -> bytes | None:
        """The first line of the answer; None if nobody listens."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.location.valkey_socket))
                connection.sendall(request)
                return connection.recv(1024).split(b"\r\n", 1)[0]
            except OSError:
                return None
