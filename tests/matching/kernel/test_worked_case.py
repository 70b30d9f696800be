"""The case solved by hand in docs/algorithms/matching.md: its tables are the expected values."""

from dataclasses import replace
from pathlib import Path

import pytest

from brygga.language.lexicon import parse_lexicon
from matching.kernel import codes
from matching.kernel.arrays import Trees, encode_initiatives, encode_offers
from matching.kernel.combine import Weights, base
from matching.kernel.facts import (
    AnsweredChallenge,
    InitiativeFacts,
    NeedFacts,
    OfferFacts,
    SupportedCase,
    SupportFacts,
    Taxonomy,
)
from matching.kernel.fitting import fit_analysis
from matching.kernel.scoring import score_block
from matching.kernel.terms import TextDocument

PAGE = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "matching.md"
TREES = Trees(
    Taxonomy({"SE": None, "SE-14": "SE", "SE-1480": "SE-14"}, {"work": None, "jobs": "work"}, {"youth": None})
)
INITIATIVE = InitiativeFacts(
    key="initiative",
    lead_kind="association",
    works_in=("SE-1480",),
    themes=("jobs",),
    target_groups=("youth",),
    process_parts=("develop",),
    needs=(NeedFacts("grant", 200_000),),
    drivers=("jobs_for_more", "lasting_enterprise"),
    challenges=(AnsweredChallenge(1),),
    document=TextDocument("", "mat jobb", "sv"),
)
OFFER_A = OfferFacts(
    key="a",
    eligible_organisation_kinds=("association", "foundation"),
    legal_entity_required=True,
    areas=("SE-14",),
    themes=("jobs",),
    process_parts=("develop",),
    support=(SupportFacts("grant", 50_000, 100_000),),
    drivers=("jobs_for_more", "lasting_enterprise"),
    history=(SupportedCase("case", TextDocument("", "mat jobb", "sv"), decided_day=0),),
    challenges=(AnsweredChallenge(1), AnsweredChallenge(2)),
    document=TextDocument("", "mat", "sv"),
)
OFFER_B = OfferFacts(
    key="b",
    areas=("SE",),
    themes=("work",),
    target_groups=("youth",),
    support=(SupportFacts("grant", 100_000, 400_000),),
    challenges=(AnsweredChallenge(2),),
    document=TextDocument("", "jobb", "sv"),
)


def _tables():
    """Return every table row of the page's last part as first cell -> the other cells."""
    text = PAGE.read_text(encoding="utf-8").split("## A small case by hand")[1]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}


@pytest.fixture(scope="module")
def solved():
    initiatives, offers = encode_initiatives([INITIATIVE], TREES), encode_offers([OFFER_A, OFFER_B], TREES)
    analysis = fit_analysis(initiatives, offers, now_day=0, lexicon=parse_lexicon("concept,field,sv,en\n"))
    return analysis, score_block(initiatives, offers, analysis, Weights(), 0)


@pytest.mark.parametrize("place", range(len(codes.CRITERIA)), ids=codes.CRITERIA)
def test_criterion_is_as_solved_by_hand(solved, place):
    analysis, scores = solved
    weight, mean, *pairs = _tables()[codes.CRITERIA[place]]
    assert Weights().as_array()[place] == pytest.approx(float(weight))
    assert analysis.means[place] == pytest.approx(float(mean), abs=6e-5)
    for offer, (value, contribution) in enumerate([pairs[:2], pairs[2:]]):
        assert scores.known[0, offer, place] == (value != "unknown")
        if value != "unknown":
            assert scores.values[0, offer, place] == pytest.approx(float(value), abs=6e-5)
        assert scores.contributions[0, offer, place] == pytest.approx(float(contribution), abs=6e-5)


def test_fit_confidence_and_verdict_are_as_solved_by_hand(solved):
    analysis, scores = solved
    tables = _tables()
    assert base(analysis.mean_array(), Weights()) == pytest.approx(0.7400, abs=6e-5)
    assert scores.fit[0].tolist() == pytest.approx([float(cell) for cell in tables["fit"]], abs=1e-4)
    assert scores.confidence[0].tolist() == pytest.approx(
        [float(cell) for cell in tables["confidence"]], abs=6e-5
    )
    assert [codes.VERDICTS[verdict] for verdict in scores.verdict[0]] == tables["verdict"]


def test_the_table_would_notice_another_weight(solved):
    analysis, _ = solved
    initiatives, offers = encode_initiatives([INITIATIVE], TREES), encode_offers([OFFER_A, OFFER_B], TREES)
    other = replace(Weights(), text=0.25, themes=0.15)
    fit = score_block(initiatives, offers, analysis, other, 0).fit[0].tolist()
    assert fit != pytest.approx([float(cell) for cell in _tables()["fit"]], abs=1e-4)
