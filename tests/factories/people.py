"""People and their organisations."""

from __future__ import annotations

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Membership, Organisation
from brygga.users.models import User

# The moment most tests happen at: a Monday morning in spring.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class UserFactory(DjangoModelFactory[User]):
    """A person with a confirmed address; `unverified=True` leaves it unconfirmed."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(is_staff=True, is_superuser=True)
        demo = factory.Trait(is_demo=True)

    email = factory.Sequence(lambda n: f"person{n}@exempel.example")
    name = factory.Sequence(lambda n: f"Person {n:05}")
    language = "sv"
    password = "!"

    @factory.post_generation
    def unverified(self: User, create: bool, extracted: bool | None, **_: object) -> None:
        if not create:
            return
        self.emailaddress_set.create(email=self.email, verified=not extracted, primary=True)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """An association. `owner=user` and `editor=`, `reader=` make memberships."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    class Params:
        verified = factory.Trait(verified_at=NOW)
        intermediary = factory.Trait(verified_at=NOW, is_intermediary=True, kind="foundation")
        demo = factory.Trait(is_demo=True)

    name = factory.Sequence(lambda n: f"Föreningen Hand i hand {n:05}")
    kind = "association"
    area_code = "SE-1480"
    created_at = NOW

    @factory.post_generation
    def owner(self: Organisation, create: bool, extracted: User | None, **_: object) -> None:
        _join(self, extracted, MembershipRole.OWNER, create)

    @factory.post_generation
    def editor(self: Organisation, create: bool, extracted: User | None, **_: object) -> None:
        _join(self, extracted, MembershipRole.EDITOR, create)

    @factory.post_generation
    def reader(self: Organisation, create: bool, extracted: User | None, **_: object) -> None:
        _join(self, extracted, MembershipRole.READER, create)


def _join(organisation: Organisation, user: User | None, role: MembershipRole, create: bool) -> None:
    if create and user is not None:
        MembershipFactory(organisation=organisation, user=user, role=role)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = MembershipRole.OWNER
    created_at = NOW
