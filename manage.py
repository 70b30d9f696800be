#!/usr/bin/env python
"""Django's command line. On a machine without servers of its own: script/manage COMMAND."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brygga.settings.dev")
    if not os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_URL is not set. Use script/manage COMMAND, which starts the embedded servers.")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 - to say it kindly
    except ImportError:
        sys.exit("Django is not installed here. Use script/manage COMMAND, which makes the environment.")
    # Tasks must be sent through our application whatever the command is.
    import brygga.celery  # noqa: F401, PLC0415 - needs the variable set above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
