"""Running our command line with production settings, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def complete_environment() -> dict[str, str]:
    """What an operator has to set, and the least that a process needs."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL", "REDIS_URL") if name in os.environ
    }
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "brygga.settings.prod",
        "BRYGGA_SECRET_KEY": "".join(chr(97 + (number * 7) % 26) for number in range(64)),
        "BRYGGA_ALLOWED_HOSTS": "brygga.example",
        "BRYGGA_SITE_ADDRESS": "https://brygga.example",
        "BRYGGA_TRUSTED_PROXY_COUNT": "1",
        "BRYGGA_EMAIL_HOST": "mail.brygga.example",
        "BRYGGA_FROM_EMAIL": "Brygga <brygga@brygga.example>",
        "BRYGGA_CONTACT_EMAIL": "hej@brygga.example",
        "BRYGGA_PRIVATE_FILES": "/var/lib/brygga/files",
    }


def manage(*arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """manage.py with exactly these variables."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
