"""Following an initiative: who is told of what, when, by mail at most once a week, and how little its people learn."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from brygga.notifications import digest
from brygga.notifications.enums import TipsRhythm, TipsTopic
from brygga.notifications.models import Notice, TipsMail
from brygga.outbox.models import OutboxMessage
from brygga.outbox.services import mark_done
from brygga.users.models import User
from innovators.models import Initiative, JournalEntry, SpreadRecord
from innovators.records.services import add_record, change_record, remove_record
from innovators.services import change_initiative, close_initiative, pause_initiative, publish_initiative
from matching.following import services
from matching.following.models import Follow
from tests.cast import Cast
from tests.factories import NOW, FollowFactory, InitiativeFactory, UserFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
LIST = "/traffar/jag-foljer/"
TUESDAY = datetime(2026, 3, 3, 7, 1, tzinfo=ZoneInfo("Europe/Stockholm"))
ENTRY = {"title": "Vi öppnade", "happened_on": date(2026, 3, 1), "parts": ["develop"]}


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    return InitiativeFactory(organisation=cast.association, title="Lagningsverkstaden")


def deliver() -> None:
    """Do what the relay and a worker do with what is told of followers."""
    for message in OutboxMessage.objects.filter(task="matching.tell_followers", done_at=None).order_by("pk"):
        services.tell_followers(**message.arguments, now=NOW)
        mark_done(message_id=message.pk, now=NOW)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def write(initiative: Initiative, cast: Cast, **changes: Any) -> JournalEntry:
    return add_record(
        kind=JournalEntry, initiative=initiative, values=ENTRY | changes, actor=cast.amina, now=NOW
    )


def mails() -> list[dict[str, Any]]:
    return [one.arguments for one in OutboxMessage.objects.filter(key__startswith="tips-").order_by("pk")]


def test_follow_and_stop_on_the_page_and_from_the_list(
    client: Client, cast: Cast, initiative: Initiative
) -> None:
    page, door = f"/initiativ/{initiative.public_id}/", f"/traffar/initiativ/{initiative.public_id}/folj/"
    assert f'href="{door}"' in client.get(page).content.decode()
    assert client.get(door)["Location"] == f"/konto/logga-in/?next={door}"
    client.force_login(cast.sara)
    assert "Du följer inget initiativ än" in client.get(LIST).content.decode()
    assert "Följa ”Lagningsverkstaden”?" in client.get(door).content.decode()
    assert f'action="{door}"' in client.get(page).content.decode()
    for _ in range(2):
        assert client.post(door, {"next": page})["Location"] == page
    assert Follow.objects.get().user == cast.sara
    assert "Sluta följa" in client.get(page).content.decode()
    assert client.get(door)["Location"] == page
    assert "Lagningsverkstaden" in client.get(LIST).content.decode()
    assert "Initiativ jag följer" in client.get("/min-sida/").content.decode()
    # Its own people are not told, and another address is not gone to.
    assert told(cast.amina) == []
    stop = f"/traffar/initiativ/{initiative.public_id}/sluta-folja/"
    assert client.post(stop, {"next": "https://annan.example/"})["Location"] == LIST
    assert not Follow.objects.exists()
    assert client.post(stop).status_code == 404


def test_one_does_not_follow_ones_own_or_what_is_hidden(
    client: Client, cast: Cast, initiative: Initiative
) -> None:
    hidden = InitiativeFactory(organisation=cast.association, visibility="chosen")
    for person, one in ((cast.rolf, initiative), (cast.sara, hidden)):
        with pytest.raises(PermissionDenied):
            services.follow(initiative=one, actor=person, now=NOW)
    client.force_login(cast.rolf)
    assert "/folj/" not in client.get(f"/initiativ/{initiative.public_id}/").content.decode()
    client.force_login(cast.sara)
    assert client.post(f"/traffar/initiativ/{hidden.public_id}/folj/").status_code == 404
    theirs = FollowFactory(initiative=initiative)
    with pytest.raises(PermissionDenied):
        services.stop_following(follow=theirs, actor=cast.sara)


def test_what_becomes_hidden_leaves_the_list_and_comes_back(
    client: Client, cast: Cast, initiative: Initiative
) -> None:
    FollowFactory(user=cast.sara, initiative=initiative)
    client.force_login(cast.sara)
    pause_initiative(initiative=initiative, actor=cast.amina, now=NOW)
    for page in (LIST, "/min-sida/"):
        assert "Lagningsverkstaden" not in client.get(page).content.decode()
    publish_initiative(initiative=initiative, actor=None, now=NOW)
    assert "Lagningsverkstaden" in client.get(LIST).content.decode()
    Initiative.objects.update(visibility="fitting_givers")
    assert "Lagningsverkstaden" not in client.get(LIST).content.decode()
    # Whoever follows it still can stop.
    client.post(f"/traffar/initiativ/{initiative.public_id}/sluta-folja/")
    assert not Follow.objects.exists()


def test_four_things_are_told_once_and_without_a_mail(cast: Cast, initiative: Initiative) -> None:
    services.follow(initiative=initiative, actor=cast.sara, now=NOW)
    entry = write(initiative, cast)
    change_record(
        record=entry, values={"title": "Vi har öppnat"}, actor=cast.amina, now=NOW, expected_revision=None
    )
    add_record(
        kind=SpreadRecord,
        initiative=initiative,
        values={"adopter": "Kalmar kommun", "adopter_kind": "municipality", "area_code": "SE-08"},
        actor=cast.amina,
        now=NOW,
    )
    had = [{"kind": need.kind} for need in initiative.needs.all()]
    for needs in (had, [*had, {"kind": "network"}], had, [*had, {"kind": "network"}]):
        change_initiative(initiative=initiative, changes={"needs": needs}, actor=cast.amina, now=NOW)
    deliver()
    close_initiative(initiative=Initiative.objects.get(), actor=cast.amina, now=NOW)
    deliver()
    assert told(cast.sara) == ["followed_wrote", "followed_spread", "followed_needs", "followed_closed"]
    assert not OutboxMessage.objects.filter(task="outbox.deliver_mail").exists()
    assert told(cast.amina) == []
    assert "Kalmar" not in str(list(Notice.objects.values_list("parameters", flat=True)))


def test_what_is_internal_or_taken_away_or_brought_in_is_not_told(cast: Cast, initiative: Initiative) -> None:
    FollowFactory(user=cast.sara, initiative=initiative)
    internal = write(initiative, cast, visibility="ours")
    remove_record(record=write(initiative, cast), actor=cast.amina, now=NOW)
    add_record(kind=JournalEntry, initiative=initiative, values=ENTRY, actor=None, now=NOW)
    draft = InitiativeFactory(organisation=cast.association, draft=True)
    FollowFactory(user=cast.sara, initiative=draft)
    write(draft, cast)
    pause_initiative(initiative=initiative, actor=cast.amina, now=NOW)
    publish_initiative(initiative=initiative, actor=None, now=NOW)
    deliver()
    assert told(cast.sara) == []
    # What its people kept among themselves is told when it is shown, and old things are not told when they change.
    change_record(
        record=internal, values={"visibility": "page"}, actor=cast.amina, now=NOW, expected_revision=None
    )
    deliver()
    assert told(cast.sara) == ["followed_wrote"]


def test_only_who_may_see_it_at_that_moment_is_told(cast: Cast, initiative: Initiative) -> None:
    for person in (cast.sara, cast.ruth):
        FollowFactory(user=person, initiative=initiative)
    FollowFactory(user=UserFactory(is_active=False), initiative=initiative)
    initiative.shared_with.add(cast.foundation)
    write(initiative, cast)
    Initiative.objects.update(visibility="chosen")
    deliver()
    assert set(Notice.objects.values_list("user", flat=True)) == {cast.ruth.pk}
    # Of a closing too only those are told whom it was shared with.
    close_initiative(initiative=Initiative.objects.get(), actor=cast.amina, now=NOW)
    deliver()
    assert told(cast.ruth) == ["followed_wrote", "followed_closed"]
    assert told(cast.sara) == []


def test_nothing_is_put_in_the_outbox_where_nobody_follows(cast: Cast, initiative: Initiative) -> None:
    entry = write(initiative, cast)
    # Nor later of what was written before: that it is changed is no news.
    FollowFactory(initiative=initiative)
    change_record(record=entry, values={"title": "Rättat"}, actor=cast.amina, now=NOW, expected_revision=None)
    assert not OutboxMessage.objects.filter(task="matching.tell_followers").exists()


def test_a_weekly_mail_of_what_is_unread(cast: Cast, initiative: Initiative, client: Client) -> None:
    services.follow(initiative=initiative, actor=cast.sara, now=NOW)
    hidden = InitiativeFactory(organisation=cast.association, title="Skyddat boende", visibility="chosen")
    hidden.shared_with.add(cast.outsiders)
    services.follow(initiative=hidden, actor=cast.sara, now=NOW)
    for one in (initiative, hidden):
        write(one, cast)
    deliver()
    digest.tell_all_due(now=TUESDAY - timedelta(minutes=2))
    assert mails() == []
    digest.tell_all_due(now=TUESDAY)
    [mail] = mails()
    assert mail["subject"] == "2 nyheter från det du följer"
    assert (
        "Nytt från ”Lagningsverkstaden”:\n\n”Lagningsverkstaden” har skrivit i sin dagbok\n"
        f"http://localhost:8000/initiativ/{initiative.public_id}/dagbok/\n"
    ) in mail["body"]
    assert "Skyddat" not in mail["body"]
    assert "Ett initiativ som inte alla får se" in mail["body"]
    # Told once; what is read in the list is not told at all; and one click stops it.
    write(initiative, cast)
    deliver()
    Notice.objects.update(read_at=NOW)
    digest.tell_all_due(now=TUESDAY + timedelta(weeks=1))
    assert len(mails()) == 1
    client.post(f"/meddelanden/sluta/{digest.stop_token(cast.sara, TipsTopic.FOLLOWED)}/")
    write(initiative, cast)
    deliver()
    digest.tell_all_due(now=TUESDAY + timedelta(weeks=2))
    assert len(mails()) == 1


def test_what_is_hidden_by_then_is_not_in_the_mail_but_a_closing_is(
    cast: Cast, initiative: Initiative
) -> None:
    services.follow(initiative=initiative, actor=cast.sara, now=NOW)
    write(initiative, cast)
    deliver()
    close_initiative(initiative=initiative, actor=cast.amina, now=NOW)
    deliver()
    digest.tell_all_due(now=TUESDAY)
    [mail] = mails()
    assert mail["subject"] == "1 nyhet från det du följer"
    assert "”Lagningsverkstaden” är avslutat" in mail["body"]
    assert "dagbok" not in mail["body"]
    assert f"/initiativ/{initiative.public_id}/" not in mail["body"]


def test_who_has_said_no_to_tips_gets_no_mails_and_can_choose(
    client: Client, cast: Cast, initiative: Initiative
) -> None:
    off = {topic: TipsRhythm.OFF for topic in (TipsTopic.SUPPORT, TipsTopic.CASES)}
    digest.choose_rhythms(user=cast.sara, rhythms=off, now=NOW)
    client.force_login(cast.sara)
    assert "Nyheter från initiativ som du följer" not in client.get("/meddelanden/mejl/").content.decode()
    services.follow(initiative=initiative, actor=cast.sara, now=NOW)
    assert TipsMail.objects.get(user=cast.sara, topic="followed").rhythm == TipsRhythm.OFF
    choices = {"support": "off", "cases": "off"}
    assert client.post("/meddelanden/mejl/", choices).status_code == 422
    # Never a mail for each thing that happens.
    assert client.post("/meddelanden/mejl/", choices | {"followed": "instant"}).status_code == 422
    assert client.post("/meddelanden/mejl/", choices | {"followed": "weekly"}).status_code == 302
    assert digest.rhythms_of(cast.sara)[TipsTopic.FOLLOWED] == TipsRhythm.WEEKLY


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, None), (2, "Några få följer ert initiativ."), (3, "3 personer följer ert initiativ.")],
)
def test_its_people_learn_how_many_never_who(
    client: Client, cast: Cast, initiative: Initiative, number: int, said: str | None
) -> None:
    for _ in range(number):
        FollowFactory(initiative=initiative, user=UserFactory(name="Kim Följare"))
    FollowFactory(initiative=initiative, user=UserFactory(is_active=False))
    client.force_login(cast.rolf)
    page = client.get(f"/initiativ/{initiative.public_id}/").content.decode()
    assert "Kim Följare" not in page
    assert (said in page) if said else ("följer ert initiativ" not in page)
    client.force_login(cast.ruth)
    assert "följer ert initiativ" not in client.get(f"/initiativ/{initiative.public_id}/").content.decode()


def test_a_list_of_three_costs_what_a_list_of_one_does(client: Client, cast: Cast) -> None:
    FollowFactory(user=cast.sara)
    client.force_login(cast.sara)
    client.get(LIST)
    one = queries_for(client, LIST)
    for _ in range(2):
        FollowFactory(user=cast.sara)
    assert queries_for(client, LIST) == one
