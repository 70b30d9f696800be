"""The copy of the taxonomy each process keeps, and how it stays fresh."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings

from brygga.taxonomy.enums import AreaKind, AreaNameKind
from brygga.taxonomy.models import (
    Area,
    AreaName,
    Goal,
    InnovationKind,
    Method,
    TargetGroup,
    TaxonomyVersion,
    Term,
    Theme,
)
from brygga.taxonomy.querysets import vocabulary_values
from brygga.taxonomy.snapshot import AreaEntry, Taxonomy, TermEntry, Vocabulary, build_area_names

# How long a process may show the lists as they were before staff changed them.
DEFAULT_CHECK_SECONDS = 2.0


class _Kept:
    """The copy this process holds, and when it was last compared with the version row."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.taxonomy: Taxonomy | None = None
        self.checked_at = float("-inf")


_kept = _Kept()


def current_taxonomy() -> Taxonomy:
    """Return the taxonomy as of at most a few seconds ago.

    No query within those seconds, one for the version after them, eight when it has changed.
    """
    seconds = getattr(settings, "TAXONOMY_CHECK_SECONDS", DEFAULT_CHECK_SECONDS)
    taxonomy = _kept.taxonomy
    if taxonomy is not None and time.monotonic() - _kept.checked_at < seconds:
        return taxonomy
    with _kept.lock:
        # The version is read before the rows: should they change in between, the next check sees it.
        version = TaxonomyVersion.objects.values_list("version", flat=True).first()
        if _kept.taxonomy is None or _kept.taxonomy.version != version:
            _kept.taxonomy = _build(version)
        _kept.checked_at = time.monotonic()
        return _kept.taxonomy


def recheck_taxonomy() -> None:
    """Make the next `current_taxonomy` in this process compare versions at once."""
    _kept.checked_at = float("-inf")


def _build(version: UUID | None) -> Taxonomy:
    areas = _areas()
    exact, folded = build_area_names(
        areas,
        (
            (key, bare, AreaNameKind(kind), code)
            for key, bare, kind, code in AreaName.objects.current().values_list(
                "key", "folded", "kind", "area__code"
            )
        ),
    )
    return Taxonomy(
        version=version,
        areas=MappingProxyType(areas),
        themes=_vocabulary(Theme, levels=True, mapped=True),
        target_groups=_vocabulary(TargetGroup, levels=True, mapped=True),
        methods=_vocabulary(Method),
        innovation_kinds=_vocabulary(InnovationKind),
        goals=MappingProxyType(
            {n: (sv, en) for n, sv, en in Goal.objects.order_by("pk").values_list("pk", "name_sv", "name_en")}
        ),
        _names=MappingProxyType(exact),
        _folded=MappingProxyType(folded),
    )


def _areas() -> dict[str, AreaEntry]:
    rows = list(Area.objects.in_swedish_order())
    codes = {row.pk: row.code for row in rows}
    parents = {row.code: None if row.parent_id is None else codes[row.parent_id] for row in rows}
    children: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if (parent := parents[row.code]) is not None and row.is_active:
            children[parent].append(row.code)
    return {
        row.code: AreaEntry(
            code=row.code,
            kind=AreaKind(row.kind),
            name_sv=row.name_sv,
            name_en=row.name_en,
            official_name_sv=row.official_name_sv,
            official_name_en=row.official_name_en,
            parent=parents[row.code],
            ancestors=_chain(row.code, parents),
            children=tuple(children[row.code]),
            nuts3=row.nuts3,
            iso_3166_2=row.iso_3166_2,
            latitude=row.latitude,
            longitude=row.longitude,
            is_active=row.is_active,
        )
        for row in rows
    }


def _chain(code: str, parents: dict[str, str | None]) -> tuple[str, ...]:
    above: list[str] = []
    at = parents[code]
    # A ring made by hand in the admin must not hang every page.
    while at is not None and at not in above:
        above.append(at)
        at = parents[at]
    return tuple(above)


def _vocabulary(model: type[Term], *, levels: bool = False, mapped: bool = False) -> Vocabulary:
    fields = ["code", "name_sv", "name_en", "synonyms_sv", "synonyms_en", "is_active"]
    fields += ["parent__code"] if levels else []
    fields += ["sdg_goals", "icnptso_codes"] if mapped else []
    entries: list[dict[str, Any]] = []
    children: dict[str, list[str]] = defaultdict(list)
    for values in vocabulary_values(model._default_manager.all(), *fields):
        entry: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in zip(fields, values, strict=True)
        }
        entry["parent"] = entry.pop("parent__code", None)
        if entry["parent"] is not None and entry["is_active"]:
            children[entry["parent"]].append(entry["code"])
        entries.append(entry)
    return Vocabulary.of(TermEntry(**entry, children=tuple(children[entry["code"]])) for entry in entries)
