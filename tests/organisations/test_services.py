"""What can be done with organisations and their members."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from brygga.audit.models import AuditEvent
from brygga.organisations import permissions, services
from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Invitation, Membership, Organisation
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from tests.cast import Cast
from tests.factories import NOW, MembershipFactory, OrganisationFactory, UserFactory

LATER = NOW + timedelta(hours=1)


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def secret_in(message: OutboxMessage) -> str:
    found = re.search(r"/(?:inbjudan|invitation)/([^/]+)/", message.arguments["body"])
    assert found
    return found[1]


def newest_secret() -> str:
    return secret_in(OutboxMessage.objects.filter(key__startswith="invitation-").latest("pk"))


# -- making and changing ---------------------------------------------------------------------------


def test_creating_makes_an_owner_and_no_verification(db: None) -> None:
    user = UserFactory()
    assert permissions.role_in(user, 1) is None  # the memo must not hide the new role

    made = services.create_organisation(
        actor=user, now=NOW, kind="association", name=" Byalaget ", number="802002-4280", area_code="SE-1480"
    )

    assert (made.name, made.number, made.is_verified) == ("Byalaget", "8020024280", False)
    assert permissions.role_in(user, made.pk) == MembershipRole.OWNER
    assert verbs() == ["create_organisation"]


def test_creating_with_a_personal_number_stores_nothing(db: None) -> None:
    with pytest.raises(services.LooksLikePersonalNumber):
        services.create_organisation(
            actor=UserFactory(), now=NOW, kind="individual", name="Eva", number="811218-9876"
        )

    assert not Organisation.objects.exists()
    assert not AuditEvent.objects.exists()


def test_own_organisation_is_made_once_and_without_the_persons_name(db: None) -> None:
    user = UserFactory(name="Eva Lind")

    first = services.ensure_own_organisation(user=user, now=NOW)
    again = services.ensure_own_organisation(user=user, now=LATER)

    assert first.pk == again.pk
    assert (first.kind, first.name) == ("individual", "")
    assert permissions.role_in(user, first.pk) == MembershipRole.OWNER


def test_own_groups_are_told_apart_by_name(db: None) -> None:
    user = UserFactory()

    knitters = services.ensure_own_organisation(user=user, now=NOW, kind="informal_group", name="Stickarna")
    same = services.ensure_own_organisation(user=user, now=NOW, kind="informal_group", name=" stickarna ")
    others = services.ensure_own_organisation(user=user, now=NOW, kind="informal_group", name="Vandrarna")

    assert knitters.pk == same.pk != others.pk
    assert knitters.name == "Stickarna"


def test_own_organisation_is_only_for_people_and_groups(db: None) -> None:
    with pytest.raises(ValueError, match="silently"):
        services.ensure_own_organisation(user=UserFactory(), now=NOW, kind="foundation")


def test_own_organisation_never_is_one_where_somebody_else_decides(db: None) -> None:
    user = UserFactory()
    theirs = OrganisationFactory(kind="individual", owner=UserFactory(), editor=user)

    assert services.ensure_own_organisation(user=user, now=NOW).pk != theirs.pk


@pytest.mark.django_db(transaction=True)
def test_own_organisation_asked_for_twice_at_once_is_one() -> None:
    user = UserFactory()
    together = threading.Barrier(2)
    made: list[int] = []

    def ask() -> None:
        together.wait(timeout=10)
        made.append(services.ensure_own_organisation(user=User.objects.get(pk=user.pk), now=NOW).pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert len(made) == 2
    assert len(set(made)) == 1


def test_changing_writes_and_tells_only_what_differs(cast: Cast) -> None:
    services.change_organisation(
        organisation=cast.association, actor=cast.erik, now=NOW, name="Nya namnet", area_code="SE-1480"
    )
    services.change_organisation(
        organisation=cast.association, actor=cast.erik, now=NOW, name="Nya namnet", area_code="SE-1480"
    )

    cast.association.refresh_from_db()
    assert cast.association.name == "Nya namnet"
    assert [event.details for event in AuditEvent.objects.all()] == [{"fields": ["name"]}]


@pytest.mark.parametrize("who", ["rolf", "sara", "ruth"])
def test_changing_is_for_owners_and_editors(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        services.change_organisation(
            organisation=cast.association, actor=getattr(cast, who), now=NOW, name="Kapat"
        )

    cast.association.refresh_from_db()
    assert cast.association.name == "Verkstan i Bergsjön"


def test_what_was_verified_stays(cast: Cast) -> None:
    services.verify_organisation(organisation=cast.association, actor=cast.stefan, now=NOW)

    with pytest.raises(services.VerifiedDetailsLocked):
        services.change_organisation(
            organisation=cast.association, actor=cast.amina, now=NOW, name="Göteborgs stad"
        )
    changed = services.change_organisation(
        organisation=cast.association, actor=cast.amina, now=NOW, description="Vi lagar."
    )

    assert (changed.name, changed.description) == ("Verkstan i Bergsjön", "Vi lagar.")


# -- verifying -------------------------------------------------------------------------------------


def test_verifying_happens_once_and_owners_are_told(cast: Cast) -> None:
    for moment in (NOW, LATER):
        services.verify_organisation(organisation=cast.association, actor=cast.stefan, now=moment)

    assert (cast.association.verified_at, cast.association.verified_by) == (NOW, cast.stefan)
    assert verbs() == ["verify_organisation"]
    assert [n.user.email for n in cast.amina.notices.all()] == [cast.amina.email]
    assert not cast.erik.notices.exists()


@pytest.mark.parametrize("who", ["amina", "erik", "sara", "ingrid"])
@pytest.mark.parametrize("verb", ["verify", "withdraw", "intermediary"])
def test_verifying_is_for_staff(cast: Cast, who: str, verb: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        if verb == "verify":
            services.verify_organisation(organisation=cast.association, actor=actor, now=NOW)
        elif verb == "withdraw":
            services.withdraw_verification(organisation=cast.foundation, actor=actor, now=NOW)
        else:
            services.set_intermediary(
                organisation=cast.association, is_intermediary=True, actor=actor, now=NOW
            )

    assert verbs() == []


def test_staff_take_back_and_mark_intermediaries(cast: Cast) -> None:
    services.withdraw_verification(organisation=cast.foundation, actor=cast.stefan, now=NOW)
    for _ in range(2):
        services.set_intermediary(
            organisation=cast.association, is_intermediary=True, actor=cast.stefan, now=NOW
        )

    assert not cast.foundation.is_verified
    assert cast.association.is_intermediary
    assert verbs() == ["withdraw_verification", "make_intermediary"]


# -- inviting --------------------------------------------------------------------------------------


def invite(cast: Cast, email: str = "ny@exempel.example", **changes: object) -> Invitation:
    options = {"role": "editor", "actor": cast.amina, "now": NOW, **changes}
    return services.invite(organisation=cast.association, email=email, **options)  # type: ignore[arg-type]


def test_invitation_is_mailed_and_its_secret_stored_as_a_hash(cast: Cast) -> None:
    invitation = invite(cast, " Ny@Exempel.example ")

    message = OutboxMessage.objects.get()
    secret = secret_in(message)
    assert message.arguments["recipients"] == ["ny@exempel.example"]
    assert message.arguments["subject"] == "Inbjudan till Verkstan i Bergsjön"
    assert secret not in str(Invitation.objects.values().get())
    assert invitation.expires_at == NOW + timedelta(days=14)
    assert services.find_invitation(secret=secret, now=NOW) == invitation
    assert "amina@" not in message.arguments["body"], "the inviter's address is nobody's business"


def test_invitation_is_written_in_the_receivers_language_if_we_know_it(cast: Cast) -> None:
    UserFactory(email="english@exempel.example", language="en")

    invite(cast, "english@exempel.example")

    message = OutboxMessage.objects.get()
    assert message.arguments["subject"] == "Invitation to Verkstan i Bergsjön"
    assert "/en/organisations/invitation/" in message.arguments["body"]


def test_double_click_on_send_sends_one_mail(cast: Cast) -> None:
    first = invite(cast)
    second = invite(cast, now=NOW + timedelta(seconds=5))

    assert first.pk == second.pk
    assert OutboxMessage.objects.count() == 1


def test_sending_again_makes_a_new_link_and_ends_the_old(cast: Cast) -> None:
    first = invite(cast)
    old = newest_secret()
    second = invite(cast, now=LATER)

    assert first.pk == second.pk
    assert OutboxMessage.objects.count() == 2
    with pytest.raises(services.InvitationUnusable, match="unknown"):
        services.find_invitation(secret=old, now=LATER)
    assert services.find_invitation(secret=newest_secret(), now=LATER).expires_at == LATER + timedelta(
        days=14
    )


@pytest.mark.parametrize("who", ["erik", "rolf", "sara", "stefan"])
def test_only_owners_invite(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        invite(cast, actor=getattr(cast, who))

    assert not OutboxMessage.objects.exists()


def test_members_are_not_invited_again(cast: Cast) -> None:
    with pytest.raises(services.AlreadyMember):
        invite(cast, "erik@exempel.example")


def test_there_is_an_end_to_a_days_invitations(cast: Cast) -> None:
    for number in range(30):
        invite(cast, f"ny{number}@exempel.example")

    with pytest.raises(services.TooManyInvitations):
        invite(cast, "en-till@exempel.example")
    assert invite(cast, "en-till@exempel.example", now=NOW + timedelta(days=1, minutes=1))


def test_accepting_joins_once_and_owners_are_told(cast: Cast) -> None:
    invite(cast)
    secret = newest_secret()
    new = UserFactory(email="ny@exempel.example", name="Nils Ny")

    first = services.accept_invitation(secret=secret, actor=new, now=LATER)
    again = services.accept_invitation(secret=secret, actor=new, now=LATER)

    assert first == again
    assert (first.role, first.organisation) == ("editor", cast.association)
    assert permissions.can_write_for(new, cast.association.pk)
    assert verbs() == ["invite", "accept_invitation"]
    assert [n.parameters["person"] for n in cast.amina.notices.all()] == ["Nils Ny"]


def test_accepting_is_for_whoever_confirmed_the_address(cast: Cast) -> None:
    invite(cast)
    secret = newest_secret()
    unconfirmed = UserFactory(email="ny@exempel.example", unverified=True)

    for actor in (cast.sara, unconfirmed):
        with pytest.raises(services.WrongAccount):
            services.accept_invitation(secret=secret, actor=actor, now=NOW)

    assert not Membership.objects.filter(
        user__in=[cast.sara, unconfirmed], organisation=cast.association
    ).exists()


def test_used_link_is_of_no_use_to_others(cast: Cast) -> None:
    invite(cast)
    secret = newest_secret()
    services.accept_invitation(secret=secret, actor=UserFactory(email="ny@exempel.example"), now=NOW)

    with pytest.raises(services.InvitationUnusable, match="used"):
        services.accept_invitation(secret=secret, actor=cast.sara, now=NOW)


def test_removed_members_do_not_come_back_by_the_old_link(cast: Cast) -> None:
    invite(cast)
    secret = newest_secret()
    new = UserFactory(email="ny@exempel.example")
    membership = services.accept_invitation(secret=secret, actor=new, now=NOW)
    services.remove_member(membership=membership, actor=cast.amina, now=NOW)

    with pytest.raises(services.InvitationUnusable, match="used"):
        services.accept_invitation(secret=secret, actor=new, now=NOW)


def test_withdrawn_and_old_links_do_not_work(cast: Cast) -> None:
    withdrawn, expired = invite(cast, "a@exempel.example"), None
    first = newest_secret()
    services.withdraw_invitation(invitation=withdrawn, actor=cast.amina, now=NOW)
    services.withdraw_invitation(invitation=withdrawn, actor=cast.amina, now=NOW)
    expired = invite(cast, "b@exempel.example")
    second = newest_secret()

    with pytest.raises(services.InvitationUnusable, match="withdrawn"):
        services.accept_invitation(secret=first, actor=UserFactory(email="a@exempel.example"), now=NOW)
    with pytest.raises(services.InvitationUnusable, match="expired"):
        services.accept_invitation(
            secret=second, actor=UserFactory(email="b@exempel.example"), now=expired.expires_at
        )
    assert verbs().count("withdraw_invitation") == 1


def test_whoever_belongs_already_keeps_the_stronger_role(cast: Cast) -> None:
    invite(cast, "a@exempel.example", role="reader")
    low = newest_secret()
    invite(cast, "b@exempel.example", role="owner")
    high = newest_secret()
    a, b = UserFactory(email="a@exempel.example"), UserFactory(email="b@exempel.example")
    for user in (a, b):
        MembershipFactory(organisation=cast.association, user=user, role="editor")

    services.accept_invitation(secret=low, actor=a, now=NOW)
    services.accept_invitation(secret=high, actor=b, now=NOW)

    roles = dict(cast.association.memberships.values_list("user__email", "role"))
    assert (roles[a.email], roles[b.email]) == ("editor", "owner")


# -- members ---------------------------------------------------------------------------------------


def membership_of(cast: Cast, who: str) -> Membership:
    return Membership.objects.get(organisation=cast.association, user=getattr(cast, who))


def test_owners_change_roles(cast: Cast) -> None:
    for _ in range(2):
        services.change_role(membership=membership_of(cast, "erik"), role="reader", actor=cast.amina, now=NOW)

    assert membership_of(cast, "erik").role == "reader"
    assert verbs() == ["change_role"]


def test_last_owner_stays_owner_until_there_is_another(cast: Cast) -> None:
    mine = membership_of(cast, "amina")
    with pytest.raises(services.LastOwner):
        services.change_role(membership=mine, role="editor", actor=cast.amina, now=NOW)
    with pytest.raises(services.LastOwner):
        services.leave_organisation(organisation=cast.association, actor=cast.amina, now=NOW)
    with pytest.raises(services.LastOwner):
        services.remove_member(membership=mine, actor=cast.amina, now=NOW)

    services.change_role(membership=membership_of(cast, "erik"), role="owner", actor=cast.amina, now=NOW)
    services.leave_organisation(organisation=cast.association, actor=cast.amina, now=NOW)

    assert permissions.role_in(cast.amina, cast.association.pk) is None


@pytest.mark.parametrize("who", ["erik", "rolf", "sara", "stefan"])
def test_members_are_managed_by_owners_only(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        services.remove_member(membership=membership_of(cast, "amina"), actor=actor, now=NOW)
    with pytest.raises(PermissionDenied):
        services.change_role(membership=membership_of(cast, "rolf"), role="owner", actor=actor, now=NOW)

    assert cast.association.memberships.count() == 3


def test_leaving_twice_does_nothing_twice(cast: Cast) -> None:
    for _ in range(2):
        services.leave_organisation(organisation=cast.association, actor=cast.rolf, now=NOW)

    assert verbs() == ["leave_organisation"]


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one_behind() -> None:
    first, second = UserFactory(), UserFactory()
    organisation = OrganisationFactory(owner=first)
    MembershipFactory(organisation=organisation, user=second)
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def leave(pk: int) -> None:
        together.wait(timeout=10)
        try:
            services.leave_organisation(organisation=organisation, actor=User.objects.get(pk=pk), now=NOW)
            outcomes.append("left")
        except services.LastOwner:
            outcomes.append("stayed")
        connection.close()

    threads = [threading.Thread(target=leave, args=[user.pk]) for user in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert sorted(outcomes) == ["left", "stayed"]
    assert organisation.memberships.count() == 1
