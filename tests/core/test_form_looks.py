"""What a form's markup promises to people who cannot see it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import engines
from django.utils.translation import override

from brygga.core.forms import BryggaForm, list_errors
from tests.core.pages_context import NeedsForm, request_for

pytestmark = pytest.mark.urls("tests.core.frame_urls")


class Elements(HTMLParser):
    """Collects every element with its attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _tag, attributes in self.found if "id" in attributes]

    def values(self, name: str) -> list[str]:
        return [str(attributes[name]) for _tag, attributes in self.found if name in attributes]


WRONG = {"change": "x" * 100, "amount": "mycket", "groups": ["young", "unknown"], "start_on": "i vår"}


@pytest.fixture
def wrong() -> Elements:
    with override("sv"):
        return Elements(str(NeedsForm(WRONG)))


def test_every_control_has_its_label_and_no_id_stands_twice(wrong: Elements) -> None:
    ids = wrong.ids()
    assert len(ids) == len(set(ids))
    labelled = set(wrong.values("for"))
    controls = {
        str(attributes["id"]) for tag, attributes in wrong.found if tag in ("input", "select", "textarea")
    }
    assert controls == labelled


def test_every_description_exists(wrong: Elements) -> None:
    described = {one for value in wrong.values("aria-describedby") for one in value.split()}
    assert described
    assert described <= set(wrong.ids())


def test_errors_lead_to_something_that_can_have_the_focus(wrong: Elements) -> None:
    focusable = {
        str(attributes["id"]) for tag, attributes in wrong.found if tag in ("input", "select", "textarea")
    }
    targets = {target for target, _message in list_errors(NeedsForm(WRONG))}
    assert targets == {"id_change", "id_amount", "id_start_on", "id_county", "id_form_after_0", "id_groups_0"}
    assert targets <= focusable


def test_error_says_that_it_is_one_before_its_text() -> None:
    with override("sv"):
        markup = str(NeedsForm(WRONG)["amount"].as_field_group())
    assert "Fel: </span>Skriv summan som ett tal" in markup
    assert 'aria-invalid="true"' in markup


def test_optional_is_said_in_words_and_nothing_is_starred() -> None:
    class Question(BryggaForm):
        unmarked_fields = ("draft",)
        name = forms.CharField()
        extra = forms.CharField(required=False)
        draft = forms.CharField(required=False)

    with override("sv"):
        markup = str(Question())
    assert re.findall(r'for="id_(\w+)">[^<]*<span class="optional">([^<]+)', markup) == [
        ("extra", "(valfritt)")
    ]
    assert "*" not in markup


def test_nothing_pasted_is_cut_off() -> None:
    class Question(BryggaForm):
        title = forms.CharField(max_length=20)
        text = forms.CharField(max_length=20, widget=forms.Textarea)

    assert "maxlength" not in str(Question())


def test_what_was_typed_is_kept() -> None:
    markup = str(NeedsForm(WRONG))
    assert 'value="mycket"' in markup
    assert 'value="i vår"' in markup
    assert "x" * 100 in markup


def test_markup_in_what_was_typed_stays_text() -> None:
    markup = str(NeedsForm({"amount": '"><script>alert(1)</script>', "change": "</textarea><b>"}))
    assert "<script>" not in markup
    assert "</textarea><b>" not in markup


def test_error_summary_is_empty_when_nothing_is_wrong() -> None:
    template = engines["django"].from_string('{% load brygga %}{% show "error_summary" form=form %}')
    assert template.render({"form": NeedsForm()}).strip() == ""
    with override("sv"):
        assert "6 saker behöver rättas" in template.render({"form": NeedsForm(WRONG)})


def test_question_page_makes_the_label_its_heading() -> None:
    class Question(BryggaForm):
        kind = forms.ChoiceField(label="Vilka är ni?", choices=[("a", "A")], widget=forms.RadioSelect)

    template = engines["django"].from_string('{% extends "layouts/question.html" %}')
    markup = template.render({"form": Question(), "question_is_label": True}, request_for())
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", markup) == ["Vilka är ni?"]
