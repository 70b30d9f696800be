"""The admin's pages open, search and save."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory

from brygga.taxonomy.models import (
    Area,
    AreaName,
    Goal,
    IcnptsoEntry,
    InnovationKind,
    Method,
    TargetGroup,
    Theme,
)
from brygga.taxonomy.selectors import resolve_area
from tests.taxonomy.people import Staff

pytestmark = pytest.mark.django_db

FOUND = {
    Area: ("visby", "SE-0980"),
    AreaName: ("41103", "41103"),
    Theme: ("ångest", "mental_health"),
    TargetGroup: ("seniorer", "older_people"),
    Method: ("co-design", "co_creation"),
    InnovationKind: ("franchise", "business_model"),
    IcnptsoEntry: ("hospitals", "C20"),
}


def request_for(address: str) -> Any:
    request = RequestFactory().get(address)
    request.user = Staff()  # type: ignore[assignment]
    return request


@pytest.mark.parametrize("model", FOUND)
def test_search_finds_by_synonym(model: Any) -> None:
    words, expected = FOUND[model]
    page = admin.site.get_model_admin(model)
    rows = page.get_changelist_instance(request_for(f"/?q={words}")).queryset
    assert expected in {row.name if model is AreaName else row.code for row in rows}


@pytest.mark.parametrize("model", [*FOUND, Goal])
def test_list_takes_the_same_number_of_queries_for_any_length(
    model: Any, django_assert_max_num_queries: Any
) -> None:
    page = admin.site.get_model_admin(model)
    with django_assert_max_num_queries(4):
        changes = page.get_changelist_instance(request_for("/"))
        for row in changes.result_list:
            for column in changes.list_display[1:]:
                str(getattr(row, column))


def test_names_written_on_an_areas_page_are_found_at_once() -> None:
    page: Any = admin.site.get_model_admin(Area)
    area = Area.objects.get(code="SE-1480")
    request = request_for("/")
    [(make_formset, inline)] = page.get_formsets_with_inlines(request, area)
    count = inline.get_queryset(request).filter(area=area).count()
    blank = make_formset(instance=area, prefix="names", queryset=inline.get_queryset(request))
    data = {"names-TOTAL_FORMS": str(count + 1), "names-INITIAL_FORMS": str(count)}
    for number, form in enumerate(blank.initial_forms):
        data |= {
            f"names-{number}-id": str(form.instance.pk),
            f"names-{number}-area": str(area.pk),
            f"names-{number}-name": form.instance.name,
            f"names-{number}-kind": form.instance.kind,
            f"names-{number}-is_active": "on",
        }
    data |= {
        f"names-{count}-name": "Lilla London",
        f"names-{count}-kind": "other",
        f"names-{count}-is_active": "on",
    }
    formset = make_formset(data, instance=area, prefix="names", queryset=inline.get_queryset(request))
    assert formset.is_valid(), formset.errors
    page.save_formset(request, None, formset, change=True)
    assert AreaName.objects.edited_by_staff().count() == 1
    match = resolve_area("lilla london")
    assert match is not None and match.code == "SE-1480"


def theme_form(**changes: str) -> Any:
    page = admin.site.get_model_admin(Theme)
    school = Theme.objects.get(code="school")
    data = {
        "name_sv": school.name_sv,
        "name_en": school.name_en,
        "synonyms_sv": "skola",
        "synonyms_en": "school",
        "position": "1",
        "is_active": "on",
    }
    return page.get_form(request_for("/"), school, change=True)(data=data | changes, instance=school)


def test_word_of_another_entry_is_refused_by_name() -> None:
    form = theme_form(synonyms_sv="skola,Ångest")
    assert form.errors == {"synonyms_sv": ["”Ångest” hör redan till ”Psykisk hälsa”."]}
    assert theme_form(synonyms_sv="skola,plugget").is_valid()


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("  göteborgs   KOMMUN", "Området har redan det här namnet."),
        ("!!", "Skriv ett namn med bokstäver eller siffror."),
    ],
)
def test_area_name_that_helps_nobody_is_refused(name: str, error: str) -> None:
    page = admin.site.get_model_admin(AreaName)
    area = Area.objects.get(code="SE-1480")
    form = page.get_form(request_for("/"), None)(data={"name": name, "area": area.pk, "kind": "other"})
    assert form.errors == {"name": [error]}
