"""Each rule is turned off, one at a time: somebody has to notice, or the rule could vanish unseen."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

import pytest
from django.db.models import Q

from innovators import querysets as innovators_querysets
from tests.permissions.table import Row, asked_once, read_table, rolled_back
from tests.permissions.verbs import VERBS, is_refused
from tests.permissions.world import ROLES, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

APPS = [
    "brygga.organisations",
    "innovators",
    "funders",
    "intermediaries",
    "matching.desk",
    "matching.meeting",
]
# Rules that no page asks, with the reason why nothing here can notice.
UNASKED = {
    "brygga.organisations.permissions.forget_roles": "not a rule",
}
DENIED = ("404", "403", "302 sign-in")


def rules() -> Iterator[tuple[str, Any, str, FunctionType]]:
    """Return every rule of the house: (name, what holds it, its name there, the rule)."""
    for app in APPS:
        permissions = importlib.import_module(f"{app}.permissions")
        for name, rule in vars(permissions).items():
            if isinstance(rule, FunctionType) and rule.__module__ == permissions.__name__ and name[0] != "_":
                yield f"{permissions.__name__}.{name}", permissions, name, rule
        try:
            querysets = importlib.import_module(f"{app}.querysets")
        except ModuleNotFoundError:
            continue
        for holder in vars(querysets).values():
            if inspect.isclass(holder) and holder.__module__ == querysets.__name__:
                for name, rule in vars(holder).items():
                    if isinstance(rule, FunctionType) and "user" in inspect.signature(rule).parameters:
                        yield f"{querysets.__name__}.{holder.__name__}.{name}", holder, name, rule


RULES = {name: rest for name, *rest in rules() if name not in UNASKED}


def open_to_all(name: str, rule: FunctionType) -> Callable[..., Any]:
    """Return the rule as it would be if it let everybody through."""
    if name.rpartition(".")[2] == "role_in":
        return lambda *_: "owner"
    if name.rpartition(".")[2] == "side_of":
        return lambda *_: "initiative"
    if name.rpartition(".")[2] == "intermediaries_of":
        from brygga.organisations.models import Organisation

        return lambda *_: list(Organisation.objects.all())
    if "querysets" in name:
        return lambda rows, *_: rows.all()
    assert inspect.signature(rule).return_annotation == "bool", f"how is {name} opened?"
    return lambda *_, **__: True


def open_rule(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Put the open rule wherever the real one has been imported to."""
    holder, attribute, rule = RULES[name]
    opened = open_to_all(name, rule)
    monkeypatch.setattr(holder, attribute, opened)
    if isinstance(holder, ModuleType):
        for module in list(sys.modules.values()):
            for other, value in list(vars(module).items()) if isinstance(module, ModuleType) else []:
                if value is rule:
                    monkeypatch.setattr(module, other, opened)


def who_notices(world: World, name: str) -> str:
    """Return the first answer that is no longer what it should be, nearest things first."""
    for verb in VERBS:
        for role in ROLES[1:]:
            if role not in verb.allowed:
                with rolled_back():
                    if not is_refused(verb, world, role):
                        return f"{role} may {verb}"
    for row in sorted(TABLE, key=lambda row: nearness(row, name)):
        for role, expected in zip(ROLES, row.expected, strict=True):
            if expected in DENIED and role != "visitor" and asked_once(world, row, role) != expected:
                return f"{role} opens {row}"
    return ""


TABLE: list[Row] = [row for row in read_table() if set(row.expected[1:]) & set(DENIED)]


def nearness(row: Row, name: str) -> tuple[bool, bool]:
    app = name.removeprefix("brygga.").split(".")[0]
    return row.name.split(":")[0] != app, row.verb != "GET"


@pytest.mark.parametrize("name", sorted(RULES))
def test_somebody_notices_a_rule_that_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    open_rule(monkeypatch, name)
    assert who_notices(world, name)


def test_somebody_notices_when_fitting_is_no_longer_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(innovators_querysets, "_visibility_rules", [lambda _: Q(pk__isnull=False)])
    assert who_notices(world, "innovators")


def test_nobody_notices_anything_while_the_rules_stand(world: World) -> None:
    """Or the tests above would say yes to everything."""
    for verb in VERBS[::5]:
        for role in ROLES[1:]:
            with rolled_back():
                assert is_refused(verb, world, role) == (role not in verb.allowed)
