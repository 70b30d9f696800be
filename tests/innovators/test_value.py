"""Indicators and their measurements: written, shown, charted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from innovators.models import Indicator, Initiative, Measurement
from tests.cast import Cast
from tests.factories import IndicatorFactory, MeasurementFactory
from tests.innovators.conftest import signed_in
from tests.queries import queries_for

pytestmark = pytest.mark.django_db


def at(name: str, initiative: Initiative, *numbers: int) -> str:
    return reverse(f"innovators:{name}", args=[initiative.public_id, *numbers])


def test_an_indicator_and_its_numbers_are_written_and_shown(published: Initiative, as_amina: Client) -> None:
    written = {
        "kind": "environmental",
        "name": "Kläder som har lagats",
        "unit": "kilo",
        "how": "Vi väger varje påse.",
        "baseline": "0",
        "target": "1 500",
        "visibility": "page",
    }
    assert as_amina.post(at("indicator-new", published), written).status_code == 302
    indicator = Indicator.objects.get()
    assert (indicator.kind, indicator.baseline, indicator.target) == ("environmental", 0, 1500)
    for number, day in (("120,5", "2026-01-31"), ("310 kilo", "30 juni 2026")):
        answer = as_amina.post(
            at("measurement-new", published, indicator.pk),
            {"number": number, "measured_on": day, "source": "Vågen i verkstaden"},
        )
        assert answer.status_code == 302
    rows = Measurement.objects.order_by("measured_on").values_list("measured_on", "number", "source")
    assert list(rows) == [
        (date(2026, 1, 31), Decimal("120.5"), "Vågen i verkstaden"),
        (date(2026, 6, 30), Decimal(310), "Vågen i verkstaden"),
    ]
    visitor = Client()
    for address in (at("value", published), at("detail", published)):
        text = visitor.get(address).content.decode()
        for said in (
            "Kläder som har lagats",
            'class="chart"',
            "310",
            "120,5\u00a0kilo",
            "Mål: 1\u00a0500\u00a0kilo.",
        ):
            assert said in text, (address, said)
        assert "Ta bort" not in text
    file = visitor.get(at("story-file", published)).json()["indicators"]
    assert [(one["number"], one["measured_on"]) for one in file[0]["measurements"]] == [
        ("120.5", "2026-01-31"),
        ("310", "2026-06-30"),
    ]


def test_what_is_not_a_number_is_said_and_kept(published: Initiative, as_amina: Client) -> None:
    indicator = IndicatorFactory(initiative=published)
    for number, said in (
        ("tolv", "Skriv ett enda tal med siffror"),
        ("9" * 14, "Talet är för stort"),
        ("", "Skriv ett tal"),
    ):
        answer = as_amina.post(
            at("measurement-new", published, indicator.pk), {"number": number, "measured_on": "2026-03-01"}
        )
        assert answer.status_code == 422
        assert said in answer.content.decode()
    answer = as_amina.post(
        at("measurement-new", published, indicator.pk), {"number": "3", "measured_on": "2199-01-01"}
    )
    assert list(answer.context["form"].errors) == ["measured_on"]
    assert not Measurement.objects.exists()


def test_unknown_is_not_nought(published: Initiative, as_amina: Client) -> None:
    IndicatorFactory(initiative=published, baseline=None, target=None)
    card = as_amina.get(at("value", published)).context["groups"][0].cards[0]
    assert (card.baseline, card.target, card.latest, card.chart) == ("", "", "", None)
    IndicatorFactory(initiative=published, baseline=Decimal(0), target=None)
    assert as_amina.get(at("value", published)).context["groups"][0].cards[1].baseline == "0\u00a0personer"


def test_a_single_number_is_no_chart(published: Initiative) -> None:
    measurement = MeasurementFactory(indicator=IndicatorFactory(initiative=published))
    text = Client().get(at("value", published)).content.decode()
    assert 'class="chart"' not in text
    assert 'class="value-card__number">12<' in text
    MeasurementFactory(indicator=measurement.indicator, measured_on=date(2026, 4, 1), number=Decimal(14))
    MeasurementFactory(
        indicator=measurement.indicator, measured_on=date(2026, 5, 1), number=Decimal(99), removed=True
    )
    text = Client().get(at("value", published)).content.decode()
    assert 'class="chart"' in text
    assert 'class="value-card__number">14<' in text
    assert "99" not in text


def test_internal_indicators_take_their_numbers_along(cast: Cast, published: Initiative) -> None:
    hidden = IndicatorFactory(initiative=published, internal=True, name="Dolt mått")
    MeasurementFactory(indicator=hidden, number=Decimal(777))
    for name in ("value", "detail", "story-file"):
        assert "777" not in Client().get(at(name, published)).content.decode(), name
        assert "Dolt mått" not in Client().get(at(name, published)).content.decode(), name
        assert "777" in signed_in(cast.rolf).get(at(name, published)).content.decode(), name


def test_numbers_of_an_indicator_that_is_taken_away_are_not_there(
    published: Initiative, as_amina: Client
) -> None:
    measurement = MeasurementFactory(indicator=IndicatorFactory(initiative=published, removed=True))
    assert as_amina.get(at("measurement-change", published, measurement.pk)).status_code == 404
    assert as_amina.get(at("measurement-new", published, measurement.indicator_id)).status_code == 404
    assert Client().get(at("story-file", published)).json()["indicators"] == []


def test_empty_pages_say_so(published: Initiative, as_amina: Client) -> None:
    visitor, own = (client.get(at("value", published)).content.decode() for client in (Client(), as_amina))
    for text in (visitor, own):
        assert "Inget är mätt än" in text
    assert "För miljön" not in visitor
    assert "För miljön" in own
    assert at("indicator-new", published) in own


def test_the_page_costs_the_same_for_one_indicator_and_for_three(
    published: Initiative, as_amina: Client
) -> None:
    MeasurementFactory(indicator=IndicatorFactory(initiative=published))
    queries_for(as_amina, at("value", published))
    before = queries_for(as_amina, at("value", published))
    for _ in range(2):
        MeasurementFactory.create_batch(3, indicator=IndicatorFactory(initiative=published))
    assert queries_for(as_amina, at("value", published)) == before
