"""What happened, told once, in the reader's language, without contact details."""

from __future__ import annotations

import re
import string
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from brygga.language.readability import lix
from brygga.notifications.enums import NoticeKind
from brygga.notifications.models import Notice
from brygga.notifications.selectors import count_unread, telling
from brygga.notifications.services import mark_read, notify
from brygga.notifications.texts import TEXTS
from brygga.organisations import services as organisations
from brygga.outbox.models import OutboxMessage
from brygga.users.models import User
from tests.cast import Cast
from tests.factories import NOW, UserFactory
from tests.queries import queries_for

LIST = "/meddelanden/"
PARAMETERS = {
    "title": "Lagningsverkstaden",
    "offer_title": "Bidrag till unga",
    "challenge_title": "Kvällar på landsbygden",
    "challenge": "pqrstuvwxy",
    "wanted": "En plats att börja på",
    "adoption": "qrstuvwxyz",
    "together": "qrstuvwxyz",
    "organisation": "Stiftelsen Västanvind",
    "person": "Ruth Malmsten",
    "initiative": "abcdefghjk",
    "introduction": "mnpqrstuvw",
    "proposal": "kmnpqrstuv",
    "application": "nprstuvwxy",
    "offer": "abcdefghjk",
    "day": "2026-04-01",
    "organisation_id": "xyz2345678",
    "report": "17",
    "claim": "17",
    "request": "17",
    "handover": "17",
    "help": "qrstuvwxyz",
    "place": "Västra Götaland",
}


@pytest.fixture
def amina(db: None) -> User:
    return UserFactory(email="amina@exempel.example")


def tell(
    user: User, key: str = "flag-1", kind: NoticeKind = NoticeKind.FLAGGED, **changes: object
) -> Notice | None:
    return notify(user=user, kind=kind, parameters={**PARAMETERS, **changes}, key=key, now=NOW)


def test_notice_makes_a_line_and_a_mail(amina: User) -> None:
    notice = tell(amina)

    message = OutboxMessage.objects.get()
    assert notice is not None
    assert message.key == f"notice-{notice.pk}"
    assert message.arguments["recipients"] == ["amina@exempel.example"]
    assert message.arguments["subject"] == "Stiftelsen Västanvind tycker att ”Lagningsverkstaden” är lovande"
    assert message.arguments["body"] == (
        "Stiftelsen Västanvind har lyft ert initiativ ”Lagningsverkstaden” som lovande och skrivit varför. "
        "Lyftet syns på er sida och i listorna hos dem som ger stöd.\n\n"
        "Ni behöver inte göra något. Lyftet ändrar inte hur ni matchas.\n\n"
        "Se er sida:\nhttp://localhost:8000/initiativ/abcdefghjk/\n\n"
        "Du får det här för att du hör till organisationen bakom initiativet.\n\n"
        "--\nBrygga\nFrågor? Skriv till hej@brygga.example.\n"
    )


def test_an_event_is_told_once_per_person(amina: User) -> None:
    other = UserFactory()

    told = [tell(amina), tell(amina), tell(other), tell(amina, key="flag-2")]

    assert [notice is None for notice in told] == [False, True, False, False]
    assert OutboxMessage.objects.count() == 3


def test_mail_and_link_are_in_the_readers_language(db: None) -> None:
    tell(UserFactory(language="en"))

    arguments = OutboxMessage.objects.get().arguments
    assert arguments["subject"] == "Stiftelsen Västanvind finds “Lagningsverkstaden” promising"
    assert "/en/initiatives/abcdefghjk/" in arguments["body"]


def test_what_is_undone_is_not_told(amina: User) -> None:
    class Regret(Exception):
        pass

    with pytest.raises(Regret), transaction.atomic():
        tell(amina)
        raise Regret

    assert not Notice.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_closed_accounts_are_told_nothing(db: None) -> None:
    assert tell(UserFactory(is_active=False)) is None
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_is_whole_in_both_languages(amina: User, kind: NoticeKind, language: str) -> None:
    notice = tell(amina, kind=kind)
    assert notice is not None
    with override(language):
        words = telling(notice)

    everything = " ".join([words.subject, words.what, words.next, words.why, words.button])
    assert "%(" not in everything
    assert "…" not in everything, "every parameter is among those that are known"
    # The staff's admin has one address for both languages.
    of_staff = (NoticeKind.MESSAGE_REPORTED, NoticeKind.OFFER_CLAIMED, NoticeKind.VERIFICATION_ASKED)
    in_admin = kind in of_staff
    assert words.address.startswith("/admin/" if in_admin else "/en/" if language == "en" else "/")
    assert "@" not in everything


@pytest.mark.parametrize("kind", NoticeKind)
def test_swedish_is_another_text_than_english(kind: NoticeKind) -> None:
    text = TEXTS[kind]
    for part in (text.subject, text.what, text.next, text.why, text.button):
        with override("sv"):
            swedish = str(part)
        with override("en"):
            english = str(part)
        assert swedish != english


