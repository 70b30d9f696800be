"""Where the embedded servers of a checkout, or of one test run, keep their files and sockets."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from brygga.devservices.account import Account, service_account
from brygga.devservices.errors import ServiceError

#: For root: where programs and state lie that the service account must reach.
ROOT_BASE = Path("/var/lib/brygga")
#: sockaddr_un holds 108 bytes on Linux and 104 on macOS.
LONGEST_SOCKET_PATH = 100

DATABASE = "app"


def checkout_folder() -> Path:
    """The folder that holds manage.py."""
    return Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Location:
    """Folders of one pair of servers. All of them are private (0700)."""

    state: Path
    sockets: Path
    account: Account | None
    ephemeral: bool

    @property
    def keeper_socket(self) -> Path:
        return self.sockets / "keeper.sock"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def environment(self) -> dict[str, str]:
        """The two addresses that settings read."""
        return {
            "DATABASE_URL": f"postgres://app@{quote(str(self.sockets), safe='')}/{DATABASE}",
            "REDIS_URL": f"unix://{quote(str(self.valkey_socket))}?db=0",
        }

    def prepare(self) -> None:
        """Make the folders, private to whoever runs the servers.

        Raises ServiceError when the folder for sockets belongs to somebody else.
        """
        if self.account is not None:
            ROOT_BASE.mkdir(mode=0o755, exist_ok=True)
        for folder in (self.state, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = folder.lstat()
            if self.account is not None:
                if status.st_uid not in (0, self.account.uid):
                    raise ServiceError(f"{folder} belongs to another user.")
                shutil.chown(folder, self.account.uid, self.account.gid)
            elif status.st_uid != os.getuid() or (folder == self.sockets and status.st_mode & 0o077):
                raise ServiceError(f"{folder} is not a private folder of this user.")


def checkout_location() -> Location:
    """The durable servers of this checkout."""
    checkout = checkout_folder()
    account = service_account()
    if account is None:
        return location_at(checkout / ".local", account=None, ephemeral=False)
    # The service account may be unable to enter the checkout (/root), so its data lie outside.
    tag = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]
    return location_at(ROOT_BASE / tag, account=account, ephemeral=False)


def throw_away_location() -> Location:
    """A new pair of servers, whose files go when they stop."""
    return location_at(Path(tempfile.mkdtemp(prefix="brygga-")), account=service_account(), ephemeral=True)


def location_at(state: Path, *, account: Account | None, ephemeral: bool) -> Location:
    """Servers with their files in `state`; the sockets lie elsewhere if that path is too long for them."""
    sockets = state / "sockets"
    if len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) > LONGEST_SOCKET_PATH:
        tag = hashlib.sha256(os.fsencode(sockets)).hexdigest()[:12]
        sockets = Path("/tmp") / f"brygga-{os.getuid()}-{tag}"  # noqa: S108 - prepare() checks the owner
    return Location(state, sockets, account, ephemeral)
