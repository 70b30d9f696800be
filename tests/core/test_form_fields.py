from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.utils.translation import override

from brygga.core.forms import (
    BryggaForm,
    HoursField,
    MoneyField,
    SwedishDateField,
    TextAreaField,
    UnknownChoiceField,
    UnknownMultipleChoiceField,
)

COLOURS = [("red", "Röd"), ("blue", "Blå")]


def message(field: forms.Field, value: Any, language: str) -> str:
    with override(language):
        with pytest.raises(forms.ValidationError) as refusal:
            field.clean(value)
        return str(refusal.value.messages[0])


@pytest.mark.parametrize(
    ("field", "value", "cleaned"),
    [
        (MoneyField(), "1,5 mnkr", 1_500_000),
        (MoneyField(), " 200 000 svenska kronor ", 200_000),
        (MoneyField(required=False), "", None),
        (MoneyField(), 500, 500),
        (HoursField(), "10 tim", 10),
        (HoursField(required=False), "  ", None),
        (SwedishDateField(), "1 mars 2026", date(2026, 3, 1)),
        (SwedishDateField(), date(2026, 3, 1), date(2026, 3, 1)),
        (SwedishDateField(required=False), "", None),
        (UnknownChoiceField(choices=COLOURS), "red", "red"),
        (UnknownChoiceField(choices=COLOURS), "unknown", None),
        (UnknownChoiceField(choices=COLOURS, required=False), "", None),
        (UnknownMultipleChoiceField(choices=COLOURS), ["red", "blue"], ["red", "blue"]),
        (UnknownMultipleChoiceField(choices=COLOURS), ["unknown"], None),
        (UnknownMultipleChoiceField(choices=COLOURS, required=False), [], None),
        (UnknownMultipleChoiceField(choices=COLOURS, none_label="Ingen"), ["none"], []),
        (TextAreaField(max_length=3), "a\r\nb", "a\nb"),
    ],
)
def test_field_cleans_what_people_write(field: forms.Field, value: Any, cleaned: Any) -> None:
    assert field.clean(value) == cleaned


@pytest.mark.parametrize(
    ("field", "value", "swedish", "english"),
    [
        (MoneyField(), "mycket", "Skriv summan som ett tal, till exempel 200\u00a0000 eller 200 tkr.",
         "Write the amount as one number, for example 200 000 or 200 tkr."),
        (MoneyField(), "", "Skriv en summa i kronor, till exempel 200\u00a0000.",
         "Write an amount in kronor, for example 200 000."),
        (MoneyField(min_value=10_000), "5000", "Skriv en summa på minst 10\u00a0000 kronor.",
         "Write an amount that is at least 10,000 kronor."),
        (MoneyField(max_value=10_000), "1 mnkr", "Skriv en summa på högst 10\u00a0000 kronor.",
         "Write an amount that is at most 10,000 kronor."),
        (HoursField(), "några", "Skriv timmarna som ett tal, till exempel 10 eller 2,5.",
         "Write the hours as one number, for example 10 or 2,5."),
        (SwedishDateField(), "i vår", "Skriv datumet med dag, månad och år, till exempel 1 mars 2026 eller 2026-03-01.",
         "Write the date with day, month and year, for example 1 March 2026 or 2026-03-01."),
        (UnknownChoiceField(choices=COLOURS), "", "Välj ett svar.", "Choose an answer."),
        (UnknownMultipleChoiceField(choices=COLOURS), [], "Välj minst ett svar.", "Choose at least one answer."),
        (UnknownMultipleChoiceField(choices=COLOURS), ["red", "unknown"],
         "Du valde ”Vet inte än” tillsammans med andra svar. Välj det ena eller det andra.",
         "You chose “Don’t know yet” together with other answers. Choose one or the other."),
        (TextAreaField(max_length=3), "abcdef", "Korta texten till 3 tecken. Nu är den 6.",
         "Shorten the text to 3 characters. It has 6."),
    ],
)  # fmt: skip
def test_field_says_plainly_what_is_wrong(field: forms.Field, value: Any, swedish: str, english: str) -> None:
    assert message(field, value, "sv") == swedish
    assert message(field, value, "en") == english


def test_required_answer_is_asked_for_by_name() -> None:
    class Question(BryggaForm):
        where = forms.CharField(label="Var arbetar ni?")
        name = forms.CharField(label="Namn")

    with override("sv"):
        assert Question({}).errors == {
            "where": ["Svara på frågan ”Var arbetar ni?”"],
            "name": ["Fyll i ”Namn”."],
        }


def test_stored_values_are_shown_as_people_write_them() -> None:
    with override("sv"):
        assert MoneyField().prepare_value(200_000) == "200\u00a0000"
    assert MoneyField().prepare_value("200 tkr") == "200 tkr"
    assert SwedishDateField().prepare_value(date(2026, 3, 1)) == "2026-03-01"
    assert UnknownMultipleChoiceField(choices=COLOURS, none_label="Ingen").prepare_value([]) == ["none"]


def test_same_amount_in_other_words_is_no_change() -> None:
    assert not MoneyField().has_changed(200_000, "200 tkr")
    assert MoneyField().has_changed(200_000, "300 tkr")
    assert MoneyField().has_changed(200_000, "mycket")
