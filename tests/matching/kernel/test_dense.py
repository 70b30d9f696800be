"""A dense model beside the words: what its folder must hold, and what it does to the scores."""

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest

from matching.kernel import codes
from matching.kernel.analysis import Analysis
from matching.kernel.combine import Weights
from matching.kernel.dense import DenseText, load_dense_model
from matching.kernel.dense_folders import DenseModelError
from matching.kernel.facts import SupportedCase
from matching.kernel.findings import Pair, history_finding
from matching.kernel.scoring import PreparedInitiatives, PreparedOffers, score_block
from matching.kernel.term_counts import TermCounts
from matching.kernel.terms import TextDocument
from matching.kernel.text import TextIndex, TextStatistics
from tests.matching.kernel.cast import (
    INITIATIVE,
    LEXICON,
    OFFER,
    TAXONOMY,
    TODAY,
    analysis_of,
    initiatives_of,
    offers_of,
)
from tests.matching.kernel.dense_models import SUBJECTS, write_model

TULIPS = TextDocument("Tulpaner", "Rabatt.", "sv")
GROWING = TextDocument("Odling", "Trädgård.", "sv")
BICYCLES = TextDocument("Cykel", "Motor och verktyg.", "sv")
ENGLISH = TextDocument("Garden", "", "en")
UNKNOWN = TextDocument("Xylofon", "Ocarina.", "sv")
EMPTY = TextDocument()
DOCUMENTS = [TULIPS, GROWING, BICYCLES, ENGLISH, UNKNOWN, EMPTY]


@pytest.fixture
def folder(tmp_path):
    return write_model(tmp_path / "model")


@pytest.fixture
def dense(folder):
    return DenseText.load(folder, 0.3)


@pytest.fixture
def plain():
    return TextStatistics.learn(DOCUMENTS, LEXICON)


def test_a_text_is_the_mean_of_its_words_the_title_counting_twice(dense):
    vectors = dense.vectors(DOCUMENTS)
    assert vectors.dtype == np.float32 and vectors.shape == (6, 3)
    expected = 2 * np.array(SUBJECTS["tulpaner"]) + np.array(SUBJECTS["rabatt"])
    np.testing.assert_allclose(vectors[0], expected / np.linalg.norm(expected), atol=2e-6)
    # "och" is a word of the model and says nothing; of the last two nothing is known.
    expected = 2 * np.array(SUBJECTS["cykel"]) + np.array(SUBJECTS["motor"]) + np.array(SUBJECTS["verktyg"])
    np.testing.assert_allclose(vectors[2], expected / np.linalg.norm(expected), atol=2e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 1, 0, 0], atol=2e-6)


def test_a_row_depends_on_its_own_text_alone(dense):
    many = dense.vectors(DOCUMENTS * 20)
    np.testing.assert_array_equal(many[:6], dense.vectors(DOCUMENTS))
    np.testing.assert_array_equal(many[6:12], many[:6])
    assert dense.vectors([]).shape == (0, 3)


def test_the_score_is_that_of_the_words_and_of_the_cosine_by_their_shares(plain, dense):
    words = TextIndex(DOCUMENTS, plain).scores(DOCUMENTS)
    statistics = replace(plain, dense=dense)
    scores = TextIndex(DOCUMENTS, statistics).scores(DOCUMENTS)
    vectors = dense.vectors(DOCUMENTS).astype(np.float64)
    np.testing.assert_allclose(
        scores[:4, :4],
        0.7 * words[:4, :4] + 0.3 * np.maximum(vectors[:4] @ vectors[:4].T, 0),
        atol=5e-7,
    )
    # Where one has no vector the words speak alone.
    np.testing.assert_array_equal(scores[4:], words[4:])
    np.testing.assert_array_equal(scores[:, 4:], words[:, 4:])
    assert words[0, 1] == 0 and scores[0, 1] > 0.28
    assert scores[3, 1] > scores[3, 2]
    order, values = TextIndex(DOCUMENTS, statistics).top([TULIPS], 3)
    assert order.tolist() == [[0, 1, 3]]
    np.testing.assert_array_equal(values[0], scores[0, order[0]])


@dataclass
class Made:
    """A model made here: any vectors for any texts."""

    rows: dict[str, tuple[float, ...]]
    name: str = "made"
    digest: str = "0" * 64
    dimensions: int = 2

    def vectors(self, documents):
        return np.array([self.rows[document.title] for document in documents])


def test_a_cosine_below_nothing_counts_as_nothing_and_no_score_leaves_its_bounds(plain):
    rows = {"Tulpaner": (1.0, 0.0), "Odling": (-5.0, 0.0), "Cykel": (1e-3, 0.0), "": (1.0, 1.0)}
    dense = DenseText(Made(rows), 1.0)
    documents = [TULIPS, GROWING, BICYCLES, EMPTY]
    scores = TextIndex(documents, replace(plain, dense=dense)).scores(documents)
    # Of a text without words nothing is known, whatever the model says.
    assert scores.tolist() == [[1, 0, 1, 0], [0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (Made({"Tulpaner": (1.0, 0.0, 0.0)}), r"shape \(1, 3\), not \(1, 2\)"),
        (Made({"Tulpaner": (float("nan"), 0.0)}), "numbers that are none"),
    ],
)
def test_a_model_that_answers_wrongly_is_refused(plain, made, words):
    with pytest.raises(ValueError, match=words):
        replace(plain, dense=DenseText(made, 0.3)).counts([TULIPS])


