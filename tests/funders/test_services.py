"""Verbs on offers: who may, from which state, what is stored, what others are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from brygga.audit.models import AuditEvent
from funders import services, signals
from funders.models import OfferContact, SupportOffer
from tests.cast import Cast
from tests.factories.offers import SupportOfferFactory
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db

ANSWERS: dict[str, Any] = {
    "title": "Tom butik i Härnösand",
    "description": "Vi lånar ut lokalen gratis i ett år.",
    "support": [{"kind": "premises", "amount_min": None, "amount_max": None, "hours": None}],
    "area_codes": ["SE-2280"],
}


@pytest.fixture
def told() -> Iterator[list[str]]:
    """What others are told, in order."""
    heard: list[str] = []
    listeners = {}
    for name in ("offer_published", "offer_changed", "offer_withdrawn"):
        listeners[name] = lambda name=name, **_: heard.append(name)
        getattr(signals, name).connect(listeners[name], weak=False)
    yield heard
    for name, listener in listeners.items():
        getattr(signals, name).disconnect(listener)


def test_create_and_publish(cast: Cast, told: list[str]) -> None:
    offer = services.create_offer(organisation=cast.foundation, actor=cast.ruth, now=NOW, changes=ANSWERS)
    assert offer.state == "draft"
    assert sorted(offer.answered) == ["description", "places", "support", "title"]
    assert (offer.contact.name, offer.contact.email) == (cast.ruth.name, cast.ruth.email)
    published = services.publish_offer(offer=offer, actor=cast.ruth, now=NOW)
    assert (published.state, published.published_at) == ("published", NOW)
    assert told == ["offer_changed", "offer_published"]
    verbs = AuditEvent.objects.filter(object_type="funders.supportoffer").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["offer.created", "offer.changed", "offer.published"]


def test_same_key_gives_the_same_offer(cast: Cast) -> None:
    key = uuid4()
    made = [
        services.create_offer(organisation=cast.foundation, actor=cast.ruth, now=NOW, key=key)
        for _ in range(2)
    ]
    assert made[0].pk == made[1].pk
    with pytest.raises(PermissionDenied):
        services.create_offer(organisation=cast.outsiders, actor=cast.sara, now=NOW, key=key)


@pytest.mark.parametrize("left_out", ["title", "description", "support", "area_codes"])
def test_publishing_waits_for_answers(cast: Cast, left_out: str) -> None:
    answers = {name: value for name, value in ANSWERS.items() if name != left_out}
    offer = services.create_offer(organisation=cast.foundation, actor=cast.ruth, now=NOW, changes=answers)
    with pytest.raises(services.CannotPublish) as refused:
        services.publish_offer(offer=offer, actor=cast.ruth, now=NOW)
    assert refused.value.missing == ["places" if left_out == "area_codes" else left_out]


def test_not_knowing_the_place_is_an_answer(cast: Cast) -> None:
    answers = {name: value for name, value in ANSWERS.items() if name != "area_codes"}
    offer = services.create_offer(organisation=cast.foundation, actor=cast.ruth, now=NOW, changes=answers)
    offer = services.change_offer(
        offer=offer, changes={"area_codes": None}, actor=cast.ruth, now=NOW, answered=["places"]
    )
    assert services.publish_offer(offer=offer, actor=cast.ruth, now=NOW).area_codes is None


def test_unverified_giver_may_publish(cast: Cast) -> None:
    offer = services.create_offer(organisation=cast.outsiders, actor=cast.sara, now=NOW, changes=ANSWERS)
    assert services.publish_offer(offer=offer, actor=cast.sara, now=NOW).is_published
    assert not offer.organisation.is_verified


STEPS = [
    ("draft", "publish_offer", "published"),
    ("draft", "pause_offer", None),
    ("draft", "close_offer", None),
    ("published", "publish_offer", None),
    ("published", "pause_offer", "paused"),
    ("published", "close_offer", "closed"),
    ("paused", "publish_offer", "published"),
    ("paused", "pause_offer", None),
    ("paused", "close_offer", "closed"),
    ("closed", "publish_offer", "published"),
    ("closed", "pause_offer", None),
    ("closed", "close_offer", None),
]


@pytest.mark.parametrize(("state", "verb", "expected"), STEPS)
def test_steps_between_states(
    cast: Cast, told: list[str], state: str, verb: str, expected: str | None
) -> None:
    answered = ["title", "description", "support", "places"]
    offer = SupportOfferFactory(organisation=cast.foundation, answered=answered, **{state: True})
    step = getattr(services, verb)
    if expected is None:
        with pytest.raises(services.StepRefused):
            step(offer=offer, actor=cast.ruth, now=NOW)
        assert told == []
    else:
        assert step(offer=offer, actor=cast.ruth, now=NOW).state == expected
        assert told == ["offer_published" if expected == "published" else "offer_withdrawn"]


@pytest.mark.parametrize("verb", ["publish_offer", "pause_offer", "close_offer", "delete_draft"])
def test_strangers_and_staff_may_not_step(cast: Cast, published: SupportOffer, verb: str) -> None:
    for stranger in (cast.sara, cast.stefan):
        with pytest.raises(PermissionDenied):
            getattr(services, verb)(offer=published, actor=stranger, now=NOW)


def test_stale_offer_is_not_published(cast: Cast) -> None:
    """Nothing goes public that somebody emptied between looking and clicking."""
    seen = SupportOfferFactory(organisation=cast.foundation, draft=True, answered=["title", "places"])
    services.change_offer(offer=seen, changes={"description": ""}, actor=cast.ruth, now=NOW)
    with pytest.raises(services.CannotPublish):
        services.publish_offer(offer=seen, actor=cast.ruth, now=NOW)


def test_draft_is_deleted_and_what_was_public_is_not(cast: Cast, draft: SupportOffer) -> None:
    services.delete_draft(offer=draft, actor=cast.ruth, now=NOW)
    assert not SupportOffer.objects.filter(pk=draft.pk).exists()
    paused = SupportOfferFactory(organisation=cast.foundation, paused=True)
    with pytest.raises(services.CannotDelete):
        services.delete_draft(offer=paused, actor=cast.ruth, now=NOW)


# -- changing --------------------------------------------------------------------------------------

BAD: list[tuple[dict[str, Any], str]] = [
    ({"eligible_kinds": ["club"]}, "eligible_kinds"),
    ({"theme_codes": ["nonsense"]}, "theme_codes"),
    ({"area_codes": ["SE-99"]}, "area_codes"),
    ({"process_parts": ["first"]}, "process_parts"),
    ({"forms_not_accepted": ["barter"]}, "forms_not_accepted"),
    ({"strict": ["shoe_size"]}, "strict"),
    ({"support": [{"kind": "grant", "amount_min": 2, "amount_max": 1}]}, "support"),
    ({"support": [{"kind": "mentoring", "amount_max": 1}]}, "support"),
    ({"support": [{"kind": "hugs"}]}, "support"),
    ({"support": [{"kind": "grant"}] * 31}, "support"),
    ({"opens_on": date(2026, 2, 2), "closes_on": date(2026, 2, 1)}, "closes_on"),
    ({"co_funding_percent": 101}, "co_funding_percent"),
    ({"title": "x" * 121}, "title"),
    ({"apply_url": "javascript:alert(1)"}, "apply_url"),
    ({"state": "published"}, "state"),
    ({"is_confirmed": False}, "is_confirmed"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_what_cannot_be_stored_is_said_by_field(
    cast: Cast, draft: SupportOffer, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(services.InvalidAnswers) as refused:
        services.change_offer(offer=draft, changes=changes, actor=cast.ruth, now=NOW)
    assert list(refused.value.messages) == [field]
    assert all(refused.value.messages[field])
    draft.refresh_from_db()
    assert (draft.revision, draft.title) == (1, "")


def test_lines_are_replaced_when_given(cast: Cast, published: SupportOffer) -> None:
    line = {"kind": "mentoring", "amount_min": None, "amount_max": None, "hours": 10}
    services.change_offer(offer=published, changes={"capacity": 3}, actor=cast.ruth, now=NOW)
    assert list(published.support.values_list("kind", flat=True)) == ["grant"]
    services.change_offer(offer=published, changes={"support": [line]}, actor=cast.ruth, now=NOW)
    assert list(published.support.values_list("kind", "hours")) == [("mentoring", 10)]


@pytest.mark.parametrize("changes", [{"title": " "}, {"description": ""}, {"support": []}])
def test_published_offer_keeps_what_it_needs(
    cast: Cast, published: SupportOffer, changes: dict[str, Any]
) -> None:
    with pytest.raises(services.InvalidAnswers):
        services.change_offer(offer=published, changes=changes, actor=cast.ruth, now=NOW)


def test_contact_details_in_texts_are_hidden(cast: Cast, draft: SupportOffer) -> None:
    written = "Ring 070-123 45 67 eller skriv till kanarie@hemlig.example."
    changed = services.change_offer(
        offer=draft,
        changes={"how_to_apply": written, "theme_words": ["kanarie@hemlig.example"]},
        actor=cast.ruth,
        now=NOW,
    )
    stored = SupportOffer.objects.get(pk=draft.pk)
    assert "kanarie" not in stored.how_to_apply + "".join(stored.theme_words)
    assert "070" not in stored.how_to_apply
    assert changed.contact.private_texts == {"how_to_apply": written}


def test_null_and_empty_list_are_kept_apart(cast: Cast, draft: SupportOffer) -> None:
    services.change_offer(
        offer=draft,
        changes={"eligible_kinds": [], "must_include_kinds": None},
        actor=cast.ruth,
        now=NOW,
    )
    stored = SupportOffer.objects.get(pk=draft.pk)
    assert (stored.eligible_kinds, stored.must_include_kinds) == ([], None)
    assert stored.answered == ["who"]


def test_change_of_an_older_revision_is_refused(cast: Cast, draft: SupportOffer) -> None:
    services.change_offer(offer=draft, changes={"capacity": 3}, actor=cast.ruth, now=NOW)
    with pytest.raises(services.ChangedMeanwhile):
        services.change_offer(
            offer=draft, changes={"capacity": 4}, actor=cast.ruth, now=NOW, expected_revision=1
        )


# -- imports ---------------------------------------------------------------------------------------


def test_import_twice_changes_nothing(cast: Cast, told: list[str]) -> None:
    def take_in() -> tuple[SupportOffer, bool]:
        return services.save_imported_offer(
            organisation=cast.outsiders,
            source="torget",
            source_id="17",
            changes={**ANSWERS, "contact": {"name": "", "email": "a@b.example", "phone": ""}},
            now=NOW,
        )

    first, is_new = take_in()
    assert (is_new, first.state, first.is_confirmed) == (True, "published", False)
    told.clear()
    again, is_new = take_in()
    assert (is_new, again.revision, told) == (False, first.revision, [])
    assert OfferContact.objects.get(offer=again).email == "a@b.example"


# -- two at once -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_publishers_one_wins(cast: Cast) -> None:
    """Two connections, one row: one publishes, the other is told that somebody was first."""
    answered = ["title", "description", "support", "places"]
    offer = SupportOfferFactory(organisation=cast.foundation, draft=True, answered=answered)
    together = threading.Barrier(2, timeout=20)
    outcomes: list[str] = []

    def publish() -> None:
        try:
            mine = SupportOffer.objects.get(pk=offer.pk)
            together.wait()
            services.publish_offer(offer=mine, actor=cast.ruth, now=NOW)
            outcomes.append("published")
        except services.CannotPublish:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["published", "refused"]
    assert AuditEvent.objects.filter(verb="offer.published").count() == 1
