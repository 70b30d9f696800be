"""Makes the Python environment in .venv from the hashed locks, quickly and only when it has to.

Usage: `python3 -I environment.py dev|test|benchmark`

Run by the machine's own Python before anything is installed: standard library only, imports nothing of
ours, and prints one clear line when it cannot.
"""

import contextlib
import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
#: Each holds everything the ones before it hold: an environment never goes back.
LOCKS = ("dev", "test", "benchmark")


class EnvironmentProblem(Exception):
    """One line for the person at the terminal."""


class Environment:
    """The folders .venv (where we run) and .tools (where uv lives) of a checkout."""

    def __init__(self, checkout: Path, python: str) -> None:
        self.checkout = checkout
        self.python = python
        self.folder = checkout / ".venv"
        self.program = self.folder / "bin" / "python"
        self.uv = checkout / ".tools" / "bin" / "uv"
        self.log_path = checkout / ".local" / "log" / "environment.log"

    def ensure(self, wanted: str) -> None:
        """Bring .venv to the lock called `wanted`, or a later one it already has.

        Raises EnvironmentProblem when that is impossible.
        """
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            if self._is_usable() and any(self._has(lock) for lock in LOCKS[LOCKS.index(wanted) :]):
                return
            later = LOCKS[LOCKS.index(wanted) + 1 :]
            name = next((lock for lock in reversed(later) if self._stamp(lock).exists()), wanted)
            print(f"Setting up Python packages ({name}) ...", file=sys.stderr, flush=True)
            self.log_path.write_bytes(b"")
            if self.folder.exists() and not self._is_usable():
                shutil.rmtree(self.folder)
            for lock in LOCKS:
                self._stamp(lock).unlink(missing_ok=True)
            self._install(self.checkout / "requirements" / f"{name}.lock")
            (self.folder / ".checkout").write_text(f"{self.checkout}\n")
            shutil.copyfile(self.checkout / "requirements" / f"{name}.lock", self._stamp(name))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Two commands started at once must not build the same folder."""
        with (self.checkout / ".local" / "environment.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _stamp(self, lock: str) -> Path:
        return self.folder / f".{lock}.lock"

    def _has(self, lock: str) -> bool:
        try:
            return (
                self._stamp(lock).read_bytes()
                == (self.checkout / "requirements" / f"{lock}.lock").read_bytes()
            )
        except FileNotFoundError:
            return False

    def _is_usable(self) -> bool:
        """Whether .venv runs, was made here (its programs know the path), and by the asked Python."""
        try:
            made_here = (self.folder / ".checkout").read_text().strip() == str(self.checkout)
        except FileNotFoundError:
            return False
        if not made_here:
            return False
        question = "import sys; print('%d.%d' % sys.version_info[:2])"
        try:
            answer = subprocess.run(
                [self.program, "-I", "-c", question], capture_output=True, text=True, check=False
            )
        except OSError:  # The Python it was made from is gone.
            return False
        if answer.returncode:
            return False
        asked = os.environ.get("PYTHON")
        return not asked or answer.stdout.strip() == f"{sys.version_info[0]}.{sys.version_info[1]}"

    # -- installing ----------------------------------------------------------------------------------

    def _install(self, lock: Path) -> None:
        if self.get_uv() and self._install_by_uv(lock):
            return
        self._note("uv could not do it; trying pip with the same lock")
        self._install_by_pip(lock)

    def get_uv(self) -> bool:
        """Have uv in .tools; False when it cannot be had."""
        if self.uv.exists() and self._run([self.uv, "--version"]):
            return True
        tools = self.checkout / ".tools"
        shutil.rmtree(tools, ignore_errors=True)
        self._make_environment(tools)
        lock = self.checkout / "requirements" / "bootstrap.lock"
        return self._run([tools / "bin" / "python", *PIP, "install", "--require-hashes", "-r", lock])

    def _install_by_uv(self, lock: Path) -> bool:
        variables = {
            "UV_SYSTEM_CERTS": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_NO_PROGRESS": "1",
            "UV_PROJECT_ENVIRONMENT": str(self.folder),
            **self.registry(),
        }
        if not self.program.exists() and not self._run(
            [self.uv, "venv", "--python", self.python, self.folder], variables
        ):
            return False
        into: list[str | Path] = ["--python", self.program]
        # Syncing takes our own project out, so it goes in afterwards.
        return self._run([self.uv, "pip", "sync", *into, "--require-hashes", lock], variables) and self._run(
            [self.uv, "pip", "install", *into, "--no-deps", "--no-build-isolation", "-e", self.checkout],
            variables,
        )

    def _install_by_pip(self, lock: Path) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._make_environment(self.folder)
        install: list[str | Path] = [self.program, *PIP, "install"]
        if not self._run([*install, "--require-hashes", "-r", lock]):
            raise EnvironmentProblem(
                f"Cannot install the Python packages: no package registry has what {lock.name} asks for. "
                f"Check the network, or PIP_INDEX_URL; details: {self.log_path}"
            )
        if not self._run([*install, "--no-index", "--no-deps", "--no-build-isolation", "-e", self.checkout]):
            raise EnvironmentProblem(f"Cannot install Brygga itself; details: {self.log_path}")

    def _make_environment(self, folder: Path) -> None:
        missing = [module for module in ("venv", "ensurepip") if importlib.util.find_spec(module) is None]
        if missing or not self._run([self.python, "-m", "venv", folder]):
            shutil.rmtree(folder, ignore_errors=True)
            raise EnvironmentProblem(
                f"{self.python} cannot make a virtual environment: its venv module is missing or broken "
                "(Debian and Ubuntu: apt install python3-venv)."
            )

    def registry(self) -> dict[str, str]:
        """The registry pip is configured for, in uv's words: uv does not read pip's configuration.

        Every package is checked against its hash, so it does not matter which of them delivers it.
        """
        variables = {}
        for option, pip_name, uv_name in (
            ("index-url", "PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
            ("extra-index-url", "PIP_EXTRA_INDEX_URL", "UV_INDEX"),
            ("find-links", "PIP_FIND_LINKS", "UV_FIND_LINKS"),
        ):
            value = os.environ.get(pip_name) or self._pip_setting(option)
            if value and uv_name not in os.environ:
                separator = "," if uv_name == "UV_FIND_LINKS" else " "
                variables[uv_name] = separator.join(value.split())
        if variables:
            variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
        certificate = os.environ.get("PIP_CERT") or self._pip_setting("cert")
        if certificate and "SSL_CERT_FILE" not in os.environ:
            variables["SSL_CERT_FILE"] = certificate
        return variables

    def _pip_setting(self, option: str) -> str:
        pip: list[str | Path] = [
            self.checkout / ".tools" / "bin" / "python",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "config",
        ]
        answer = subprocess.run(
            [*pip, "get", f"global.{option}"], capture_output=True, text=True, check=False
        )
        return answer.stdout.strip() if answer.returncode == 0 else ""

    def _run(self, command: list[str | Path], variables: dict[str, str] | None = None) -> bool:
        """Run with all output in the log; False when it fails."""
        self._note(" ".join(map(str, command)))
        try:
            with self.log_path.open("ab") as log:
                result = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.checkout,
                    env={**os.environ, **(variables or {})},
                    check=False,
                )
        except OSError as error:
            self._note(str(error))
            return False
        return result.returncode == 0

    def _note(self, text: str) -> None:
        with self.log_path.open("a", encoding="utf-8") as log:
            log.write(f"+ {text}\n")


PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "2"]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print(f"usage: environment.py {'|'.join(LOCKS)}", file=sys.stderr)
        return 2
    try:
        (CHECKOUT / ".local").mkdir(exist_ok=True)
        Environment(CHECKOUT, sys.executable).ensure(arguments[0])
    except EnvironmentProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as problem:
        print(f"Cannot set up the environment: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
