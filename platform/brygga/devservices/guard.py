"""Runs one command and makes sure that nothing of it outlives whoever started it.

Usage: `python -I -S guard.py DESCRIPTOR GRACE -- COMMAND...`

The descriptor is the reading end of a pipe whose writing end only our starter holds. When it closes (the
starter asks us to stop, or is gone, killed or not) the command gets SIGTERM and GRACE seconds, then every
process it has left is killed: pool workers, reloaders, whatever. When the command ends by itself, the same
clean-up follows and its exit code is passed on.

A program of its own, from the standard library only, so that it costs next to nothing.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def main(arguments: list[str]) -> int:
    descriptor, grace, separator, *command = arguments
    assert separator == "--"
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    # From now on SIGCHLD and SIGTERM wake the select() below.
    wakeup_reader, wakeup_writer = os.pipe()
    for end in (wakeup_reader, wakeup_writer):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wakeup_writer)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    told_to_stop = False

    def on_terminate(*_: object) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGTERM, on_terminate)
    _adopt_orphans()
    process = _start(command)
    while not told_to_stop and process.poll() is None:
        readable, _, _ = select.select([int(descriptor), wakeup_reader], [], [])
        if wakeup_reader in readable:
            os.read(wakeup_reader, 512)
        if int(descriptor) in readable:
            told_to_stop = True
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(float(grace))
    _kill_all(process)
    code = process.returncode
    return 128 - code if code < 0 else code


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    guard = os.getpid()
    linux = sys.platform == "linux"
    library = ctypes.CDLL(None) if linux else None

    def in_child() -> None:
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if library is not None:
            # Even if the guard itself is killed.
            library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != guard:
                os._exit(1)

    try:
        return subprocess.Popen(command, preexec_fn=in_child, process_group=0)  # noqa: PLW1509 - one thread
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


def _adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent has ended, where the system can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def _kill_all(process: "subprocess.Popen[bytes]") -> None:
    """Kill the command's process group, then every descendant that had left the group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        for pid in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if ended == 0:
            time.sleep(0.01)


def _children() -> Iterator[int]:
    with contextlib.suppress(OSError):
        for task in Path("/proc/self/task").iterdir():
            yield from map(int, (task / "children").read_text().split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
