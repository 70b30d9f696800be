"""What people write leads to the right place and the right word, or honestly nowhere."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brygga.taxonomy.enums import AreaKind, AreaNameKind
from brygga.taxonomy.models import Area, AreaName
from brygga.taxonomy.selectors import (
    current_taxonomy,
    resolve_area,
    resolve_innovation_kind,
    resolve_method,
    resolve_target_group,
    resolve_theme,
    suggest_areas,
)
from brygga.taxonomy.services import save_staff_edit
from tests.database import LOADED_AT
from tests.taxonomy.people import Staff

pytestmark = pytest.mark.django_db

PLACES = {
    "Göteborg": "SE-1480",
    "göteborg": "SE-1480",
    "  GÖTEBORG  ": "SE-1480",
    "Goteborg": "SE-1480",
    "Gothenburg": "SE-1480",
    "City of Gothenburg": "SE-1480",
    "Göteborgs stad": "SE-1480",
    "Göteborgs kommun": "SE-1480",
    "i Göteborg": "SE-1480",
    "SE-1480": "SE-1480",
    "se-1480": "SE-1480",
    "1480": "SE-1480",
    "411 03": "SE-1480",
    "41103": "SE-1480",
    "SE-411 03": "SE-1480",
    "Västra Götaland": "SE-14",
    "Västra Götalands län": "SE-14",
    "Västra Götalandsregionen": "SE-14",
    "VGR": "SE-14",
    "SE-14": "SE-14",
    "SE-O": "SE-14",
    "SE232": "SE-14",
    "Skåne": "SE-12",
    "Skåne län": "SE-12",
    "Region Skåne": "SE-12",
    "hela Skåne": "SE-12",
    "Scania": "SE-12",
    "Skane": "SE-12",
    "Malmö": "SE-1280",
    "Malmö kommun": "SE-1280",
    "Malmö, Skåne": "SE-1280",
    "Malmö (Sverige)": "SE-1280",
    "Visby": "SE-0980",
    "Gotland": "SE-0980",
    "Region Gotland": "SE-09",
    "Gotlands län": "SE-09",
    "Uppsala": "SE-0380",
    "Uppsala län": "SE-03",
    "Uppsala County": "SE-03",
    "Uppsala, Uppsala län": "SE-0380",
    "Stockholm": "SE-0180",
    "Stockholms stad": "SE-0180",
    "Stockholms län": "SE-01",
    "Region Stockholm": "SE-01",
    "Örebro": "SE-1880",
    "Orebro": "SE-1880",
    "Region Örebro län": "SE-18",
    "Jönköping": "SE-0680",
    "Jönköpings län": "SE-06",
    "Kalmar": "SE-0880",
    "Halland": "SE-13",
    "Sörmland": "SE-04",
    "Region Jämtland Härjedalen": "SE-23",
    "Botkyrka": "SE-0127",
    "Habo": "SE-0643",
    "Håbo": "SE-0305",
    "Upplands-Bro": "SE-0139",
    "Upplands Bro": "SE-0139",
    "Skellefteå": "SE-2482",
    "Holmsund": "SE-2480",
    "Sverige": "SE",
    "Sweden": "SE",
    "SE": "SE",
    "hela landet": "SE",
    "nationellt": "SE",
    "Norge": "NO",
    "Norden": "nordic",
    "the Nordic countries": "nordic",
    "Europa": "europe",
    "EU": "europe",
    "världen": "world",
}
NOWHERE = [
    "",
    "   ",
    "Sjuhärad",
    "Småland",
    "Östra Skåne",
    "Sydöstra Skåne",
    "Sörmlandskusten",
    "Bergsjön",
    "Lungsjön",
    "Götebrog",
    "Malmö, Göteborg",
    "Göteborg, Skåne",
    "Malmö och Lund",
    "00000",
    "000 00",
    "12345678",
    "Hässelby",  # its postal codes are shared between Stockholm and Ekerö
    "a" * 5000,
    "\x00",
    "💡",
]


@pytest.mark.parametrize(("written", "code"), PLACES.items())
def test_resolve_area_understands(written: str, code: str) -> None:
    match = resolve_area(written)
    assert match is not None
    assert match.code == code


@pytest.mark.parametrize("written", NOWHERE)
def test_resolve_area_never_guesses(written: str) -> None:
    assert resolve_area(written) is None


def test_resolve_area_says_how_it_was_found() -> None:
    kinds = {text: resolve_area(text).kind for text in ("Visby", "41103", "SE-14", "Skåne")}  # type: ignore[union-attr]
    assert kinds == {
        "Visby": AreaNameKind.LOCALITY,
        "41103": AreaNameKind.POSTAL_CODE,
        "SE-14": AreaNameKind.CODE,
        "Skåne": AreaNameKind.SHORT,
    }


def test_every_municipality_and_county_resolves_by_its_names() -> None:
    for area in current_taxonomy().areas.values():
        for text in (area.code, area.official_name("sv"), area.official_name("en")):
            match = resolve_area(text)
            assert match is not None and match.code == area.code, text
        short = resolve_area(area.name_sv)
        assert short is not None
        assert short.code == area.code or (
            area.kind == AreaKind.COUNTY and short.area.kind == AreaKind.MUNICIPALITY
        )


THEMES = {
    "psykisk ohälsa": "mental_health",
    "Psykisk Hälsa": "mental_health",
    "mental_health": "mental_health",
    "mental health": "mental_health",
    "arbetslöshet": "employment",
    "arbetslösheten": "employment",
    "ASF": "work_integration",
    "arbetsintegrerande sociala företag": "work_integration",
    "skola": "school",
    "skolor": "school",
    "hållbara städer": "housing_and_city",
    "matsvinn": "food_and_growing",
    "Vindkraften": "local_energy_and_resources",
    "antirasism": "anti_discrimination",
    "hbtqi": "anti_discrimination",
    "vindkraft": "local_energy_and_resources",
    "social innovation": "innovation_and_renewal",
    "public sector": "public_renewal",
    "samverkan": "system_change",
    "demens": "ageing",
    "rymdfart": None,
    "": None,
}


@pytest.mark.parametrize(("word", "code"), THEMES.items())
def test_resolve_theme(word: str, code: str | None) -> None:
    assert resolve_theme(word) == code


def test_resolve_other_lists() -> None:
    assert resolve_target_group("young people") == "young_people"
    assert resolve_target_group("långtidsarbetslösa kvinnor") == "long_term_unemployed"
    assert resolve_target_group("Seniorer", "sv") == "older_people"
    assert resolve_target_group("marsmänniskor") is None
    assert resolve_method("kamratstöd") == "peer_support"
    assert resolve_method("peer support", "en") == "peer_support"
    assert resolve_innovation_kind("affärsmodell") == "business_model"
    assert resolve_innovation_kind("") is None


# The copy in memory is read by every example, and no example writes: one database set-up is enough.
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(text=st.text(max_size=200))
def test_resolving_never_fails(text: str) -> None:
    area = resolve_area(text)
    assert area is None or area.code in current_taxonomy().areas
    for resolve in (resolve_theme, resolve_target_group, resolve_method, resolve_innovation_kind):
        assert resolve(text) is None or isinstance(resolve(text), str)


@quick
@given(name=st.sampled_from(sorted(PLACES)), padding=st.sampled_from(["", " ", "  ", "\t", "\n", "\u00a0"]))
def test_resolving_ignores_case_and_space(name: str, padding: str) -> None:
    for written in (name.upper(), name.lower(), name.title(), f"{padding}{name}{padding}"):
        match = resolve_area(written)
        assert match is not None and match.code == PLACES[name], written


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("göteb", "SE-1480"),
        ("goteb", "SE-1480"),
        ("Götebrog", "SE-1480"),
        ("Upsala", "SE-0380"),
        ("stock", "SE-0180"),
        ("västra g", "SE-14"),
        ("Visb", "SE-0980"),
        ("41103", "SE-1480"),
        ("sveri", "SE"),
        ("skåne l", "SE-12"),
    ],
)
def test_suggest_areas_offers_first(typed: str, first: str) -> None:
    assert suggest_areas(typed)[0].code == first


def test_suggest_areas_keeps_to_limit_and_kinds() -> None:
    found = suggest_areas("s", limit=5)
    assert len(found) == len({suggestion.code for suggestion in found}) == 5
    counties = suggest_areas("stock", kinds=[AreaKind.COUNTY])
    assert [suggestion.code for suggestion in counties] == ["SE-01"]
    assert suggest_areas("") == suggest_areas("stock", limit=0) == suggest_areas("%_\\") == []


def test_suggest_areas_is_one_query(django_assert_num_queries: pytest.FixtureRequest) -> None:
    current_taxonomy()
    with django_assert_num_queries(1):  # type: ignore[operator]
        suggest_areas("malm")


def test_name_shared_by_two_municipalities_means_neither(staff: Staff) -> None:
    for code in ("SE-1480", "SE-1280"):
        name = AreaName(area=Area.objects.get(code=code), name="Storby")
        save_staff_edit(entry=name, actor=staff, now=LOADED_AT)
        found = resolve_area("storby")
        assert (found.code if found else None) == ("SE-1480" if code == "SE-1480" else None)
