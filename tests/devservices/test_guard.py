"""What a guard promises: nothing of its command outlives whoever started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from brygga.devservices.child import Child, run_step, stop_all
from tests.devservices.marked import Mark

#: A stubborn family: one child in the group, one in a session of its own whose parent is gone, all deaf.
FAMILY = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
subprocess.Popen([sys.executable, "-c", deaf])
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", deaf])
    os._exit(0)
os.wait()
print("ready", flush=True)
time.sleep(600)
"""
#: A starter that we can kill: it guards the family and waits.
STARTER = """
import os, sys, time
from pathlib import Path
from brygga.devservices.child import Child
child = Child("family", [sys.executable, "-c", sys.argv[1]], environment=os.environ, folder=Path("/"),
              log_folder=Path(sys.argv[2]))
child.start()
time.sleep(600)
"""
DEADLINE = 5.0


def child_of(code: str, folder: Path) -> Child:
    command = [sys.executable, "-c", code]
    return Child("part", command, environment=os.environ, folder=folder, log_folder=folder)


def wait_for_log(path: Path) -> None:
    deadline = time.monotonic() + 10
    while not (path.exists() and "ready" in path.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert "ready" in path.read_text()


def test_a_stubborn_family_ends_when_asked(tmp_path: Path, mark: Mark) -> None:
    child = child_of(FAMILY, tmp_path)
    child.start()
    wait_for_log(child.log_path)
    assert len(mark.processes()) == 4
    stop_all([child])
    assert mark.processes() == {}


def test_a_stubborn_family_ends_when_the_starter_is_killed(tmp_path: Path, mark: Mark) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, FAMILY, str(tmp_path)])
    wait_for_log(tmp_path / "family.log")
    starter.kill()
    starter.wait()
    assert mark.left_after(DEADLINE) == {}


def test_what_a_command_leaves_behind_ends_with_it(tmp_path: Path, mark: Mark) -> None:
    child = child_of(FAMILY.replace("time.sleep(600)\n", "os._exit(4)\n"), tmp_path)
    assert run_step(child) == 4
    assert mark.processes() == {}


@pytest.mark.parametrize(("code", "expected"), [("", 0), ("import sys; sys.exit(3)", 3), ("1/0", 1)])
def test_the_exit_code_is_passed_on(tmp_path: Path, code: str, expected: int) -> None:
    assert run_step(child_of(code, tmp_path)) == expected


def test_a_killed_command_has_the_code_a_shell_would_give(tmp_path: Path) -> None:
    assert run_step(child_of("import os; os.kill(os.getpid(), 9)", tmp_path)) == 128 + signal.SIGKILL


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    child = Child("part", ["/no/such/program"], environment={}, folder=tmp_path, log_folder=tmp_path)
    assert run_step(child) == 1
    assert child.last_words() == "/no/such/program: No such file or directory"


def test_a_polite_command_may_finish(tmp_path: Path) -> None:
    polite = """
import signal, sys, time
def on_terminate(*_):
    print("finished", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, on_terminate)
print("ready", flush=True)
time.sleep(600)
"""
    child = child_of(polite, tmp_path)
    child.start()
    wait_for_log(child.log_path)
    stop_all([child])
    assert child.last_words() == "ready\nfinished"
    assert child.exit_code() == 0
