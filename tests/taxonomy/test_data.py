"""The data files are whole, consistent, and say where they come from."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from brygga.taxonomy.enums import AreaKind
from brygga.taxonomy.models import Goal, IcnptsoEntry
from brygga.taxonomy.names import name_key
from brygga.taxonomy.selectors import Vocabulary, current_taxonomy
from brygga.taxonomy.sources import DATA_FOLDER, read_table

pytestmark = pytest.mark.django_db
VOCABULARIES = ("themes", "target_groups", "methods", "innovation_kinds")


@pytest.fixture(params=VOCABULARIES)
def vocabulary(request: pytest.FixtureRequest, db: None) -> Vocabulary:
    return getattr(current_taxonomy(), request.param)


def test_areas_form_one_tree_with_every_county_and_municipality() -> None:
    areas = current_taxonomy().areas
    kinds = Counter(area.kind for area in areas.values())
    assert (kinds[AreaKind.COUNTY], kinds[AreaKind.MUNICIPALITY]) == (21, 290)
    assert areas["SE-1480"].ancestors == ("SE-14", "SE", "nordic", "europe", "world")
    assert areas["world"].ancestors == ()
    assert sum(len(areas[county].children) for county in areas["SE"].children) == 290
    for area in areas.values():
        assert area.kind == AreaKind.WORLD or area.ancestors[-1] == "world"
        assert area.name_sv and area.name_en


def test_areas_carry_nuts_iso_and_official_names() -> None:
    areas = current_taxonomy().areas
    counties = [areas[code] for code in areas["SE"].children]
    assert len({area.nuts3 for area in counties}) == len({area.iso_3166_2 for area in counties}) == 21
    for county in counties:
        assert re.fullmatch(r"SE\d{3}", county.nuts3)
        assert county.official_name_sv.endswith(" län")
        for code in county.children:
            assert areas[code].nuts3 == county.nuts3
            assert areas[code].official_name_sv.endswith(" kommun")


def test_nordic_countries_stand_under_the_nordic_area() -> None:
    assert set(current_taxonomy().areas["nordic"].children) == {
        "SE",
        "NO",
        "DK",
        "FI",
        "IS",
        "AX",
        "FO",
        "GL",
    }


def test_word_lists_have_the_planned_sizes() -> None:
    taxonomy = current_taxonomy()
    sizes = {name: len(getattr(taxonomy, name).entries) for name in VOCABULARIES}
    assert sizes == {"themes": 67, "target_groups": 43, "methods": 28, "innovation_kinds": 14}


def test_entries_have_names_and_synonyms_in_both_languages(vocabulary: Vocabulary) -> None:
    for entry in vocabulary.entries.values():
        assert entry.name_sv and entry.name_en, entry.code
        assert len(entry.synonyms_sv) >= 3, entry.code
        assert len(entry.synonyms_en) >= 3, entry.code


def test_themes_have_at_least_four_synonyms_a_language() -> None:
    for entry in current_taxonomy().themes.entries.values():
        assert min(len(entry.synonyms_sv), len(entry.synonyms_en)) >= 4, entry.code


def test_no_word_leads_to_two_entries(vocabulary: Vocabulary) -> None:
    claims: dict[str, set[str]] = {}
    for entry in vocabulary.entries.values():
        for word in (entry.code, *entry.words("sv"), *entry.words("en")):
            claims.setdefault(name_key(word), set()).add(entry.code)
    assert {word: codes for word, codes in claims.items() if len(codes) > 1} == {}


def test_every_word_of_an_entry_leads_back_to_it(vocabulary: Vocabulary) -> None:
    for entry in vocabulary.entries.values():
        for language in ("sv", "en"):
            for word in entry.words(language):
                assert vocabulary.find(word, language) == entry.code


def test_parents_exist_and_there_are_at_most_two_levels(vocabulary: Vocabulary) -> None:
    for entry in vocabulary.entries.values():
        if entry.parent is not None:
            assert vocabulary.entries[entry.parent].parent is None, entry.code


def test_classification_codes_exist() -> None:
    goals = set(Goal.objects.values_list("pk", flat=True))
    icnptso = set(IcnptsoEntry.objects.values_list("pk", flat=True))
    assert len(goals) == 17
    assert len(icnptso) == len(read_table("icnptso"))
    taxonomy = current_taxonomy()
    for entry in (*taxonomy.themes.entries.values(), *taxonomy.target_groups.entries.values()):
        assert set(entry.sdg_goals) <= goals, entry.code
        assert set(entry.icnptso_codes) <= icnptso, entry.code
    for entry in taxonomy.themes.entries.values():
        assert entry.sdg_goals and entry.icnptso_codes, entry.code


def test_every_data_file_is_named_with_its_source() -> None:
    readme = (DATA_FOLDER / "README.md").read_text(encoding="utf-8")
    for path in DATA_FOLDER.glob("*.csv"):
        assert f"`{path.name}`" in readme
    assert "CC BY 4.0" in readme
    assert "Valmyndigheten" in readme
