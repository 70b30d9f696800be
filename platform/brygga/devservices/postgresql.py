"""One embedded PostgreSQL: create, start, stop."""

import contextlib
import shutil
import signal
import subprocess
import time
from pathlib import Path

from brygga.devservices import processes
from brygga.devservices.binaries import postgresql_home
from brygga.devservices.errors import ServiceError
from brygga.devservices.location import DATABASE, Location

START_PATIENCE = 40.0
STOP_PATIENCE = 3.0
#: With --locale=C trigrams would silently drop å, ä and ö; ICU is not in this build.
LOCALE = ("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class PostgreSQL:
    """The database server of a location. Sockets only; whoever can enter the folder may connect."""

    title = "PostgreSQL"

    def __init__(self, location: Location) -> None:
        self.location = location
        self.log_path = location.state / "postgresql.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Create the database if there is none, start the server and wait until it answers.

        Raises ServiceError with the end of its log when it cannot.
        """
        location = self.location
        home = postgresql_home(location.account)
        self._programs = home / "bin"
        version = processes.run([self._programs / "postgres", "--version"], account=location.account)
        # Named by major version: another version cannot read the files.
        self._folder = location.state / f"postgresql-{version.split()[2].split('.')[0]}"
        if (self._folder / "PG_VERSION").exists():
            self._end_left_over()
        else:
            self._create()
        deadline = time.monotonic() + START_PATIENCE
        while not self._started(deadline):
            # Children of a killed server need a moment to notice; until then a new one refuses to start.
            if time.monotonic() > deadline:
                raise ServiceError(f"PostgreSQL does not start:\n{processes.last_lines(self.log_path)}")
            time.sleep(0.5)
        self._create_database()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        if self._process is not None:
            # SIGINT is "fast": open transactions are rolled back. If it takes too long the log replays.
            processes.stop(self._process, with_signal=signal.SIGINT, patience=STOP_PATIENCE)
            self._process = None

    def _create(self) -> None:
        unfinished = self._folder.with_suffix(".unfinished")
        for folder in (self._folder, unfinished):
            shutil.rmtree(folder, ignore_errors=True)
        sync: list[str | Path] = ["--no-sync"] if self.location.ephemeral else []
        command: list[str | Path] = [
            self._programs / "initdb",
            "-D",
            unfinished,
            "-U",
            "app",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        processes.run([*command, *LOCALE, *sync], account=self.location.account)
        unfinished.rename(self._folder)

    def _end_left_over(self) -> None:
        """Stop a server that outlived its keeper; forget a number that now belongs to another program."""
        pid_file = self._folder / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        if not processes.is_alive(pid):
            return  # PostgreSQL itself knows what to do with this file.
        if str(self._folder) not in processes.command_line(pid):
            pid_file.unlink(missing_ok=True)
            return
        deadline = time.monotonic() + 10
        processes.interrupt(pid)
        while processes.is_alive(pid) and pid_file.exists():
            if time.monotonic() > deadline:
                raise ServiceError(f"An old PostgreSQL (process {pid}) does not stop.")
            time.sleep(0.05)

    def _started(self, deadline: float) -> bool:
        """Start the server; False if it gave up before it was ready."""
        location = self.location
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(location.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **(THROW_AWAY if location.ephemeral else {}),
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [self._programs / "postgres", "-D", self._folder, *flags]
        with self.log_path.open("wb") as log:
            self._process = processes.spawn(
                command, account=location.account, log=log, death_signal=signal.SIGINT
            )
        while self._process.poll() is None:
            if self._is_ready(self._process.pid):
                return True
            if time.monotonic() > deadline:
                self.stop()
                return False
            time.sleep(0.02)
        self._process = None
        return False

    def _is_ready(self, pid: int) -> bool:
        # The last line of this file is the server's own word, and costs no connection.
        with contextlib.suppress(OSError, IndexError, ValueError):
            lines = (self._folder / "postmaster.pid").read_text().splitlines()
            return int(lines[0]) == pid and lines[7].strip() == "ready"
        return False

    def _create_database(self) -> None:
        connection: list[str | Path] = ["-h", str(self.location.sockets), "-U", "app"]
        account = self.location.account
        psql: list[str | Path] = [
            self._programs / "psql",
            *connection,
            "-d",
            "postgres",
            "-Atc",
            "select datname from pg_database",
        ]
        if DATABASE not in processes.run(psql, account=account).split():
            processes.run([self._programs / "createdb", *connection, DATABASE], account=account)
