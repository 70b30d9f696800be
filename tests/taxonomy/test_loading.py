"""Loading is repeatable, and respects what staff have changed."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brygga.taxonomy import services
from brygga.taxonomy.models import Area, AreaName, TaxonomyVersion, Theme
from brygga.taxonomy.services import LoadReport, load_taxonomy

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def rows() -> dict[str, list[object]]:
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Area, AreaName, Theme, TaxonomyVersion)
    }


def test_load_twice_changes_nothing() -> None:
    before = rows()
    with CaptureQueriesContext(connection) as queries:
        assert load_taxonomy(now=NOW) == LoadReport()
    # A savepoint and its release may stand around the one question.
    assert len([q for q in queries if "taxonomyversion" in q["sql"].casefold()]) == 1
    assert rows() == before


def test_forced_load_compares_everything_and_changes_nothing() -> None:
    before = rows()
    assert load_taxonomy(now=NOW, force=True) == LoadReport()
    assert rows() == before


def test_load_mends_a_row_that_lost_its_place() -> None:
    Theme.objects.filter(code="school").update(name_sv="Fel", parent=None, is_active=False)
    version = TaxonomyVersion.objects.get().version
    assert load_taxonomy(now=NOW, force=True) == LoadReport(updated=1)
    school = Theme.objects.get(code="school")
    assert (school.name_sv, school.parent.code, school.is_active) == (  # type: ignore[union-attr]
        "Skola och studiestöd",
        "education_and_learning",
        True,
    )
    assert TaxonomyVersion.objects.get().version != version


def test_load_leaves_staff_edits_alone() -> None:
    Theme.objects.filter(code="school").update(name_sv="Skolan", edited_at=NOW)
    added = AreaName.objects.create(
        area=Area.objects.get(code="SE-1480"),
        name="Götet",
        key="götet",
        folded="gotet",
        edited_at=NOW,
    )
    assert load_taxonomy(now=NOW, force=True) == LoadReport(kept=1)
    assert Theme.objects.get(code="school").name_sv == "Skolan"
    added.refresh_from_db()
    assert added.is_active


def test_load_retires_what_left_the_files_and_never_deletes() -> None:
    gone = Theme.objects.create(code="gone", name_sv="Borta", name_en="Gone")
    name = AreaName.objects.create(
        area=Area.objects.get(code="SE-1480"), name="Gammalt namn", key="gammalt namn", folded="gammalt namn"
    )
    assert load_taxonomy(now=NOW, force=True) == LoadReport(retired=2)
    gone.refresh_from_db()
    name.refresh_from_db()
    assert (gone.is_active, name.is_active) == (False, False)
    assert load_taxonomy(now=NOW, force=True) == LoadReport()


def test_load_takes_up_changed_files(monkeypatch: pytest.MonkeyPatch) -> None:
    real = services.read_table

    def changed(name: str) -> list[dict[str, str]]:
        table = real(name)
        if name == "themes":
            table[0]["name_sv"] = "Hälsa"
        return table

    monkeypatch.setattr(services, "read_table", changed)
    monkeypatch.setattr(services, "fingerprint", lambda: "0" * 64)
    assert load_taxonomy(now=NOW) == LoadReport(updated=1)
    assert TaxonomyVersion.objects.get().digest == "0" * 64
    assert load_taxonomy(now=NOW) == LoadReport()


def test_load_refuses_entries_that_are_each_others_parents(monkeypatch: pytest.MonkeyPatch) -> None:
    real = services.read_table

    def ring(name: str) -> list[dict[str, str]]:
        table = real(name)
        if name == "themes":
            table[0]["parent"], table[1]["parent"] = table[1]["code"], table[0]["code"]
        return table

    monkeypatch.setattr(services, "read_table", ring)
    with pytest.raises(ValueError, match="each other's parents"):
        load_taxonomy(now=NOW, force=True)


def test_command_says_what_it_did() -> None:
    out = StringIO()
    call_command("load_taxonomy", stdout=out)
    assert out.getvalue() == "Taxonomy: nothing to change.\n"
    Theme.objects.filter(code="school").update(name_sv="Fel")
    call_command("load_taxonomy", force=True, stdout=out)
    assert "0 created, 1 updated, 0 put out of use" in out.getvalue()
