"""Replaces itself by a Python program that has servers to talk to: script/manage and script/python.

Usage: `python -m brygga.devservices.command PYTHON_ARGUMENTS...`

The program takes over standard input, signals and exit code. It holds a lease on the embedded servers (the
running ones, or new ones) until it ends, unless DATABASE_URL and REDIS_URL are set.
"""

import os
import sys
from collections.abc import Mapping

from brygga.devservices.errors import ServiceError
from brygga.devservices.lease import Lease, missing_variables
from brygga.devservices.location import checkout_location


def development_environment(given: Mapping[str, str]) -> dict[str, str]:
    """What development settings read, where it is not given already."""
    defaults = {
        "DJANGO_SETTINGS_MODULE": "brygga.settings.dev",
        "BRYGGA_DEMO": "1",
        # People shall see the pages that visitors see, also when something goes wrong.
        "BRYGGA_DEBUG": "0",
        "PYTHONUNBUFFERED": "1",
    }
    return {**defaults, **given}


def main(arguments: list[str]) -> None:
    environment = development_environment(os.environ)
    missing = missing_variables(environment)
    if missing:
        try:
            lease = Lease(checkout_location(), missing).acquire()
        except ServiceError as error:
            sys.exit(str(error))
        lease.keep_through_exec()
        environment |= lease.environment
    os.execve(sys.executable, [sys.executable, *arguments], environment)  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    main(sys.argv[1:])
