"""Several encodings of one side put together as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from scipy import sparse

from matching.kernel.arrays import InitiativeArrays, OfferArrays

Arrays = TypeVar("Arrays", InitiativeArrays, OfferArrays)


def joined(parts: Sequence[Arrays]) -> Arrays:
    """Return the rows of all parts, in their order.

    Raises ValueError when there is no part, when trees differ, or when a key stands in two parts.
    Cost O(rows).

    Parameters
    ----------
    parts : sequence of InitiativeArrays, or of OfferArrays

    Returns
    -------
    InitiativeArrays or OfferArrays
        Rows of the first part first. Cost O(rows).

    Raises
    ------
    ValueError
        When there is no part, when trees differ, or when a key stands in two parts.
    """
    if not parts:
        raise ValueError("nothing to join")
    first = parts[0]
    if len(parts) == 1:
        return first
    if any(part.trees is not first.trees for part in parts):
        raise ValueError("parts must be encoded with the same Trees")
    values: dict[str, Any] = {"trees": first.trees}
    for field in fields(first):
        if field.name == "trees":
            continue
        columns = [getattr(part, field.name) for part in parts]
        if isinstance(columns[0], tuple):
            values[field.name] = tuple(value for column in columns for value in column)
        elif sparse.issparse(columns[0]):
            values[field.name] = sparse.csr_array(sparse.vstack(columns, format="csr"))
        else:
            values[field.name] = np.concatenate(columns)
    return type(first)(**values)
