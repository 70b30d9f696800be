"""The rules of the house that no import linter sees."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignObject, ManyToManyField
from django.db.models.fields.reverse_related import ForeignObjectRel

ROOT = Path(__file__).resolve().parents[2]
# Lowest first; apps on one line do not know each other.
FLOORS: list[set[str]] = [
    {"auth", "contenttypes", "sessions"},
    {"core"},
    {"taxonomy", "outbox"},
    {"users"},
    {"audit"},
    {"organisations"},
    {"challenges"},
    {"search"},
    {"notifications"},
    {"pages"},
    {"innovators", "funders"},
    {"matching"},
    {"intermediaries"},
]
OURS = {label for floor in FLOORS[1:] for label in floor}


def floor_of(label: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if label in floor)


def test_every_app_of_ours_has_a_floor() -> None:
    ours = {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT) and ".venv" not in config.path
    }
    assert ours == OURS


def test_every_relation_points_down() -> None:
    upward = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in OURS:
            continue
        for field in model._meta.get_fields(include_hidden=True):
            if isinstance(field, ForeignObjectRel) or not isinstance(field, ForeignObject | ManyToManyField):
                continue
            target = field.related_model._meta.app_label
            same = target == model._meta.app_label
            if not same and floor_of(target) >= floor_of(model._meta.app_label):
                upward.append(f"{model._meta.label}.{field.name} -> {target}")
    assert upward == []


def test_platform_is_not_a_package() -> None:
    """An __init__.py or a loose module there would hide the standard library's `platform`."""
    loose = [
        path.name for path in (ROOT / "platform").iterdir() if path.name not in {"brygga", "__pycache__"}
    ]
    assert loose == []
    for program in (
        "import platform, brygga; platform.system()",
        "import matching.kernel, platform; platform.system()",
    ):
        answer = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, answer.stderr


def test_the_exported_package_is_empty() -> None:
    assert (ROOT / "platform/brygga/__init__.py").read_text() == ""


@pytest.mark.parametrize("package", ["brygga.language", "matching.kernel"])
def test_pure_packages_import_without_django(package: str) -> None:
    program = (
        "import sys, importlib, pkgutil\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'django', 'celery', 'rest_framework'}:\n"
        "            raise ImportError(name + ' must not be needed here')\n"
        "sys.meta_path.insert(0, Refuse())\n"
        f"package = importlib.import_module({package!r})\n"
        "for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "    importlib.import_module(module.name)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr


def test_no_file_has_grown_too_long() -> None:
    """Nine files of ten stay small; past 450 lines there is a seam to split at."""
    long = {}
    for folder in ("platform", "innovators", "funders", "matching", "intermediaries"):
        for path in (ROOT / folder).rglob("*.py"):
            lines = len(path.read_text().splitlines())
            if lines > 450 and "migrations" not in path.parts:
                long[str(path.relative_to(ROOT))] = lines
    assert long == {}
