"""Verbs that write the taxonomy: loading the data files, and edits by staff."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction

from brygga.taxonomy import permissions
from brygga.taxonomy.enums import AreaKind, AreaNameKind
from brygga.taxonomy.models import (
    Area,
    AreaName,
    Goal,
    IcnptsoEntry,
    InnovationKind,
    Method,
    TargetGroup,
    TaxonomyVersion,
    Theme,
    VocabularyRow,
)
from brygga.taxonomy.names import (
    NameForm,
    county_names,
    folded_key,
    municipality_names,
    name_key,
    wider_area_names,
)
from brygga.taxonomy.permissions import Actor
from brygga.taxonomy.selectors.current import recheck_taxonomy
from brygga.taxonomy.signals import taxonomy_edited
from brygga.taxonomy.sources import fingerprint, read_table, words

Wanted = dict[Any, dict[str, Any]]

# Any number that no other part of the project locks on.
_LOAD_LOCK = 7_401_001
# A locality leads to a municipality only when this share of its postal codes does.
CLEAR_MAJORITY = 0.8
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did; `kept` counts rows left alone because staff have changed them."""

    created: int = 0
    updated: int = 0
    retired: int = 0
    kept: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated or self.retired)

    def __add__(self, other: LoadReport) -> LoadReport:
        return LoadReport(
            self.created + other.created,
            self.updated + other.updated,
            self.retired + other.retired,
            self.kept + other.kept,
        )


@transaction.atomic
def load_taxonomy(*, now: datetime, force: bool = False) -> LoadReport:
    """Bring the tables in line with the data files, and tell every process when that changed them.

    Safe to run at every start and by several machines at once: with unchanged files it is one query.
    Never deletes: what is no longer in the files is put out of use. Rows changed by staff stay as they
    are. `force` compares every row even when the files are the same as last time.
    """
    digest = fingerprint()
    if not force and TaxonomyVersion.objects.filter(digest=digest).exists():
        return LoadReport()
    with connection.cursor() as cursor:
        # Two web processes starting together must not both insert; the second then finds nothing to do.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOAD_LOCK])
    report = _load_classifications()
    report += _upsert(Area, "code", _wanted_areas())
    report += _load_area_names()
    report += _upsert(Theme, "code", _wanted_terms("themes", mapped=True))
    report += _upsert(TargetGroup, "code", _wanted_terms("target_groups", mapped=True))
    report += _upsert(Method, "code", _wanted_terms("methods"))
    report += _upsert(InnovationKind, "code", _wanted_terms("innovation_kinds"))
    if report.changed:
        _announce_change(now=now, digest=digest)
    else:
        # Same rows from other files or newer code: no process needs to read them again.
        TaxonomyVersion.objects.filter(pk=TaxonomyVersion.ONLY).update(digest=digest)
    return report


@transaction.atomic
def save_staff_edit(*, entry: VocabularyRow, actor: Actor, now: datetime) -> VocabularyRow:
    """Save an entry as staff have changed it, so that later loads leave it alone.

    The change is seen in every process within a few seconds. Raises PermissionDenied.
    """
    if not permissions.can_edit_entry(actor, entry):
        raise PermissionDenied
    if isinstance(entry, AreaName):
        entry.key = name_key(entry.name)
        entry.folded = folded_key(entry.key)
    entry.edited_at = now
    entry.save()
    _announce_change(now=now)
    taxonomy_edited.send(sender=type(entry), entry=entry, actor=actor, at=now)
    return entry


@transaction.atomic
def set_in_use(*, entries: models.QuerySet[Any], in_use: bool, actor: Actor, now: datetime) -> int:
    """Put entries out of use, or back, and return how many changed. Raises PermissionDenied."""
    chosen = list(entries.exclude(is_active=in_use))
    for entry in chosen:
        entry.is_active = in_use
        save_staff_edit(entry=entry, actor=actor, now=now)
    return len(chosen)


def _announce_change(*, now: datetime, digest: str | None = None) -> None:
    values: dict[str, Any] = {"version": uuid.uuid4(), "changed_at": now}
    if digest is not None:
        values["digest"] = digest
    TaxonomyVersion.objects.update_or_create(pk=TaxonomyVersion.ONLY, defaults=values)
    # This process sees its own change at once; the others when they next compare versions.
    recheck_taxonomy()
    transaction.on_commit(recheck_taxonomy)


