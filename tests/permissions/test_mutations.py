"""Each rule is turned off, one at a time: somebody has to notice, or the rule could vanish unseen."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain
from types import FunctionType, ModuleType
from typing import Any

import pytest
from django.db.models import Q
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from brygga.organisations.services import ensure_own_organisation
from innovators import querysets as innovators_querysets
from matching.adopting.models import AdoptionQuestion
from matching.adopting.questions import contact_details as adoption_contacts
from matching.meeting.conversation.selectors import unread_numbers
from matching.meeting.models import Introduction
from matching.meeting.selectors import contact_details
from matching.together.models import TogetherQuestion
from matching.together.selectors import contact_details as together_contact_details
from matching.unsuited.models import Unsuited
from tests.factories import FlagFactory
from tests.permissions.table import Row, asked_once, read_table, rolled_back
from tests.permissions.verbs import VERBS, Verb, is_refused
from tests.permissions.world import ROLES, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

APPS = [
    "brygga.challenges",
    "brygga.organisations",
    "brygga.search",
    "innovators",
    "innovators.adopting",
    "innovators.handing_over",
    "funders",
    "funders.claiming",
    "intermediaries",
    "intermediaries.helping",
    "matching.adopting",
    "matching.applying",
    "matching.challenges",
    "matching.desk",
    "matching.following",
    "matching.intake",
    "matching.learning",
    "matching.meeting",
    "matching.meeting.proposing",
    "matching.together",
    "matching.unsuited",
]
# Rules whose absence nothing can notice, with the reason.
UNASKED = {
    "brygga.organisations.permissions.forget_roles": "not a rule",
    # What is made is then changed, in the same transaction, and to change asks again.
    "innovators.permissions.can_create_initiative": "asked twice",
    "funders.permissions.can_create_offer": "asked twice",
    # A choice of organisations, each of which can_flag is asked about.
    "intermediaries.permissions.intermediaries_of": "asked twice",
    # Likewise, with can_tell_challenge.
    "brygga.challenges.permissions.public_bodies_of": "asked twice",
    # Likewise, with can_register_adopter.
    "innovators.adopting.permissions.may_adopt_for": "asked twice",
    # What is written is a record of the initiative, and to write one asks again.
    "matching.adopting.permissions.can_tell_taken_up": "asked twice",
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


def _page(world: World, role: str, name: str, query: str = "") -> str:
    return world.client(role).get(f"{reverse(name)}{query}").content.decode()


def _others_organisation(world: World) -> bool:
    """A person without one gets an organisation of their own, not somebody else's."""
    owner, stranger = world.people["owner"], world.people["stranger"]
    assert owner is not None
    assert stranger is not None
    theirs = ensure_own_organisation(user=owner, now=timezone.now())
    return ensure_own_organisation(user=stranger, now=timezone.now()) == theirs


def _hidden_flag(world: World) -> bool:
    FlagFactory(initiative=world.initiatives["paused initiative"], text="Bara för ägaren")
    return "Bara för ägaren" in _page(world, "stranger", "intermediaries:flags")


def _internal_entry(world: World) -> bool:
    """What its people keep among themselves is not for strangers."""
    journal = reverse("innovators:journal", args=[world.initiatives["initiative"].public_id])
    return "Bara för oss" in world.client("stranger").get(journal).content.decode()


def _others_words(world: World) -> bool:
    """What two sides write to each other is counted for them alone."""
    stranger = world.people["stranger"]
    assert stranger is not None
    return bool(unread_numbers(stranger))


def _accepted_contacts(world: World) -> bool:
    """Once both have said yes, contact details are for the two sides alone."""
    introduction = Introduction.objects.select_related("initiative", "offer").get(
        state="asked", asked_side="offer"
    )
    introduction.contacts.create(side="initiative", name="Amina", email="amina@canary.example")
    Introduction.objects.update(state="accepted", answered_at=timezone.now())
    stranger = world.people["stranger"]
    assert stranger is not None
    return contact_details(introduction, stranger) is not None


def _contacts_of_those_who_take_up(world: World) -> bool:
    """Likewise between an adopter and an initiative."""
    question = AdoptionQuestion.objects.select_related("initiative", "adopter").get(state="accepted")
    for side in ("adopter", "initiative"):
        question.contacts.create(side=side, email=f"{side}@canary.example")
    stranger = world.people["stranger"]
    assert stranger is not None
    return adoption_contacts(question, stranger) is not None


def _together_contacts(world: World) -> bool:
    """After a yes the two learn how to reach each other, and nobody else."""
    question = TogetherQuestion.objects.select_related("initiative").get()
    question.contacts.create(side="asked", name="Amina", email="amina@canary.example")
    TogetherQuestion.objects.update(state="accepted", answered_at=timezone.now())
    stranger = world.people["stranger"]
    assert stranger is not None
    return together_contact_details(question, stranger) is not None


