"""What would make it a match, against trying each change on each pair."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.kernel import codes
from matching.kernel.ablation import last_obstacle
from matching.kernel.changes import FIXED, initiative_changes, offer_changes
from matching.kernel.counterfactual import for_initiative, for_offer
from matching.kernel.eligibility import overall_verdict, requirement_verdicts
from matching.kernel.facts import NeedFacts, SupportFacts
from tests.matching.kernel.cast import (
    INITIATIVE,
    INITIATIVES,
    OFFER,
    OFFERS,
    TODAY,
    initiatives_of,
    numbered,
    offers_of,
)
from tests.matching.kernel.test_laws import laws


def steps(initiative, *offers):
    arrays = offers_of(*offers)
    verdicts = requirement_verdicts(initiatives_of(initiative), arrays, TODAY)[0]
    return for_initiative(initiative, arrays, verdicts, TODAY)


def softer(offer, *initiatives):
    arrays = initiatives_of(*initiatives)
    verdicts = requirement_verdicts(arrays, offers_of(offer), TODAY)[:, 0]
    return for_offer(offer, arrays, verdicts, TODAY)


def told(found):
    return [(one.change.kind, one.change.code or one.change.number, one.rows.tolist()) for one in found.gains]


def some(*changed, base=OFFER):
    return [replace(base, key=f"o{place}", **more) for place, more in enumerate(changed)]


def test_places_the_county_and_the_municipality_that_gives_one_more():
    found = steps(
        INITIATIVE, *some({"areas": ("SE-12",)}, {"areas": ("SE-12", "SE-13")}, {"areas": ("SE-1280",)}, {})
    )
    # Working in the county is not working in the one municipality; the other way round it is.
    assert told(found) == [
        ("work_in", "SE-1280", [0, 1, 2]),
        ("work_in", "SE-12", [0, 1]),
        # Beaten by none: the easier SE-12 reaches this one too, with more.
    ]
    assert found.unreachable == {}


@pytest.mark.parametrize(
    ("initiative", "offer", "expected"),
    [
        (
            {"lead_kind": "individual", "legal_entity": None, "actor_kinds": None},
            {"eligible_organisation_kinds": ("association", "company"), "legal_entity_required": True},
            [("form_organisation", "association", [0])],
        ),
        ({}, {"eligible_organisation_kinds": ("municipality",)}, [("be_led_by", "municipality", [0])]),
        (
            {},
            {"eligible_organisation_kinds": ("region",), "applies_to": "any"},
            [("take_in_partner", "region", [0])],
        ),
        ({}, {"must_include_kinds": ("university",)}, [("take_in_partner", "university", [0])]),
        ({"actor_kinds": ()}, {"consortium_required": True}, [("take_in_anyone", None, [0])]),
        ({"legal_entity": False}, {"legal_entity_required": True}, [("get_number", None, [0])]),
        ({}, {"min_age_months": 36}, [("grow_older", 36.0, [0])]),
        ({}, {"opens_day": TODAY + 9}, [("wait_for_opening", TODAY + 9, [0])]),
        ({}, {"support": (SupportFacts("mentoring"),)}, [("need_too", "mentoring", [0])]),
        ({"forms_not_accepted": ("grant", "loan")}, {}, [("accept_form", "grant", [0])]),
        ({}, {"strict": ("themes",), "themes": ("food",)}, [("be_about", "food", [0])]),
        ({}, {"strict": ("target_groups",), "target_groups": ("older",)}, [("be_for", "older", [0])]),
        ({}, {"strict": ("process_parts",), "process_parts": ("value",)}, [("do_now", "value", [0])]),
        ({}, {"strict": ("language",), "languages": ("en",)}, [("write_in", "en", [0])]),
        (
            {},
            {"strict": ("amount",), "support": (SupportFacts("grant", None, 100_000),)},
            [("ask_at_most", "grant", [0])],
        ),
        (
            {},
            {"strict": ("amount",), "support": (SupportFacts("grant", 400_000),)},
            [("ask_at_least", "grant", [0])],
        ),
        (
            {"co_funding_percent": 10.0},
            {"strict": ("co_funding",), "co_funding_percent": 30.0},
            [("carry_share", 30.0, [0])],
        ),
    ],
)
def test_each_rule_has_its_smallest_change(initiative, offer, expected):
    found = steps(replace(INITIATIVE, **initiative), replace(OFFER, **offer))
    assert told(found) == expected
    assert found.unreachable == {}


@pytest.mark.parametrize(
    ("initiative", "offer", "rule"),
    [
        ({"organisation_id": 2}, {}, "other_organisation"),
        ({}, {"closes_day": TODAY - 1}, "dates"),
        ({"drivers": ("belonging",)}, {"forms_not_accepted": ("belonging",)}, "forms_refused_by_offer"),
        ({"form_after": "taken_over"}, {"forms_not_accepted": ("taken_over",)}, "forms_refused_by_offer"),
        # Nobody is told to become a private person, nor to send a partner away.
        ({}, {"eligible_organisation_kinds": ("individual",)}, "organisation_kind"),
        (
            {"actor_kinds": ("company",)},
            {"eligible_organisation_kinds": ("association",), "applies_to": "all"},
            "organisation_kind",
        ),
        # Nobody is told to ask for a loan they have said no to.
        ({"forms_not_accepted": ("loan",)}, {"support": (SupportFacts("loan"),)}, None),
    ],
)
def test_what_cannot_be_changed_is_named_and_nothing_is_advised(initiative, offer, rule):
    found = steps(replace(INITIATIVE, **initiative), replace(OFFER, **offer))
    assert found.gains == ()
    assert list(found.unreachable) == ([rule] if rule else [])


def test_only_one_obstacle_counts():
    assert steps(INITIATIVE, replace(OFFER, areas=("SE-12",), min_age_months=36)).gains == ()


def test_amounts_the_smallest_step_that_does_as_much():
    offers = some(
        *(
            {"strict": ("amount",), "support": (SupportFacts("grant", None, most),)}
            for most in (150_000, 100_000, 150_000)
        )
    )
    found = steps(INITIATIVE, *offers)
    assert [(one.change.number, one.rows.tolist()) for one in found.gains] == [
        (100_000.0, [0, 1, 2]),
        (150_000.0, [0, 2]),
    ]


def test_a_change_says_what_it_would_cost():
    offers = some(
        {"eligible_organisation_kinds": ("municipality",)},
        {"eligible_organisation_kinds": ("association",)},
        {},
    )
    [gain] = steps(INITIATIVE, *offers).gains
    assert (gain.change.kind, gain.rows.tolist(), gain.loses) == ("be_led_by", [0], 1)


def test_openings_come_in_the_order_of_their_days():
    found = steps(INITIATIVE, *some({"opens_day": TODAY + 9}, {"opens_day": TODAY + 3}))
    assert told(found) == [("wait_for_opening", TODAY + 3, [1, 0])]


@pytest.mark.parametrize(
    ("offer", "initiative", "expected"),
    [
        (
            {"eligible_organisation_kinds": ("company",)},
            {"actor_kinds": None},
            [("take_kind", "association", [0])],
        ),
        ({"must_include_kinds": ("region",)}, {}, [("drop_partner", None, [0])]),
        ({"consortium_required": True}, {"actor_kinds": ()}, [("drop_consortium", None, [0])]),
        ({"legal_entity_required": True}, {"legal_entity": False}, [("drop_number", None, [0])]),
        ({"min_age_months": 48}, {}, [("take_younger", 24.0, [0])]),
        ({"areas": ("SE-12",)}, {}, [("take_area", "SE-14", [0])]),
        ({}, {"needs": (NeedFacts("mentoring"),)}, [("give_too", "mentoring", [0])]),
        ({"forms_not_accepted": ("grant", "loan")}, {}, [("drop_refusal", "grant", [0])]),
        ({"strict": ("themes",), "themes": ("food",)}, {}, [("make_wish", None, [0])]),
    ],
)
def test_each_rule_of_an_offer_can_be_softened(offer, initiative, expected):
    found = softer(replace(OFFER, **offer), replace(INITIATIVE, **initiative))
    assert told(found) == expected


def test_a_giver_is_not_told_to_open_what_is_over():
    found = softer(replace(OFFER, closes_day=TODAY - 1), INITIATIVE)
    assert found.gains == ()
    assert list(found.unreachable) == ["dates"]


MANY_OFFERS = st.lists(OFFERS, min_size=1, max_size=8).map(lambda facts: numbered("o", facts))


@laws
@given(INITIATIVES, MANY_OFFERS)
def test_every_gain_is_a_gain_and_every_single_obstacle_is_answered(initiative, facts):
    offers = offers_of(*facts)
    verdicts = requirement_verdicts(initiatives_of(initiative), offers, TODAY)[0]
    found = for_initiative(initiative, offers, verdicts, TODAY, most=100)
    broken = verdicts == codes.DOES_NOT_FIT
    entity = [codes.REQUIREMENTS.index(name) for name in ("organisation_kind", "legal_entity")]
    answered = set()
    for gain in found.gains:
        answered |= set(gain.rows.tolist())
        if gain.change.kind == "wait_for_opening":
            continue
        stopped = offers.rows(gain.rows)
        [after] = [
            changed
            for change, changed in initiative_changes(gain.change.rule, initiative, offers)
            if (change.kind, change.code, change.number)
            == (gain.change.kind, gain.change.code, gain.change.number)
        ]
        now = overall_verdict(requirement_verdicts(initiatives_of(after), stopped, TODAY)[0])
        assert (now != codes.DOES_NOT_FIT).all()
        assert gain.unclear == (now == codes.UNCLEAR).sum()
        whole = overall_verdict(requirement_verdicts(initiatives_of(after), offers, TODAY)[0])
        lost = (whole == codes.DOES_NOT_FIT) & ~broken.any(axis=1)
        assert gain.loses == lost.sum()
    answered |= {row for rows in found.unreachable.values() for row in rows.tolist()}
    both = broken[:, entity].all(axis=1) & (broken.sum(axis=1) == 2)
    assert answered == set(np.flatnonzero((broken.sum(axis=1) == 1) | both).tolist())


@laws
@given(INITIATIVES, MANY_OFFERS)
def test_nothing_is_advised_about_what_is_fixed_nor_beaten_by_an_easier_change(initiative, facts):
    offers = offers_of(*facts)
    verdicts = requirement_verdicts(initiatives_of(initiative), offers, TODAY)[0]
    gains = for_initiative(initiative, offers, verdicts, TODAY).gains
    for gain in gains:
        assert gain.change.rule not in FIXED
        assert len(gain.rows)
        for other in gains:
            if other is not gain and other.change.rule == gain.change.rule:
                easier = other.change.effort <= gain.change.effort
                assert not (easier and set(gain.rows) <= set(other.rows))


@laws
@given(OFFERS, st.lists(INITIATIVES, min_size=1, max_size=8).map(lambda facts: numbered("i", facts)))
def test_every_softer_rule_lets_in_whom_it_says(offer, facts):
    initiatives = initiatives_of(*facts)
    verdicts = requirement_verdicts(initiatives, offers_of(offer), TODAY)[:, 0]
    found = for_offer(offer, initiatives, verdicts, TODAY, most=100)
    answered = {row for rows in found.unreachable.values() for row in rows.tolist()}
    for gain in found.gains:
        answered |= set(gain.rows.tolist())
        [after] = [
            changed
            for change, changed in offer_changes(gain.change.rule, offer, initiatives)
            if (change.kind, change.code, change.number)
            == (gain.change.kind, gain.change.code, gain.change.number)
        ]
        now = overall_verdict(requirement_verdicts(initiatives, offers_of(after), TODAY)[:, 0])
        assert (now[gain.rows] != codes.DOES_NOT_FIT).all()
    assert answered == set(np.flatnonzero(last_obstacle(verdicts) >= 0).tolist())
