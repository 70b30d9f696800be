"""Reads of the taxonomy for everyone above: names, choices, and what people's words mean."""

from brygga.taxonomy.querysets import swedish_order, swedish_sort_key
from brygga.taxonomy.selectors.current import current_taxonomy, recheck_taxonomy
from brygga.taxonomy.selectors.labels import (
    area_ancestors,
    area_name,
    area_names,
    county_choices,
    county_of,
    innovation_kind_choices,
    innovation_kind_names,
    method_choices,
    method_names,
    municipality_choices,
    shapes_file,
    target_group_choices,
    target_group_names,
    theme_choices,
    theme_names,
)
from brygga.taxonomy.selectors.neighbours import NEIGHBOURING_COUNTIES
from brygga.taxonomy.selectors.words import (
    AreaSuggestion,
    resolve_area,
    resolve_innovation_kind,
    resolve_method,
    resolve_target_group,
    resolve_theme,
    suggest_areas,
)
from brygga.taxonomy.snapshot import AreaEntry, AreaMatch, Taxonomy, TermEntry, Vocabulary

__all__ = [
    "NEIGHBOURING_COUNTIES",
    "AreaEntry",
    "AreaMatch",
    "AreaSuggestion",
    "Taxonomy",
    "TermEntry",
    "Vocabulary",
    "area_ancestors",
    "area_name",
    "area_names",
    "county_choices",
    "county_of",
    "current_taxonomy",
    "innovation_kind_choices",
    "innovation_kind_names",
    "method_choices",
    "method_names",
    "municipality_choices",
    "recheck_taxonomy",
    "resolve_area",
    "resolve_innovation_kind",
    "resolve_method",
    "resolve_target_group",
    "resolve_theme",
    "shapes_file",
    "suggest_areas",
    "swedish_order",
    "swedish_sort_key",
    "target_group_choices",
    "target_group_names",
    "theme_choices",
    "theme_names",
]
