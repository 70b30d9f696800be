"""`script/server` as a whole, with all its real processes, in a copy of the checkout."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devservices.checkout import Checkout, copied_checkout
from tests.devservices.marked import Mark

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PARTS = ("manage.py runserver", "-Q short", "-Q default", "celery -A brygga.celery beat", "manage.py relay")
#: A quiet machine needs 8 and 5 seconds at most; here other tests run beside, and figures are not tested.
SECOND_START = 60.0
GONE_AFTER = 20.0


@pytest.fixture(scope="module")
def marks() -> Mark:
    return Mark()


@pytest.fixture(scope="module")
def checkout(marks: Mark) -> Iterator[Checkout]:
    """One copy for all tests of this file, started once so that its database is made."""
    with copied_checkout(marks.environment) as checkout:
        process = checkout.start()
        try:
            checkout.wait_until_ready(process)
            yield checkout
        finally:
            for left in (process, *_left):
                left.kill()
                left.wait()
            marks.left_after(GONE_AFTER)
            marks.kill_all()


@pytest.fixture
def stopped(checkout: Checkout, marks: Mark) -> Checkout:
    """The checkout, with nothing running."""
    for process in _left:
        process.kill()
        process.wait()
    _left.clear()
    marks.kill_all()
    return checkout


#: The server that a test left running, for the next one that wants one.
_left: list["subprocess.Popen[bytes]"] = []


@pytest.fixture
def running(checkout: Checkout, marks: Mark) -> "subprocess.Popen[bytes]":
    """A server that answers, and has all its parts: the one of the test before, if that let it live."""
    if not _left or _left[0].poll() is not None:
        marks.kill_all()
        _left[:] = [checkout.start()]
        checkout.wait_until_ready(_left[0])
    checkout.wait_for_processes(PARTS, marks.processes)
    return _left[0]


def test_the_first_start_answers_and_prints_the_address(checkout: Checkout) -> None:
    assert f"Brygga runs at http://localhost:{checkout.port}/" in checkout.said()
    assert checkout.status("/healthz") == 200
    assert checkout.status("/") == 200


def test_ctrl_c_leaves_nothing(running: "subprocess.Popen[bytes]", checkout: Checkout, marks: Mark) -> None:
    running.send_signal(signal.SIGINT)
    assert running.wait(GONE_AFTER) == 0
    assert marks.processes() == {}
    assert checkout.said().endswith("Stopped.\n")


def test_kill_9_leaves_nothing(running: "subprocess.Popen[bytes]", marks: Mark) -> None:
    # Pool workers and the database's own children are among them.
    assert len(marks.processes()) > 15
    running.kill()
    running.wait()
    assert marks.left_after(GONE_AFTER) == {}


def test_kill_9_while_it_starts_leaves_nothing(stopped: Checkout, marks: Mark) -> None:
    process = stopped.start()
    time.sleep(1.0)
    process.kill()
    process.wait()
    assert marks.left_after(GONE_AFTER) == {}


def test_the_second_start_is_quick_and_data_are_kept(stopped: Checkout, marks: Mark) -> None:
    def addresses() -> str:
        shown = stopped.manage("shell", "--no-imports", "-c", COUNT)
        assert shown.returncode == 0, shown.stderr
        return shown.stdout

    created = stopped.manage("shell", "--no-imports", "-c", CREATE)
    assert created.returncode == 0, created.stderr
    before = addresses()
    begun = time.monotonic()
    process = stopped.start()
    stopped.wait_until_ready(process)
    took = time.monotonic() - begun
    process.kill()
    process.wait()
    marks.kill_all()
    assert addresses() == before
    assert took < SECOND_START


CREATE = """
from django.contrib.auth import get_user_model
get_user_model().objects.create(email="kept@brygga.example")
"""
COUNT = """
from django.contrib.auth import get_user_model
print(sorted(get_user_model().objects.values_list("email", flat=True)))
"""


#: A part of our own code and a server; with `script/test --all` each of them.
PARTS_THAT_DIE: tuple[str, ...] = ("-Q default", "bin/postgres -D")
if os.environ.get("BRYGGA_TEST_ALL"):
    PARTS_THAT_DIE += ("celery -A brygga.celery beat", "manage.py relay")


@pytest.mark.parametrize("part", PARTS_THAT_DIE)
def test_a_part_that_dies_is_named_and_stops_everything(
    running: "subprocess.Popen[bytes]", checkout: Checkout, marks: Mark, part: str
) -> None:
    victims = [
        pid
        for pid, line in marks.processes().items()
        if part in line and "guard.py" not in line and is_leader(pid)
    ]
    os.kill(victims[0], signal.SIGKILL)
    assert running.wait(15) == 1
    assert marks.left_after(1) == {}
    assert re.search(r"stopped unexpectedly", checkout.said())


def is_leader(pid: int) -> bool:
    """Whether this is the part itself, not one of its own children."""
    return os.getpgid(pid) == pid


def test_changed_code_restarts_every_part(
    running: "subprocess.Popen[bytes]", checkout: Checkout, marks: Mark
) -> None:
    before = set(marks.processes())
    source = checkout.folder / "platform" / "brygga" / "urls.py"
    change(checkout, source, source.read_text())
    checkout.wait_for_processes(PARTS, marks.processes)
    web = [pid for pid, line in marks.processes().items() if "runserver" in line and "guard.py" not in line]
    assert web
    assert not set(web) & before
    assert running.poll() is None


def test_code_that_does_not_load_waits_for_the_next_change(
    running: "subprocess.Popen[bytes]", checkout: Checkout, marks: Mark
) -> None:
    source = checkout.folder / "platform" / "brygga" / "urls.py"
    good = source.read_text()
    try:
        change(checkout, source, good + "\nthis does not load\n")
        deadline = time.monotonic() + 60
        while workers(marks):
            assert time.monotonic() < deadline, checkout.said()
            time.sleep(0.5)
        # Whoever would start them anyhow does so within this time.
        time.sleep(5)
        assert running.poll() is None
        assert not workers(marks)
        change(checkout, source, good)
        checkout.wait_for_processes(PARTS, marks.processes)
        assert running.poll() is None
    finally:
        source.write_text(good)


def test_code_that_breaks_while_parts_are_starting_waits_for_the_next_change(
    stopped: Checkout, marks: Mark
) -> None:
    source = stopped.folder / "platform" / "brygga" / "urls.py"
    good = source.read_text()
    process = stopped.start()
    try:
        # The web server answers by now, and the relay is just about to load the same code: it meets the
        # change first, since the web server is held for as long.
        stopped.wait_for_processes(("manage.py relay",), marks.processes)
        web = [pid for pid, line in marks.processes().items() if "runserver" in line and is_leader(pid)]
        for pid in web:
            os.kill(pid, signal.SIGSTOP)
        source.write_text(good + "\nthis does not load\n")
        deadline = time.monotonic() + 60
        while any("manage.py relay" in line for line in marks.processes().values()):
            assert time.monotonic() < deadline, stopped.said()
            time.sleep(0.1)
        for pid in web:
            os.kill(pid, signal.SIGCONT)
        while "restarting" not in stopped.said():
            assert time.monotonic() < deadline, stopped.said()
            assert process.poll() is None, stopped.said()
            time.sleep(0.2)
        change(stopped, source, good)
        stopped.wait_for_processes(PARTS, marks.processes)
        assert process.poll() is None
    finally:
        source.write_text(good)
        process.kill()
        process.wait()


def workers(marks: Mark) -> list[str]:
    return [line for line in marks.processes().values() if "-Q default" in line]


def change(checkout: Checkout, source: Path, text: str) -> None:
    """Write a source file and wait until the server has seen it."""
    before = checkout.said().count("restarting")
    deadline = time.monotonic() + 60
    while checkout.said().count("restarting") == before:
        assert time.monotonic() < deadline, checkout.said()
        # The watcher needs a moment before it knows the file: write again until it tells.
        source.write_text(text)
        time.sleep(1.5)


def test_a_second_server_is_refused(running: "subprocess.Popen[bytes]", checkout: Checkout) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "brygga.devservices.server", "--port", "8999"],
        cwd=checkout.folder,
        env=checkout.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert said.stderr.startswith(f"Brygga already runs at http://localhost:{checkout.port}/")
    assert said.stderr.count("\n") == 1


def test_a_management_command_uses_the_running_servers(
    running: "subprocess.Popen[bytes]", checkout: Checkout, marks: Mark
) -> None:
    servers = [pid for pid, line in marks.processes().items() if "bin/postgres -D" in line]
    assert checkout.manage("check").returncode == 0
    assert [pid for pid, line in marks.processes().items() if "bin/postgres -D" in line] == servers
    assert running.poll() is None


def test_a_management_command_alone_has_servers_for_its_duration(stopped: Checkout, marks: Mark) -> None:
    code = "import sys; from django.db import connection; connection.ensure_connection(); print(sys.stdin.read())"
    found = stopped.manage("shell", "--no-imports", "-c", code, text="from standard input")
    assert (found.returncode, found.stdout) == (0, "from standard input\n")
    assert stopped.manage("no_such_command").returncode == 1
    assert stopped.manage("shell", "--no-imports", "-c", "raise SystemExit(7)").returncode == 7
    assert marks.left_after(GONE_AFTER) == {}


def test_a_taken_port_is_one_clear_line(stopped: Checkout, marks: Mark) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", stopped.port))
        other.listen()
        found = stopped.run()
    assert found.returncode == 1
    assert found.stdout == (
        f"Port {stopped.port} is taken by another program (Address already in use); choose another with --port.\n"
    )
    assert marks.left_after(GONE_AFTER) == {}


def test_reset_asks_first(stopped: Checkout) -> None:
    found = stopped.run("--reset")
    assert found.returncode == 1
    assert found.stdout.endswith("Nothing was deleted.\n")


def test_reset_stops_the_running_server_and_begins_anew(
    running: "subprocess.Popen[bytes]", checkout: Checkout, marks: Mark
) -> None:
    created = checkout.manage("shell", "--no-imports", "-c", CREATE.replace("kept@", "gone@"))
    assert created.returncode == 0, created.stderr
    process = checkout.start("--reset", "--yes", "--no-demo")
    try:
        running.wait(20)
        checkout.wait_until_ready(process)
        shown = checkout.manage("shell", "--no-imports", "-c", COUNT)
        assert shown.stdout == "[]\n"
    finally:
        process.kill()
        process.wait()