@pytest.mark.parametrize("weight", [0.0, -0.1, 1.1, float("nan")])
def test_a_share_outside_its_bounds_is_refused(dense, weight):
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        replace(dense, weight=weight)


def of_words(folder, *lines):
    (folder / "words.txt").write_text("\n".join(lines), encoding="utf-8")


def of_vectors(folder, array):
    np.save(folder / "vectors.npy", array)


def described(folder, **changed):
    read = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(read | changed))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: folder.rename(folder.with_name("away")), "no such folder. Put the model there"),
        (lambda folder: (folder / "model.json").unlink(), "model.json: cannot be read. It must say format"),
        (lambda folder: (folder / "model.json").write_text("{"), "model.json: is no JSON"),
        (lambda folder: (folder / "model.json").write_text("[]"), 'Write "format": 1'),
        (lambda folder: described(folder, format=2), 'Write "format": 1'),
        (lambda folder: described(folder, name=""), '"name" must be a name'),
        (lambda folder: described(folder, dimensions=True), '"dimensions" must be a whole number'),
        (lambda folder: described(folder, dimensions=0), '"dimensions" must be a whole number'),
        (lambda folder: described(folder, kind="magic"), '"kind" must be "words" or "loader"'),
        (lambda folder: (folder / "words.txt").unlink(), "words.txt: cannot be read"),
        (lambda folder: (folder / "words.txt").write_bytes(b"\xe5\n"), "not UTF-8. Save it as UTF-8"),
        (of_words, "words.txt: is empty"),
        (lambda folder: of_words(folder, "odling", "Bil"), r"line 2, 'Bil', is not one word .* as \['bil'\]"),
        (lambda folder: of_words(folder, "en bil"), "is not one word"),
        (lambda folder: of_words(folder, "bil", "bil"), "'bil' stands there twice"),
        (lambda folder: of_words(folder, "bil"), r"float32 of shape \(13, 3\). It must be .* \(1, 3\)"),
        (lambda folder: described(folder, dimensions=4), r"It must be float32 of shape \(13, 4\)"),
        (lambda folder: (folder / "vectors.npy").unlink(), "vectors.npy: cannot be read as an array"),
        (lambda folder: (folder / "vectors.npy").write_bytes(b""), "vectors.npy: cannot be read as an array"),
        (lambda folder: of_vectors(folder, np.zeros((13, 3))), "float64 of shape"),
        (lambda folder: of_vectors(folder, np.full((13, 3), np.inf, np.float32)), "numbers in it are none"),
        (lambda folder: described(folder, kind="loader"), "must be written as package.module:function"),
        (lambda folder: described(folder, kind="loader", loader="not_there:load"), "is not there .* Install"),
        (lambda folder: described(folder, kind="loader", loader="json:not_there"), "is not there .* Install"),
        (lambda folder: described(folder, kind="loader", loader="json:loads"), "could not load the model"),
        (lambda folder: described(folder, kind="loader", loader="pathlib:Path"), "must return a function"),
    ],
)
def test_a_wrong_folder_says_which_file_and_what_to_do(tmp_path, spoil, words):
    folder = write_model(tmp_path / "model")
    spoil(tmp_path / "model")
    with pytest.raises(DenseModelError, match=words) as raised:
        load_dense_model(folder)
    assert folder in str(raised.value)


def loaded_from(folder):
    """Stand for an installed package: one dimension, how many letters."""
    factor = float((folder / "factor.txt").read_text())
    return lambda documents: [[factor * len(document.title)] for document in documents]


def test_an_installed_package_reads_texts_its_own_way(tmp_path):
    folder = write_model(
        tmp_path / "model", kind="loader", loader=f"{__name__}:loaded_from", dimensions=1, name="letters"
    )
    (tmp_path / "model" / "factor.txt").write_text("2")
    model = load_dense_model(folder)
    assert (model.name, model.dimensions, len(model.digest)) == ("letters", 1, 64)
    assert model.vectors([TULIPS]) == [[16.0]]
    assert DenseText(model, 0.3).vectors([TULIPS, EMPTY]).tolist() == [[1.0], [0.0]]


def test_the_digest_is_of_every_file(tmp_path, folder):
    digest = load_dense_model(folder).digest
    assert load_dense_model(write_model(tmp_path / "copy")).digest == digest
    (tmp_path / "copy" / "below").mkdir()
    (tmp_path / "copy" / "below" / "more").write_text("")
    assert load_dense_model(str(tmp_path / "copy")).digest != digest


# -- frozen ----------------------------------------------------------------------------------------