def _upsert(model: type[Any], key: str, wanted: Wanted) -> LoadReport:
    """Create, update and retire rows so that they match; `parent` holds the parent's key.

    Levels are written from the top, so that parents exist before their children.
    """
    rows = {getattr(row, key): row for row in model.objects.all()}
    report = LoadReport()
    waiting = dict(wanted)
    while waiting:
        level = {
            code: values
            for code, values in waiting.items()
            if values.get("parent") is None or values["parent"] not in waiting
        }
        if not level:
            raise ValueError(f"{model.__name__}: these entries are each other's parents: {sorted(waiting)}")
        for code in level:
            del waiting[code]
        new, changed, fields, kept = [], [], set(), 0
        for code, values in level.items():
            values = dict(values)
            if "parent" in values:
                parent = values.pop("parent")
                values["parent_id"] = rows[parent].pk if parent is not None else None
            row = rows.get(code)
            if row is None:
                rows[code] = model(**{key: code}, **values)
                new.append(rows[code])
                continue
            if getattr(row, "edited_at", None) is not None:
                kept += 1
                continue
            different = {name for name, value in values.items() if getattr(row, name) != value}
            if different:
                for name in different:
                    setattr(row, name, values[name])
                fields |= different
                changed.append(row)
        model.objects.bulk_create(new, batch_size=_BATCH)
        if changed:
            model.objects.bulk_update(
                changed, ["parent" if name == "parent_id" else name for name in sorted(fields)], _BATCH
            )
        report += LoadReport(created=len(new), updated=len(changed), kept=kept)
    return report + _retire(model, [row.pk for code, row in rows.items() if code not in wanted])


def _retire(model: type[Any], keys: list[Any]) -> LoadReport:
    can_be_retired = issubclass(model, VocabularyRow)
    if not keys or not can_be_retired:
        return LoadReport()
    gone = model.objects.filter(pk__in=keys, is_active=True, edited_at__isnull=True)
    return LoadReport(retired=gone.update(is_active=False))


def _load_classifications() -> LoadReport:
    goals: Wanted = {
        int(row["goal"]): {"name_sv": row["name_sv"], "name_en": row["name_en"]} for row in read_table("sdg")
    }
    entries: Wanted = {}
    for row in read_table("icnptso"):
        code = row["Sub-group"] or row["Group"] or row["Section"]
        parent = (row["Group"] if row["Sub-group"] else row["Section"]) if row["Group"] else None
        entries[code] = {"parent": parent, "title": row["Title"], "notes": row["Notes"]}
    return _upsert(Goal, "number", goals) + _upsert(IcnptsoEntry, "code", entries)


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _wanted_areas() -> Wanted:
    centres = {row["code"]: row for row in read_table("centres")}

    def area(code: str, kind: AreaKind, parent: str | None, place: Mapping[str, str], **values: str) -> None:
        wanted[code] = {
            "kind": kind.value,
            "parent": parent,
            "latitude": _number(place["latitude"]),
            "longitude": _number(place["longitude"]),
            "official_name_sv": "",
            "official_name_en": "",
            "nuts3": "",
            "iso_3166_2": "",
            "is_active": True,
        } | values

    wanted: Wanted = {}
    for row in read_table("regions"):
        names = {"name_sv": row["name_sv"], "name_en": row["name_en"]}
        area(row["code"], AreaKind(row["code"]), row["parent"] or None, row, **names)
    for row in read_table("countries"):
        names = {"name_sv": row["name_sv"], "name_en": row["name_en"]}
        area(row["code"], AreaKind.COUNTRY, row["parent"], row, **names)
    nuts3 = {}
    for row in read_table("counties"):
        code, name = f"SE-{row['county_code']}", row["name"]
        nuts3[code] = row["nuts3"]
        area(
            code,
            AreaKind.COUNTY,
            "SE",
            centres[code],
            name_sv=name,
            name_en=name,
            official_name_sv=row["official_name"],
            official_name_en=f"{name} County",
            nuts3=row["nuts3"],
            iso_3166_2=row["iso_3166_2"],
        )
    english = {row["code"]: row["name"] for row in read_table("english_area_names")}
    for row in read_table("municipalities"):
        code, county = f"SE-{row['municipality_code']}", f"SE-{row['county_code']}"
        name = row["municipality_name_short"]
        area(
            code,
            AreaKind.MUNICIPALITY,
            county,
            centres[code],
            name_sv=name,
            name_en=english.get(code, name),
            official_name_sv=row["municipality_name"],
            official_name_en=f"{english.get(code, name)} Municipality",
            nuts3=nuts3[county],
        )
    return wanted


