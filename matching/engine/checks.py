"""A dense model that is not as it must be is told when Brygga starts, not in the middle of the next run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_dense_model(**_kwargs: Any) -> list[CheckMessage]:
    """Look at the folder that `BRYGGA_DENSE_MODEL` names, and at `BRYGGA_DENSE_WEIGHT`."""
    folder, weight = settings.MATCHING_DENSE_MODEL, settings.MATCHING_DENSE_WEIGHT
    if not folder:
        return []
    from matching.kernel.dense_folders import (  # noqa: PLC0415 - loads numpy, for those who have a model
        DenseModelError,
        check_folder,
    )

    problems: list[CheckMessage] = []
    if not folder.startswith("/"):
        problems.append(
            Error(
                f"BRYGGA_DENSE_MODEL is {folder}, which every process would look for somewhere else.",
                hint="Write the whole path of the folder, from / on.",
                id="matching.E001",
            )
        )
    else:
        try:
            check_folder(folder)
        except DenseModelError as error:
            problems.append(
                Error(
                    f"BRYGGA_DENSE_MODEL: {error}",
                    hint="docs/operations.md says what must lie there. Empty, it turns the model off.",
                    id="matching.E002",
                )
            )
    if not 0 < weight <= 1:
        problems.append(
            Error(
                f"BRYGGA_DENSE_WEIGHT is {weight}.",
                hint="It is the model's share of the text score: above 0 and at most 1, such as 0.3.",
                id="matching.E003",
            )
        )
    return problems
