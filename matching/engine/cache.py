"""Encoded profiles on this machine's disk, read through memory mapping. A cache: PostgreSQL is the truth.

An entry is a folder, named by the side, by what the arrays are made with (taxonomy, engine, their own
fields) and by which profiles as which versions. It is written beside, made durable and renamed, so a
crash leaves no half entry; one that cannot be read is deleted and made anew. A few changed profiles are
read from the database and put among the others.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import structlog
from django.conf import settings
from numpy.typing import NDArray
from scipy import sparse

from matching.engine.control import ENGINE_VERSION
from matching.engine.stamps import Stamps
from matching.engine.trees import current_trees
from matching.kernel import codes
from matching.kernel.arrays import InitiativeArrays, OfferArrays, Trees
from matching.kernel.facts import SupportedCase
from matching.kernel.term_counts import TermCounts
from matching.kernel.terms import TextDocument

logger = structlog.get_logger(__name__)
A = TypeVar("A", InitiativeArrays, OfferArrays)
#: Entries of one side that stay: runs under way may still read the one before.
ENTRIES_KEPT = 2
_FORMAT = 2


class SideCache(Generic[A]):
    """The entries of one side."""

    def __init__(self, name: str, kind: type[A]) -> None:
        self.name = name
        self.kind: type[A] = kind

    def get(
        self, wanted: Stamps, read: Callable[[NDArray[np.int64]], tuple[NDArray[np.int64], A]]
    ) -> tuple[NDArray[np.int64], A]:
        """Return the wanted profiles encoded, with their keys; `read` encodes what is not here.

        What was read is written for the next time. Profiles that are gone are left out.
        """
        trees = current_trees()
        found = self._newest(trees)
        if found is None:
            keys, arrays = read(wanted.keys)
            self._write(wanted, keys, arrays)
            return keys, arrays
        stamps, arrays = found
        newer = wanted.newer_than(stamps)
        present, now = wanted.stamps_at(stamps.keys)
        kept = np.flatnonzero(present & (now == stamps.stamps))
        if not len(newer) and len(kept) == len(stamps):
            return stamps.keys, arrays
        new_keys, new_arrays = read(newer)
        keys = np.concatenate([stamps.keys[kept], new_keys])
        order = np.argsort(keys, kind="stable")
        together = _stacked(arrays.rows(kept), new_arrays).rows(order)
        self._write(wanted, keys[order], together)
        return keys[order], together

    def some(self, wanted: Stamps, places: NDArray[np.int64]) -> A | None:
        """Return some rows of the entry of exactly these profiles, None when this machine has none."""
        folder = self._folder(wanted, current_trees())
        if folder is None or not folder.is_dir():
            return None
        return self._read(folder, current_trees(), wanted, places)

    # -- texts as counted terms, which depend on an analysis ---------------------------------------

    def keep_counts(self, wanted: Stamps, number: int, places: NDArray[np.int64], counts: TermCounts) -> None:
        """Keep the counted terms of some of an entry's rows beside its arrays."""
        folder = self._folder(wanted, current_trees())
        if folder is None or not folder.is_dir():
            return
        beside = folder / f".{uuid.uuid4().hex}"
        try:
            beside.mkdir()
            counts.save(beside)
            _save(beside / "places.npy", places)
            _flush(beside)
            beside.rename(folder / f"counts-{number}-{places[0] if len(places) else 0}")
        except OSError:
            # Another has written it, or there is no room: it is counted again when it is needed.
            shutil.rmtree(beside, ignore_errors=True)

    def counts(self, number: int) -> tuple[Stamps, TermCounts] | None:
        """Return the newest entry's counted terms under an analysis, if this machine has all of them."""
        for folder in self._entries(current_trees()):
            try:
                stamps = _stamps_in(folder)
                parts = sorted(folder.glob(f"counts-{number}-*"))
                each: list[NDArray[np.int64]] = [
                    np.load(part / "places.npy", allow_pickle=False) for part in parts
                ]
                of_all = np.concatenate([np.empty(0, dtype=np.int64), *each])
                order = np.argsort(of_all, kind="stable")
                if parts and np.array_equal(of_all[order], np.arange(len(stamps))):
                    return stamps, TermCounts.joined([TermCounts.load(part) for part in parts]).rows(order)
            except (OSError, ValueError, KeyError) as error:
                logger.warning("match_cache_unreadable", entry=folder.name, error=type(error).__name__)
        return None

    # -- folders -----------------------------------------------------------------------------------

    def _prefix(self, trees: Trees) -> str:
        made_with = repr(
            (
                _FORMAT,
                ENGINE_VERSION,
                [(part.name, str(part.type)) for part in fields(self.kind)],
                # Sets come in another order in every process.
                [value for name, value in sorted(vars(codes).items()) if isinstance(value, tuple)],
                sorted(trees.taxonomy.areas.items()),
                sorted(trees.taxonomy.themes.items()),
                sorted(trees.taxonomy.target_groups.items()),
            )
        )
        return f"{self.name}-{hashlib.sha256(made_with.encode()).hexdigest()[:16]}-"

    def _folder(self, stamps: Stamps, trees: Trees) -> Path | None:
        if not settings.MATCHING_CACHE_FOLDER:
            return None
        content = hashlib.sha256(stamps.keys.tobytes() + stamps.stamps.tobytes()).hexdigest()[:16]
        return Path(settings.MATCHING_CACHE_FOLDER) / f"{self._prefix(trees)}{content}"

    def _entries(self, trees: Trees) -> list[Path]:
        """Return this side's entries, the newest first."""
        if not settings.MATCHING_CACHE_FOLDER:
            return []
        try:
            folders = [
                (path.stat().st_mtime_ns, path)
                for path in Path(settings.MATCHING_CACHE_FOLDER).glob(f"{self._prefix(trees)}*")
            ]
        except OSError:
            return []
        return [path for _, path in sorted(folders, reverse=True)]

    # -- reading -----------------------------------------------------------------------------------

    def _newest(self, trees: Trees) -> tuple[Stamps, A] | None:
        for folder in self._entries(trees):
            arrays = self._read(folder, trees, None)
            if arrays is not None:
                return _stamps_in(folder), arrays
        return None

    def _read(
        self, folder: Path, trees: Trees, wanted: Stamps | None, places: NDArray[np.int64] | None = None
    ) -> A | None:
        """Return an entry's rows, or those at some places; None, and no entry, when it cannot be read."""
        try:
            stamps = _stamps_in(folder)
            if wanted is not None and not np.array_equal(stamps.stamps, wanted.stamps):
                return None
            values: dict[str, Any] = {"trees": trees}
            for part in fields(self.kind):
                if part.name in _FROM_JSON:
                    from_json = _FROM_JSON[part.name]
                    values[part.name] = tuple(from_json(one) for one in _lines_in(folder, part.name, places))
                elif part.name != "trees":
                    values[part.name] = _array_in(folder, part.name)
                    if places is not None:
                        values[part.name] = values[part.name][places]
            arrays = self.kind(**values)
            if len(arrays) != (len(stamps) if places is None else len(places)):
                raise ValueError("rows are missing")
        except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
            # Half a disk, an older form, a flipped bit: it is only a cache.
            logger.warning("match_cache_unreadable", entry=folder.name, error=type(error).__name__)
            shutil.rmtree(folder, ignore_errors=True)
            return None
        return arrays

    # -- writing -----------------------------------------------------------------------------------

    def _write(self, wanted: Stamps, keys: NDArray[np.int64], arrays: A) -> None:
        """Write an entry; a disk that is full or not ours costs nothing but the time next time."""
        folder = self._folder(wanted, arrays.trees)
        if folder is None or not np.array_equal(keys, wanted.keys) or folder.exists():
            return
        beside = folder.with_name(f".{uuid.uuid4().hex}")
        try:
            beside.mkdir(parents=True)
            for part in fields(self.kind):
                value = getattr(arrays, part.name)
                if isinstance(value, tuple):
                    _write_lines(beside, part.name, value)
                elif part.name != "trees":
                    _write_array(beside, part.name, value)
            for name in _STAMPS:
                _write_array(beside, f"stamps.{name}", getattr(wanted, name))
            _flush(beside)
            beside.rename(folder)
            _flush(folder.parent)
        except OSError as error:
            logger.warning("match_cache_unwritten", error=type(error).__name__)
            shutil.rmtree(beside, ignore_errors=True)
            return
        for old in self._entries(arrays.trees)[ENTRIES_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)


