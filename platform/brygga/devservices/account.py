"""The system account that runs the embedded servers when we are root, since PostgreSQL refuses root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ACCOUNT_NAME = "brygga"


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    def can_reach(self, path: Path) -> bool:
        """Whether this account may enter every folder on the way to `path`, and read it."""
        resolved = path.resolve()
        for part in (resolved, *resolved.parents):
            status = part.stat()
            if status.st_uid != self.uid and not status.st_mode & 0o001:
                return False
        return True


def service_account() -> Account | None:
    """The account to run servers as: None for an ordinary user (it runs them itself).

    As root the system account is created when the machine can do that; otherwise `nobody` has to do.
    """
    if os.geteuid() != 0:
        return None
    for name in (ACCOUNT_NAME, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            if not (name == ACCOUNT_NAME and _create_account()):
                continue
            entry = pwd.getpwnam(name)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return None


def _create_account() -> bool:
    useradd = shutil.which("useradd")
    if useradd is None:
        return False
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    result = subprocess.run([useradd, *options, ACCOUNT_NAME], capture_output=True, check=False)
    # 9: another starter was first to create it.
    return result.returncode in (0, 9)
