"""The taxonomy's trees, as this process has them."""

from __future__ import annotations

import threading

from brygga.taxonomy.selectors import current_taxonomy
from matching.engine.encoding import kernel_taxonomy
from matching.kernel.arrays import Trees

_lock = threading.RLock()
_trees: dict[object, Trees] = {}


def current_trees() -> Trees:
    """Return the trees, made once for each version of the taxonomy."""
    version = current_taxonomy().version
    with _lock:
        if version not in _trees:
            _trees.clear()
            _trees[version] = Trees(kernel_taxonomy())
        return _trees[version]


def forget() -> None:
    """Forget what this process has kept."""
    with _lock:
        _trees.clear()
