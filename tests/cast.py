"""A small fixed cast of people, the same in every test: who they are says what they may do.

Ask for `cast` (all of them) or for one of the fixtures below it. Amina and Erik belong to the
association; Ruth gives support; Ingrid flags; Sara stands outside; Stefan is staff.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from brygga.organisations.models import Organisation
from brygga.users.models import User
from tests.factories.people import OrganisationFactory, UserFactory


@dataclass(frozen=True)
class Cast:
    amina: User  # owns the association that leads initiatives
    erik: User  # edits for it
    rolf: User  # reads for it
    ruth: User  # owns the verified foundation that gives support
    ingrid: User  # owns the verified intermediary
    sara: User  # belongs to an organisation that has nothing to do with any of it
    stefan: User  # staff
    association: Organisation
    foundation: Organisation
    intermediary: Organisation
    outsiders: Organisation


@pytest.fixture
def cast(db: None) -> Cast:
    amina = UserFactory(email="amina@exempel.example", name="Amina Warsame")
    erik = UserFactory(email="erik@exempel.example", name="Erik Lindqvist")
    rolf = UserFactory(email="rolf@exempel.example", name="Rolf Ek")
    ruth = UserFactory(email="ruth@exempel.example", name="Ruth Malmsten")
    ingrid = UserFactory(email="ingrid@exempel.example", name="Ingrid Sköld")
    sara = UserFactory(email="sara@exempel.example", name="Sara Utanför")
    stefan = UserFactory(email="stefan@exempel.example", name="Stefan Drift", staff=True)
    association = OrganisationFactory(name="Verkstan i Bergsjön", owner=amina, editor=erik, reader=rolf)
    foundation = OrganisationFactory(
        name="Stiftelsen Västanvind", kind="foundation", verified=True, owner=ruth
    )
    intermediary = OrganisationFactory(name="Mötesplats Väst", intermediary=True, owner=ingrid)
    outsiders = OrganisationFactory(name="Utanför AB", kind="company", owner=sara)
    return Cast(
        amina, erik, rolf, ruth, ingrid, sara, stefan, association, foundation, intermediary, outsiders
    )


@pytest.fixture
def amina(cast: Cast) -> User:
    return cast.amina


@pytest.fixture
def ruth(cast: Cast) -> User:
    return cast.ruth


@pytest.fixture
def ingrid(cast: Cast) -> User:
    return cast.ingrid


@pytest.fixture
def sara(cast: Cast) -> User:
    return cast.sara


@pytest.fixture
def stefan(cast: Cast) -> User:
    return cast.stefan
