"""Everything Brygga needs on one machine, until Ctrl-C: what `script/server` runs.

Usage: `python -m brygga.devservices.server --help`
"""

import argparse
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import NoReturn

from brygga.devservices import database, processes
from brygga.devservices.child import Child, run_step, stop_all
from brygga.devservices.command import development_environment
from brygga.devservices.errors import ServiceError
from brygga.devservices.instance import Instance
from brygga.devservices.lease import Lease, delete_state, missing_variables
from brygga.devservices.location import checkout_folder, checkout_location
from brygga.devservices.messages import MessagesProblem, compile_messages
from brygga.devservices.requests_view import RequestsView

#: The exit code by which Django says that a source file has changed.
CODE_CHANGED = 3
WEB_PATIENCE = 120.0
#: What the log says when the code cannot be loaded; the process then waits for a change.
WEB_FAILED = "Exception in thread django-main-thread"
LOOK_INTERVAL = 0.2
#: Where the parts' code is.
SOURCES = ("platform", "innovators", "funders", "matching", "intermediaries")


class Server:
    """One run of all parts, from the first step to the last."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.checkout = checkout_folder()
        self.address = f"http://{options.host}:{options.port}/"
        self.host: str = options.host
        self.listen = listening_address(options.host)
        self.port: int = options.port
        self.demo: bool = options.demo
        self.log_folder = self.checkout / ".local" / "log"
        self.log_folder.mkdir(parents=True, exist_ok=True)
        self.environment = development_environment(os.environ)
        self.environment.setdefault("BRYGGA_SITE_ADDRESS", self.address.rstrip("/"))
        if self.host != "localhost":
            self.environment.setdefault("BRYGGA_ALLOWED_HOSTS", self.host)
        if not self.demo:
            self.environment["BRYGGA_DEMO"] = "0"
        if options.debug:
            self.environment["BRYGGA_DEBUG"] = "1"
        self.lease: Lease | None = None
        self.children: list[Child] = []
        #: When parts were last started, in seconds since 1970: those may have loaded what changed after it.
        self.started_at = 0.0
        #: Parts that start again as soon as the web server accepts the changed code.
        self.waiting: list[Child] = []

    def run(self) -> int:
        """Prepare, start, watch; return the exit code. Whatever happens, nothing is left running."""
        try:
            self._prepare()
            self._start_web()
            self._tell_address()
            self._start_workers()
            return self._watch()
        finally:
            stop_all(self.children)
            if self.lease is not None:
                self.lease.release_and_wait()

    # -- steps ---------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        missing = missing_variables(self.environment)
        if missing:
            tell("Starting PostgreSQL and Redis ...")
            self.lease = Lease(checkout_location(), missing).acquire()
            self.environment |= self.lease.environment
        try:
            for line in compile_messages(self.checkout / "locale"):
                tell(f"Translations: {line}")
        except MessagesProblem as problem:
            raise ServiceError(str(problem)) from problem
        if (self.checkout / "script" / "assets").exists():
            self._step("assets", ["sh", "script/assets"], "The style sheets and scripts cannot be built")
        tell("Preparing the database ...")
        command = [sys.executable, "-m", "brygga.devservices.database", *(["--demo"] if self.demo else [])]
        self._step("database", command, "The database cannot be prepared")

    def _step(self, name: str, command: list[str], complaint: str) -> None:
        child = self._child(name, command)
        if run_step(child):
            raise ServiceError(f"{complaint}:\n{child.last_words()}")

    def _child(self, name: str, command: list[str], **environment: str) -> Child:
        return Child(
            name,
            command,
            environment={**self.environment, **environment},
            folder=self.checkout,
            log_folder=self.log_folder,
        )

    def _start_web(self) -> None:
        # RUN_MAIN makes this the process that serves and watches the files; on a change it ends with
        # CODE_CHANGED and _watch() starts it again. That saves the second process of `runserver`.
        web = self._child(
            "web", [sys.executable, "manage.py", "runserver", f"{self.listen}:{self.port}"], RUN_MAIN="true"
        )
        self.children.append(web)
        self.requests = RequestsView(web.log_path)
        web.start()
        deadline = time.monotonic() + WEB_PATIENCE
        while not answers(f"http://{self.listen}:{self.port}/healthz"):
            failed = WEB_FAILED in web.last_words(count=200) or web.exit_code() is not None
            if failed or time.monotonic() > deadline:
                raise ServiceError(f"The web server does not start:\n{web.last_words()}")
            time.sleep(0.1)

    def _start_workers(self) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "brygga.celery"]
        # Prefork keeps its locks in shared memory, which some containers do not have.
        shared_memory = not processes.LINUX or os.access("/dev/shm", os.W_OK)  # noqa: S108 - only a look
        pool = "prefork" if shared_memory else "threads"
        worker = [
            *celery,
            "worker",
            "--loglevel",
            "INFO",
            f"--pool={pool}",
            "--without-mingle",
            "--without-gossip",
        ]
        default_size = str(max(1, min(4, os.cpu_count() or 1)))
        parts = {
            "worker-short": [*worker, "-Q", "short", "-c", "1", "-n", "short@%h"],
            "worker": [*worker, "-Q", "default", "-c", default_size, "-n", "default@%h"],
            "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
            "relay": [sys.executable, "manage.py", "relay"],
        }
        self.started_at = time.time()
        for name, command in parts.items():
            child = self._child(name, command)
            child.start()
            self.children.append(child)

    def _tell_address(self) -> None:
        tell("")
        tell(f"  Brygga runs at {self.address}")
        note = str(database.read_record(self.checkout).get("demo_note", "")).strip() if self.demo else ""
        if note:
            tell("")
            for line in note.splitlines():
                tell(f"  {line}")
        tell("")
        if self.environment["BRYGGA_DEMO"] != "1":
            tell("  Mails are written to .local/mail/")
        tell("  Stop with Ctrl-C. Logs: .local/log/")
        tell("")

    def _watch(self) -> int:
        while True:
            time.sleep(LOOK_INTERVAL)
            for line in self.requests.new_lines():
                tell(line)
            if self.lease is not None and self.lease.is_lost():
                raise ServiceError(
                    f"PostgreSQL or Valkey stopped unexpectedly; see the logs in {self.lease.location.state}"
                )
            for child in self.children:
                code = child.exit_code()
                if code is None or child in self.waiting:
                    continue
                # A part that was just starting may meet code that does not load before the web server does.
                is_told = child.name == "web" and code == CODE_CHANGED
                if is_told or (code > 0 and changed_since(self.checkout, self.started_at)):
                    self._restart()
                    break
                raise ServiceError(
                    f"{child.name} stopped unexpectedly (exit code {code}):\n{child.last_words()}"
                )
            if self.waiting and listens(self.listen, self.port):
                self.started_at = time.time()
                for child in self.waiting:
                    child.start(append=True)
                self.waiting = []

    def _restart(self) -> None:
        """Begin anew with the changed code: the web server first, since it tells whether the code loads."""
        tell("The code has changed: restarting ...")
        stop_all(self.children)
        web, *self.waiting = self.children
        self.started_at = time.time()
        web.start(append=True)


def changed_since(checkout: Path, moment: float) -> bool:
    """Whether any source file was written at or after a moment, in seconds since 1970."""
    files = (path for folder in SOURCES for path in (checkout / folder).rglob("*.py"))
    return any(path.stat().st_mtime >= moment for path in files)


def listens(host: str, port: int) -> bool:
    """Whether somebody accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def answers(url: str) -> bool:
    """Whether anything answers there, whatever it says."""
    try:
        with urllib.request.urlopen(url, timeout=30):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def listening_address(host: str) -> str:
    """Where to listen: a name that may mean two addresses means the older one."""
    return "127.0.0.1" if host == "localhost" else host


