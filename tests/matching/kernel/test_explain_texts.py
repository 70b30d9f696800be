"""What is said of two texts that share few words to name, or none."""

from dataclasses import replace

import numpy as np
import pytest

from matching.kernel.combine import Weights
from matching.kernel.dense import DenseText
from matching.kernel.explain import Reason, card_reasons, explain_pair
from matching.kernel.reasons import reason_en, reason_sv
from matching.kernel.terms import TextDocument
from tests.matching.kernel.cast import (
    INITIATIVE,
    OFFER,
    TAXONOMY,
    TODAY,
    analysis_of,
    initiatives_of,
    offers_of,
    scores_of,
)
from tests.matching.kernel.dense_models import write_model
from tests.matching.kernel.test_explain import names, reasons_of, text_reason


@pytest.mark.parametrize(
    ("kind", "on_card"),
    [
        ("text_shared", True),
        ("text_whole", False),
        ("text_partly", False),
        # The model's judgement is all that there is to say of the texts; a weak one is no reason.
        ("text_meaning", True),
        ("text_meaning_little", False),
    ],
)
def test_texts_without_words_to_name_are_no_reason_on_a_card(kind, on_card):
    others = [
        Reason(name, "fits", f"{name}_shared", {name: []}, 1.0, 0.1, 0.02)
        for name in ("themes", "target_groups")
    ]
    chosen = card_reasons([text_reason(kind, 0.2), *others]).reasons
    assert [reason.criterion for reason in chosen] == (["text"] * on_card) + ["themes", "target_groups"]


def test_texts_alike_without_words_to_name_are_told_as_a_whole():
    initiative = {"document": TextDocument("En plats", "Vi börjar. Hälften hör.", "sv")}
    offer = {"document": TextDocument("Platsen", "De som hörde har börjat.", "sv")}
    text = reasons_of(initiative, offer)[0]
    assert (text.verdict, text.parameters) == ("fits", {"words": [], "their_words": []})
    assert reason_sv(text, names) == "Texterna har en del gemensamt"
    whole = Reason("text", "fits", "text_whole", text.parameters, 0.4, 0.32, 0.1)
    assert reason_sv(whole, names) == "Texterna liknar varandra i helhet"
    assert reason_en(whole, names) == "The texts are alike as a whole"


def test_texts_that_only_a_dense_model_finds_alike_are_said_to_be_judged_by_it(tmp_path):
    initiatives = initiatives_of(replace(INITIATIVE, document=TextDocument("Tulpaner", "Rabatt.", "sv")))
    growing = replace(OFFER, document=TextDocument("Odling", "Trädgård.", "sv"))
    # Other offers, of something else, so that what is alike stands out.
    others = [replace(OFFER, key=f"other{n}", document=TextDocument("Motor", "", "sv")) for n in range(2)]
    dense = DenseText.load(write_model(tmp_path / "model"), 0.3)
    analysis = analysis_of(initiatives, offers_of(growing, *others), dense)
    facts = replace(INITIATIVE, document=TextDocument("Tulpaner", "Rabatt.", "sv"))
    found = []
    for offer in (growing, others[0], replace(OFFER, document=TextDocument("Tulpaner", "Motor.", "sv"))):
        scores = scores_of(initiatives, offers_of(offer), analysis)
        reasons = explain_pair(
            facts,
            offer,
            taxonomy=TAXONOMY,
            text=analysis.text,
            values=scores.values[0, 0],
            known=scores.known[0, 0],
            contributions=scores.contributions[0, 0],
            requirement_verdicts=scores.requirement_verdicts[0, 0],
            weights=Weights().as_array().tolist(),
            now_day=TODAY,
        )
        found.append(reasons[0])
    assert [reason.kind for reason in found] == ["text_meaning", "text_meaning_little", "text_whole"]
    assert [reason.parameters for reason in found[:2]] == [{}, {}]
    assert (
        reason_sv(found[0], names) == "Texterna handlar om liknande saker med olika ord, enligt en ordmodell"
    )
    assert (
        reason_en(found[0], names)
        == "The texts are about similar things in different words, according to a word model"
    )
    assert (
        reason_sv(found[1], names)
        == "Texterna använder olika ord, men en ordmodell ser en viss likhet mellan dem"
    )


def test_words_of_a_masked_or_empty_text_are_never_shown():
    reasons = reasons_of({"document": TextDocument("", "", "sv")})
    text = next(reason for reason in reasons if reason.criterion == "text")
    assert (text.kind, text.parameters["side"]) == ("fact_missing", "initiative")
    assert np.isfinite([reason.contribution for reason in reasons if reason.contribution is not None]).all()