_STAMPS = ("keys", "revisions", "stamps")
_SPARSE = ("data", "indices", "indptr")


def _stamps_in(folder: Path) -> Stamps:
    return Stamps(*(np.asarray(_array_in(folder, f"stamps.{name}")) for name in _STAMPS))


def _array_in(folder: Path, name: str) -> Any:
    path = folder / f"{name}.npy"
    if path.exists():
        return np.load(path, mmap_mode="r", allow_pickle=False)
    parts = [np.load(folder / f"{name}.{part}.npy", allow_pickle=False) for part in (*_SPARSE, "shape")]
    return sparse.csr_array(tuple(parts[:3]), shape=tuple(parts[3].tolist()))


def _write_array(folder: Path, name: str, value: Any) -> None:
    if not sparse.issparse(value):
        _save(folder / f"{name}.npy", value)
        return
    for part in _SPARSE:
        _save(folder / f"{name}.{part}.npy", getattr(value, part))
    _save(folder / f"{name}.shape.npy", np.array(value.shape))


def _save(path: Path, value: NDArray[Any]) -> None:
    with path.open("wb") as file:
        np.save(file, value, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def _write_lines(folder: Path, name: str, rows: tuple[Any, ...]) -> None:
    """Write one line of JSON a row, and where each ends."""
    ends = np.zeros(len(rows) + 1, dtype=np.int64)
    with (folder / f"{name}.jsonl").open("wb") as file:
        for place, row in enumerate(rows):
            line = json.dumps(_to_json(row), ensure_ascii=False).encode() + b"\n"
            file.write(line)
            ends[place + 1] = ends[place] + len(line)
        file.flush()
        os.fsync(file.fileno())
    _save(folder / f"{name}.ends.npy", ends)


def _lines_in(folder: Path, name: str, places: NDArray[np.int64] | None) -> Iterator[Any]:
    ends = np.load(folder / f"{name}.ends.npy", mmap_mode="r", allow_pickle=False)
    chosen = range(len(ends) - 1) if places is None else places.tolist()
    with (folder / f"{name}.jsonl").open("rb") as file:
        if not len(ends) or os.fstat(file.fileno()).st_size != ends[-1]:
            raise ValueError("rows are missing")
        for place in chosen:
            file.seek(int(ends[place]))
            yield json.loads(file.read(int(ends[place + 1] - ends[place])))


def _flush(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _to_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_to_json(one) for one in value]
    return asdict(value) if isinstance(value, TextDocument | SupportedCase) else value


def _case(content: dict[str, Any]) -> SupportedCase:
    return SupportedCase(**(content | {"document": TextDocument(**content["document"])}))


#: How the rows of each tuple come back. A field that is not here makes its entry unreadable.
_FROM_JSON: dict[str, Callable[[Any], Any]] = {
    "keys": str,
    "documents": lambda one: TextDocument(**one),
    "history": lambda cases: tuple(_case(case) for case in cases),
}


def _stacked(first: A, second: A) -> A:
    """Return the rows of one and then of the other."""
    values: dict[str, Any] = {}
    for part in fields(first):
        mine, other = getattr(first, part.name), getattr(second, part.name)
        if part.name == "trees":
            continue
        if isinstance(mine, tuple):
            values[part.name] = mine + other
        elif sparse.issparse(mine):
            values[part.name] = sparse.csr_array(sparse.vstack([mine, other], format="csr"))
        else:
            values[part.name] = np.concatenate([mine, other])
    return replace(first, **values)


INITIATIVES = SideCache("initiatives", InitiativeArrays)
OFFERS = SideCache("offers", OfferArrays)
