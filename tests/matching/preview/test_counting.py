"""Counting by group, against counting one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.kernel import codes
from matching.kernel.eligibility import requirement_verdicts
from matching.preview.counting import GroupCount, Grouping, by_area, by_kind, count
from tests.matching.kernel.cast import AREAS, INITIATIVES, OFFERS, TODAY, initiatives_of, numbered, offers_of

COUNTY = {code: code[:5] if code.startswith("SE-") else "wide" for code in AREAS}


@settings(max_examples=60, deadline=None)
@given(st.lists(INITIATIVES, min_size=1, max_size=6), OFFERS)
def test_every_number_is_what_counting_one_by_one_gives(facts, offer):
    facts = numbered("i", facts)
    offer_rows = offers_of(offer)
    together = initiatives_of(*facts)
    found = count(
        requirement_verdicts(together, offer_rows, TODAY)[:, 0],
        {"county": by_area(together, COUNTY, "unsaid"), "kind": by_kind(together, "unsaid")},
    )
    groups: dict[str, dict[str, dict[str, int]]] = {"county": {}, "kind": {}}
    last: dict[tuple[str, str, str], int] = {}
    numbers = {"fits": 0, "unclear": 0, "stopped": 0}
    stops = dict.fromkeys(codes.REQUIREMENTS, 0)
    for one in facts:
        said = requirement_verdicts(initiatives_of(one), offer_rows, TODAY)[0, 0].tolist()
        broken = [
            rule
            for rule, verdict in zip(codes.REQUIREMENTS, said, strict=True)
            if verdict == codes.DOES_NOT_FIT
        ]
        state = "stopped" if broken else ("unclear" if codes.UNCLEAR in said else "fits")
        numbers[state] += 1
        for rule in broken:
            stops[rule] += 1
        counties = {COUNTY[code] for code in one.works_in or () if code in COUNTY} or {"unsaid"}
        for way, names in (("county", counties), ("kind", {one.lead_kind or "unsaid"})):
            for name in names:
                row = groups[way].setdefault(name, {"fits": 0, "unclear": 0, "stopped": 0})
                row[state] += 1
                if len(broken) == 1:
                    last[broken[0], way, name] = last.get((broken[0], way, name), 0) + 1
    whole = found.whole
    assert {"fits": whole.fits, "unclear": whole.unclear, "stopped": whole.stopped} == numbers
    assert dict(zip(codes.REQUIREMENTS, whole.stops.tolist(), strict=True)) == stops
    assert {way: dict(rows) for way, rows in found.groups.items()} == {
        way: {name: GroupCount(**row) for name, row in rows.items()} for way, rows in groups.items()
    }
    assert {
        (rule, way, name): number
        for rule, ways in found.last.items()
        for way, rows in ways.items()
        for name, number in rows.items()
    } == last


def test_nobody_is_nothing():
    nobody = np.zeros((0, len(codes.REQUIREMENTS)), dtype=np.int8)
    found = count(nobody, {"kind": Grouping(("a",), np.zeros((0, 1), dtype=bool))})
    assert (found.whole.pairs, found.groups) == (0, {"kind": {}})
