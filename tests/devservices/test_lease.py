"""Embedded servers with real processes: start, share, kill, restart."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
import redis

from brygga.devservices import account, binaries
from brygga.devservices.errors import ServiceError
from brygga.devservices.lease import Lease, delete_state
from brygga.devservices.location import Location, location_at, throw_away_location
from tests.devservices.marked import Mark

pytestmark = pytest.mark.slow

#: A process that takes a lease, says so and keeps it until its input closes.
HOLDER = """
import sys
from pathlib import Path
from brygga.devservices.account import service_account
from brygga.devservices.lease import Lease
from brygga.devservices.location import Location
state = Path(sys.argv[1])
lease = Lease(Location(state, state / "sockets", service_account(), ephemeral=False)).acquire()
print("ready", flush=True)
sys.stdin.read()
"""


def start_holder(location: Location) -> "subprocess.Popen[str]":
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(location.state)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    return holder


def end(holder: "subprocess.Popen[str]") -> None:
    with holder:
        holder.kill()


def write_and_read(lease: Lease, text: str) -> list[str]:
    """Add a row, and return all rows."""
    with psycopg.connect(lease.environment["DATABASE_URL"]) as connection:
        connection.execute("create table if not exists note (text text)")
        connection.execute("insert into note values (%s)", [text])
        return [row[0] for row in connection.execute("select text from note order by text").fetchall()]


def test_both_servers_answer_and_stop_with_the_last_lease(location: Location, mark: Mark) -> None:
    lease = Lease(location).acquire()
    assert write_and_read(lease, "å") == ["å"]
    with redis.from_url(lease.environment["REDIS_URL"]) as client:
        assert client.set("key", "value")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    lease.release_and_wait()
    assert mark.left_after(2) == {}


def test_whoever_waits_for_the_end_finds_no_keeper(location: Location, mark: Mark) -> None:
    lease = Lease(location, ["REDIS_URL"]).acquire()
    (keeper,) = [pid for pid, command in mark.processes().items() if "devservices.keeper" in command]
    lease.release_and_wait()
    assert command_line(keeper) == b""


def command_line(pid: int) -> bytes:
    """Of a process that lives: one that has ended has none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_only_the_wanted_server_runs(location: Location, mark: Mark) -> None:
    with Lease(location, ["REDIS_URL"]) as lease:
        assert list(lease.environment) == ["REDIS_URL"]
        assert not any("postgres" in command for command in mark.processes().values())
        with Lease(location, ["DATABASE_URL"]) as second:
            assert write_and_read(second, "later") == ["later"]


def test_servers_outlive_whoever_started_them_while_others_hold_a_lease(
    location: Location, mark: Mark
) -> None:
    holder = start_holder(location)
    with Lease(location) as lease:
        end(holder)
        time.sleep(1)
        assert write_and_read(lease, "still here") == ["still here"]
        assert not lease.is_lost()
    assert mark.left_after(2) == {}


def test_several_starters_at_once_share_one_pair_of_servers(location: Location, mark: Mark) -> None:
    holders: list[subprocess.Popen[str]] = []
    threads = [threading.Thread(target=lambda: holders.append(start_holder(location))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(holders) == 4
    servers = [command for command in mark.processes().values() if "bin/postgres -D" in command]
    assert len(servers) == 1
    for holder in holders:
        end(holder)
    assert mark.left_after(5) == {}


def test_kill_9_of_the_holder_leaves_nothing_and_data_stay(location: Location, mark: Mark) -> None:
    holder = start_holder(location)
    lease = Lease(location).acquire()
    write_and_read(lease, "first")
    with redis.from_url(lease.environment["REDIS_URL"]) as client:
        client.set("job", "waiting")
        client.execute_command("WAITAOF", 1, 0, 2000)
    lease.release()
    os.kill(holder.pid, signal.SIGKILL)
    end(holder)
    assert mark.left_after(5) == {}
    with Lease(location) as again:
        assert write_and_read(again, "second") == ["first", "second"]
        with redis.from_url(again.environment["REDIS_URL"]) as client:
            assert client.get("job") == b"waiting"


def test_kill_9_of_the_keeper_takes_its_servers_along(location: Location, mark: Mark) -> None:
    lease = Lease(location).acquire()
    write_and_read(lease, "first")
    (keeper,) = [pid for pid, command in mark.processes().items() if "devservices.keeper" in command]
    os.kill(keeper, signal.SIGKILL)
    assert mark.left_after(5) == {}
    assert lease.is_lost()
    lease.release()
    with Lease(location) as again:
        assert write_and_read(again, "second") == ["first", "second"]


def test_a_dead_server_ends_the_lease(location: Location, mark: Mark) -> None:
    lease = Lease(location).acquire()
    (server,) = [pid for pid, command in mark.processes().items() if "bin/postgres -D" in command]
    os.kill(server, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while not lease.is_lost() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert lease.is_lost()
    lease.release()
    assert mark.left_after(5) == {}
    with Lease(location) as again:
        assert write_and_read(again, "after the crash") == ["after the crash"]


def test_a_left_over_number_of_another_program_is_not_killed(location: Location, mark: Mark) -> None:
    with Lease(location) as lease:
        write_and_read(lease, "first")
    (folder,) = location.state.glob("postgresql-[0-9]*[0-9]")
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (folder / "postmaster.pid").write_text(f"{bystander.pid}\n{folder}\n0\n5432\n\n\n\n\n")
    try:
        with Lease(location) as lease:
            assert write_and_read(lease, "second") == ["first", "second"]
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_throw_away_servers_leave_no_files(mark: Mark) -> None:
    location = throw_away_location()
    with Lease(location) as lease:
        write_and_read(lease, "gone soon")
        assert location.state.exists()
    assert not location.state.exists()


def test_sockets_of_a_deep_folder_move_to_a_short_private_one(location: Location, mark: Mark) -> None:
    location.state.chmod(0o755)
    deep = location.state / ("deep" * 20) / "folder"
    deep.mkdir(parents=True)
    found = location_at(deep, account=location.account, ephemeral=True)
    assert not found.sockets.is_relative_to(deep)
    with Lease(found) as lease:
        assert write_and_read(lease, "reached") == ["reached"]
        assert found.sockets.stat().st_mode & 0o777 == 0o700
    assert not found.sockets.exists()


def test_deleting_data_is_refused_while_in_use(location: Location, mark: Mark) -> None:
    with Lease(location) as lease:
        write_and_read(lease, "precious")
        with pytest.raises(ServiceError, match="in use"):
            delete_state(location)
    delete_state(location)
    with Lease(location) as lease:
        assert write_and_read(lease, "new") == ["new"]


def test_programs_are_copied_when_the_account_cannot_reach_them(
    location: Location, mark: Mark, monkeypatch: pytest.MonkeyPatch
) -> None:
    if location.account is None:
        pytest.skip("an ordinary user runs the programs where they are")
    monkeypatch.setattr(account.Account, "can_reach", lambda self, path: False)
    copied = binaries.postgresql_home(location.account)
    assert copied.is_relative_to(binaries.ROOT_BASE)
    version = subprocess.run(
        [copied / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    assert version.stdout.startswith("postgres (PostgreSQL)")
    assert binaries.valkey_server(location.account).is_relative_to(binaries.ROOT_BASE)


def test_importing_this_package_does_not_import_django() -> None:
    modules = sorted(
        f"brygga.devservices.{path.stem}"
        for path in Path(binaries.__file__).parent.glob("*.py")
        if path.stem not in ("__init__", "pytest_plugin")
    )
    code = f"import sys; import {', '.join(modules)}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
