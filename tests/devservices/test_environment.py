"""How the scripts make their environment, and what they say when they cannot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from brygga.devservices import environment as module
from brygga.devservices.environment import Environment, EnvironmentProblem
from tests.devservices.checkout import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing but what makes an environment, and a lock of one small package."""
    shutil.copytree(ROOT / "script", tmp_path / "script")
    target = tmp_path / "platform" / "brygga" / "devservices"
    target.mkdir(parents=True)
    shutil.copy2(ROOT / "platform/brygga/devservices/environment.py", target)
    (tmp_path / "requirements").mkdir()
    shutil.copy2(ROOT / "requirements/bootstrap.lock", tmp_path / "requirements")
    for name in ("dev", "test"):
        (tmp_path / "requirements" / f"{name}.lock").write_text(
            f"nothing-of-{name}==1 --hash=sha256:{'0' * 64}\n"
        )
    (tmp_path / ".local").mkdir()
    return tmp_path


@pytest.fixture
def ready(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """An environment whose installation only makes the folder: what is under test is when it is made."""
    monkeypatch.delenv("PYTHON", raising=False)

    def install(self: Environment, lock: Path) -> None:
        if not self.program.exists():
            self.program.parent.mkdir(parents=True)
            self.program.symlink_to(sys.executable)
        (self.folder / "installed").write_text(lock.read_text())

    monkeypatch.setattr(Environment, "_install", install)
    return Environment(checkout, sys.executable)


def installed(environment: Environment) -> str:
    return (environment.folder / "installed").read_text()


def set_lock(environment: Environment, name: str, text: str) -> None:
    (environment.checkout / "requirements" / f"{name}.lock").write_text(text)


def test_nothing_is_done_when_nothing_has_changed(ready: Environment) -> None:
    ready.ensure("dev")
    (ready.folder / "installed").write_text("untouched")
    ready.ensure("dev")
    assert installed(ready) == "untouched"


def test_a_changed_lock_is_installed(ready: Environment) -> None:
    ready.ensure("dev")
    set_lock(ready, "dev", "changed")
    ready.ensure("dev")
    assert installed(ready) == "changed"


def test_an_environment_for_tests_serves_the_server_and_never_goes_back(ready: Environment) -> None:
    ready.ensure("test")
    for text in ("second", "third"):
        ready.ensure("dev")
        assert installed(ready) == (ready.checkout / "requirements" / "test.lock").read_text()
        set_lock(ready, "test", text)


def test_a_moved_checkout_is_made_anew(ready: Environment) -> None:
    ready.ensure("dev")
    (ready.folder / "of the old place").touch()
    moved = ready.checkout.with_name("moved")
    ready.checkout.rename(moved)
    again = Environment(moved, sys.executable)
    again.ensure("dev")
    assert not (again.folder / "of the old place").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(ready: Environment) -> None:
    ready.ensure("dev")
    ready.program.unlink()
    ready.program.symlink_to("/no/such/python")
    ready.ensure("dev")
    assert ready.program.exists()


def test_an_environment_that_was_never_finished_is_made_anew(ready: Environment) -> None:
    ready.program.parent.mkdir(parents=True)
    (ready.folder / "half").touch()
    ready.ensure("dev")
    assert not (ready.folder / "half").exists()


def test_pip_serves_when_uv_does_not(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(Environment, "get_uv", lambda self: False)
    monkeypatch.setattr(Environment, "_install_by_pip", lambda self, lock: done.append(lock.name))
    (checkout / ".local" / "log").mkdir()
    Environment(checkout, sys.executable)._install(checkout / "requirements" / "dev.lock")
    assert done == ["dev.lock"]


def test_a_missing_venv_module_is_one_clear_line(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = module.importlib.util.find_spec
    monkeypatch.setattr(
        module.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find_spec(name)
    )
    with pytest.raises(EnvironmentProblem) as caught:
        Environment(checkout, sys.executable).ensure("dev")
    assert "venv module is missing" in str(caught.value)
    assert "apt install python3-venv" in str(caught.value)
    assert "\n" not in str(caught.value)


def run_script(checkout: Path, name: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", str(checkout / "script" / name)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_no_registry_is_one_clear_line(checkout: Path) -> None:
    nowhere = "http://127.0.0.1:9/simple"
    found = run_script(
        checkout,
        "server",
        PYTHON=sys.executable,
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL=nowhere,
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_NO_CACHE_DIR="1",
        UV_NO_CACHE="1",
        PIP_RETRIES="0",
    )
    assert found.returncode == 1
    begun, said = found.stderr.splitlines()
    assert begun == "Setting up Python packages (dev) ..."
    assert said.startswith(
        "Cannot install the Python packages: no package registry has what dev.lock asks for."
    )


@pytest.mark.parametrize("name", ["server", "manage", "python", "test", "lint", "lock", "messages"])
def test_a_too_old_python_is_one_clear_line(checkout: Path, name: str) -> None:
    old = checkout / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    found = run_script(checkout, name, PYTHON=str(old))
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == (
        f"Python 3.11 or newer is needed, and PYTHON={old} is not that. Install it, or set PYTHON to one.\n"
    )


def test_a_machine_with_only_an_old_python_is_told_which(checkout: Path) -> None:
    programs = checkout / "bin"
    programs.mkdir()
    for name in ("sh", "dirname"):
        (programs / name).symlink_to(str(shutil.which(name)))
    old = programs / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    found = subprocess.run(
        ["sh", str(checkout / "script" / "server")],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert found.stderr == (
        "Python 3.11 or newer is needed, and this machine has Python 3.9.2. Install it, or set PYTHON to one.\n"
    )


def test_locks_carry_hashes_and_no_address_and_agree() -> None:
    versions: dict[str, str] = {}
    for name in ("bootstrap", "base", "dev", "test"):
        text = (ROOT / "requirements" / f"{name}.lock").read_text()
        assert "://" not in text
        for line in text.splitlines():
            if line[:1].isalnum():
                pinned = line.removesuffix(" \\")
                package = pinned.split("==")[0] + pinned.partition(";")[2]
                assert versions.setdefault(package, pinned) == pinned
        assert text.count("--hash=sha256:") >= sum(line[:1].isalnum() for line in text.splitlines())
