"""The copy in memory: fresh, immutable, and free of queries."""

from __future__ import annotations

import time
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from brygga.taxonomy.enums import AreaKind
from brygga.taxonomy.models import Area, TaxonomyVersion, Theme
from brygga.taxonomy.selectors import (
    area_ancestors,
    area_name,
    area_names,
    county_choices,
    county_of,
    current_taxonomy,
    innovation_kind_choices,
    method_choices,
    municipality_choices,
    recheck_taxonomy,
    resolve_theme,
    swedish_order,
    swedish_sort_key,
    target_group_choices,
    theme_choices,
    theme_names,
)
from brygga.taxonomy.services import save_staff_edit, set_in_use
from brygga.taxonomy.signals import taxonomy_edited
from tests.taxonomy.people import Staff

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_copy_costs_no_query_within_seconds_and_one_after(django_assert_num_queries: Any) -> None:
    current_taxonomy()
    with django_assert_num_queries(0):
        current_taxonomy()
    recheck_taxonomy()
    with django_assert_num_queries(1):
        current_taxonomy()


def test_copy_is_rebuilt_in_a_constant_number_of_queries(
    django_assert_num_queries: Any, staff: Staff
) -> None:
    current_taxonomy()
    for count in (1, 3):
        for number in range(count):
            theme = Theme(code=f"new_{count}_{number}", name_sv="Ny", name_en="New")
            save_staff_edit(entry=theme, actor=staff, now=NOW)
        with django_assert_num_queries(8):
            assert f"new_{count}_0" in current_taxonomy().themes.entries


def test_change_by_another_process_is_seen_after_the_check(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TAXONOMY_CHECK_SECONDS = 2
    old = current_taxonomy()
    Theme.objects.filter(code="school").update(name_sv="Skolan")
    TaxonomyVersion.objects.update(version="00000000-0000-4000-8000-000000000000")
    assert current_taxonomy() is old
    soon = time.monotonic() + 3
    monkeypatch.setattr(time, "monotonic", lambda: soon)
    assert theme_names(["school"], "sv") == ["Skolan"]


def test_staff_edit_is_seen_at_once_and_announced(staff: Staff) -> None:
    heard: list[dict[str, Any]] = []

    def listen(**message: Any) -> None:
        heard.append(message)

    taxonomy_edited.connect(listen)
    try:
        school = Theme.objects.get(code="school")
        school.synonyms_sv = [*school.synonyms_sv, "plugget"]
        save_staff_edit(entry=school, actor=staff, now=NOW)
    finally:
        taxonomy_edited.disconnect(listen)
    assert resolve_theme("Plugget") == "school"
    school.refresh_from_db()
    assert school.edited_at == NOW
    assert [(m["entry"], m["actor"], m["at"]) for m in heard] == [(school, staff, NOW)]


def test_edit_without_permission_is_refused() -> None:
    school = Theme.objects.get(code="school")
    school.name_sv = "Skolan"
    with pytest.raises(PermissionDenied):
        save_staff_edit(entry=school, actor=Staff(allowed=False), now=NOW)
    assert Theme.objects.get(code="school").name_sv == "Skola och studiestöd"


def test_entry_out_of_use_keeps_its_name_but_cannot_be_chosen(staff: Staff) -> None:
    chosen = Theme.objects.filter(code__in=["school", "arts"])
    assert set_in_use(entries=chosen, in_use=False, actor=staff, now=NOW) == 2
    assert set_in_use(entries=chosen, in_use=False, actor=staff, now=NOW) == 0
    assert theme_names(["school"], "sv") == ["Skola och studiestöd"]
    assert resolve_theme("skola") is None
    offered = {code for _group, choices in theme_choices() for code, _name in choices}
    assert offered.isdisjoint({"school", "arts"})
    assert set_in_use(entries=chosen, in_use=True, actor=staff, now=NOW) == 2
    assert resolve_theme("skola") == "school"


def test_copy_cannot_be_changed() -> None:
    taxonomy = current_taxonomy()
    with pytest.raises(FrozenInstanceError):
        taxonomy.version = None  # type: ignore[misc]
    with pytest.raises(TypeError):
        taxonomy.areas["SE"] = taxonomy.areas["NO"]  # type: ignore[index]
    with pytest.raises(TypeError):
        taxonomy.themes.entries["x"] = taxonomy.themes.entries["school"]  # type: ignore[index]


def test_names_follow_the_language_and_pass_free_words_through() -> None:
    assert area_name("SE-1480", "sv") == "Göteborg"
    assert area_name("SE-1480", "en") == "Gothenburg"
    assert area_names(["SE", "Sjuhärad"], "en") == ["Sweden", "Sjuhärad"]
    assert area_names(None) == []
    assert theme_names(["school", "egna ord"], "en") == ["School and study support", "egna ord"]


def test_areas_know_what_surrounds_them() -> None:
    assert area_ancestors("SE-14") == ("SE", "nordic", "europe", "world")
    assert area_ancestors("Sjuhärad") == ()
    assert [county_of(code) for code in ("SE-1480", "SE-14", "SE", "Sjuhärad")] == [
        "SE-14",
        "SE-14",
        None,
        None,
    ]
    assert current_taxonomy().themes.with_ancestors("school") == ("school", "education_and_learning")
    assert current_taxonomy().themes.with_ancestors("egna ord") == ()


def test_choices_are_whole_and_in_swedish_order() -> None:
    assert len(county_choices()) == 21
    assert county_choices("sv")[-1] == ("SE-05", "Östergötlands län")
    assert len(municipality_choices()) == 290
    assert len(municipality_choices("SE-14")) == 49
    names = [name for _code, name in municipality_choices(language="sv")]
    assert names == sorted(names, key=swedish_sort_key)
    assert names[-1] == "Övertorneå"
    groups = theme_choices("en")
    assert groups[0][0] == "Health and well-being"
    assert groups[0][1][:2] == [
        ("health_and_wellbeing", "Health and well-being"),
        ("mental_health", "Mental health"),
    ]
    assert sum(len(choices) for _name, choices in groups) == 67
    assert len(target_group_choices()) == 43
    assert (len(method_choices()), len(innovation_kind_choices())) == (28, 14)


def test_python_and_database_sort_alike() -> None:
    names = list(Area.objects.filter(kind=AreaKind.MUNICIPALITY).values_list("name_sv", flat=True))
    in_database = list(
        Area.objects.filter(kind=AreaKind.MUNICIPALITY)
        .order_by(swedish_order("name_sv"))
        .values_list("name_sv", flat=True)
    )
    assert in_database == sorted(names, key=swedish_sort_key)
    assert in_database[-1] == "Övertorneå"
    assert in_database.index("Åre") > in_database.index("Ystad")
    assert in_database.index("Ängelholm") > in_database.index("Åtvidaberg")
