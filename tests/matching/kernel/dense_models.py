"""Tiny made models of word vectors."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from matching.kernel.dense import LoadedModel, load_dense_model

#: Words of one subject lie near each other, in both languages.
SUBJECTS = {
    "odling": (1.0, 0.0, 0.0),
    "trädgård": (0.9, 0.1, 0.0),
    "garden": (0.9, 0.1, 0.1),
    "rabatt": (0.9, 0.0, 0.1),
    "tulpaner": (1.0, 0.1, 0.0),
    "motor": (0.0, 1.0, 0.0),
    "cykel": (0.0, 0.9, 0.2),
    "bicycle": (0.0, 0.9, 0.1),
    "verktyg": (0.1, 0.9, 0.0),
    "tröst": (0.0, 0.0, 1.0),
    "ensamhet": (0.1, 0.0, 0.9),
    "loneliness": (0.0, 0.1, 0.9),
    "och": (0.0, 5.0, 0.0),
}


def write_model(folder: Path, words: Mapping[str, Sequence[float]] = SUBJECTS, **described: object) -> str:
    """Write a model of word vectors and return its folder."""
    folder.mkdir(exist_ok=True)
    vectors = np.array(list(words.values()), dtype=np.float32)
    description = {"format": 1, "name": "tiny", "dimensions": vectors.shape[1], "kind": "words"}
    (folder / "model.json").write_text(json.dumps(description | described))
    (folder / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    np.save(folder / "vectors.npy", vectors)
    return str(folder)


def words_model(words: Sequence[str]) -> LoadedModel:
    """Return a model of words in no order at all; its folder is gone."""
    rows = np.random.default_rng(1).normal(size=(len(words), 5))
    with TemporaryDirectory() as folder:
        return load_dense_model(write_model(Path(folder), dict(zip(words, rows.tolist(), strict=True))))
