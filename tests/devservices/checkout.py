"""A copy of this checkout with servers and data of its own, to start and kill `script/server` in."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from brygga.devservices.location import ROOT_BASE
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "platform",
    "innovators",
    "funders",
    "matching",
    "intermediaries",
    "templates",
    "static",
    "locale",
    "requirements",
    "script",
)
COPIED_FILES = ("manage.py", "package.json", "package-lock.json", ".npmrc", "pyproject.toml")


class Checkout:
    """Runs the server of a copy of the tree, with the environment of the running tests."""

    def __init__(self, folder: Path, marks: dict[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.output = folder / "output.txt"
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
            and not name.startswith(("BRYGGA_", "PYTEST_"))
        }
        self.environment = {**kept, **marks, "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'platform'}"}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str) -> "subprocess.Popen[bytes]":
        """Start the server; do not wait."""
        with self.output.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "brygga.devservices.server", "--port", str(self.port), *options],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def run(self, *options: str) -> "subprocess.CompletedProcess[str]":
        """Run the server to its end (which it is expected to find by itself)."""
        process = self.start(*options)
        code = process.wait(60)
        return subprocess.CompletedProcess([], code, self.said(), "")

    def manage(self, *arguments: str, text: str = "") -> "subprocess.CompletedProcess[str]":
        """A management command as script/manage runs it."""
        return subprocess.run(
            [sys.executable, "-m", "brygga.devservices.command", str(self.folder / "manage.py"), *arguments],
            cwd=self.folder,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self, process: "subprocess.Popen[bytes]", seconds: float = 180) -> float:
        """Wait for the line with the address, and return how long it took."""
        begun = time.monotonic()
        while "Brygga runs at" not in self.said():
            assert process.poll() is None, self.said()
            assert time.monotonic() < begun + seconds, self.said()
            time.sleep(0.1)
        return time.monotonic() - begun

    def wait_for_processes(
        self, wanted: tuple[str, ...], find: Callable[[], dict[int, str]], seconds: float = 60
    ) -> None:
        """Wait until a process with each of these words in its command line lives."""

        def lines() -> list[str]:
            return [line for line in find().values() if "guard.py" not in line]

        deadline = time.monotonic() + seconds
        while missing := [word for word in wanted if not any(word in line for line in lines())]:
            assert time.monotonic() < deadline, f"{missing}\n{self.said()}"
            time.sleep(0.2)

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.address + path, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return int(error.code)


@contextmanager
def copied_checkout(marks: dict[str, str]) -> Iterator[Checkout]:
    """A copy in a folder of its own; it and its data go at the end."""
    folder = Path(tempfile.mkdtemp(prefix="brygga-checkout-"))
    ignored = shutil.ignore_patterns("__pycache__")
    try:
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        for name in COPIED_FILES:
            shutil.copy2(ROOT / name, folder / name)
        # script/assets looks here to see that there is nothing to fetch.
        if (ROOT / "node_modules").exists():
            (folder / "node_modules").symlink_to(ROOT / "node_modules")
        checkout = Checkout(folder, marks)
        yield checkout
    finally:
        state = _state(folder)
        shutil.rmtree(folder, ignore_errors=True)
        if state is not None:
            shutil.rmtree(state, ignore_errors=True)


def _state(folder: Path) -> Path | None:
    """Where root keeps the data of a checkout."""
    code = "from brygga.devservices.location import checkout_location; print(checkout_location().state)"
    environment = {**os.environ, "PYTHONPATH": str(folder / "platform")}
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, cwd=folder
    )
    state = Path(answer.stdout.strip()) if answer.returncode == 0 else None
    return state if state is not None and state.is_relative_to(ROOT_BASE) and state != ROOT_BASE else None
