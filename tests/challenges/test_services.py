"""Challenges are told by verified public bodies, and their steps are taken once."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from brygga.audit.models import AuditEvent
from brygga.challenges import permissions, services
from brygga.challenges.enums import PUBLIC_BODIES, ChallengeState
from brygga.challenges.models import Challenge
from brygga.organisations.models import Organisation
from brygga.taxonomy.enums import OrganisationKind
from tests.factories import NOW, ChallengeFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
VALUES = {"title": "Kvällar", "text": "Sista bussen går 18.10.", "theme_code": "employment"}


@given(kind=st.sampled_from(OrganisationKind), is_verified=st.booleans())
def test_only_verified_public_bodies_tell(kind: OrganisationKind, is_verified: bool) -> None:
    body = Organisation(kind=kind, verified_at=NOW if is_verified else None)
    assert permissions.can_tell_challenge(None, body) == (is_verified and kind in PUBLIC_BODIES)


def test_a_challenge_from_draft_to_end_and_back() -> None:
    officer = UserFactory()
    body = OrganisationFactory(kind="region", verified=True, owner=officer)
    told = services.tell_challenge(organisation=body, actor=officer, now=NOW, values=VALUES)
    assert (told.state, told.published_at, told.ended_at) == ("draft", None, None)
    step = {"challenge": told, "actor": officer, "now": NOW}
    assert services.publish_challenge(**step).published_at == NOW  # type: ignore[arg-type]
    ended = services.end_challenge(**step)  # type: ignore[arg-type]
    assert (ended.state, ended.ended_at) == ("ended", NOW)
    again = services.publish_challenge(**step)  # type: ignore[arg-type]
    assert (again.state, again.ended_at, again.published_at) == ("published", None, NOW)
    # Each step once, and a step that changes nothing is not told.
    services.publish_challenge(**step)  # type: ignore[arg-type]
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [f"challenge.{verb}" for verb in ("created", "published", "ended", "published")]


def test_contact_details_in_texts_are_hidden() -> None:
    body = OrganisationFactory(kind="municipality", verified=True)
    written = {
        name: "Ring 070-174 06 05 eller skriv till ruth@kommun.example" for name in ("title", "text", "wish")
    }
    told = services.tell_challenge(organisation=body, actor=None, now=NOW, values={**VALUES, **written})
    for name in written:
        shown = getattr(told, name)
        assert "070" not in shown
        assert "ruth@" not in shown


def test_what_is_about_nothing_is_not_published() -> None:
    challenge = ChallengeFactory(draft=True, theme_code="", area_code="")
    with pytest.raises(services.NotReady):
        services.publish_challenge(challenge=challenge, actor=None, now=NOW)
    public = ChallengeFactory()
    with pytest.raises(services.NotReady):
        services.change_challenge(
            challenge=public, actor=None, now=NOW, values={"theme_code": "", "area_code": ""}
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.filter(pk=public.pk).update(theme_code="", area_code="")


def test_a_body_that_is_no_longer_verified_publishes_nothing() -> None:
    officer = UserFactory()
    body = OrganisationFactory(kind="municipality", owner=officer)
    challenge = ChallengeFactory(organisation=body, draft=True)
    with pytest.raises(PermissionDenied):
        services.publish_challenge(challenge=challenge, actor=officer, now=NOW)
    challenge.refresh_from_db()
    assert challenge.state == ChallengeState.DRAFT


def test_only_drafts_are_deleted_and_only_what_was_public_ends() -> None:
    public, draft = ChallengeFactory(), ChallengeFactory(draft=True)
    with pytest.raises(services.ColleagueWasFirst):
        services.delete_draft(challenge=public, actor=None, now=NOW)
    with pytest.raises(services.ColleagueWasFirst):
        services.end_challenge(challenge=draft, actor=None, now=NOW)
    services.delete_draft(challenge=draft, actor=None, now=NOW)
    assert list(Challenge.objects.all()) == [public]
