"""Organisation and drivers: values by hand, one table each."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.kernel import codes, wishes
from matching.kernel.facts import SupportFacts
from tests.matching.kernel.cast import INITIATIVE, INITIATIVES, OFFER, OFFERS, initiatives_of, offers_of

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def found(function, initiative, offer):
    return function(initiatives_of(replace(INITIATIVE, **initiative)), offers_of(replace(OFFER, **offer)))


def value_of(function, initiative, offer):
    """Return the value of the base pair with some facts changed; None where not known."""
    one = found(function, initiative, offer)
    return pytest.approx(float(one.value[0, 0]), abs=1e-6) if one.known[0, 0] else None


@pytest.mark.parametrize(
    ("initiative", "offer", "expected"),
    [
        # The lead is an association, and a municipality takes part.
        ({}, {"eligible_organisation_kinds": ("association",)}, 1.0),
        ({}, {"eligible_organisation_kinds": ("association", "municipality")}, 1.0),
        ({}, {"eligible_organisation_kinds": ("association", "company")}, 1 / 1.1),
        ({}, {"eligible_organisation_kinds": codes.ORGANISATION_KINDS}, 1 / 1.9),
        ({"actor_kinds": ()}, {"eligible_organisation_kinds": codes.ORGANISATION_KINDS}, 0.5),
        ({}, {"eligible_organisation_kinds": ("municipality",)}, 1.0 * 0.5 / 0.5),
        ({}, {"eligible_organisation_kinds": ("municipality", "region")}, 0.5 / 0.6),
        ({}, {"eligible_organisation_kinds": ("company",)}, 0.0),
        ({"lead_kind": None}, {"eligible_organisation_kinds": ("company",)}, None),
        ({}, {"eligible_organisation_kinds": ()}, None),
        ({}, {}, None),
        ({}, {"consortium_required": True}, 1.0),
        ({"actor_kinds": ()}, {"consortium_required": True}, 0.0),
        ({"actor_kinds": None}, {"consortium_required": True}, None),
        ({}, {"consortium_required": False}, None),
        ({}, {"consortium_required": True, "must_include_kinds": ("region",)}, 0.5),
        ({}, {"must_include_kinds": ("municipality", "region")}, 1.0),
        ({"actor_kinds": (None,)}, {"must_include_kinds": ("region",)}, None),
        (
            {},
            {"eligible_organisation_kinds": ("association", "company"), "must_include_kinds": ("region",)},
            0.5 / 1.1,
        ),
    ],
)
def test_organisation_value(initiative, offer, expected):
    assert value_of(wishes.organisation, initiative, offer) == expected


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        ({"eligible_organisation_kinds": ()}, True),
        ({}, False),
        ({"eligible_organisation_kinds": (), "consortium_required": True}, False),
        ({"eligible_organisation_kinds": (), "must_include_kinds": ("region",)}, False),
    ],
)
def test_open_to_all_makes_no_difference(offer, expected):
    assert found(wishes.organisation, {}, offer).indifferent[0, 0] == expected


@pytest.mark.parametrize(
    ("mine", "support", "theirs", "expected"),
    [
        (("lasting_enterprise",), ("loan",), None, 1.0),
        (("belonging",), ("loan",), None, 0.0),
        (("belonging", "lasting_enterprise"), ("loan",), None, 0.5),
        (("belonging", "lasting_enterprise"), ("loan", "premises"), None, 1.0),
        (("belonging",), ("loan",), ("belonging",), 0.5),
        (("belonging",), (), ("belonging", "own_voice"), 1.0),
        (("belonging",), ("premises",), ("own_voice",), 0.5),
        (("belonging",), ("premises",), (), 1.0),
        (("belonging",), (), None, None),
        ((), ("loan",), None, None),
        (None, ("loan",), ("belonging",), None),
    ],
)
def test_drivers_value(mine, support, theirs, expected):
    offer = {"support": tuple(SupportFacts(kind) for kind in support) or None, "drivers": theirs}
    assert value_of(wishes.drivers, {"drivers": mine}, offer) == expected


def test_every_driver_has_forms_and_every_form_a_driver():
    assert set(wishes.SUITABLE_FORMS) == set(codes.DRIVERS)
    assert wishes.SUITS.any(axis=1).all() and wishes.SUITS.any(axis=0).all()


@laws
@given(INITIATIVES, OFFERS, st.sampled_from(codes.ORGANISATION_KINDS[:5]))
def test_another_partner_or_a_kind_that_is_shared_never_lowers(initiative, offer, kind):
    before = wishes.organisation(initiatives_of(initiative), offers_of(offer))
    if initiative.actor_kinds is not None:
        more = replace(initiative, actor_kinds=(*initiative.actor_kinds, kind))
        after = wishes.organisation(initiatives_of(more), offers_of(offer))
        assert after.value[0, 0] >= before.value[0, 0] - 1e-6
    mine = [one for one in (initiative.lead_kind, *(initiative.actor_kinds or ())) if one]
    if mine and offer.eligible_organisation_kinds:
        wider = replace(offer, eligible_organisation_kinds=(*offer.eligible_organisation_kinds, mine[0]))
        after = wishes.organisation(initiatives_of(initiative), offers_of(wider))
        assert after.value[0, 0] >= before.value[0, 0] - 1e-6


@laws
@given(INITIATIVES, OFFERS, st.sampled_from(codes.SUPPORT_KINDS))
def test_giving_more_or_sharing_a_driver_never_lowers(initiative, offer, kind):
    if not offer.support or not initiative.drivers:
        return
    before = wishes.drivers(initiatives_of(initiative), offers_of(offer)).value[0, 0]
    more = replace(offer, support=(*offer.support, SupportFacts(kind)))
    assert wishes.drivers(initiatives_of(initiative), offers_of(more)).value[0, 0] >= before - 1e-6
    if offer.drivers:
        shared = replace(offer, drivers=(*offer.drivers, initiative.drivers[0]))
        assert wishes.drivers(initiatives_of(initiative), offers_of(shared)).value[0, 0] >= before - 1e-6
