"""What stands beside a small collection: which words are common, and what a criterion mostly comes to.

They are the demo's, which are written as people write of such things; as texts alone, never as somebody to meet.
Beside thousands of profiles they hardly count.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from importlib import resources
from typing import Any

import numpy as np

from matching.engine.trees import current_trees
from matching.kernel import codes
from matching.kernel.arrays import tree_choices
from matching.kernel.fitting import Background
from matching.kernel.terms import TextDocument

_FILES = ("initiatives_a.jsonl", "initiatives_b.jsonl", "offers.jsonl")
#: What the criteria came to on the average of the pairs of the demo that may meet (129 initiatives, 52 offers; the
#: means of the analysis that its run learnt). Of past support the demo knows nothing: its mean is that of the real
#: sample of `benchmarks/quality` with its known awards. Of challenges: of all 40 pairs that answer any.
MEANS = {
    "text": 0.037,
    "themes": 0.075,
    "target_groups": 0.065,
    "area": 0.590,
    "process_parts": 0.818,
    "support_kind": 0.365,
    "amount": 0.609,
    "organisation": 0.807,
    "drivers": 0.698,
    "history": 0.031,
    "challenge": 0.25,
}
_TEXTS = ("change", "description", "who_affected")


def background_beside(present: Collection[TextDocument]) -> Background:
    """Return the profiles whose texts are not among those present. Cost: reading some 400 kB."""
    known = {(document.title, document.language) for document in present}
    records = [record for record in _records() if (record["title"], record["language"]) not in known]
    trees = current_trees()
    return Background(
        tuple(
            TextDocument(
                record["title"],
                "\n".join(record[name] for name in _TEXTS if record.get(name)),
                record["language"],
            )
            for record in records
        ),
        tree_choices(trees.themes, [record.get("themes") for record in records])[0],
        tree_choices(trees.target_groups, [record.get("target_groups") for record in records])[0],
        np.array([MEANS[name] for name in codes.CRITERIA]),
    )


def _records() -> Iterator[dict[str, Any]]:
    folder = resources.files("matching.exchange") / "demo"
    for name in _FILES:
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            if line:
                yield json.loads(line)
