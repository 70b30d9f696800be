"""Finds the browser that the journeys drive, and installs Debian's when that is allowed.

Usage: `python -m brygga.devservices.browser`
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser journeys need Chromium. Install it (Debian and Ubuntu: apt install chromium libatomic1), "
    "or set BRYGGA_CHROMIUM to it."
)


class BrowserProblem(Exception):
    """One line for the person at the terminal."""


def find_browser() -> str | None:
    """The path of a Chromium on this machine."""
    given = os.environ.get("BRYGGA_CHROMIUM")
    return next((found for name in (given, *NAMES) if name and (found := shutil.which(name))), None)


def driver_runs() -> bool:
    """Whether Playwright's own Node starts: a bare Debian lacks a library it needs."""
    spec = importlib.util.find_spec("playwright")
    if spec is None or spec.origin is None:
        return False
    node = Path(spec.origin).parent / "driver" / "node"
    try:
        return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install() -> None:
    """Install the distribution's browser.

    Raises BrowserProblem when we may not, or it does not work.
    """
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise BrowserProblem(MISSING)
    print("Installing Chromium ...", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update", "-q"],
        ["install", "-q", "-y", "--no-install-recommends", "chromium", "libatomic1"],
    ):
        result = subprocess.run([apt, *command], env=environment, capture_output=True, text=True, check=False)
        if result.returncode:
            reason = (result.stderr.strip() or "apt-get failed").splitlines()[-1]
            raise BrowserProblem(f"{MISSING} ({reason})")


def main() -> int:
    try:
        if find_browser() is None or not driver_runs():
            install()
        browser = find_browser()
        if browser is None or not driver_runs():
            raise BrowserProblem(MISSING)
    except BrowserProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    print(browser)
    return 0


if __name__ == "__main__":
    sys.exit(main())
