"""Production settings: complete, or no service at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deployment.production import ROOT, complete_environment, manage

pytestmark = pytest.mark.slow

IMPORT = [sys.executable, "-c", "import brygga.settings.prod"]


def import_settings(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        IMPORT, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_complete_settings_load() -> None:
    result = import_settings(complete_environment())
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    "name", sorted(set(complete_environment()) - {"PATH", "HOME", "DJANGO_SETTINGS_MODULE"})
)
def test_a_missing_value_is_named_and_nothing_starts(name: str) -> None:
    environment = complete_environment()
    del environment[name]
    result = import_settings(environment)
    assert result.returncode != 0
    assert name in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("key", ["short", "a" * 64])
def test_a_weak_secret_key_is_refused(key: str) -> None:
    result = import_settings({**complete_environment(), "BRYGGA_SECRET_KEY": key})
    assert result.returncode != 0
    assert "BRYGGA_SECRET_KEY" in result.stderr.splitlines()[-1]


def test_any_host_is_refused() -> None:
    result = import_settings({**complete_environment(), "BRYGGA_ALLOWED_HOSTS": "*"})
    assert result.returncode != 0


def test_demo_mode_and_debug_pages_cannot_be_turned_on() -> None:
    environment = {**complete_environment(), "BRYGGA_DEMO": "1", "BRYGGA_DEBUG": "1"}
    code = "from brygga.settings import prod; print(prod.DEMO_MODE, prod.DEBUG)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout == "False False\n"


def test_djangos_deployment_checks_find_nothing() -> None:
    result = manage("check", "--deploy", "--fail-level", "WARNING", environment=complete_environment())
    assert result.returncode == 0, result.stderr


def test_static_files_can_be_collected_and_hashed(tmp_path: Path) -> None:
    code = (
        f"import django; from django.conf import settings; django.setup(); settings.STATIC_ROOT = {str(tmp_path)!r};"
        "from django.core.management import call_command; call_command('collectstatic', interactive=False, verbosity=0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=complete_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert (tmp_path / "staticfiles.json").exists()


def test_the_command_line_says_what_to_do_without_a_database() -> None:
    environment = {name: value for name, value in complete_environment().items() if name != "DATABASE_URL"}
    result = manage("check", environment=environment)
    assert result.returncode == 1
    assert result.stderr == (
        "DATABASE_URL is not set. Use script/manage COMMAND, which starts the embedded servers.\n"
    )


def test_models_and_migrations_agree() -> None:
    result = manage("makemigrations", "--check", "--dry-run", environment=complete_environment())
    assert result.returncode == 0, result.stdout + result.stderr
