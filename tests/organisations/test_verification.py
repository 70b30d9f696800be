"""An organisation asks to be checked, and staff answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from brygga.audit.models import AuditEvent
from brygga.notifications.models import Notice
from brygga.organisations.models import Organisation, VerificationRequest
from brygga.organisations.services import withdraw_verification
from brygga.organisations.verification import services
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from tests.cast import Cast
from tests.factories import NOW, MembershipFactory
from tests.matching.meeting.races import race
from tests.queries import queries_for

CANARY = "Kanarie Fågel, ordförande"


def ask(cast: Cast, actor: User, *, days: int = 0) -> VerificationRequest:
    return services.ask_for_verification(
        organisation=cast.association,
        signatory=CANARY,
        actor=User.objects.get(pk=actor.pk),
        now=NOW + timedelta(days=days),
    )


def decide(made: VerificationRequest, actor: User, outcome: str = "approved", seen: str = "") -> None:
    services.decide_verification(
        verification=made,
        outcome=outcome,
        note="Vi har sett det i registret.",
        seen=seen or services.details_of(made.organisation),
        actor=User.objects.get(pk=actor.pk),
        now=NOW,
    )


def said_to(user: User) -> list[str]:
    return sorted(Notice.objects.filter(user=user).values_list("kind", flat=True))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(cast: Cast) -> Client:
    """Staff sign in with two steps."""
    Authenticator.objects.create(user=cast.stefan, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return signed_in(cast.stefan)


def admin_of(made: VerificationRequest) -> str:
    return reverse("admin:organisations_verificationrequest_change", args=[made.pk])


def seen_in(page: str) -> str:
    """Return what the staff's page says that it showed."""
    return page.split('name="seen" value="')[1].split('"')[0]


def test_a_request_goes_from_question_to_answer(staff: Client, cast: Cast) -> None:
    page = reverse("organisations:detail", args=[cast.association.public_id])
    where = reverse("organisations:verification", args=[cast.association.public_id])
    amina, erik = signed_in(cast.amina), signed_in(cast.erik)
    assert "Be oss kontrollera er organisation" in amina.get(page).content.decode()
    assert where not in erik.get(page).content.decode()
    shown = amina.get(where).content.decode()
    assert all(text in shown for text in ("Det här kontrollerar vi", "mindre än en vecka", "Inget stängs"))

    # No personal number, neither as the organisation's nor in a text: it is not even in the answer.
    answers = {"number": "802002-4280", "page": "verkstan.example", "signatory": CANARY, "words": "Vi finns."}
    for field in ("number", "signatory", "words"):
        refused = amina.post(where, {**answers, field: "811218-9876"})
        assert (refused.status_code, set(refused.context["form"].errors)) == (422, {field})
        assert "811218" not in refused.content.decode()
    assert set(amina.post(where, {}).context["form"].errors) == {"signatory"}
    assert not VerificationRequest.objects.exists()
    for _click in range(2):
        sent = amina.post(where, answers, follow=True)
    assert all(text in sent.content.decode() for text in ("Vi kontrollerar er organisation", CANARY))
    made = VerificationRequest.objects.get()
    assert (made.page, Organisation.objects.get(pk=cast.association.pk).number) == (
        "https://verkstan.example",
        "8020024280",
    )
    assert "Vi kontrollerar er organisation" in amina.get(page).content.decode()
    assert said_to(cast.stefan) == ["verification_asked"]
    # What they wrote is heard by owners and by staff alone.
    assert [one.get(where).status_code for one in (erik, signed_in(cast.sara))] == [403, 404]
    assert CANARY not in amina.get(page).content.decode()
    for kept in (Notice.objects.values_list("parameters"), AuditEvent.objects.values_list("details")):
        assert CANARY not in str(list(kept))
    assert CANARY not in str(list(OutboxMessage.objects.values_list("arguments")))

    # A no needs a reason, and shuts nothing; they ask again.
    assert (
        admin_of(made)
        in staff.get(reverse("admin:organisations_verificationrequest_changelist")).content.decode()
    )
    shown = staff.get(admin_of(made)).content.decode()
    assert all(text in shown for text in (CANARY, "amina@exempel.example", "8020024280", "Vi finns."))
    answer = {"decision": "declined", "why": "Sidan finns inte.", "seen": seen_in(shown)}
    assert staff.post(admin_of(made), {**answer, "why": ""}).status_code == 200
    staff.post(admin_of(made), answer)
    made.refresh_from_db()
    assert (made.state, made.signatory, made.words) == ("declined", "", "")
    assert said_to(cast.amina) == ["verification_declined"]
    assert "Vi kunde inte bekräfta er organisation" in amina.get(page).content.decode()
    assert "Sidan finns inte." in amina.get(where).content.decode()
    assert 'name="number"' not in amina.get(f"{where}?again=1").content.decode()
    assert amina.post(f"{where}?again=1", {"signatory": CANARY}).status_code == 302

    # Staff say yes to what they have seen.
    second = VerificationRequest.objects.get(state="open")
    seen = seen_in(staff.get(admin_of(second)).content.decode())
    Organisation.objects.filter(pk=cast.association.pk).update(name="Storbanken")
    answer = {"decision": "approved", "why": "Vi har ringt er.", "seen": seen}
    assert "Titta en gång till" in staff.post(admin_of(second), answer, follow=True).content.decode()
    assert not Organisation.objects.get(pk=cast.association.pk).is_verified
    Organisation.objects.filter(pk=cast.association.pk).update(name=cast.association.name)
    staff.post(admin_of(second), answer)
    assert Organisation.objects.get(pk=cast.association.pk).is_verified
    assert said_to(cast.amina) == ["organisation_verified", "verification_declined"]
    done = amina.get(where).content.decode()
    assert all(text in done for text in ("Er organisation är kontrollerad", "Vi har ringt er."))
    assert amina.post(f"{where}?again=1", {"signatory": CANARY}).status_code == 302
    assert VerificationRequest.objects.count() == 2
    assert where not in amina.get(page).content.decode()
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs >= {
        "verification_asked",
        "verification_declined",
        "verification_approved",
        "verify_organisation",
    }