def _area_name_forms() -> Iterator[tuple[str, NameForm]]:
    """List (area code, name) from every source, the most telling kinds of name first."""
    for row in read_table("regions") + read_table("countries"):
        for form in wider_area_names(row["name_sv"], row["name_en"], words(row["other_names"])):
            yield row["code"], form
    for row in read_table("counties"):
        for form in county_names(row["name"], row["official_name"]):
            yield f"SE-{row['county_code']}", form
    for row in read_table("municipalities"):
        for form in municipality_names(row["municipality_name_short"], row["municipality_name"]):
            yield f"SE-{row['municipality_code']}", form
    for row in read_table("english_area_names"):
        yield row["code"], NameForm(row["name"], AreaNameKind.SHORT)
        yield row["code"], NameForm(f"City of {row['name']}", AreaNameKind.OTHER)
        yield row["code"], NameForm(f"{row['name']} Municipality", AreaNameKind.OTHER)
    for row in read_table("other_area_names"):
        yield row["code"], NameForm(row["name"], AreaNameKind.OTHER)
    localities: dict[str, Counter[str]] = defaultdict(Counter)
    for row in read_table("postal_codes"):
        code = f"SE-{row['municipality_code']}"
        localities[row["locality"]][code] += 1
        yield code, NameForm(row["postal_code"], AreaNameKind.POSTAL_CODE)
    for locality, codes in localities.items():
        code, count = codes.most_common(1)[0]
        if count >= CLEAR_MAJORITY * codes.total():
            yield code, NameForm(locality, AreaNameKind.LOCALITY)


def _load_area_names() -> LoadReport:
    """Write the names. Like `_upsert`, for rows known by (key, area) and too many to fetch as objects."""
    area_ids = dict(Area.objects.values_list("code", "pk"))
    wanted: dict[tuple[str, int], NameForm] = {}
    for code, form in _area_name_forms():
        wanted.setdefault((name_key(form.name), area_ids[code]), form)
    existing = {
        (row.key, row.area_id): row
        for row in AreaName.objects.only("key", "area_id", "name", "kind", "is_active", "edited_at")
    }
    new, changed, kept = [], [], 0
    for (key, area_id), form in wanted.items():
        row = existing.get((key, area_id))
        if row is None:
            new.append(
                AreaName(area_id=area_id, name=form.name, key=key, folded=folded_key(key), kind=form.kind)
            )
        elif row.edited_at is not None:
            kept += 1
        elif (row.name, row.kind, row.is_active) != (form.name, form.kind, True):
            row.name, row.kind, row.is_active = form.name, form.kind, True
            changed.append(row)
    AreaName.objects.bulk_create(new, batch_size=_BATCH)
    AreaName.objects.bulk_update(changed, ["name", "kind", "is_active"], _BATCH)
    report = LoadReport(created=len(new), updated=len(changed), kept=kept)
    return report + _retire(AreaName, [row.pk for pair, row in existing.items() if pair not in wanted])


def _wanted_terms(table: str, *, mapped: bool = False) -> Wanted:
    wanted: Wanted = {}
    for position, row in enumerate(read_table(table), start=1):
        values: dict[str, Any] = {
            "name_sv": row["name_sv"],
            "name_en": row["name_en"],
            "synonyms_sv": words(row["synonyms_sv"]),
            "synonyms_en": words(row["synonyms_en"]),
            "position": position,
            "is_active": True,
        }
        if mapped:
            values["parent"] = row["parent"] or None
            values["sdg_goals"] = [int(goal) for goal in words(row["sdg_goals"])]
            values["icnptso_codes"] = words(row["icnptso_codes"])
        wanted[row["code"]] = values
    return wanted
