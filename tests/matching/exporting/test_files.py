"""The lists of matches to take along: the rows, order and filters of the page."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from brygga.core.spreadsheets import XLSX, csv_lines, defused
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.models import Recusal
from matching.desk.services import dismiss, shortlist
from matching.desk.views import lists
from tests.cast import Cast
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.matching.desk.lists import cases_url, shown_cases, shown_support, support_url

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def sent(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.streaming
    return b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]


def read_csv(text: str, divider: str = ";") -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:], newline=""), delimiter=divider))


def read_sheet(sheet: bytes) -> list[Any]:
    return list(load_workbook(BytesIO(sheet)).active.iter_rows())  # type: ignore[union-attr]


def read_json(client: Client, address: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(sent(client, address))
    return rows


def test_the_file_has_the_rows_the_order_and_the_filters_of_the_page(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    monkeypatch.setattr("brygga.core.table_files.AT_ONCE", 2)
    made = [InitiativeFactory(title=f"Nummer {number}") for number in range(4)]
    sparse = InitiativeFactory(title="Långt bort", area_codes=["SE-1480"], target_group_codes=None)
    matched()
    now = timezone.now()
    shortlist(offer=offer, initiative=made[2], actor=cast.ruth, note="Ring; snart", now=now)
    dismiss(offer=offer, initiative=made[3], actor=cast.ruth, reason="other_theme", now=now)
    client.force_login(cast.ruth)
    for filters in (
        "",
        "sort=newest",
        "stage=shortlisted&stage=dismissed",
        "county=SE-14&sort=newest",
        "county=SE-25",
    ):
        pages = [shown_cases(client, f"{cases_url(offer)}?{filters}&page={page}") for page in (1, 2)]
        total = client.get(f"{cases_url(offer)}?{filters}").context["page"].paginator.count
        on_screen = [title for page in pages for title in page][:total]
        found = read_json(client, f"{cases_url(offer, 'ladda-ner/')}?{filters}&as=json")
        assert [row["initiative"] for row in found] == on_screen
        assert [row["place"] for row in found] == list(range(1, total + 1))
    [row] = [one for one in read_csv(sent(client, cases_url(offer, "ladda-ner/"))) if one["Anteckning"]]
    card = next(case for case in client.get(f"{cases_url(offer)}?stage=shortlisted").context["cases"])
    assert row["Initiativ"] == "Nummer 2"
    assert row["Anteckning"] == "Ring; snart"
    assert row["Läge"] == "På listan"
    assert row["Varför det passar"] == "; ".join(card.why.reasons)
    assert row["Adress"].endswith(f"/initiativ/{made[2].public_id}/")
    assert sparse.title in sent(client, cases_url(offer, "ladda-ner/"))


def test_the_sheet_holds_what_the_csv_holds_and_runs_nothing(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    notes = ["=1+1", "+46 hej", "-2", "@SUM(A1)", " =2", "#N/A", "rad\nbrytning", "Å; ä, ö"]
    made = [InitiativeFactory(title=f"={number}") for number in range(len(notes))]
    hidden = InitiativeFactory(title="Hemlig", visibility="chosen")
    matched()
    for one, note in zip(made, notes, strict=True):
        shortlist(offer=offer, initiative=one, actor=cast.ruth, note=note, now=timezone.now())
    client.force_login(cast.ruth)
    for rest in ("ladda-ner/?sort=newest&", "ladda-ner-var-lista/?"):
        answer = client.get(cases_url(offer, f"{rest}as=xlsx"))
        assert answer.streaming
        assert answer["Content-Type"] == XLSX
        assert answer["Content-Disposition"].endswith('.xlsx"')
        cells = read_sheet(b"".join(answer.streaming_content))  # type: ignore[arg-type]
        assert {cell.data_type for row in cells for cell in row} <= {"n", "s", "inlineStr"}
        values = [["" if cell.value is None else cell.value for cell in row] for row in cells]
        text = sent(client, cases_url(offer, f"{rest}as=csv"))
        assert [[defused(value) for value in row] for row in values] == list(
            csv.reader(StringIO(text[1:], newline=""), delimiter=";")
        )
        assert [row[0] for row in values[1:]] == list(range(1, len(values)))  # numbers, not text
        column = values[0].index("Anteckning")
        assert {row[column] for row in values[1:]} >= {note.strip() for note in notes}
        assert all(cell.quotePrefix for row in cells for cell in row if str(cell.value).startswith("="))
        assert hidden.public_id not in str(values)


def test_support_is_in_the_order_of_the_page_also_where_givers_are_spread(
    client: Client, cast: Cast, initiative: Initiative, matched: Matched
) -> None:
    for number in range(4):
        SupportOfferFactory(title=f"Samma givare {number}", organisation=cast.foundation)
    SupportOfferFactory(title="En annan givare", theme_codes=["climate"], description="Pengar till odling.")
    matched()
    client.force_login(cast.amina)
    for filters in ("", "sort=closing", "section=money", "section=other"):
        on_screen = shown_support(client, f"{support_url(initiative)}?{filters}")
        found = read_json(client, f"{support_url(initiative, 'ladda-ner/')}?{filters}&as=json")
        assert [row["support"] for row in found] == on_screen
    assert client.get(support_url(initiative)).context["moved_down"]  # there was something to keep
    answer = client.get(support_url(initiative, "ladda-ner/"))
    today = timezone.localdate().isoformat()
    assert answer["Content-Disposition"] == (
        f'attachment; filename="stod-som-passar-lagningsverkstaden-{today}.csv"'
    )
    english = client.get(f"/en/matches/initiative/{initiative.public_id}/download-list/")
    assert "Support,Who gives it" in b"".join(english.streaming_content).decode()  # type: ignore[arg-type]


def test_the_shortlist_comes_with_what_is_put_aside_below(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    first, second, aside, stood = (
        InitiativeFactory(title=title) for title in ("Ett", "Två", "Undan", "Jävig")
    )
    matched()
    for one in (first, second, stood):
        shortlist(offer=offer, initiative=one, actor=cast.ruth, now=timezone.now())
    dismiss(offer=offer, initiative=aside, actor=cast.ruth, reason="other_theme", now=timezone.now())
    Recusal.objects.create(offer=offer, initiative=stood, person=cast.ruth)
    Initiative.objects.filter(pk=second.pk).update(state="paused")
    client.force_login(cast.ruth)
    rows = read_csv(sent(client, cases_url(offer, "ladda-ner-var-lista/")))
    assert [(row["Initiativ"], row["Läge"]) for row in rows] == [
        ("Två", "På listan"),
        ("Ett", "På listan"),
        ("Undan", "Inte relevant"),
    ]
    assert rows[2]["Skäl"] == "Handlar om annat än det vi stöder"
    assert rows[0]["Adress"] == ""  # no longer shown
    assert rows[1]["Adress"]


def test_no_contact_details_and_no_hidden_case_leave_this_way(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    hidden = InitiativeFactory(title="Hemlig", visibility="chosen")
    shelter = InitiativeFactory(area_codes=["SE-1480"], area_words=["Bergsjödalen"], place_coarsened=True)
    matched()
    shortlist(offer=offer, initiative=shelter, actor=cast.ruth, note="ring 070-123 45 67", now=timezone.now())
    client.force_login(cast.ruth)
    for rest in ("ladda-ner/", "ladda-ner-var-lista/"):
        for kind in ("csv", "json"):
            text = sent(client, f"{cases_url(offer, rest)}?as={kind}")
            for canary in (
                "@exempel.example",
                "070-123",
                "Hemlig",
                hidden.public_id,
                "Bergsjödalen",
            ):
                assert canary not in text, (rest, kind)
    client.force_login(cast.amina)
    assert "@exempel.example" not in sent(client, support_url(initiative, "ladda-ner/?as=json"))


def test_hidden_names_are_hidden_in_the_file(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    client.force_login(cast.ruth)
    client.post(cases_url(offer, "dolj-namn/"), {"hide": "1"})
    text = sent(client, cases_url(offer, "ladda-ner/"))
    assert "Initiativ 1" in text
    assert "Lagningsverkstaden" not in text
    assert cast.association.name not in text


@pytest.mark.parametrize("question", ["as=ods", "sort=best", "stage=gone", "county=SE-99"])
def test_a_file_answers_no_other_question_than_was_asked(
    client: Client, cast: Cast, offer: SupportOffer, question: str
) -> None:
    client.force_login(cast.ruth)
    assert client.get(f"{cases_url(offer, 'ladda-ner/')}?{question}").status_code == 400


def test_three_cost_as_many_questions_as_one(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    client.force_login(cast.ruth)
    counts: dict[str, list[int]] = {"ladda-ner/": [], "ladda-ner-var-lista/": []}
    for number in (1, 2):
        made = InitiativeFactory.create_batch(number)
        matched()
        for one in made:
            shortlist(offer=offer, initiative=one, actor=cast.ruth, note="Bra", now=timezone.now())
        for rest, found in counts.items():
            sent(client, cases_url(offer, rest))
            with CaptureQueriesContext(connection) as queries:
                sent(client, cases_url(offer, rest))
            found.append(len(queries))
    assert all(one == more for one, more in counts.values())


@pytest.mark.parametrize("rest", ["", "var-lista/"])
def test_the_pages_lead_to_their_files_with_their_filters(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched, rest: str
) -> None:
    matched()
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    client.force_login(cast.ruth)
    page = client.get(f"{cases_url(offer, rest)}?stage=shortlisted&page=1").content.decode()
    file = {"": "ladda-ner/", "var-lista/": "ladda-ner-var-lista/"}[rest]
    for kind in ("csv", "xlsx", "json"):
        assert f'href="{cases_url(offer, file)}?stage=shortlisted&amp;as={kind}" download' in page
    client.force_login(cast.amina)
    page = client.get(f"{support_url(initiative)}?sort=closing").content.decode()
    assert f'href="{support_url(initiative, "ladda-ner/")}?sort=closing&amp;as=csv" download' in page


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    texts=st.lists(st.text(max_size=40) | st.text("=+-@\t\r\n ;,\"'åA", max_size=12), min_size=2, max_size=2)
)
def test_whatever_a_title_holds_it_is_read_back_and_starts_no_formula(texts: list[str]) -> None:
    file = "".join(csv_lines(["Plats", "Namn"], [texts]))
    [_header, read] = list(csv.reader(StringIO(file.removeprefix("\ufeff"), newline=""), delimiter=";"))
    for cell, text in zip(read, texts, strict=True):
        assert not cell.lstrip(" ").startswith(FORMULA)
        assert text in (cell, cell.removeprefix("'"))