@pytest.mark.parametrize("kind", NoticeKind)
def test_texts_are_easy_to_read(kind: NoticeKind) -> None:
    with override("sv"):
        text = f"{TEXTS[kind].what} {TEXTS[kind].next}" % dict.fromkeys(PARAMETERS, "Norra")
    sentences = [part for part in re.split(r"[.!?] ?", text) if part.strip()]

    assert max(len(sentence.split()) for sentence in sentences) <= 20
    assert lix(text) <= 45


def test_missing_parameters_never_break_a_list(amina: User, client: Client) -> None:
    for kind in NoticeKind:
        notify(user=amina, kind=kind, parameters={}, key=f"empty-{kind}", now=NOW)
    client.force_login(amina)

    assert client.get(LIST).status_code == 200


def test_long_and_strange_titles_stay_on_one_line(amina: User, client: Client) -> None:
    tell(amina, title="<script>alert(1)</script>\nBcc: ond@ond.example " + string.ascii_letters * 5)

    subject = OutboxMessage.objects.get().arguments["subject"]
    assert "\n" not in subject
    assert len(subject) < 200
    client.force_login(amina)
    assert "<script>alert" not in client.get(LIST).content.decode()


# -- the list --------------------------------------------------------------------------------------


def test_list_shows_ones_own_newest_first_and_counts(amina: User, client: Client) -> None:
    tell(amina, key="old", title="Den äldre")
    notify(
        user=amina,
        kind="flagged",
        parameters={**PARAMETERS, "title": "Den nyare"},
        key="new",
        now=NOW + timedelta(days=1),
    )
    tell(UserFactory(), title="Någon annans")
    client.force_login(amina)

    html = client.get(LIST).content.decode()

    assert html.index("Den nyare") < html.index("Den äldre")
    assert "Någon annans" not in html
    assert '<span class="count-badge">2</span>' in html


def test_reading_marks_and_leads_to_what_it_is_about(amina: User, client: Client) -> None:
    notice = tell(amina)
    assert notice is not None
    client.force_login(amina)
    address = reverse("notifications:read", args=[notice.pk])

    opened = client.post(address, {"open": "1"})
    again = client.post(address)

    assert opened["Location"] == "/initiativ/abcdefghjk/"
    assert again["Location"] == LIST
    assert count_unread(amina) == 0
    assert client.get(address).status_code == 405


def test_reading_twice_keeps_the_first_moment(amina: User) -> None:
    tell(amina)

    assert mark_read(user=amina, now=NOW) == 1
    assert mark_read(user=amina, now=NOW + timedelta(days=1)) == 0
    assert Notice.objects.get().read_at == NOW


def test_all_are_marked_as_read_and_nobody_elses(amina: User, client: Client) -> None:
    other = UserFactory()
    tell(amina, key="a")
    tell(amina, key="b")
    tell(other)
    client.force_login(amina)

    client.post(reverse("notifications:read-all"))

    assert (count_unread(amina), count_unread(other)) == (0, 1)


def test_notices_of_others_are_out_of_reach(amina: User, client: Client) -> None:
    notice = tell(UserFactory())
    assert notice is not None
    client.force_login(amina)

    assert client.post(reverse("notifications:read", args=[notice.pk])).status_code == 404
    assert Notice.objects.get().read_at is None


def test_visitors_are_asked_to_sign_in(client: Client, db: None) -> None:
    for name, arguments in (("list", []), ("read-all", []), ("read", [1])):
        address = reverse(f"notifications:{name}", args=arguments)
        assert client.post(address)["Location"].startswith("/konto/logga-in/")


def test_list_is_paged_and_bears_bad_pages(amina: User, client: Client) -> None:
    for number in range(21):
        tell(amina, key=str(number), title=f"Nummer {number}.")
    client.force_login(amina)

    assert "Nummer 0." not in client.get(LIST).content.decode()
    for page in ("2", "99", "abc", "-1"):
        assert client.get(LIST, {"page": page}).status_code == 200


def test_list_costs_the_same_for_one_notice_and_three(amina: User, client: Client) -> None:
    client.force_login(amina)
    tell(amina, key="0")
    client.get(LIST)
    one = queries_for(client, LIST)
    tell(amina, key="1")
    tell(amina, key="2")

    assert queries_for(client, LIST) == one


def test_an_empty_list_says_what_it_is_in_both_languages(amina: User, client: Client) -> None:
    client.force_login(amina)

    assert "Inga meddelanden än" in client.get(LIST).content.decode()
    assert "No notices yet" in client.get("/en/notices/").content.decode()


# -- events of organisations -----------------------------------------------------------------------


def test_somebody_who_joins_again_is_news_again(cast: Cast) -> None:
    new = UserFactory(email="ny@exempel.example")
    for day in (1, 2):
        now = timezone.now() + timedelta(days=day)
        organisations.invite(
            organisation=cast.association, email=new.email, role="reader", actor=cast.amina, now=now
        )
        body = OutboxMessage.objects.filter(key__startswith="invitation").latest("pk").arguments["body"]
        secret = re.search(r"/inbjudan/([^/]+)/", body)
        assert secret
        organisations.accept_invitation(secret=secret[1], actor=new, now=now)
        organisations.leave_organisation(organisation=cast.association, actor=new, now=now)

    assert cast.amina.notices.filter(kind="member_joined").count() == 2
    assert not cast.rolf.notices.exists()
