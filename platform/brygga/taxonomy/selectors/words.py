"""What people's words mean: exactly for imports and forms, forgivingly while somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Length

from brygga.taxonomy.enums import AreaKind, AreaNameKind
from brygga.taxonomy.models import AreaName
from brygga.taxonomy.names import AREA_KIND_ORDER, folded_key, name_key, postal_code_key
from brygga.taxonomy.selectors.current import current_taxonomy
from brygga.taxonomy.snapshot import AreaEntry, AreaMatch

# Of two equally close names, the one people more probably mean.
_SUGGESTED_FIRST = (AreaNameKind.SHORT, AreaNameKind.OFFICIAL, AreaNameKind.LOCALITY)
_SAME, _BEGINS, _BEGINS_WITHOUT_MARKS, _ALIKE = range(4)


def resolve_area(text: str) -> AreaMatch | None:
    """Return the area people mean by a name, a code or a postal code, or None; never a guess."""
    return current_taxonomy().find_area(text)


def resolve_theme(text: str, language: str | None = None) -> str | None:
    """Return the code of the theme a word means, or None."""
    return current_taxonomy().themes.find(text, language)


def resolve_target_group(text: str, language: str | None = None) -> str | None:
    """Return the code of the target group a word means, or None."""
    return current_taxonomy().target_groups.find(text, language)


def resolve_method(text: str, language: str | None = None) -> str | None:
    """Return the code of the method a word means, or None."""
    return current_taxonomy().methods.find(text, language)


def resolve_innovation_kind(text: str, language: str | None = None) -> str | None:
    """Return the code of the kind of innovation a word means, or None."""
    return current_taxonomy().innovation_kinds.find(text, language)


@dataclass(frozen=True, slots=True)
class AreaSuggestion:
    """A place offered while somebody types; `written` is the name that was hit."""

    area: AreaEntry
    written: str

    @property
    def code(self) -> str:
        return self.area.code


def suggest_areas(text: str, limit: int = 8, kinds: Iterable[AreaKind] | None = None) -> list[AreaSuggestion]:
    """Return places whose name begins like the text or is spelt much like it, likeliest first.

    One query; each area at most once. Here, and only here, misspellings are forgiven.
    """
    key = postal_code_key(text) or name_key(text)
    if not key or limit < 1:
        return []
    bare = folded_key(key)
    begins_exactly = Q(key__startswith=key)
    begins = begins_exactly | Q(folded__startswith=bare)
    rows = AreaName.objects.current()
    if kinds is not None:
        rows = rows.filter(area__kind__in=[kind.value for kind in kinds])
    if not key.replace(" ", "").isdigit():
        rows = rows.exclude(kind=AreaNameKind.POSTAL_CODE)
    ranked = rows.filter(begins | Q(folded__trigram_similar=bare)).annotate(
        closeness=Case(
            When(Q(key=key), then=Value(_SAME)),
            When(begins_exactly, then=Value(_BEGINS)),
            When(begins, then=Value(_BEGINS_WITHOUT_MARKS)),
            default=Value(_ALIKE),
            output_field=IntegerField(),
        ),
        similarity=TrigramSimilarity("folded", bare),
        length=Length("key"),
    )
    # Among names that begin alike the better known kind comes first; among misspellings the nearest.
    better = ranked.annotate(
        nature=Case(
            When(closeness=_ALIKE, then=Value(0)),
            *(When(kind=kind, then=Value(place)) for place, kind in enumerate(_SUGGESTED_FIRST)),
            default=Value(len(_SUGGESTED_FIRST)),
            output_field=IntegerField(),
        ),
        level=Case(
            *(When(area__kind=kind, then=Value(place)) for kind, place in AREA_KIND_ORDER.items()),
            output_field=IntegerField(),
        ),
    )
    # Several names of one area may come first; a few times the limit is enough after merging them.
    ordered = better.order_by("closeness", "nature", "-similarity", "level", "length", "key", "pk")
    areas = current_taxonomy().areas
    found: dict[str, AreaSuggestion] = {}
    for code, name in ordered.values_list("area__code", "name")[: limit * 8]:
        if code in areas and code not in found:
            found[code] = AreaSuggestion(areas[code], name)
    return list(found.values())[:limit]
