"""The most memory that some processes hold together."""

from __future__ import annotations

import threading
from pathlib import Path


class Peak:
    """Watches processes until `stop`; pages that several share are counted once."""

    def __init__(self, pids: list[int], *, with_children: bool = False, every: float = 0.5) -> None:
        self.pids = pids
        self.with_children = with_children
        self.every = every
        self.most = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while True:
            pids = set(self.pids)
            if self.with_children:
                for pid in self.pids:
                    pids |= _below(pid)
            self.most = max(self.most, sum(_memory_of(pid) for pid in pids))
            if self._done.wait(self.every):
                return

    def stop(self) -> float:
        """Return megabytes."""
        self._done.set()
        self._thread.join()
        return self.most


def _memory_of(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    # Each process's share of the pages that it shares: added up they are counted once.
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _below(pid: int) -> set[int]:
    """Return a process's children and theirs."""
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found |= {int(child) for child in path.read_text().split()}
        except OSError:
            continue
    return found.union(*(_below(child) for child in found))
