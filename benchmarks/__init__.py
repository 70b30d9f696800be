"""Measurements: what the matching costs in time (`benchmarks.matching`), and how good it is (`benchmarks.quality`).

Run with `python -m`, from the top of the checkout, without Django's settings.
"""

import os
import sys
from pathlib import Path

# Before numpy is loaded: each process uses one thread, and sums come out the same on every machine.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

_ROOT = Path(__file__).resolve().parent.parent
for _folder in (_ROOT / "platform", _ROOT):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))
