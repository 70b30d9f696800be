"""Starting programs that end with us, and looking at processes."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from brygga.devservices.account import Account
from brygga.devservices.errors import ServiceError

PR_SET_PDEATHSIG = 1
# Not compared in place: a type checker would call the other branch unreachable.
LINUX: bool = sys.platform == "linux"


def die_with_parent(signal_number: int) -> Callable[[], None] | None:
    """What a child has to call between fork and exec, so that the system ends it when we are gone.

    None where the system has no such thing: there the next start stops what was left over.
    """
    if not LINUX:
        return None
    library = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def in_child() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:
            # The parent died before the line above: nobody would ever tell us.
            os.kill(os.getpid(), signal_number)

    return in_child


def spawn(
    command: Sequence[str | Path], *, account: Account | None, log: IO[bytes], death_signal: int
) -> "subprocess.Popen[bytes]":
    """Start a server program in a session of its own, as `account`."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        umask=0o077,
        start_new_session=True,
        preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509 - the keeper has one thread
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def run(command: Sequence[str | Path], *, account: Account | None) -> str:
    """Run a short program as `account` and return what it prints.

    Raises ServiceError with its own words when it fails.
    """
    result = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd="/",
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    if result.returncode:
        raise ServiceError(f"{Path(command[0]).name} failed: {(result.stderr or result.stdout).strip()}")
    return result.stdout


def stop(process: "subprocess.Popen[bytes]", *, with_signal: int, patience: float) -> None:
    """Ask a process to end and wait; after `patience` seconds it is killed."""
    if process.poll() is None:
        process.send_signal(with_signal)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def command_line(pid: int) -> str:
    """The command line of a living process, or an empty string."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    if LINUX:
        return ""
    listed = subprocess.run(
        ["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout


def is_alive(pid: int) -> bool:
    """Whether a process with this number exists (it need not be ours)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def interrupt(pid: int) -> None:
    """Send SIGINT; a process that is gone already is fine."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)


def last_lines(path: Path, *, count: int = 15) -> str:
    """The end of a log, for an error message."""
    try:
        text = path.read_bytes()[-20_000:].decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-count:])
