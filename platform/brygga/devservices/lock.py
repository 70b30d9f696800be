"""Makes requirements/*.lock from requirements/*.in.

Usage: `python -m brygga.devservices.lock [--upgrade]`

The locks agree with each other, hold for every platform and Python from 3.11 on, carry hashes, and name no
registry.
"""

import os
import subprocess
import sys
from pathlib import Path

from brygga.devservices.environment import Environment
from brygga.devservices.location import checkout_folder

#: The largest first: the others are held to its versions.
LOCKS = ("benchmark", "test", "dev", "base", "bootstrap")


class LockProblem(Exception):
    """One line for the person at the terminal."""


def make_locks(checkout: Path, *, upgrade: bool) -> None:
    """Write all locks anew; versions only move where they must, unless `upgrade`.

    Raises LockProblem when a package cannot be found, or a lock would hold an address.
    """
    environment = Environment(checkout, sys.executable)
    if not environment.get_uv():
        raise LockProblem(f"uv cannot be installed; details: {environment.log_path}")
    variables = {"UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never", **environment.registry()}
    options = ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
    for name in LOCKS:
        target = f"requirements/{name}.lock"
        command = [str(environment.uv), "pip", "compile", *options, "-o", target]
        if upgrade and name in (LOCKS[0], "bootstrap"):
            command.append("--upgrade")
        elif upgrade:
            command += ["--upgrade", "-c", f"requirements/{LOCKS[0]}.lock"]
        result = subprocess.run(
            [*command, f"requirements/{name}.in"], cwd=checkout, env={**os.environ, **variables}, check=False
        )
        if result.returncode:
            raise LockProblem(f"requirements/{name}.in cannot be resolved.")
        if "://" in (checkout / target).read_text():
            raise LockProblem(f"{target} holds an address; a lock must not name where packages come from.")


def main(arguments: list[str]) -> int:
    try:
        make_locks(checkout_folder(), upgrade="--upgrade" in arguments)
    except LockProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
