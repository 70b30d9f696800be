"""What stands beside a small collection, and that a full run learns from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.background import MEANS, background_beside
from matching.engine.models import MatchAnalysis
from matching.kernel import codes
from matching.kernel.analysis import Analysis
from matching.kernel.terms import TextDocument

pytestmark = pytest.mark.django_db


def test_each_profile_has_text_and_codes_that_the_trees_know() -> None:
    found = background_beside([])
    assert len(found.documents) > 150
    assert {document.language for document in found.documents} == {"sv", "en"}
    assert all(len(document.body.split()) > 20 for document in found.documents)
    assert found.themes.shape[0] == found.target_groups.shape[0] == len(found.documents)
    assert found.themes.any(axis=1).mean() > 0.9
    assert dict(zip(codes.CRITERIA, found.means.tolist(), strict=True)) == MEANS
    assert all(0 < mean < 1 for mean in MEANS.values())


def test_what_is_there_already_is_not_counted_twice() -> None:
    every = background_beside([])
    present = [TextDocument(one.title, "som det lyder i dag", one.language) for one in every.documents[:3]]
    rest = background_beside(present)
    assert rest.documents == every.documents[3:]
    assert len(rest.themes) == len(rest.target_groups) == len(every.documents) - 3


def test_a_full_run_learns_from_it(
    initiative: Initiative, offer: SupportOffer, matched: Callable[[], None]
) -> None:
    matched()
    learned = Analysis.from_bytes(bytes(MatchAnalysis.objects.get().payload))
    idf = learned.text.spaces["own"].idf
    # Words that neither of the two has written, and that the background has.
    said = f"{initiative.title} {initiative.change} {initiative.description} {offer.description}".lower()
    assert "brödrost" not in said
    assert any(term.startswith("sv:brödrost") for term in idf)
    mean = dict(zip(codes.CRITERIA, learned.means, strict=True))
    assert mean["text"] == pytest.approx(MEANS["text"], abs=0.02)