def check_port(host: str, port: int) -> None:
    """Raises ServiceError when nobody could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listening_address(host), port))
        except PermissionError:
            raise ServiceError(
                f"Port {port} needs administrator rights; choose another with --port."
            ) from None
        except OverflowError:
            raise ServiceError(f"{port} is not a port; choose one from 1024 to 65535.") from None
        except OSError as error:
            raise ServiceError(
                f"Port {port} is taken by another program ({error.strerror}); choose another with --port."
            ) from None


def tell(line: str) -> None:
    print(line, flush=True)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description="Run all of Brygga on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="where the web server listens (8000)")
    parser.add_argument("--host", default="localhost", help="the address it listens on (localhost)")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="no demo data, no demo sign-in")
    parser.add_argument("--debug", action="store_true", help="show Django's technical error pages")
    parser.add_argument("--reset", action="store_true", help="delete all data of this checkout first")
    parser.add_argument("--yes", action="store_true", help="with --reset: do not ask")
    return parser.parse_args(arguments)


def reset(instance: Instance, *, sure: bool) -> None:
    """Stop what runs here and delete its data.

    Raises ServiceError when the person does not agree, or the data are not ours to delete.
    """
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if given:
        raise ServiceError(f"--reset only deletes embedded data; {' and '.join(given)} point elsewhere.")
    if not sure:
        try:
            agreed = input("Delete all data of this checkout? [y/N] ").strip().lower() in (
                "y",
                "yes",
                "j",
                "ja",
            )
        except EOFError:
            agreed = False
        if not agreed:
            raise ServiceError("Nothing was deleted.")
    instance.stop_other()
    delete_state(checkout_location())
    (checkout_folder() / database.RECORD).unlink(missing_ok=True)


def terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, terminate)
    # A shell starts background commands deaf to Ctrl-C; who sends it all the same means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    instance = Instance(Path(checkout_folder() / ".local"))
    try:
        if options.reset:
            reset(instance, sure=options.yes)
        instance.claim(f"http://{options.host}:{options.port}/")
        check_port(options.host, options.port)
        return Server(options).run()
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
