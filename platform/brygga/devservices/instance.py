"""One `script/server` in a checkout at a time: two would run every timed job twice."""

import contextlib
import fcntl
import json
import os
import signal
import time
from pathlib import Path

from brygga.devservices.errors import ServiceError

STOP_PATIENCE = 15.0


class Instance:
    """The claim to be the running server. The system gives it back when we end."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.path = folder / "server.lock"
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def claim(self, address: str) -> None:
        """Raises ServiceError when another one runs."""
        if not self._lock():
            running = self._running()
            raise ServiceError(
                f"Brygga already runs at {running.get('address')}, process {running.get('pid')}: "
                "stop it first."
            )
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)

    def stop_other(self) -> None:
        """Stop the one that runs, if any, and wait.

        Raises ServiceError when it does not stop.
        """
        if self._lock():
            return
        with contextlib.suppress(ProcessLookupError, TypeError, ValueError):
            os.kill(int(str(self._running().get("pid"))), signal.SIGTERM)
        deadline = time.monotonic() + STOP_PATIENCE
        while not self._lock():
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"The running server (process {self._running().get('pid')}) does not stop."
                )
            time.sleep(0.1)

    def _lock(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _running(self) -> dict[str, object]:
        try:
            found = json.loads(os.pread(self._descriptor, 4096, 0))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
