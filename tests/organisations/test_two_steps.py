"""An organisation asks its members for two-step sign-in, and nobody is shut out by surprise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from brygga.notifications.models import Notice
from brygga.organisations import services
from brygga.organisations.models import Organisation
from brygga.users.models import User
from brygga.users.second_factor import must_set_up
from brygga.users.services import create_token
from tests.cast import Cast
from tests.factories import NOW, MembershipFactory, UserFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db


def set_up(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "not used here"})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_owners_ask_and_members_are_told_before(cast: Cast) -> None:
    page = reverse("organisations:two-steps", args=[cast.association.public_id])
    members = reverse("organisations:members", args=[cast.association.public_id])
    amina, erik = signed_in(cast.amina), signed_in(cast.erik)
    first = amina.get(page).content.decode()
    assert "Ordna det för dig själv först" in first
    assert 'name="day"' not in first
    amina.post(page, {"day": "2030-01-01"})
    assert Organisation.objects.get(pk=cast.association.pk).two_steps_from is None
    set_up(cast.amina)
    today = timezone.localdate()
    assert amina.get(page).context["form"].initial["day"].startswith(str((today + timedelta(days=14)).day))
    for wrong in (today, today + timedelta(days=400)):
        assert amina.post(page, {"day": wrong.isoformat()}).status_code == 422
    day = today + timedelta(days=14)
    for _click in range(2):
        assert amina.post(page, {"day": day.isoformat()}).status_code == 302
    told = Notice.objects.filter(kind="two_steps_required")
    assert sorted(told.values_list("user", flat=True)) == sorted([cast.erik.pk, cast.rolf.pk])
    assert told[0].parameters["day"] == day.isoformat()
    assert "Ordna inloggning i två steg före" in erik.get(reverse("pages:home")).content.decode()
    assert "Ordna inloggning i två steg före" not in amina.get(reverse("pages:home")).content.decode()
    # Who has it is for owners; the list costs the same for any number of members.
    shown = amina.get(members).content.decode()
    assert (shown.count("Loggar in i två steg"), shown.count("Loggar in i ett steg")) == (1, 2)
    assert "Loggar in i" not in erik.get(members).content.decode()
    cost = queries_for(amina, members)
    for _more in range(2):
        MembershipFactory(organisation=cast.association, role="reader")
    assert queries_for(amina, members) == cost
    amina.post(page, {"stop": "1"})
    assert Organisation.objects.get(pk=cast.association.pk).two_steps_from is None


def test_after_the_day_nobody_gets_further_without_it_and_nothing_is_lost(cast: Cast) -> None:
    erik = signed_in(cast.erik)
    _token, secret = create_token(
        user=cast.erik, name="Kalkylen", scopes=["read_profiles"], days=9, now=timezone.now()
    )
    bearer = {"authorization": f"Bearer {secret}"}
    Organisation.objects.filter(pk=cast.association.pk).update(
        two_steps_from=timezone.localdate() + timedelta(days=1)
    )
    home, members = reverse("pages:home"), reverse("organisations:members", args=[cast.association.public_id])
    assert erik.get(members).status_code == 200
    assert Client().get(reverse("api-initiatives"), headers=bearer).status_code == 200

    Organisation.objects.filter(pk=cast.association.pk).update(two_steps_from=timezone.localdate())
    for where in (home, members, "/"):
        led = erik.get(where)
        assert (led.status_code, led["Location"]) == (302, reverse("mfa_index"))
    assert erik.get("/api/v1/").status_code == 403
    assert Client().get(reverse("api-initiatives"), headers=bearer).status_code == 401
    edit = reverse("users:profile")
    kept = erik.post(edit, {"name": 'Erik "Ny" Lindqvist', "language": "sv"})
    assert kept.status_code == 403
    page = kept.content.decode()
    assert 'name="name" value="Erik &quot;Ny&quot; Lindqvist"' in page
    assert f'action="{edit}"' in page
    # What proves who somebody is is never written into a page; what only sounds alike is.
    secrets = {"oldpassword": "hemlig-1", "password1": "hemlig-2", "login-Password": "hemlig-3"}
    codes = {"code": "hemlig-4", "login-code": "hemlig-5"}
    held = erik.post(edit, {**secrets, **codes, "area_codes": "SE-14", "postcode": "411 03"})
    assert "hemlig-" not in held.content.decode()
    assert "Lösenord och koder sparas inte här." in held.content.decode()
    assert held.context["kept"] == [("area_codes", "SE-14"), ("postcode", "411 03")]
    assert "Lösenord" not in page
    # Others are not asked; and nobody hands over what is the organisation's from a mailbox alone.
    leave = reverse("organisations:leave", args=[cast.association.public_id])
    assert erik.get(leave).status_code == 302
    assert erik.post(leave, {"successor": cast.amina.pk}).status_code == 403
    assert signed_in(cast.ruth).get(home).status_code == 200
    erik.get(members)
    assert "Din organisation ber om inloggning i två steg" in erik.get(reverse("mfa_index")).content.decode()
    set_up(cast.erik)
    ready = erik.get(reverse("mfa_index")).content.decode()
    assert f'href="{members}"' in ready
    assert erik.get(members).status_code == 200
    assert "Gå vidare dit du var på väg" not in erik.get(reverse("mfa_index")).content.decode()
    assert erik.post(edit, {"name": "Erik Ny", "language": "sv"}).status_code == 302
    assert signed_in(UserFactory()).get(home).status_code == 200


def test_the_rule_is_asked_in_every_request_and_costs_no_query_of_its_own(cast: Cast) -> None:
    page = reverse("users:profile")
    rolf = signed_in(cast.rolf)
    association = Organisation.objects.filter(pk=cast.association.pk)

    def asks() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            rolf.get(page)
        return [one["sql"] for one in queries if "two_steps_from" in one["sql"]]

    assert len(asks()) == 1
    assert '"users_user"."email"' in asks()[0]
    # The same session all the time: a rule, a membership and a second factor that change are seen at once.
    association.update(two_steps_from=timezone.localdate())
    assert rolf.get(page).status_code == 302
    role = cast.association.memberships.get(user=cast.rolf).role
    cast.association.memberships.filter(user=cast.rolf).delete()
    assert rolf.get(page).status_code == 200
    cast.association.memberships.create(user=cast.rolf, role=role)
    assert rolf.get(page).status_code == 302
    set_up(cast.rolf)
    assert rolf.get(page).status_code == 200
    Authenticator.objects.filter(user=cast.rolf).delete()
    assert rolf.get(page).status_code == 302
    association.update(two_steps_from=timezone.localdate() + timedelta(days=1))
    assert rolf.get(page).status_code == 200
    # Who is not read from a session is asked about by themselves.
    assert not must_set_up(cast.rolf)
    association.update(two_steps_from=timezone.localdate())
    assert must_set_up(cast.rolf)
    association.update(two_steps_from=None)
    assert rolf.get(page).status_code == 200
    User.objects.filter(pk=cast.rolf.pk).update(is_active=False)
    assert rolf.get(page).status_code == 302


@pytest.mark.parametrize("who", ["erik", "rolf", "sara", "stefan"])
def test_only_owners_ask(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    set_up(actor)
    with pytest.raises(PermissionDenied):
        services.require_two_steps(organisation=cast.association, day=date(2026, 4, 1), actor=actor, now=NOW)
    with pytest.raises(PermissionDenied):
        services.stop_requiring_two_steps(organisation=cast.association, actor=actor, now=NOW)
