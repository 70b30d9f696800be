"""One long-running part of `script/server`, under a guard, with a log of its own."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from brygga.devservices import processes

GUARD = Path(__file__).with_name("guard.py")
#: Seconds a part may take to finish what it does; then it is killed (jobs come back to the queue).
GRACE = 2.0
EXIT_PATIENCE = GRACE + 3.0


class Child:
    """A guarded process. It ends with us, and everything it starts ends with it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log_folder: Path,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self.folder = folder
        self.log_path = log_folder / f"{name}.log"
        self._guard: subprocess.Popen[bytes] | None = None
        self._lifeline: int | None = None

    def start(self, *, append: bool = False) -> None:
        """Start the command; its log begins anew unless `append`."""
        reader, self._lifeline = os.pipe()
        try:
            with self.log_path.open("ab" if append else "wb") as log:
                self._guard = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(GUARD), str(reader), str(GRACE), "--", *self.command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                    env=self.environment,
                    pass_fds=[reader],
                    start_new_session=True,
                )
        finally:
            os.close(reader)

    def exit_code(self) -> int | None:
        """None while it runs, and before it is started."""
        return None if self._guard is None else self._guard.poll()

    def ask_to_stop(self) -> None:
        """Tell it to end, without waiting."""
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def wait(self) -> None:
        """Wait until it and all it started is gone."""
        if self._guard is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._guard.wait(EXIT_PATIENCE)
            return
        self._guard.kill()
        self._guard.wait()

    def last_words(self, *, count: int = 15) -> str:
        """The last lines of its log."""
        return processes.last_lines(self.log_path, count=count)


def stop_all(children: Sequence[Child]) -> None:
    """Stop several at the same time."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait()


def run_step(child: Child) -> int:
    """Run a command that ends by itself, and return its exit code."""
    child.start()
    try:
        while (code := child.exit_code()) is None:
            time.sleep(0.02)
        return code
    finally:
        stop_all([child])
