"""What a part of a run has found, as bytes for whoever puts the parts together, on any machine."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.storing import Rows
from matching.kernel.topk import PairTable


@dataclass(frozen=True)
class Part:
    """Pairs that are among the best of their initiative, of their offer within the part, or both."""

    rows: Rows
    of_initiative: NDArray[np.bool_]
    of_offer: NDArray[np.bool_]

    @classmethod
    def of_tables(
        cls,
        of_initiatives: PairTable,
        of_offers: PairTable,
        initiative_keys: NDArray[np.int64],
        offer_keys: NDArray[np.int64],
    ) -> Part:
        """Join the kernel's two tables; a pair that is in both comes once."""
        # In stored form first, which takes a third of the room.
        rows = Rows.joined(
            [Rows.of_table(table, initiative_keys, offer_keys) for table in (of_initiatives, of_offers)]
        )
        is_first = np.arange(len(rows)) < len(of_initiatives)
        order = np.lexsort((~is_first, rows.offer, rows.initiative))
        initiative, offer, is_first = rows.initiative[order], rows.offer[order], is_first[order]
        same = np.zeros(len(rows), dtype=bool)
        same[1:] = (np.diff(initiative) == 0) & (np.diff(offer) == 0)
        # Of a pair that is in both, the initiative's comes first and is kept.
        in_both = np.append(same[1:], False)
        of_offer = ~is_first | in_both
        return cls(rows.take(order[~same]), is_first[~same], of_offer[~same])

    def to_bytes(self) -> bytes:
        """Write it, for `from_bytes`."""
        file = io.BytesIO()
        rows = {name: getattr(self.rows, name) for name in Rows.__dataclass_fields__}
        np.savez(file, of_initiative=self.of_initiative, of_offer=self.of_offer, **rows)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes | memoryview) -> Part:
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(bytes(content)), allow_pickle=False) as read:
            rows = Rows(**{name: read[name] for name in Rows.__dataclass_fields__})
            return cls(rows, read["of_initiative"], read["of_offer"])


def best_of_groups(
    group: NDArray[np.int64], fit: NDArray[np.uint16], tie_order: NDArray[np.int64], k: int
) -> NDArray[np.int64]:
    """Return the places of the best `k` of each group, group by group, best first; ties go by order."""
    order = np.lexsort((tie_order, -fit.astype(np.int64), group))
    ordered = group[order]
    kept: NDArray[np.int64] = order[np.arange(len(order)) - np.searchsorted(ordered, ordered) < k]
    return kept


class Floors:
    """The best fits of each offer found so far, and so what a pair must reach to matter to the offer.

    A lower bound at any time, whatever the order in which parts are done: leaving out what lies below
    it changes no result. `fits` has shape (m, k), 0 where there are fewer.
    """

    def __init__(self, fits: NDArray[np.uint16]) -> None:
        self.fits = fits

    @classmethod
    def read(cls, content: bytes | memoryview, offers: int, k: int) -> Floors:
        """Read what `to_bytes` wrote; nothing written is nothing found."""
        if not content:
            return cls(np.zeros((offers, k), dtype=np.uint16))
        return cls(np.frombuffer(bytes(content), dtype="<u2").reshape(offers, k).astype(np.uint16))

    def to_bytes(self) -> bytes:
        return self.fits.astype("<u2").tobytes()

    @property
    def values(self) -> NDArray[np.float64]:
        """Return the fit at the last place of each offer's list, shape (m,)."""
        return np.asarray(self.fits.min(axis=1, initial=10_000), dtype=np.float64) / 10_000

    def with_found(self, offer: NDArray[np.int64], fit: NDArray[np.uint16]) -> Floors:
        """Return the floors with more pairs found: offers as rows, fits in ten-thousandths."""
        m, k = self.fits.shape
        group = np.concatenate([np.repeat(np.arange(m), k), offer])
        fits = np.concatenate([self.fits.ravel(), fit])
        best = best_of_groups(group, fits, np.zeros(len(group), dtype=np.int64), k)
        return Floors(fits[best].reshape(m, k))
