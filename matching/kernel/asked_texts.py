"""The initiatives' texts as a shard's tiles ask them: weighed and laid out once for tiles that stand together."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.kernel.pairs import Places, Shard
from matching.kernel.text import TextRows
from matching.kernel.text_tiles import TextTiles, TileQueries

#: Initiatives whose texts are laid out at a time.
ASKED_ROWS = 2_560
#: So few of them ask the texts' own postings: laying out a tile would cost more than it saves.
FEW_ROWS = 4


class AskedTexts:
    """The texts of initiatives of one language, which are some `rows` of a shard."""

    def __init__(self, shard: Shard, rows: Places) -> None:
        self._shard = shard
        self._rows = rows
        self._laid_out: dict[TextTiles, TileQueries] = {}

    @cached_property
    def _weighed(self) -> TextRows:
        few = self._shard.few_queries
        return self._shard.weighed(self._rows) if few is None else few.rows(self._rows)

    def scores(self, texts: TextTiles, part: slice, columns: Places) -> NDArray[np.float32]:
        """Return how well some documents of `texts` answer a part of them, shape (rows, columns)."""
        places = np.arange(len(self._rows))[part]
        if len(places) <= FEW_ROWS or self._shard.few_queries is not None:
            # So few initiatives, or offers, that laying them out would cost more than it saves.
            return texts.index.scores_of_rows(self._weighed.rows(part))[:, columns]
        if texts not in self._laid_out:
            self._laid_out[texts] = texts.queries(self._weighed)
        return texts.scores(self._laid_out[texts].rows(places), columns)
