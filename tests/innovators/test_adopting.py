"""Those who want to take up something proven: registering, reading, steps, who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from brygga.audit.models import AuditEvent
from brygga.taxonomy.enums import OrganisationKind
from brygga.users.models import User
from innovators.adopting import permissions, services
from innovators.models import Adopter
from tests.factories import NOW, AdopterFactory, OrganisationFactory, UserFactory
from tests.matching.meeting.races import race
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
LIST = "/efterlysningar/"
WRITTEN = {
    "title": "Något som får äldre att äta tillsammans",
    "change": "Var tredje äldre äter ensam.",
    "theme": "loneliness_and_community",
    "other_theme": "",
    "group": "older_people",
    "other_group": "",
    "places": "Hjo, Tibro",
    "puts_in": ["premises"],
    "amount_min": "50 tkr",
    "amount_max": "200 000",
    "decides": "unknown",
    "starts": "year",
    "language": "sv",
}
NOTHING = {"language": "sv", "decides": "unknown"}
TOLD = {
    "title": "Kvällar",
    "change": "Ingen buss.",
    "theme_codes": ["employment"],
    "area_codes": ["SE-1497"],
}


@pytest.fixture
def officer() -> User:
    return UserFactory()


@pytest.fixture
def browser(client: Client, officer: User) -> Client:
    OrganisationFactory(name="Hjo kommun", kind="municipality", verified=True, owner=officer)
    client.force_login(officer)
    return client


def words_of(answer: Any) -> str:
    return str(answer.content.decode())


def titles(query: str = "") -> list[str]:
    answer = Client().get(f"{LIST}{query}")
    assert answer.status_code == 200
    return [card.adopter.title for card in answer.context["cards"]]


def at(name: str, adopter: Adopter) -> str:
    return reverse(f"adopters:{name}", args=[adopter.public_id])


def test_it_is_written_read_through_published_hidden_and_closed(browser: Client) -> None:
    answer = browser.post(f"{LIST}ny/", WRITTEN)
    made = Adopter.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, at("detail", made))
    assert made.area_codes == ["SE-1497", "SE-1472"]
    assert (made.theme_codes, made.target_group_codes) == (["loneliness_and_community"], ["older_people"])
    assert (made.puts_in, made.amount_min, made.amount_max) == (["premises"], 50_000, 200_000)
    assert (made.decides, made.starts, made.state) == (None, "year", "draft")
    assert Client().get(at("detail", made)).status_code == 404
    browser.post(at("publish", made))
    shown = words_of(Client().get(at("detail", made)))
    for words in ("Hjo kommun", "Tibro kommun", "Var tredje äldre äter ensam.", "Lokaler och utrustning"):
        assert words in shown, words
    # What is not known is told once, not line by line.
    assert shown.count("vet de inte än") == 1
    assert "Vem som bestämmer" not in shown
    assert titles() == [WRITTEN["title"]]
    for step, state in (("pause", "paused"), ("publish", "published"), ("close", "closed")):
        browser.post(at(step, made))
        made.refresh_from_db()
        assert made.state == state
        assert titles() == ([WRITTEN["title"]] if state == "published" else [])
        assert Client().get(at("detail", made)).status_code == (200 if state == "published" else 404)


def test_a_draft_may_be_empty_and_says_what_is_needed(browser: Client) -> None:
    assert browser.post(f"{LIST}ny/", NOTHING).status_code == 302
    made = Adopter.objects.get()
    assert (made.title, made.puts_in, made.area_codes) == ("", None, [])
    assert "Det här behövs innan alla kan läsa den:" in words_of(browser.get(at("detail", made)))
    answer = browser.post(at("publish", made), follow=True)
    assert "behövs: vad ni letar efter, på en rad, vad ni vill förändra, ett ämne, en plats" in words_of(
        answer
    )
    made.refresh_from_db()
    assert made.is_draft
    assert browser.get(at("delete", made)).status_code == 200
    browser.post(at("delete", made))
    assert not Adopter.objects.exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"places": "Hjo, Ankeborg"}, "Vi känner inte till platsen ”Ankeborg”"),
        ({"amount_min": "300 000"}, "Den här summan är mindre"),
        ({"amount_min": "mycket"}, "Skriv summan som ett tal"),
        ({"puts_in": ["premises", "unknown"]}, "tillsammans med andra svar"),
        ({"change": "x" * 601}, "Korta texten till 600 tecken"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    browser: Client, changes: dict[str, Any], told: str
) -> None:
    answer = browser.post(f"{LIST}ny/", WRITTEN | changes)
    assert answer.status_code == 422
    assert told in words_of(answer)
    assert "Något som får äldre" in words_of(answer)
    assert not Adopter.objects.exists()


def test_what_everybody_reads_keeps_what_they_need(browser: Client, officer: User) -> None:
    mine = AdopterFactory(organisation=officer.organisations.get())
    form = words_of(browser.get(at("edit", mine)))
    assert "Hjo kommun" in form
    assert "Två ungdomsledare" in form
    answer = browser.post(at("edit", mine), WRITTEN | {"title": "", "places": "", "theme": ""})
    assert answer.status_code == 422
    for told in ("Skriv på en rad vad ni letar efter.", "Välj ett ämne, så", "Skriv var: en kommun"):
        assert told in words_of(answer)
    assert browser.post(at("edit", mine), WRITTEN).status_code == 302
    # A colleague publishes while the form is open: it was a draft when it was shown.
    with pytest.raises(services.NotReady):
        services.change_adopter(adopter=mine, actor=officer, now=NOW, values={"title": " "})
    mine.refresh_from_db()
    assert mine.title == WRITTEN["title"]


def test_contact_details_in_texts_are_hidden() -> None:
    written = "Ring 070-174 06 05 eller skriv till ruth@kommun.example"
    texts = {"title": "", "change": "", "who_we_are": "", "to_know": "", "not_accepted": ""}
    made = services.register_adopter(
        organisation=OrganisationFactory(), actor=None, now=NOW, values=dict.fromkeys(texts, written)
    )
    for name in texts:
        assert "070" not in getattr(made, name), name
        assert "ruth@" not in getattr(made, name), name
    # The mark is longer than what it hides, and the line is full.
    full = services.change_adopter(adopter=made, actor=None, now=NOW, values={"title": "x" * 113 + " a@b.se"})
    assert len(full.title) == 120


def test_each_step_is_told_once_and_only_those_that_there_are() -> None:
    officer = UserFactory()
    organisation = OrganisationFactory(owner=officer)
    made = services.register_adopter(organisation=organisation, actor=officer, now=NOW, values=TOLD)
    step: dict[str, Any] = {"adopter": made, "actor": officer, "now": NOW}
    with pytest.raises(services.ColleagueWasFirst):
        services.pause_adopter(**step)
    with pytest.raises(services.ColleagueWasFirst):
        services.close_adopter(**step)
    for _ in range(2):
        services.publish_adopter(**step)
    with pytest.raises(services.ColleagueWasFirst):
        services.delete_draft(**step)
    services.close_adopter(**step)
    with pytest.raises(services.ColleagueWasFirst):
        services.pause_adopter(**step)
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["adopter.registered", "adopter.published", "adopter.closed"]


@pytest.mark.parametrize("kind", OrganisationKind.values)
def test_every_organisation_may_and_a_person_alone_may_not(kind: str, client: Client) -> None:
    person = UserFactory()
    organisation = OrganisationFactory(kind=kind, owner=person)
    client.force_login(person)
    may = kind != "individual"
    assert permissions.can_register_adopter(person, organisation) is may
    assert client.get(f"{LIST}ny/").status_code == (200 if may else 403)


def test_others_may_not(officer: User) -> None:
    theirs = AdopterFactory(draft=True)
    with pytest.raises(PermissionDenied):
        services.register_adopter(organisation=theirs.organisation, actor=officer, now=NOW, values=TOLD)
    steps: list[Callable[..., Any]] = [
        services.publish_adopter,
        services.pause_adopter,
        services.close_adopter,
        services.delete_draft,
    ]
    for step in steps:
        with pytest.raises(PermissionDenied):
            step(adopter=theirs, actor=officer, now=NOW)


def test_the_list_is_filtered_by_words_subject_and_county(client: Client) -> None:
    AdopterFactory(title="I Hjo", theme_codes=["employment"], area_codes=["SE-1497"])
    AdopterFactory(title="I länet", theme_codes=["loneliness_and_community"], area_codes=["SE-14"])
    AdopterFactory(
        title="I Skåne",
        theme_codes=["loneliness_and_community"],
        area_codes=["SE-12"],
        change="Arbete åt alla.",
    )
    AdopterFactory(title="Dold", paused=True)
    assert set(titles("?county=SE-14")) == {"I Hjo", "I länet"}
    assert set(titles("?theme=loneliness_and_community")) == {"I länet", "I Skåne"}
    assert titles("?q=arbete") == ["I Skåne"]
    assert titles("?q=%00&theme=no_such") == titles()
    assert "Vi hoppade över ett filter" in words_of(client.get(f"{LIST}?theme=no_such"))


def test_twenty_cost_as_few_questions_as_one(client: Client) -> None:
    AdopterFactory()
    client.get(LIST)
    one = queries_for(client, LIST)
    AdopterFactory.create_batch(22)
    assert queries_for(client, LIST) == one
    assert client.get(f"{LIST}?page=2").context["page"].paginator.count == 23


def test_an_organisations_page_and_my_page_show_what_is_looked_for(browser: Client, officer: User) -> None:
    home = reverse("pages:home")
    assert "Berätta vad ni letar efter" in words_of(browser.get(home))
    body = officer.organisations.get()
    AdopterFactory(organisation=body, title="Kvällsbussen")
    AdopterFactory(organisation=body, title="Bara ett utkast", draft=True)
    page = reverse("organisations:detail", args=[body.public_id])
    assert "Kvällsbussen" in words_of(Client().get(page))
    assert "Bara ett utkast" not in words_of(Client().get(page))
    assert "Bara ett utkast" in words_of(browser.get(page))
    assert "Kvällsbussen" in words_of(browser.get(home))
    AdopterFactory(title="Ingen har kontrollerat", organisation=OrganisationFactory(name="Hjo stad"))
    assert "Hjo stad (inte kontrollerad av oss)" in words_of(Client().get(LIST))


@pytest.mark.django_db(transaction=True)
def test_published_and_deleted_at_the_same_moment_one_wins() -> None:
    for _ in range(3):
        adopter = AdopterFactory(draft=True)

        def publish(adopter: Adopter = adopter) -> str:
            services.publish_adopter(adopter=adopter, actor=None, now=NOW)
            return "published"

        def delete(adopter: Adopter = adopter) -> str:
            services.delete_draft(adopter=adopter, actor=None, now=NOW)
            return "deleted"

        outcome = race(publish, delete, told=services.ColleagueWasFirst)
        is_there = Adopter.objects.filter(pk=adopter.pk, state="published").exists()
        assert outcome == (["published", "told"] if is_there else ["deleted", "told"])
