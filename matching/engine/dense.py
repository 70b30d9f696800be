"""The dense model that the next full run uses, as the operator has set it; mostly there is none."""

from __future__ import annotations

import hashlib

from django.conf import settings

from matching.engine.control import DENSE_MARK, ENGINE_VERSION
from matching.kernel.dense import DenseText


def chosen_dense() -> DenseText | None:
    """Return the model of the settings, None without one. Raises ValueError, which says what to do."""
    if not settings.MATCHING_DENSE_MODEL:
        return None
    return DenseText.load(settings.MATCHING_DENSE_MODEL, settings.MATCHING_DENSE_WEIGHT)


def analysis_version(dense: DenseText | None) -> str:
    """Return what an analysis is made by: the engine, and the model, its share and its folder if there is one.

    Another share, another folder or other files in it make another analysis.
    """
    if dense is None:
        return ENGINE_VERSION
    content = repr(sorted(dense.to_content().items()))
    return f"{ENGINE_VERSION}{DENSE_MARK}{hashlib.sha256(content.encode()).hexdigest()[:12]}"
