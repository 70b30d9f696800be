"""Services refuse whoever may not, whatever page or program calls them."""

from __future__ import annotations

import pytest

from tests.permissions.table import rolled_back
from tests.permissions.verbs import VERBS, Verb, is_refused
from tests.permissions.world import ROLES, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", VERBS, ids=str)
def test_services_refuse_whoever_may_not(world: World, verb: Verb) -> None:
    allowed = set()
    for role in ROLES[1:]:
        with rolled_back():
            if not is_refused(verb, world, role):
                allowed.add(role)
    assert allowed == set(verb.allowed)
