"""What templates and the admin show, and that Swedish is complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.contrib import admin
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from brygga.taxonomy import enums
from brygga.taxonomy.admin import AreaAdmin, GoalAdmin, VocabularyAdmin
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
from brygga.taxonomy.services import LoadReport, load_taxonomy
from tests.database import LOADED_AT
from tests.taxonomy.people import Staff

ROOT = Path(__file__).resolve().parents[2]
FIXED_LISTS = [
    enums.OrganisationKind,
    enums.SupportKind,
    enums.ProcessPart,
    enums.Driver,
    enums.Participation,
    enums.FormAfter,
]


def render(source: str, **values: Any) -> str:
    return Template("{% load taxonomy %}" + source).render(Context(values))


@pytest.mark.django_db
def test_filters_speak_the_language_of_the_page() -> None:
    source = '{{ area|area_name }} / {{ codes|theme_names }} / {{ kind|choice_label:"SupportKind" }}'
    values = {"area": "SE-1480", "codes": ["school", "egna <b>ord</b>"], "kind": "mentoring"}
    with translation.override("sv"):
        swedish = render(source, **values)
    with translation.override("en"):
        english = render(source, **values)
    assert swedish.startswith("Göteborg / Skola och studiestöd, egna &lt;b&gt;ord&lt;/b&gt; / ")
    assert english.startswith("Gothenburg / School and study support, egna &lt;b&gt;ord&lt;/b&gt; / ")
    assert english.endswith("Mentoring")


@pytest.mark.django_db
def test_filters_bear_missing_and_unknown_values() -> None:
    assert render("[{{ x|area_name }}{{ x|theme_names }}{{ x|area_names }}]", x=None) == "[]"
    assert render('[{{ x|choice_label:"Driver" }}]', x=None) == "[]"
    assert render('{{ x|choice_label:"Driver" }}', x="annat") == "annat"
    assert render('{{ x|choice_labels:"ProcessPart" }}', x=["annat", "more"]) == "annat, more"
    with pytest.raises(KeyError):
        render('{{ x|choice_label:"Nothing" }}', x="annat")


def test_every_text_of_the_app_has_a_swedish_translation() -> None:
    with (ROOT / "locale/sv/LC_MESSAGES/taxonomy.po").open("rb") as file:
        catalog = read_po(file, locale="sv")
    known = {
        message.id if isinstance(message.id, str) else message.id[0] for message in catalog if message.string
    }
    labels = {str(label) for choices in FIXED_LISTS for label in english_labels(choices)}
    assert labels - known == set()
    for message in catalog:
        if message.id:
            assert all(message.string) if isinstance(message.string, tuple) else message.string, message.id


def english_labels(choices: Any) -> list[str]:
    with translation.override("en"):
        return [str(label) for label in choices.labels]


def test_fixed_lists_keep_their_codes() -> None:
    assert set(enums.SupportKind) == enums.MONEY_KINDS | enums.OTHER_KINDS
    assert enums.MONEY_KINDS.isdisjoint(enums.OTHER_KINDS)
    assert (
        enums.SupportKind.values
        == (
            "grant loan guarantee equity procurement outcome_contract mentoring knowledge evaluation premises "
            "staff_time network test_site data communication mandate"
        ).split()
    )
    assert (
        enums.OrganisationKind.values
        == (
            "association foundation economic_association company municipality region state_agency university "
            "faith_community informal_group individual"
        ).split()
    )
    assert enums.ProcessPart.values == "understand envision mobilise develop realise value".split()
    for texts in (enums.PROCESS_PART_QUESTIONS, enums.PROCESS_PART_HINTS):
        assert set(texts) == set(enums.ProcessPart)
    assert set(enums.SUPPORT_KIND_HINTS) == set(enums.SupportKind)


ALL_MODELS = [Area, AreaName, Theme, TargetGroup, Method, InnovationKind, Goal, IcnptsoEntry]


@pytest.mark.parametrize("model", ALL_MODELS)
def test_admin_offers_no_deletion(model: Any) -> None:
    request = RequestFactory().get("/")
    request.user = Staff()  # type: ignore[assignment]
    page = admin.site.get_model_admin(model)
    assert not page.has_delete_permission(request)
    assert "delete_selected" not in page.get_actions(request)
    if isinstance(page, GoalAdmin):
        assert not page.has_add_permission(request)
        assert not page.has_change_permission(request)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Theme, TargetGroup, Method, InnovationKind])
def test_admin_edit_survives_the_next_load(model: Any) -> None:
    request = RequestFactory().post("/")
    request.user = Staff()  # type: ignore[assignment]
    page = admin.site.get_model_admin(model)
    assert isinstance(page, VocabularyAdmin)
    entry = model.objects.order_by("position").first()
    form = page.get_form(request, entry, change=True)(
        data={
            "name_sv": "Nytt namn",
            "name_en": entry.name_en,
            "synonyms_sv": ",".join(entry.synonyms_sv),
            "synonyms_en": ",".join(entry.synonyms_en),
            "position": entry.position,
            "is_active": "on",
            "sdg_goals": "3",
            "icnptso_codes": "C",
        },
        instance=entry,
    )
    assert form.is_valid(), form.errors
    page.save_model(request, form.save(commit=False), form, change=True)
    assert load_taxonomy(now=LOADED_AT, force=True) == LoadReport(kept=1)
    entry.refresh_from_db()
    assert entry.name_sv == "Nytt namn"
    assert entry.edited_at is not None


def test_admin_keeps_codes_fixed_once_chosen() -> None:
    request = RequestFactory().get("/")
    page = admin.site.get_model_admin(Area)
    assert isinstance(page, AreaAdmin)
    assert "code" not in page.get_readonly_fields(request)
    assert "code" in page.get_readonly_fields(request, Area(code="SE"))


def test_readme_is_short() -> None:
    lines = (ROOT / "platform/brygga/taxonomy/README.md").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 12
    assert not re.search(r"TODO|FIXME", "".join(lines))
