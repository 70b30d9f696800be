"""Finding every process that a test has started, whatever became of its parents."""

import contextlib
import os
import signal
import time
import uuid
from pathlib import Path

VARIABLE = "BRYGGA_TEST_MARK"


class Mark:
    """A variable that all descendants inherit. Only where /proc tells a process's environment."""

    def __init__(self) -> None:
        self.value = uuid.uuid4().hex
        self._database_folders: set[Path] = set()

    @property
    def environment(self) -> dict[str, str]:
        return {VARIABLE: self.value}

    def processes(self) -> dict[int, str]:
        """Number and command line of those that live (a zombie does not)."""
        wanted = f"{VARIABLE}={self.value}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (
                    (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                )
                working_folder = (folder / "cwd").readlink()
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = command
                    if "bin/postgres -D" in command:
                        self._database_folders.add(working_folder)
                elif command.startswith("postgres:") and working_folder in self._database_folders:
                    # PostgreSQL's own children write their title over the environment.
                    found[int(folder.name)] = command
            except OSError:
                continue
        return found

    def kill_all(self) -> None:
        """End them, so that the next test begins with nothing."""
        deadline = time.monotonic() + 10
        while (found := self.processes()) and time.monotonic() < deadline:
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    def left_after(self, seconds: float) -> dict[int, str]:
        """Those that still live when all have had that long to end."""
        deadline = time.monotonic() + seconds
        while (found := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found
