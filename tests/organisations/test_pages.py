"""The pages of organisations: who may open them, what they show, what they keep."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from brygga.organisations.models import Invitation, Membership, Organisation
from tests.cast import Cast
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.organisations.test_services import invite as invite_at
from tests.organisations.test_services import newest_secret
from tests.queries import queries_for

GOOD = {
    "kind": "association",
    "name": "Byalaget i Ransta",
    "number": "802002-4280",
    "place": "Göteborg",
    "description": "Vi håller butiken öppen.",
    "website": "byalaget.example",
    "founded_on": "1 mars 2011",
}


pytestmark = pytest.mark.django_db


def invite(cast: Cast, email: str = "ny@exempel.example") -> Invitation:
    return invite_at(cast, email, now=timezone.now())


def sign_in(client: Client, user: object) -> Client:
    client.force_login(user)  # type: ignore[arg-type]
    return client


def address(name: str, organisation: Organisation, *more: object) -> str:
    return reverse(f"organisations:{name}", args=[organisation.public_id, *more])


def test_organisation_is_made_from_generous_answers(client: Client) -> None:
    user = UserFactory()
    response = sign_in(client, user).post(reverse("organisations:create"), GOOD)

    made = Organisation.objects.get()
    assert response["Location"] == address("detail", made)
    assert (made.name, made.number, made.area_code) == ("Byalaget i Ransta", "8020024280", "SE-1480")
    assert made.website == "https://byalaget.example"
    assert str(made.founded_on) == "2011-03-01"
    page = client.get(response["Location"]).content.decode()
    assert all(text in page for text in ("Byalaget i Ransta", "802002-4280", "Göteborg", "1 mars 2011"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": ""}, "slags organisation"),
        ({"kind": "circus"}, "circus"),
        ({"name": ""}, "Skriv vad organisationen heter"),
        ({"number": "556016-0681"}, "inte ett organisationsnummer"),
        ({"place": "Langtbortistan"}, "känner inte till den platsen"),
        ({"website": "javascript:alert(1)"}, "Byalaget"),
        ({"founded_on": "i våras"}, "i våras"),
    ],
)
def test_bad_answers_are_422_and_keep_everything(client: Client, changes: dict[str, str], said: str) -> None:
    response = sign_in(client, UserFactory()).post(reverse("organisations:create"), {**GOOD, **changes})

    html = response.content.decode()
    assert response.status_code == 422
    assert said in html
    for field, typed in {**GOOD, **changes}.items():
        if field not in {"kind"}:
            assert typed in html, field
    assert not Organisation.objects.exists()


def test_a_personal_number_is_not_even_shown_again(client: Client) -> None:
    response = sign_in(client, UserFactory()).post(
        reverse("organisations:create"), {**GOOD, "number": "811218-9876"}
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert "Det ser ut som ett personnummer" in html
    assert "811218" not in html
    assert "Byalaget i Ransta" in html, "the rest is kept"


def test_edit_keeps_what_is_not_changed(client: Client, cast: Cast) -> None:
    page = sign_in(client, cast.erik).get(address("edit", cast.association))
    assert 'value="Göteborg"' in page.content.decode()

    client.post(
        address("edit", cast.association),
        {"kind": "association", "name": "Verkstan", "place": "Göteborg", "description": "Nytt."},
    )

    cast.association.refresh_from_db()
    assert (cast.association.name, cast.association.description) == ("Verkstan", "Nytt.")
    assert cast.association.area_code == "SE-1480"


def test_verified_details_are_not_in_the_form(client: Client, cast: Cast) -> None:
    sign_in(client, cast.ruth)
    page = client.get(address("edit", cast.foundation)).content.decode()
    client.post(address("edit", cast.foundation), {"name": "Kapat", "description": "Ny text."})

    cast.foundation.refresh_from_db()
    assert 'name="name"' not in page
    assert (cast.foundation.name, cast.foundation.description) == ("Stiftelsen Västanvind", "Ny text.")


WHO = ["visitor", "amina", "erik", "rolf", "sara", "ingrid", "stefan"]
# What each may open of the association, which is not verified.
TABLE = {
    "detail": [404, 200, 200, 200, 404, 404, 200],
    "edit": [302, 200, 200, 403, 404, 404, 404],
    "members": [302, 200, 200, 200, 404, 404, 404],
    "invite": [302, 200, 403, 403, 404, 404, 404],
    "leave": [302, 200, 200, 200, 404, 404, 404],
}


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("who", WHO)
def test_who_may_open_what(client: Client, cast: Cast, name: str, who: str) -> None:
    if who == "stefan":
        cast.stefan.is_demo = True  # spares the second factor, which has tests of its own
        cast.stefan.save()
    if who != "visitor":
        sign_in(client, getattr(cast, who))

    response = client.get(address(name, cast.association))

    assert response.status_code == TABLE[name][WHO.index(who)]
    if response.status_code == 302:
        assert response["Location"].startswith("/konto/logga-in/?next=")


def test_verified_organisations_have_a_public_page(client: Client, cast: Cast) -> None:
    html = client.get(address("detail", cast.foundation)).content.decode()

    assert "Stiftelsen Västanvind" in html
    assert "Kontrollerad" in html
    assert "@exempel.example" not in html
    assert "Medlemmar" not in html


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_opens_in_both_languages(client: Client, cast: Cast, language: str) -> None:
    sign_in(client, cast.amina)
    erik = Membership.objects.get(user=cast.erik)
    invite(cast)
    secret = newest_secret()
    with override(language):
        pages = [
            reverse("organisations:mine"),
            reverse("organisations:create"),
            *(address(name, cast.association) for name in TABLE),
            address("change-role", cast.association, erik.pk),
            address("remove-member", cast.association, erik.pk),
        ]
        for page in pages:
            response = client.get(page)
            html = response.content.decode()
            assert response.status_code == 200, page
            assert html.count("<h1") == 1, page
            assert f'<html lang="{language}"' in html, page
        wrong = client.get(reverse("organisations:invitation", args=[secret]))
        assert wrong.status_code == 403


def test_members_page_shows_no_addresses_of_members(client: Client, cast: Cast) -> None:
    html = sign_in(client, cast.rolf).get(address("members", cast.association)).content.decode()

    assert "Amina Warsame" in html
    assert "@exempel.example" not in html


def test_invitations_are_seen_by_owners_only(client: Client, cast: Cast) -> None:
    invite(cast, "hemlig@exempel.example")

    seen = sign_in(client, cast.amina).get(address("members", cast.association)).content.decode()
    unseen = sign_in(Client(), cast.erik).get(address("members", cast.association)).content.decode()

    assert "hemlig@exempel.example" in seen
    assert "hemlig@exempel.example" not in unseen


def test_invitation_from_form_to_membership(client: Client, cast: Cast) -> None:
    sign_in(client, cast.amina).post(
        address("invite", cast.association), {"email": "ny@exempel.example", "role": "reader"}
    )
    link = reverse("organisations:invitation", args=[newest_secret()])
    visitor = Client()
    asked = visitor.get(link).content.decode()
    assert "Logga in först" in asked
    assert "Amina Warsame" in asked
    assert f"/konto/logga-in/?next={link.replace('/', '%2F')}" in asked
    assert visitor.post(link).status_code == 200, "a visitor who posts is asked to sign in"

    new = UserFactory(email="ny@exempel.example")
    visitor.force_login(new)
    assert "Gå med" in visitor.get(link).content.decode()
    joined = visitor.post(link)
    twice = visitor.post(link)

    assert joined["Location"] == twice["Location"] == address("detail", cast.association)
    assert Membership.objects.get(user=new).role == "reader"


@pytest.mark.parametrize(
    "fields", [{}, {"email": "nej", "role": "reader"}, {"email": "a@b.example", "role": "king"}]
)
def test_bad_invitations_are_422(client: Client, cast: Cast, fields: dict[str, str]) -> None:
    response = sign_in(client, cast.amina).post(address("invite", cast.association), fields)

    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_wrong_account_is_told_plainly_and_learns_no_address(client: Client, cast: Cast) -> None:
    invite(cast, "ratt@exempel.example")

    for response in (
        sign_in(client, cast.sara).get(reverse("organisations:invitation", args=[newest_secret()])),
        client.post(reverse("organisations:invitation", args=[newest_secret()])),
    ):
        html = response.content.decode()
        assert response.status_code == 403
        assert "sara@exempel.example" in html
        assert "ratt@exempel.example" not in html


def test_links_that_do_not_work_say_why(client: Client, cast: Cast) -> None:
    invitation = invite(cast)
    link = reverse("organisations:invitation", args=[newest_secret()])
    sign_in(client, cast.amina).post(address("withdraw", cast.association, invitation.pk))

    withdrawn = Client().get(link)
    unknown = Client().get(reverse("organisations:invitation", args=["finns-inte"]))

    assert (withdrawn.status_code, unknown.status_code) == (410, 404)
    assert "dragits tillbaka" in withdrawn.content.decode()
    assert "känner inte igen" in unknown.content.decode()


def test_owner_manages_members(client: Client, cast: Cast) -> None:
    sign_in(client, cast.amina)
    erik = Membership.objects.get(user=cast.erik)

    client.post(address("change-role", cast.association, erik.pk), {"role": "owner"})
    erik.refresh_from_db()
    assert erik.role == "owner"
    for _ in range(2):
        assert client.post(address("remove-member", cast.association, erik.pk)).status_code == 302
    assert not Membership.objects.filter(user=cast.erik).exists()

    alone = client.post(address("leave", cast.association), follow=True)
    assert "minst en ägare" in alone.content.decode()
    mine = Membership.objects.get(user=cast.amina)
    demoted = client.post(address("change-role", cast.association, mine.pk), {"role": "reader"})
    assert demoted.status_code == 422


def test_members_of_other_organisations_are_out_of_reach(client: Client, cast: Cast) -> None:
    """The number in the address must belong to the organisation in the address."""
    theirs = Membership.objects.get(user=cast.ruth)
    invitation = invite(cast)
    sign_in(client, cast.amina)

    assert client.get(address("change-role", cast.association, theirs.pk)).status_code == 404
    client.post(address("remove-member", cast.association, theirs.pk))
    assert Membership.objects.filter(pk=theirs.pk).exists()
    other = sign_in(Client(), cast.ruth)
    assert other.post(address("withdraw", cast.foundation, invitation.pk)).status_code == 404
    assert other.post(address("resend", cast.foundation, invitation.pk)).status_code == 404


@pytest.mark.parametrize("page", ["mine", "members"])
def test_lists_cost_the_same_for_one_row_and_three(client: Client, cast: Cast, page: str) -> None:
    sign_in(client, cast.sara)
    here = reverse("organisations:mine") if page == "mine" else address("members", cast.outsiders)
    client.get(here)
    before = queries_for(client, here)
    for _ in range(2):
        if page == "mine":
            OrganisationFactory(owner=cast.sara)
        else:
            MembershipFactory(organisation=cast.outsiders, role="editor")

    assert queries_for(client, here) == before


def test_list_is_paged_and_bears_bad_pages(client: Client, cast: Cast) -> None:
    for number in range(21):
        OrganisationFactory(owner=cast.sara, name=f"Förening {number:02d}.")
    sign_in(client, cast.sara)

    first = client.get(reverse("organisations:mine")).content.decode()
    assert "Förening 00." in first
    assert "Utanför AB" not in first
    for page in ("2", "99", "abc", "-1"):
        assert client.get(reverse("organisations:mine"), {"page": page}).status_code == 200
