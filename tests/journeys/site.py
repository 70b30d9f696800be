"""The whole site as processes of its own: web, worker, relay, on a database of its own with the demo data.

The tests drive it through a browser only; they share no process with it, so nothing is faked.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import dj_database_url
import psycopg

from brygga.devservices.child import Child, stop_all
from brygga.devservices.pytest_plugin import redis_url_for_worker

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0


@dataclass
class Site:
    """Start with `start()`, stop with `stop()`; `address` is where the browser goes."""

    port: int
    folder: Path
    address: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)

    def start(self) -> Site:
        self.address = f"http://localhost:{self.port}"
        database = f"journeys_{os.getpid()}"
        given = os.environ["DATABASE_URL"]
        with psycopg.connect(self._connection(given), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE template0 ENCODING UTF8')
        base, _, query = given.partition("?")
        self.environment = {
            **os.environ,
            "DATABASE_URL": base.rsplit("/", 1)[0] + f"/{database}" + (f"?{query}" if query else ""),
            # Far from the numbers that parallel test workers take.
            "REDIS_URL": redis_url_for_worker(os.environ["REDIS_URL"], 7),
            "BRYGGA_REDIS_PREFIX": f"journeys-{os.getpid()}",
            "DJANGO_SETTINGS_MODULE": "brygga.settings.dev",
            "BRYGGA_DEMO": "1",
            "BRYGGA_DEBUG": "0",
            "BRYGGA_SITE_ADDRESS": self.address,
        }
        self._prepare()
        celery = [sys.executable, "-m", "celery", "-A", "brygga.celery", "worker", "-l", "INFO"]
        self._spawn(
            "worker", [*celery, "-Q", "short,default", "-c", "1", "--without-mingle", "--without-gossip"]
        )
        self._spawn("relay", [sys.executable, "manage.py", "relay"])
        self.start_web()
        return self

    def stop(self) -> None:
        stop_all(list(self.children.values()))

    def stop_web(self) -> None:
        """Let the web server be gone, as after a crash; everything else goes on."""
        stop_all([self.children["web"]])

    def start_web(self) -> None:
        self._spawn("web", [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{self.port}"])
        self._wait_until_it_answers()

    def log(self, name: str) -> str:
        """The last lines a process wrote, for the message of a failing test."""
        return self.children[name].last_words(count=40)

    # -- parts ---------------------------------------------------------------------------------------

    @staticmethod
    def _connection(url: str) -> str:
        parts = dj_database_url.parse(url)
        named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        words = {name: str(parts[key]) for name, key in named.items() if parts.get(key)}  # type: ignore[literal-required]
        return psycopg.conninfo.make_conninfo("", dbname="postgres", **words)

    def _prepare(self) -> None:
        program = (
            "import django; django.setup()\n"
            "from django.core.management import call_command\n"
            "call_command('migrate', verbosity=0)\n"
            "call_command('load_taxonomy', verbosity=0)\n"
            "call_command('load_demo', verbosity=0)\n"
        )
        made = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise RuntimeError(f"The site's database cannot be prepared:\n{made.stdout}\n{made.stderr}")

    def _spawn(self, name: str, command: list[str]) -> None:
        # Guarded: it ends with the test run, however that ends.
        child = Child(name, command, environment=self.environment, folder=ROOT, log_folder=self.folder)
        child.start()
        self.children[name] = child

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for name, child in self.children.items():
                if child.exit_code() is not None:
                    raise RuntimeError(f"{name} stopped:\n{self.log(name)}")
            try:
                with urllib.request.urlopen(self.address + "/", timeout=20) as answer:
                    if answer.status == 200:
                        return
            except urllib.error.HTTPError as error:
                raise RuntimeError(f"The start page answers {error.code}:\n{self.log('web')}") from error
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"The site does not answer:\n{self.log('web')}")
