from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from brygga.audit.models import AuditEvent
from brygga.core.enums import PublicationState
from innovators import services
from innovators.models import Initiative
from innovators.signals import initiative_changed, initiative_published, initiative_withdrawn
from tests.cast import Cast
from tests.factories.initiatives import ActorFactory, InitiativeFactory
from tests.factories.people import NOW, OrganisationFactory, UserFactory

LATER = NOW + timedelta(hours=1)
CANARY = "kanarie@hemlig.example"


def change(initiative: Initiative, actor: Any, **changes: Any) -> Initiative:
    return services.change_initiative(initiative=initiative, changes=changes, actor=actor, now=LATER)


# -- create ----------------------------------------------------------------------------------------


def test_create_makes_a_draft_with_the_first_answers_and_the_makers_contact(cast: Cast) -> None:
    made = services.create_initiative(
        organisation=cast.association, actor=cast.erik, now=NOW, changes={"change": "Alla ska få simma."}
    )
    assert (made.state, made.change, made.title) == ("draft", "Alla ska få simma.", "")
    assert made.answered == ["change", "contact"]
    assert (made.contact.name, made.contact.email) == ("Erik Lindqvist", "erik@exempel.example")
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "initiative.created",
        "initiative.changed",
    ]


def test_create_with_the_same_key_twice_makes_one(cast: Cast) -> None:
    key = uuid.uuid4()
    first, second = (
        services.create_initiative(organisation=cast.association, actor=cast.amina, now=NOW, key=key)
        for _ in range(2)
    )
    assert first.pk == second.pk
    assert Initiative.objects.count() == 1


def test_create_with_somebody_elses_key_is_refused(cast: Cast) -> None:
    key = uuid.uuid4()
    services.create_initiative(organisation=cast.association, actor=cast.amina, now=NOW, key=key)
    with pytest.raises(PermissionDenied):
        services.create_initiative(organisation=cast.outsiders, actor=cast.sara, now=NOW, key=key)


