"""Drafts saved before an account: found again by their person, by nobody else, and gone in time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from brygga.audit.models import AuditEvent
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from innovators import kept_drafts, tasks
from innovators.kept_drafts import SECRET_KEY, Answers
from innovators.models import Initiative, KeptDraft
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.users.conftest import newest_code

pytestmark = pytest.mark.django_db

TEXT = "Unga ska få laga cyklar ihop med äldre grannar"
SIGN_UP, CONFIRM, SAVED = "/konto/skapa/", "/konto/e-post/bekrafta/", "/hitta-stod/sparat/"
EVA = "eva.lind@exempel.example"


def answers(kind: str = "informal_group", **changes: object) -> Answers:
    said = {"change": TEXT, "area_codes": ["SE-1480"], "needs": [{"kind": "grant", "amount": 40000}]}
    return Answers({**said, **changes}, kind, "sv")


def kept_in(client: Client, **changes: object) -> str:
    """Keep a draft as the page does, with its secret in the visitor's session."""
    secret = kept_drafts.keep_draft(answers=answers(**changes), now=timezone.now())
    session = client.session
    session[SECRET_KEY] = secret
    session.save()
    client.cookies["sessionid"] = session.session_key
    return secret


def sign_up(client: Client, address: str = EVA) -> None:
    form = {"name": "Eva Lind", "email": address, "language": "sv", "website": "", "next": SAVED}
    assert client.post(SIGN_UP, form).status_code == 302


def sign_in(client: Client, address: str) -> None:
    assert client.post("/konto/logga-in/", {"login": address}).status_code == 302


def all_text_of_mails() -> str:
    waiting = json.dumps(list(OutboxMessage.objects.values_list("arguments", flat=True)), ensure_ascii=False)
    return waiting + "".join(one.subject + str(one.body) for one in mail.outbox)


def test_signing_up_in_the_same_browser_leads_to_the_draft(client: Client) -> None:
    kept_in(client, started_on=timezone.localdate())
    sign_up(client)
    assert not Initiative.objects.exists(), "nobody has shown that the address is theirs"
    assert TEXT not in all_text_of_mails()

    answer = client.post(CONFIRM, {"code": newest_code()}, follow=True)

    made = Initiative.objects.get()
    assert answer.redirect_chain[-1][0] == f"/initiativ/{made.public_id}/svar/"
    assert (made.change, made.area_codes, made.language, made.state) == (TEXT, ["SE-1480"], "sv", "draft")
    assert made.started_on == timezone.localdate()
    assert list(made.needs.values_list("kind", "amount")) == [("grant", 40000)]
    assert (made.organisation.kind, str(made.contact.email)) == ("informal_group", EVA)
    assert {"change", "places", "needs", "started"} <= set(made.answered)
    assert not KeptDraft.objects.exists(), "the text lives on in one place only"
    assert TEXT not in all_text_of_mails()
    assert TEXT not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_on_another_device_it_waits_on_my_page(client: Client) -> None:
    kept_in(client)
    sign_up(client)
    other = Client()
    sign_in(other, EVA)

    page = other.post(CONFIRM, {"code": newest_code()}, follow=True)
    if "_auth_user_id" not in other.session:
        page = other.post("/konto/logga-in/kod/skriv/", {"code": newest_code()}, follow=True)

    assert "_auth_user_id" in other.session
    assert not Initiative.objects.exists(), "somebody else may have written the address"
    assert TEXT in page.content.decode()
    number = KeptDraft.objects.get().pk
    answer = other.post(f"/initiativ/sparat/{number}/", follow=True)
    made = Initiative.objects.get()
    assert answer.redirect_chain[-1][0] == f"/initiativ/{made.public_id}/svar/"
    assert made.change == TEXT
    assert not KeptDraft.objects.exists()
    assert other.post(f"/initiativ/sparat/{number}/").status_code == 404


def test_an_address_that_has_an_account_finds_it_too(client: Client) -> None:
    user = UserFactory(email="amina@exempel.example")
    kept_in(client)
    sign_up(client, "Amina@Exempel.example")
    other = Client()
    other.force_login(user)

    assert TEXT in other.get("/min-sida/").content.decode()


def test_nobody_else_finds_or_deletes_it(client: Client) -> None:
    kept_in(client)
    sign_up(client)
    number = KeptDraft.objects.get().pk
    stranger = Client()
    stranger.force_login(UserFactory(email="sara@exempel.example"))

    assert TEXT not in stranger.get("/min-sida/").content.decode()
    assert stranger.post(f"/initiativ/sparat/{number}/").status_code == 404
    assert stranger.post(f"/initiativ/sparat/{number}/", {"delete": "1"}).status_code == 404
    assert Client().post(f"/initiativ/sparat/{number}/").status_code == 302
    assert KeptDraft.objects.filter(pk=number).exists()