def test_an_analysis_knows_its_model_and_reads_back_to_the_same_numbers(folder, dense):
    initiatives, offers = initiatives_of(INITIATIVE), offers_of(OFFER)
    analysis = analysis_of(initiatives, offers, dense)
    again = Analysis.from_bytes(analysis.to_bytes())
    assert again.text.dense.to_content() == dense.to_content()
    assert (again.text.dense.folder, again.text.dense.weight) == (folder, 0.3)
    np.testing.assert_array_equal(
        TextIndex(DOCUMENTS, again.text).scores(DOCUMENTS),
        TextIndex(DOCUMENTS, analysis.text).scores(DOCUMENTS),
    )
    assert again.to_bytes() == analysis.to_bytes()


@pytest.mark.parametrize("is_gone", [True, False])
def test_an_analysis_whose_model_is_gone_or_another_is_refused(tmp_path, plain, dense, is_gone):
    content = replace(plain, dense=dense).to_bytes()
    if is_gone:
        (tmp_path / "model").rename(tmp_path / "away")
    else:
        described(tmp_path / "model", name="tiny, but another")
    with pytest.raises(
        DenseModelError, match=r"made with the model tiny in .*put it back there, or ask for a full run"
    ):
        TextStatistics.from_bytes(content).counts(DOCUMENTS)


def test_past_support_is_told_without_names_while_the_model_is_gone(tmp_path, plain, dense):
    content = replace(plain, dense=dense).to_bytes()
    past = SupportedCase("a", BICYCLES, name="Cykelköket")
    mine = replace(INITIATIVE, document=TextDocument("Verkstad", "Motor och verktyg.", "sv"))
    pair = Pair(mine, replace(OFFER, history=(past,)), TAXONOMY, TODAY)
    (tmp_path / "model").rename(tmp_path / "away")
    assert history_finding(pair, TextStatistics.from_bytes(content), 0.1) == ("history_alike", {})
    (tmp_path / "away").rename(tmp_path / "model")
    assert history_finding(pair, TextStatistics.from_bytes(content), 0.1)[0] == "history_named"


def test_without_a_model_nothing_is_written_of_one(tmp_path, plain):
    content = plain.to_content()
    assert (content["format"], set(content)) == (1, {"format", "lexicon", "compounds", "spaces"})
    counts = plain.counts(DOCUMENTS)
    assert counts.vectors is None
    counts.save(tmp_path)
    assert not (tmp_path / "vectors.npy").exists()
    assert TermCounts.load(tmp_path).vectors is None


def test_vectors_are_kept_beside_the_counted_terms_and_patched_alike(tmp_path, plain, dense):
    statistics = replace(plain, dense=dense)
    counts = statistics.counts(DOCUMENTS)
    counts.save(tmp_path)
    np.testing.assert_array_equal(TermCounts.load(tmp_path).vectors, counts.vectors)
    patched = counts.with_row(1, statistics.counts([BICYCLES]))
    expected = statistics.counts([TULIPS, BICYCLES, *DOCUMENTS[2:]])
    np.testing.assert_array_equal(patched.vectors, expected.vectors)
    np.testing.assert_array_equal(patched.rows(np.array([2, 0])).vectors, counts.vectors[[2, 0]])
    with pytest.raises(ValueError, match="some with vectors"):
        TermCounts.joined([counts, plain.counts(DOCUMENTS)])
    # A folder that held vectors holds none when what has none takes its place.
    plain.counts(DOCUMENTS).save(tmp_path)
    assert TermCounts.load(tmp_path).vectors is None
    with pytest.raises(ValueError, match="texts without vectors"):
        TextIndex(DOCUMENTS, statistics, plain.counts(DOCUMENTS)).scores([TULIPS])


# -- in the whole ----------------------------------------------------------------------------------


def test_supported_cases_are_compared_by_the_model_too(dense):
    initiatives = initiatives_of(replace(INITIATIVE, document=TULIPS))
    case = SupportedCase("a", GROWING, decided_day=TODAY)
    offers = offers_of(replace(OFFER, document=UNKNOWN, history=(case,)))
    for model, is_near in ((None, False), (dense, True)):
        analysis = analysis_of(initiatives, offers, model)
        prepared = PreparedOffers(offers, analysis)
        values = score_block(initiatives, prepared, analysis, Weights(), TODAY).values[0, 0]
        text, history = (values[codes.CRITERIA.index(name)] for name in ("text", "history"))
        assert text == 0
        assert (history > 0.05) == is_near
    assert PreparedInitiatives.of(initiatives, analysis).counts.vectors.shape == (1, 3)


def test_a_background_means_more_with_a_model_that_finds_likeness_everywhere(dense):
    assert dense.mean_beside(0.1, [TULIPS, UNKNOWN]) == 0.1
    vectors = dense.vectors([TULIPS, GROWING, BICYCLES]).astype(np.float64)
    cosines = [float(vectors[one] @ vectors[other]) for one, other in ((0, 1), (0, 2), (1, 2))]
    found = dense.mean_beside(0.1, [TULIPS, GROWING, BICYCLES, EMPTY])
    assert found == pytest.approx(0.07 + 0.3 * sum(cosines) / 3)