@pytest.mark.parametrize("who", ["rolf", "sara", "ruth", "stefan"])
def test_only_owners_and_editors_write(cast: Cast, draft: Initiative, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        services.create_initiative(organisation=cast.association, actor=actor, now=NOW)
    with pytest.raises(PermissionDenied):
        change(draft, actor, title="Kapat")
    for verb in ("publish_initiative", "pause_initiative", "close_initiative", "delete_draft"):
        with pytest.raises(PermissionDenied):
            getattr(services, verb)(initiative=draft, actor=actor, now=NOW)


# -- change ----------------------------------------------------------------------------------------


def test_change_raises_the_revision_and_tells(cast: Cast, draft: Initiative) -> None:
    told: list[Initiative] = []

    def hear(initiative: Initiative, **_: object) -> None:
        told.append(initiative)

    initiative_changed.connect(hear)
    try:
        changed = change(draft, cast.amina, title="Simskola på Hisingen")
    finally:
        initiative_changed.disconnect(hear)
    assert (changed.revision, changed.changed_at, changed.answered) == (2, LATER, ["title"])
    assert [one.pk for one in told] == [draft.pk]


def test_change_hides_contact_details_and_keeps_what_was_written(cast: Cast, draft: Initiative) -> None:
    written = f"Hör av dig till {CANARY} eller 070-123 45 67."
    changed = change(draft, cast.amina, change=written, title="Simskolan")
    fresh = Initiative.objects.select_related("contact").get(pk=draft.pk)
    assert fresh.change == "Hör av dig till [e-post] eller [telefon]."
    assert fresh.contact.private_texts == {"change": written}
    assert changed.contact.private_texts == {"change": written}
    change(draft, cast.amina, change="Vi ses på torget.")
    fresh.contact.refresh_from_db()
    assert fresh.contact.private_texts == {}


def test_change_hides_contact_details_in_actors(cast: Cast, draft: Initiative) -> None:
    change(
        draft, cast.amina, actors=[{"name": f"Lisa {CANARY}", "kind": "individual", "role": "070-123 45 67"}]
    )
    actor = draft.actors.get()
    assert (actor.name, actor.role, actor.public_name) == ("Lisa [e-post]", "[telefon]", "")


def test_replacing_actors_keeps_a_persons_own_confirmation(cast: Cast, draft: Initiative) -> None:
    ActorFactory(initiative=draft, position=0, name="Lisa", kind="individual", confirmed_at=NOW)
    rows = [{"name": "Bo", "kind": "individual"}, {"name": "Lisa", "kind": "individual"}]
    change(draft, cast.amina, actors=rows)
    assert list(draft.actors.order_by("position").values_list("name", "confirmed_at")) == [
        ("Bo", None),
        ("Lisa", NOW),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"theme_codes": ["nonsense"]}, "theme_codes"),
        ({"area_codes": ["SE-9999"]}, "area_codes"),
        ({"spread_area_codes": ["Mars"]}, "spread_area_codes"),
        ({"process_parts": ["dance"]}, "process_parts"),
        ({"driver_codes": ["greed"]}, "driver_codes"),
        ({"forms_not_accepted": ["bribe"]}, "forms_not_accepted"),
        ({"participation": "ignored"}, "participation"),
        ({"title": "x" * 121}, "title"),
        ({"change": "x" * 601}, "change"),
        ({"links": ["javascript:alert(1)"]}, "links"),
        ({"needs": [{"kind": "miracle"}]}, "needs"),
        ({"needs": [{"kind": "grant", "amount": -1}]}, "needs"),
        ({"actors": [{"name": "x" * 201}]}, "actors"),
        ({"state": "published"}, "state"),
        ({"organisation": 1}, "organisation"),
    ],
)
def test_change_refuses_what_it_cannot_store(
    cast: Cast, draft: Initiative, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(services.InvalidAnswers) as refused:
        change(draft, cast.amina, description="Ska inte sparas", **changes)
    assert list(refused.value.messages) == [field]
    draft.refresh_from_db()
    assert (draft.description, draft.revision) == ("", 1)


def test_change_with_an_old_revision_is_refused(cast: Cast, draft: Initiative) -> None:
    change(draft, cast.erik, title="Eriks namn")
    with pytest.raises(services.ChangedMeanwhile):
        services.change_initiative(
            initiative=draft,
            changes={"title": "Aminas namn"},
            actor=cast.amina,
            now=LATER,
            expected_revision=1,
        )
    draft.refresh_from_db()
    assert draft.title == "Eriks namn"


def test_a_published_initiative_keeps_its_name_and_needed_answers(cast: Cast, published: Initiative) -> None:
    for changes, reopened in (({"title": " "}, []), ({"change": ""}, []), ({"needs": []}, ["needs"])):
        with pytest.raises(services.InvalidAnswers):
            services.change_initiative(
                initiative=published, changes=changes, actor=cast.amina, now=LATER, reopened=reopened
            )


@pytest.mark.parametrize(
    ("codes", "coarsened", "public"),
    [
        (["SE-1480", "SE-1401", "SE-12", "SE"], True, ["SE-14", "SE-12", "SE"]),
        (["SE-1480"], False, ["SE-1480"]),
        (None, True, None),
        ([], True, []),
    ],
)
def test_public_places_are_never_finer_than_allowed(
    cast: Cast, draft: Initiative, codes: list[str] | None, coarsened: bool, public: list[str] | None
) -> None:
    change(draft, cast.amina, area_codes=codes, area_words=["Gamla kvarnen"], place_coarsened=coarsened)
    fresh = Initiative.objects.get(pk=draft.pk)
    assert fresh.public_area_codes == public
    assert fresh.public_area_words == ([] if coarsened else ["Gamla kvarnen"])


# -- states ----------------------------------------------------------------------------------------


def ready(cast: Cast) -> Initiative:
    return InitiativeFactory(
        organisation=cast.association, draft=True, answered=["title", "change", "places", "themes", "needs"]
    )


def test_publish_needs_five_answers_and_says_which(cast: Cast, draft: Initiative) -> None:
    change(draft, cast.amina, title="Simskolan", theme_codes=["employment"])
    draft.refresh_from_db()
    with pytest.raises(services.CannotPublish) as refused:
        services.publish_initiative(initiative=draft, actor=cast.amina, now=NOW)
    assert refused.value.missing == ["change", "places", "needs"]


def test_the_whole_public_life(cast: Cast) -> None:
    told: list[str] = []

    def hear(signal: object, **_: object) -> None:
        told.append({initiative_published: "published", initiative_withdrawn: "withdrawn"}[signal])  # type: ignore[index]

    for signal in (initiative_published, initiative_withdrawn):
        signal.connect(hear)
    try:
        initiative = services.publish_initiative(initiative=ready(cast), actor=cast.amina, now=NOW)
        assert (initiative.state, initiative.published_at) == ("published", NOW)
        initiative = services.pause_initiative(initiative=initiative, actor=cast.amina, now=LATER)
        with pytest.raises(services.StepRefused):
            services.pause_initiative(initiative=initiative, actor=cast.amina, now=LATER)
        initiative = services.publish_initiative(initiative=initiative, actor=cast.erik, now=LATER)
        # What is new was new the first time: pausing is no way to the top of the list.
        assert initiative.published_at == NOW
        initiative = services.close_initiative(initiative=initiative, actor=cast.amina, now=LATER)
        assert (initiative.state, initiative.closed_at) == ("closed", LATER)
        initiative = services.publish_initiative(initiative=initiative, actor=cast.amina, now=LATER)
        assert initiative.closed_at is None
    finally:
        for signal in (initiative_published, initiative_withdrawn):
            signal.disconnect(hear)
    assert told == ["published", "withdrawn", "published", "withdrawn", "published"]


def test_only_a_draft_is_deleted(cast: Cast, draft: Initiative, published: Initiative) -> None:
    services.delete_draft(initiative=draft, actor=cast.amina, now=NOW)
    with pytest.raises(services.CannotDelete):
        services.delete_draft(initiative=draft, actor=cast.amina, now=NOW)
    with pytest.raises(services.CannotDelete):
        services.delete_draft(initiative=published, actor=cast.amina, now=NOW)
    assert list(Initiative.objects.values_list("pk", flat=True)) == [published.pk]


# -- two people at once: real connections ----------------------------------------------------------


def at_once(*deeds: Any) -> list[str]:
    """Run deeds on connections of their own that start together; return how each ended."""
    gate = threading.Barrier(len(deeds))
    ends: list[str] = [""] * len(deeds)

    def run(place: int) -> None:
        try:
            gate.wait(timeout=20)
            deeds[place]()
            ends[place] = "done"
        except Exception as error:
            ends[place] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(ends)


@pytest.fixture
def association_for_threads(transactional_db: None) -> tuple[Any, Any]:
    amina = UserFactory(email="amina@exempel.example")
    return amina, OrganisationFactory(owner=amina)


def test_of_two_who_publish_at_once_one_wins(association_for_threads: tuple[Any, Any]) -> None:
    amina, association = association_for_threads
    initiative = InitiativeFactory(
        organisation=association, draft=True, answered=["title", "change", "places", "themes", "needs"]
    )

    copies = [Initiative.objects.get(pk=initiative.pk) for _ in range(2)]
    ends = at_once(
        *(
            lambda mine=mine: services.publish_initiative(initiative=mine, actor=amina, now=NOW)
            for mine in copies
        )
    )
    assert ends == ["CannotPublish", "done"]
    assert AuditEvent.objects.filter(verb="initiative.published").count() == 1


def test_of_two_who_change_the_same_revision_one_wins(association_for_threads: tuple[Any, Any]) -> None:
    amina, association = association_for_threads
    initiative = InitiativeFactory(organisation=association, empty=True)

    def write(title: str) -> None:
        mine = Initiative.objects.get(pk=initiative.pk)
        services.change_initiative(
            initiative=mine, changes={"title": title}, actor=amina, now=NOW, expected_revision=1
        )

    assert at_once(lambda: write("Ett"), lambda: write("Två")) == ["ChangedMeanwhile", "done"]
    initiative.refresh_from_db()
    assert initiative.revision == 2


def test_of_two_clicks_that_create_one_initiative_is_made(association_for_threads: tuple[Any, Any]) -> None:
    amina, association = association_for_threads
    key = uuid.uuid4()

    def create() -> None:
        services.create_initiative(organisation=association, actor=amina, now=NOW, key=key)

    assert at_once(create, create) == ["done", "done"]
    assert Initiative.objects.count() == 1


# -- imports ---------------------------------------------------------------------------------------


def test_an_import_is_idempotent_and_needs_only_a_name(cast: Cast) -> None:
    changes = {
        "title": "Urban Girls Movement",
        "description": f"Skriv till {CANARY}",
        "theme_codes": ["employment"],
        "needs": [{"kind": "grant", "amount": 2_100_000, "hours": None}],
        "actors": [{"name": None, "kind": "municipality", "role": "partner"}],
    }

    def take_in(**more: Any) -> tuple[Initiative, bool]:
        return services.save_imported_initiative(
            organisation=cast.outsiders, source="real", source_id="i001", changes=changes | more, now=NOW
        )

    first, is_new = take_in()
    assert (is_new, first.state, first.description) == (True, "published", "Skriv till [e-post]")
    again, is_new = take_in()
    assert (again.pk, is_new, again.revision) == (first.pk, False, first.revision)
    third, _ = take_in(title="Ett nytt namn")
    assert (third.pk, third.title, third.revision) == (first.pk, "Ett nytt namn", first.revision + 1)
    assert third.needs.count() == 1
    assert PublicationState(third.state) == PublicationState.PUBLISHED
