"""What a full run learns of the whole collection, frozen and numbered.

A score depends on the pair and on this, never on who else happens to be scored beside it. Only a
full run makes a new one; a single changed profile is scored with the published run's analysis.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.text import TextStatistics
from matching.kernel.trees import Tree

_FORMAT = 1
#: The mean of a criterion that no eligible pair knows.
UNSEEN_MEAN = 0.5


@dataclass(frozen=True)
class Analysis:
    """Frozen statistics.

    Parameters
    ----------
    number
        Which analysis this is; stored with every match made by it.
    text
        Of the texts of both sides.
    theme_idf, target_group_idf
        Code -> how rare, ancestors counted with their children.
    means
        Mean of each of `codes.CRITERIA` among eligible pairs that know it.
    """

    number: int
    text: TextStatistics
    theme_idf: Mapping[str, float]
    target_group_idf: Mapping[str, float]
    means: tuple[float, ...]

    def mean_array(self) -> NDArray[np.float64]:
        """Return the means, shape (C,)."""
        return np.array(self.means, dtype=np.float64)

    def to_bytes(self) -> bytes:
        """Write it; the same analysis is the same bytes."""
        content = {
            "format": _FORMAT,
            "number": self.number,
            "text": self.text.to_content(),
            "theme_idf": dict(self.theme_idf),
            "target_group_idf": dict(self.target_group_idf),
            "means": dict(zip(codes.CRITERIA, self.means, strict=True)),
        }
        return gzip.compress(json.dumps(content, ensure_ascii=False).encode(), mtime=0)

    @classmethod
    def from_bytes(cls, content: bytes) -> Analysis:
        """Read what `to_bytes` wrote; raises ValueError for another format."""
        read = json.loads(gzip.decompress(content))
        if read.get("format") != _FORMAT:
            raise ValueError("unknown format of analysis")
        return cls(
            read["number"],
            TextStatistics.from_content(read["text"]),
            read["theme_idf"],
            read["target_group_idf"],
            # A criterion that came after it was made: nothing is known of it.
            tuple(read["means"].get(name, UNSEEN_MEAN) for name in codes.CRITERIA),
        )


def idf_array(tree: Tree, idf: Mapping[str, float]) -> NDArray[np.float32]:
    """Return idf in the tree's order, shape (n_codes,); a code unknown to the analysis is the rarest."""
    rarest = max(idf.values(), default=1.0)
    return np.array([idf.get(code, rarest) for code in tree.codes], dtype=np.float32)


def tree_idf(tree: Tree, chosen: NDArray[np.bool_]) -> dict[str, float]:
    """Return code -> ln(1 + (n + 1) / (1 + rows that chose it or something below it)).

    A parent is never rarer than its child, which keeps the criterion from falling when overlap grows.

    Parameters
    ----------
    tree
        n_codes codes.
    chosen : ndarray of shape (n, n_codes), bool
        What each row has chosen.

    Returns
    -------
    dict of str to float
        Natural logarithms, above 0. Cost O(n · n_codes²) once an analysis.
    """
    closure = (chosen.astype(np.float32) @ (tree.distances >= 0).astype(np.float32)) > 0
    frequency = closure.sum(axis=0)
    return {
        code: float(np.log1p((chosen.shape[0] + 1) / (1 + frequency[place])))
        for place, code in enumerate(tree.codes)
    }
