"""Made-up profiles for measuring: real rows, no messages, never unasked beside real ones."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from benchmarks.synthetic import TODAY, written_profiles
from brygga.organisations.models import Organisation
from brygga.outbox.models import OutboxMessage
from funders.models import SupportLine, SupportOffer
from innovators.models import Actor, Initiative, Need
from matching.engine.encoding import day_number, read_initiatives, read_offers
from matching.engine.models import ProfileScoring
from matching.exchange.load import fill
from matching.kernel.facts import InitiativeFacts

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def profiles():
    made = list(written_profiles(30, 10, seed=3))
    return made[:30], made[30:]


def generate(*options: str) -> str:
    out = StringIO()
    call_command("generate_load", "--initiatives", "30", "--offers", "10", *options, stdout=out)
    return out.getvalue()


def test_rows_are_published_and_nobody_is_asked_to_rescore_them():
    told = generate()
    assert "40 of 40 profiles" in told
    for model, number in ((Initiative, 30), (SupportOffer, 10)):
        rows = model.objects.published()
        assert rows.count() == number
        assert set(rows.values_list("source", "is_demo")) == {("load", True)}
    assert set(Organisation.objects.values_list("source", flat=True)) == {"load"}
    assert (OutboxMessage.objects.count(), ProfileScoring.objects.count()) == (0, 0)


def test_what_is_read_back_is_what_was_made(profiles):
    initiatives, offers = profiles
    assert all(isinstance(facts, InitiativeFacts) for facts in initiatives)
    assert fill([*initiatives, *offers], made_on=TODAY, now=NOW, chunk=7) == 40
    for made, (_, read) in zip(initiatives, read_initiatives(Initiative.objects.all(), NOW), strict=True):
        assert (made.works_in, made.themes, made.target_groups) == (
            read.works_in,
            read.themes,
            read.target_groups,
        )
        assert (made.needs, made.actor_kinds, made.drivers) == (read.needs, read.actor_kinds, read.drivers)
        assert made.document.body.split() == read.document.body.split()
        assert (made.age_months is None) == (read.age_months is None)
        assert abs((made.age_months or 0) - (read.age_months or 0)) <= 1
        assert made.legal_entity == read.legal_entity
    later = day_number(timezone.localdate(NOW)) - TODAY
    for made, (_, read) in zip(offers, read_offers(SupportOffer.objects.all()), strict=True):
        assert (made.areas, made.support, made.strict) == (read.areas, read.support, read.strict)
        assert made.eligible_organisation_kinds == read.eligible_organisation_kinds
        assert read.closes_day == (None if made.closes_day is None else made.closes_day + later)
        assert made.document == read.document
        own = [case.document for case in read.history if not case.is_borrowed]
        assert sorted(case.document.body for case in made.history) == sorted(text.body for text in own)
    assert Need.objects.exists() and Actor.objects.exists() and SupportLine.objects.exists()


def test_again_gives_more_profiles_and_not_the_same_rows():
    generate()
    generate()
    assert (Initiative.objects.count(), SupportOffer.objects.count()) == (60, 20)


def test_real_profiles_get_no_company_unless_it_is_asked_for():
    generate()
    Initiative.objects.filter(pk=Initiative.objects.first().pk).update(source="", is_demo=False)
    with pytest.raises(CommandError, match="1 profiles here are neither demo nor load"):
        generate()
    assert Initiative.objects.count() == 30
    generate("--yes")
    assert Initiative.objects.count() == 60


@pytest.mark.parametrize("wrong", ["--seed=-4", "--offers=-1", "--initiatives=many"])
def test_a_number_that_is_none_is_told(wrong):
    with pytest.raises(CommandError, match="is no whole number from 0 up"):
        generate(wrong)


def test_outside_a_checkout_it_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "benchmarks.synthetic", None)
    with pytest.raises(CommandError, match="Run this in a checkout"):
        generate()
    assert not Initiative.objects.exists()