def test_who_asks_how_often_and_who_decides(staff: Client, cast: Cast) -> None:
    where = reverse("organisations:verification", args=[cast.association.public_id])
    made = ask(cast, cast.amina)
    assert ask(cast, cast.amina) == made
    other = MembershipFactory(organisation=cast.association, role="owner").user
    with pytest.raises(services.AlreadyAsked):
        ask(cast, other)
    for person in (cast.erik, cast.rolf, cast.sara, cast.stefan):
        with pytest.raises(PermissionDenied):
            ask(cast, person)
        with pytest.raises(PermissionDenied):
            services.take_back_verification(verification=made, actor=person, now=NOW)
    with pytest.raises(PermissionDenied):
        decide(made, cast.amina)
    # Another owner takes it back; twice is as once.
    client = signed_in(other)
    for _click in range(2):
        client.post(where, {"take_back": made.pk})
    made.refresh_from_db()
    assert (made.state, made.signatory) == ("taken_back", "")
    with pytest.raises(services.DecidedAlready):
        decide(made, cast.stefan)

    # Nobody decides about their own organisation, in no way.
    second = ask(cast, other)
    mine = MembershipFactory(organisation=cast.association, user=cast.stefan)
    with pytest.raises(services.OwnOrganisation):
        decide(second, cast.stefan, "declined")
    listed = reverse("admin:organisations_organisation_changelist")
    marking = {"action": "verify", "_selected_action": [cast.association.pk]}
    assert "En kollega måste avgöra" in staff.post(listed, marking, follow=True).content.decode()
    assert not Organisation.objects.get(pk=cast.association.pk).is_verified
    mine.delete()
    # Staff who mark it in the list have answered the request too.
    staff.post(listed, marking)
    second.refresh_from_db()
    assert (second.state, second.decided_by, second.signatory) == ("approved", cast.stefan, "")
    with pytest.raises(services.NotToVerify):
        ask(cast, cast.amina)
    withdraw_verification(organisation=cast.association, actor=cast.stefan, now=NOW)
    services.take_back_verification(verification=ask(cast, cast.amina), actor=cast.amina, now=NOW)
    with pytest.raises(services.TooManyRequests):
        ask(cast, cast.amina, days=29)
    assert "Ni har redan frågat flera gånger" not in client.get(where).content.decode()
    assert ask(cast, cast.amina, days=31).state == "open"
    Organisation.objects.filter(pk=cast.association.pk).update(name="")
    assert client.get(where).status_code == 404

    # The staff's list costs the same for any number of requests.
    requests = reverse("admin:organisations_verificationrequest_changelist")
    cost = queries_for(staff, requests)
    for organisation in (cast.outsiders, cast.foundation):
        VerificationRequest.objects.create(organisation=organisation, signatory="Eva Lund", asked_at=NOW)
    assert queries_for(staff, requests) == cost
    numbers = [one.pk for one in staff.get(requests).context["cl"].result_list]
    waiting = VerificationRequest.objects.waiting().order_by("asked_at", "pk").values_list("pk", flat=True)
    assert numbers[:3] == list(waiting)
    assert len(staff.get(f"{requests}?state__exact=open").context["cl"].result_list) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_asks_and_one_decides(cast: Cast) -> None:
    other = MembershipFactory(organisation=cast.association, role="owner").user
    told = services.AlreadyAsked
    assert race(lambda: ask(cast, cast.amina).state, lambda: ask(cast, other).state, told=told) == [
        "open",
        "told",
    ]
    made = VerificationRequest.objects.select_related("organisation").get()
    colleague = User.objects.create(email="kollega@exempel.example", is_staff=True)

    def answer(actor: User, outcome: str) -> str:
        decide(VerificationRequest.objects.get(pk=made.pk), actor, outcome)
        return outcome

    outcomes = race(
        lambda: answer(cast.stefan, "approved"),
        lambda: answer(colleague, "declined"),
        told=services.DecidedAlready,
    )
    made.refresh_from_db()
    assert outcomes == sorted(["told", made.state])
    assert Organisation.objects.get(pk=cast.association.pk).is_verified == (made.state == "approved")
    assert len(said_to(cast.amina)) == 1
