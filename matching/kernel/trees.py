"""Trees of codes as small matrices, so that "contains", "beside" and "related" are products."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

#: What an ancestor of a chosen theme counts, per level upwards.
ANCESTOR_DECAY = 0.5


@dataclass(frozen=True)
class Tree:
    """One tree: its codes in order, and each one's parent.

    Examples
    --------
    >>> tree = Tree.of({"SE": None, "SE-14": "SE", "SE-1480": "SE-14"})
    >>> tree.distances.tolist()
    [[0, -1, -1], [1, 0, -1], [2, 1, 0]]
    """

    codes: tuple[str, ...]
    parents: tuple[int, ...]

    @classmethod
    def of(cls, parents: Mapping[str, str | None]) -> "Tree":
        """Make a tree of code -> parent code; the order of the codes is alphabetic."""
        codes = tuple(sorted(parents))
        place = {code: index for index, code in enumerate(codes)}
        above = (parents[code] for code in codes)
        return cls(codes, tuple(-1 if parent is None else place[parent] for parent in above))

    @cached_property
    def index(self) -> dict[str, int]:
        """Code -> place."""
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def distances(self) -> NDArray[np.int16]:
        """Levels from a code up to an ancestor, shape (n_codes, n_codes): 0 to itself, -1 when it is none."""
        result = np.full((len(self.codes), len(self.codes)), -1, dtype=np.int16)
        for place in range(len(self.codes)):
            step, levels = place, 0
            while step >= 0:
                result[place, step] = levels
                step, levels = self.parents[step], levels + 1
        return result

    @cached_property
    def related(self) -> NDArray[np.float32]:
        """1 where one code is the other or its ancestor, either way round, shape (n_codes, n_codes)."""
        above = self.distances >= 0
        return (above | above.T).astype(np.float32)

    @cached_property
    def decay(self) -> NDArray[np.float32]:
        """`ANCESTOR_DECAY` to the power of the distance upwards, 0 elsewhere, shape (n_codes, n_codes)."""
        distances = self.distances
        return np.where(distances >= 0, np.power(ANCESTOR_DECAY, distances), 0.0).astype(np.float32)

    def soft_vectors(self, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return each row's choices with their ancestors: 1 for a choice, half per level upwards.

        Parameters
        ----------
        chosen : ndarray of shape (n_rows, n_codes)

        Returns
        -------
        ndarray of shape (n_rows, n_codes), in [0, 1]; several ways to one ancestor give the nearest.
        """
        result = np.zeros(chosen.shape, dtype=np.float32)
        for code in range(len(self.codes)):
            rows = chosen[:, code]
            if rows.any():
                result[rows] = np.maximum(result[rows], self.decay[code])
        return result


#: What a shared place is worth by the wider one of two places that contain each other, by its depth
#: in the tree (world, Europe, Nordic, country, county, municipality).
CONTAINED_BY_DEPTH = (0.4, 0.45, 0.5, 0.6, 0.8, 1.0)
#: Places apart: in the same county, or in neighbouring counties.
BESIDE = 0.5
_COUNTY_DEPTH = 4


def area_nearness(tree: Tree, neighbours: Mapping[str, tuple[str, ...]]) -> NDArray[np.float32]:
    """Return how near each pair of areas is, shape (n_areas, n_areas), symmetric, in [0, 1].

    Areas that contain each other count by the wider one: sharing a municipality says more than
    both being in Sweden. Apart, only the same county and neighbouring counties count.

    The depth is counted from the country level of a Swedish code, so that a tree without Europe
    and the Nordic countries above gives the same.
    """
    depth = (tree.distances >= 0).sum(axis=1) - 1
    country = [place for place, code in enumerate(tree.codes) if code == "SE"]
    offset = 3 - int(depth[country[0]]) if country else 0
    depth = np.clip(depth + offset, 0, len(CONTAINED_BY_DEPTH) - 1)
    wider = np.minimum(depth[:, None], depth[None, :])
    result = np.where(tree.related > 0, np.take(np.array(CONTAINED_BY_DEPTH), wider), 0.0)
    county = np.full(len(tree.codes), -1)
    for place in range(len(tree.codes)):
        step = place
        while step >= 0 and depth[step] > _COUNTY_DEPTH:
            step = tree.parents[step]
        if step >= 0 and depth[step] == _COUNTY_DEPTH:
            county[place] = step
    beside = np.zeros((len(tree.codes), len(tree.codes)), dtype=bool)
    for code, others in neighbours.items():
        for other in others:
            if code in tree.index and other in tree.index:
                beside[tree.index[code], tree.index[other]] = beside[tree.index[other], tree.index[code]] = (
                    True
                )
    inside = county >= 0
    same_county = inside[:, None] & inside[None, :] & (county[:, None] == county[None, :])
    next_county = inside[:, None] & inside[None, :] & beside[np.ix_(county, county)]
    return np.maximum(result, np.where(same_county | next_county, BESIDE, 0.0)).astype(np.float32)