def test_whoever_signs_in_here_next_does_not_get_anothers_text(client: Client) -> None:
    """A shared computer: somebody saved and left an address, somebody else signs in."""
    secret = kept_in(client)
    kept_drafts.tie_to_address(secret=secret, address=EVA, now=timezone.now())
    sara = UserFactory(email="sara@exempel.example")

    assert kept_drafts.take_up_saved_here(secret=secret, actor=sara, now=timezone.now()) is None
    assert KeptDraft.objects.count() == 1
    late = timezone.now() + kept_drafts.SAME_PERSON_FOR
    eva = UserFactory(email=EVA)
    assert kept_drafts.take_up_saved_here(secret=secret, actor=eva, now=late) is None
    assert [one.pk for one in kept_drafts.drafts_waiting_for(eva, late)] == [KeptDraft.objects.get().pk]


def test_a_person_may_delete_it_unread(client: Client) -> None:
    user = UserFactory(email=EVA)
    secret = kept_drafts.keep_draft(answers=answers(), now=timezone.now())
    kept_drafts.tie_to_address(secret=secret, address=EVA, now=timezone.now())
    client.force_login(user)

    page = client.post(f"/initiativ/sparat/{KeptDraft.objects.get().pk}/", {"delete": "1"}, follow=True)

    assert TEXT not in page.content.decode()
    assert not KeptDraft.objects.exists() and not Initiative.objects.exists()


def test_seven_days_later_it_is_gone(client: Client) -> None:
    now = timezone.now()
    for days in (6, 8):
        secret = kept_drafts.keep_draft(answers=answers(), now=now - timedelta(days=days))
        kept_drafts.tie_to_address(secret=secret, address=EVA, now=now - timedelta(days=days))
    user = UserFactory(email=EVA)
    # Not shown even before the job has come by.
    assert kept_drafts.drafts_waiting_for(user, now).count() == 1

    tasks.forget_kept_drafts()
    tasks.forget_kept_drafts()

    assert [(now - one.created_at).days for one in KeptDraft.objects.all()] == [6]


def test_the_row_holds_neither_address_nor_secret(client: Client) -> None:
    secret = kept_in(client)
    kept_drafts.tie_to_address(secret=secret, address=EVA, now=timezone.now())
    row = json.dumps(list(KeptDraft.objects.values()), default=str, ensure_ascii=False)

    assert EVA not in row and secret not in row
    assert TEXT in row
    assert TEXT not in str(dict(client.session.items()))


def test_saving_again_replaces_what_was_saved() -> None:
    now = timezone.now()
    secret = kept_drafts.keep_draft(answers=answers(), now=now)
    again = kept_drafts.keep_draft(answers=answers(change="Nya ord"), now=now, secret=secret)

    assert again == secret
    assert [one.answers["change"] for one in KeptDraft.objects.all()] == ["Nya ord"]


def test_one_address_cannot_be_filled_with_drafts() -> None:
    now = timezone.now()
    for place in range(kept_drafts.MOST_OF_AN_ADDRESS + 3):
        secret = kept_drafts.keep_draft(answers=answers(change=f"Text {place}"), now=now)
        kept_drafts.tie_to_address(secret=secret, address=EVA, now=now)

    assert [one.answers["change"] for one in kept_drafts.drafts_waiting_for(UserFactory(email=EVA), now)] == [
        f"Text {place}" for place in range(7, 2, -1)
    ]


def test_a_code_that_has_gone_out_of_use_costs_no_words(db: None) -> None:
    now = timezone.now()
    secret = kept_drafts.keep_draft(answers=answers(theme_codes=["no_such_theme"]), now=now)

    made = kept_drafts.take_up_saved_here(secret=secret, actor=UserFactory(), now=now)

    assert made is not None
    assert (made.change, made.theme_codes) == (TEXT, None)


def test_a_failure_never_stops_a_sign_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError(TEXT)

    user = UserFactory(email=EVA)
    kept_in(client)
    monkeypatch.setattr("innovators.receivers.take_up_saved_here", broken)
    sign_in(client, EVA)
    client.post("/konto/logga-in/kod/skriv/", {"code": newest_code()})

    assert client.session["_auth_user_id"] == str(user.pk)
    assert KeptDraft.objects.count() == 1


def whose(user: User, kind: str) -> object:
    return kept_drafts.begin_initiative(answers=answers(kind), actor=user, now=timezone.now()).organisation


def test_whose_it_becomes() -> None:
    user = UserFactory()
    assert whose(user, "individual").kind == "individual"
    group = whose(user, "")
    assert group.kind == "informal_group"
    association = whose(user, "association")
    assert (association.kind, association.name) == ("association", "")
    assert whose(user, "association") == association
    member = UserFactory()
    shed = OrganisationFactory(kind="association", name="Skjulet")
    MembershipFactory(organisation=shed, user=member, role="editor")
    assert whose(member, "association") == shed
    assert whose(member, "") == shed