def _put_aside(world: World) -> bool:
    """What an initiative's people have put aside is theirs alone, the giver's least of all."""
    Unsuited.objects.create(
        initiative=world.initiatives["listed initiative"], offer=world.offers["offer"], reason="amount"
    )
    giver = world.people["giver"]
    assert giver is not None
    return Unsuited.objects.visible_to(giver).exists()


# What a status cannot tell: each says whether a stranger is shown something.
SHOWN: list[Callable[[World], bool]] = [
    lambda world: "Verkstan i Bergsjön" in _page(world, "stranger", "innovators:create"),
    lambda world: "Stiftelsen Västanvind" in _page(world, "stranger", "funders:create"),
    lambda world: "Lagningsverkstaden" in _page(world, "stranger", "matching:introductions"),
    lambda world: "Lagningsverkstaden" in _page(world, "stranger", "matching:introductions", "?asked=by_us"),
    lambda world: "Lagningsverkstaden" in _page(world, "stranger", "matching:proposals"),
    lambda world: "om att ta upp något" in _page(world, "stranger", "pages:home"),
    lambda world: "föreslår att ni träffas" in _page(world, "stranger", "matching:introductions"),
    _internal_entry,
    _others_organisation,
    _hidden_flag,
    _accepted_contacts,
    _contacts_of_those_who_take_up,
    _together_contacts,
    _put_aside,
    lambda world: "Lagningsverkstaden" in _page(world, "stranger", "matching:together-questions"),
    lambda world: (
        "Lagningsverkstaden" in _page(world, "stranger", "matching:together-questions", "?asked=by_us")
    ),
    lambda world: "vill ta över" in _page(world, "stranger", "pages:home"),
    lambda world: "vet inte var vi ska" in _page(world, "stranger", "helping:requests"),
    lambda world: "Hjälp du har bett om" in _page(world, "giver", "helping:requests"),
    # Somebody else follows it.
    lambda world: "Lagningsverkstaden" in _page(world, "giver", "matching:followed"),
    _others_words,
]


def who_notices(world: World, name: str) -> str:
    """Return the first answer that is no longer what it should be, nearest things first."""
    app = name.partition(".permissions")[0].partition(".querysets")[0]
    near_verbs = [verb for verb in VERBS if home_of(verb).startswith(app)]
    views = views_by_name()
    own_rows = [row for row in TABLE if views.get(row.name, "").startswith(f"{app}.")]
    namespace = app.removeprefix("brygga.").split(".")[0]
    near_rows = [row for row in TABLE if row.name.split(":")[0] == namespace and row not in own_rows]
    # What a reading shows is seen on pages, what a rule lets through by who may do it.
    first = [_shown(world), _opened(world, own_rows), _done(world, near_verbs)]
    if "querysets" not in name:
        first.reverse()
    others = _done(world, [verb for verb in VERBS if verb not in near_verbs])
    rest = _opened(world, [row for row in TABLE if row not in (*own_rows, *near_rows)])
    return next(chain(*first, _opened(world, near_rows), others, rest), "")


@cache
def views_by_name() -> dict[str, str]:
    """Return the module of the view that each named URL leads to."""
    return dict(_views(get_resolver().url_patterns, ""))


def _views(patterns: Iterable[URLPattern | URLResolver], namespace: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _views(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", pattern.callback.__module__


def home_of(verb: Verb) -> str:
    """Return the module of the service that a verb calls; "" when it calls it by hand."""
    held = [cell.cell_contents for cell in getattr(verb.call, "__closure__", None) or ()]
    return next((one.__module__ for one in held if inspect.isfunction(one)), "")


def _shown(world: World) -> Iterator[str]:
    for place, shows in enumerate(SHOWN):
        with rolled_back():
            if shows(world):
                yield f"a stranger is shown number {place}"


def _done(world: World, verbs: Iterable[Verb]) -> Iterator[str]:
    for verb in verbs:
        for role in ROLES[1:]:
            if role not in verb.allowed:
                with rolled_back():
                    is_done = not is_refused(verb, world, role)
                if is_done:
                    yield f"{role} may {verb}"


def _opened(world: World, rows: Iterable[Row]) -> Iterator[str]:
    # A page is quicker asked for than sent.
    for row in sorted(rows, key=lambda row: row.verb != "GET"):
        for role, expected in zip(ROLES, row.expected, strict=True):
            if expected in DENIED and role != "visitor" and asked_once(world, row, role) != expected:
                yield f"{role} opens {row}"


TABLE: list[Row] = [row for row in read_table() if set(row.expected[1:]) & set(DENIED)]


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
    for shows in SHOWN:
        with rolled_back():
            assert not shows(world)
    for verb in VERBS[::5]:
        for role in ROLES[1:]:
            with rolled_back():
                assert is_refused(verb, world, role) == (role not in verb.allowed)
