"""The production files, checked as far as that goes without a container engine."""

import os
import re
import shlex
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if "brygga" in service["image"]}
#: In the image the environment's programs come first, too.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def commands_of(command: list[str]) -> list[list[str]]:
    """The commands in a service's command line, those behind `sh -c` too."""
    if command[:2] == ["sh", "-c"]:
        return [shlex.split(part) for part in command[2].split("&&")]
    return [command]


def image_command() -> list[str]:
    (line,) = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    return yaml.safe_load(line)


def test_every_part_of_the_service_is_there() -> None:
    assert set(COMPOSE["services"]) == {
        "database",
        "redis",
        "migrate",
        "web",
        "worker",
        "worker-short",
        "beat",
        "relay",
    }
    assert set(OURS) == set(COMPOSE["services"]) - {"database", "redis"}


@pytest.mark.parametrize("name", OURS)
def test_every_command_exists(name: str) -> None:
    for command in commands_of(OURS[name].get("command", image_command())):
        program = command[0]
        assert shutil.which(program, path=PATH), f"{program} is not installed"
        if program == "python":
            assert command[1] == "manage.py"
            assert (ROOT / command[1]).exists()
            assert command[2] in get_commands()


def test_the_applications_named_in_commands_can_be_imported() -> None:
    module, _, name = image_command()[1].partition(":")
    assert callable(getattr(import_module(module), name))
    named = {
        service["command"][2] for service in OURS.values() if service.get("command", [""])[0] == "celery"
    }
    assert named == {"brygga.celery"}
    assert import_module("brygga.celery").app.main == "brygga"


def test_every_queue_has_a_worker(settings: Any) -> None:
    queues = {
        settings.CELERY_TASK_DEFAULT_QUEUE,
        *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values()),
    }
    served = set()
    for service in OURS.values():
        command = service.get("command", [])
        if "worker" in command:
            served.update(command[command.index("--queues") + 1].split(","))
    assert served == queues


def test_every_variable_the_production_settings_demand_is_demanded_here() -> None:
    source = (ROOT / "platform/brygga/settings/prod.py").read_text()
    (block,) = re.findall(r"^REQUIRED = \[(.*?)\]", source, re.MULTILINE | re.DOTALL)
    required = re.findall(r'"([A-Z_]+)"', block)
    assert required
    for name, service in OURS.items():
        for variable in required:
            if variable == "BRYGGA_PRIVATE_FILES":
                continue  # a volume of this file's own
            assert ":?" in service["environment"][variable], f"{name}: {variable} has a default"


def test_no_secret_is_written_down() -> None:
    for name, service in COMPOSE["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|AUTH", variable):
                assert str(value).startswith("${"), f"{name}: {variable}"


def test_services_wait_for_what_they_need() -> None:
    for name, service in OURS.items():
        needs = service["depends_on"]
        if name == "migrate":
            assert needs == {"database": {"condition": "service_healthy"}}
        else:
            assert needs["migrate"] == {"condition": "service_completed_successfully"}
            assert needs["redis"] == {"condition": "service_healthy"}


def test_data_lie_in_named_volumes() -> None:
    for name in ("database", "redis", "web"):
        (volume,) = COMPOSE["services"][name]["volumes"]
        assert volume.split(":")[0] in COMPOSE["volumes"]


def test_only_the_web_server_is_reached_from_outside_and_only_from_this_machine() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["web"]
    assert COMPOSE["services"]["web"]["ports"] == ["${BRYGGA_LISTEN:-127.0.0.1:8000}:8000"]


def test_the_image_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["brygga"]
    assert DOCKERFILE.index("USER brygga") < DOCKERFILE.index("\nCMD ")
    assert "HEALTHCHECK" in DOCKERFILE


def test_every_file_the_image_copies_exists() -> None:
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        *sources, _target = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source


def test_private_and_built_folders_stay_out_of_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".local", ".venv", ".tools", "node_modules", "static/vendor", ".env"} <= set(ignored)


def test_the_health_check_asks_with_an_allowed_host() -> None:
    (line,) = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert yaml.safe_load(line) == ["python", "-m", "brygga.devservices.probe"]
    assert (ROOT / "platform/brygga/devservices/probe.py").exists()
