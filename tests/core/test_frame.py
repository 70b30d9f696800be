"""Theme, language, icons and ways of writing: what every page leans on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.test import Client, RequestFactory, override_settings
from django.utils.translation import override

from brygga.core import formatting
from brygga.core.appearance import ColorScheme, chosen_scheme
from brygga.core.languages import other_language_address

pytestmark = pytest.mark.urls("tests.core.frame_urls")


def draw(markup: str, /, **values: object) -> str:
    return str(engines["django"].from_string("{% load brygga %}" + markup).render(values))


@pytest.mark.parametrize(
    ("cookie", "scheme"),
    [
        ("dark", ColorScheme.DARK),
        ("light", ColorScheme.LIGHT),
        ("", ColorScheme.AUTO),
        ('"><b>', ColorScheme.AUTO),
    ],
)
def test_theme_comes_from_the_cookie_when_it_is_one_of_ours(cookie: str, scheme: ColorScheme) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert chosen_scheme(request) is scheme


@override_settings(MIDDLEWARE=[])
def test_theme_is_remembered_and_the_visitor_goes_back() -> None:
    client = Client()
    response = client.post("/theme/", {"theme": "dark", "next": "/initiativ/?q=odling"})
    assert (response.status_code, response["Location"]) == (302, "/initiativ/?q=odling")
    assert client.cookies["theme"].value == "dark"
    assert client.cookies["theme"]["samesite"] == "Lax"


@override_settings(MIDDLEWARE=[])
@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_theme_switch_never_leads_elsewhere(target: str) -> None:
    response = Client().post("/theme/", {"theme": "dark", "next": target})
    assert response["Location"] == "/"


@override_settings(MIDDLEWARE=[])
def test_unknown_theme_is_not_remembered_and_nothing_is_changed_by_looking() -> None:
    client = Client()
    client.post("/theme/", {"theme": "pink", "next": "/"})
    assert "theme" not in client.cookies
    assert client.get("/theme/").status_code == 405


@pytest.mark.parametrize(
    ("language", "here", "there"),
    [
        ("sv", "/initiativ/?q=odling", "/en/initiatives/?q=odling"),
        ("en", "/en/initiatives/?q=odling", "/initiativ/?q=odling"),
        ("sv", "/nothing-here/", "/en/"),
        ("en", "/en/nothing-here/", "/"),
        ("sv", "/theme/", "/en/"),
    ],
)
def test_other_language_is_the_same_page_or_else_the_start(language: str, here: str, there: str) -> None:
    with override(language):
        assert other_language_address(RequestFactory().get(here)) == there


def test_money_days_and_numbers_follow_the_language() -> None:
    at = datetime(2026, 3, 1, 13, 32, tzinfo=UTC)
    with override("sv"):
        assert formatting.format_money(200_000) == "200\u00a0000\u00a0kr"
        assert formatting.format_money_range(50_000, 300_000) == "50\u00a0000–300\u00a0000\u00a0kr"
        assert formatting.format_money_range(None, 300_000) == "upp till 300\u00a0000\u00a0kr"
        assert formatting.format_money_range(50_000, None) == "från 50\u00a0000\u00a0kr"
        assert formatting.format_money_range(0, 0) == "upp till 0\u00a0kr"
        assert formatting.format_money_range(None, None) == ""
        assert formatting.format_day(date(2026, 3, 1)) == "1 mars 2026"
        assert formatting.format_day_short(date(2026, 3, 1)) == "1 mars"
        assert formatting.format_moment(at) == "1 mars 2026 14:32"
        assert formatting.format_number(12_500) == "12\u00a0500"
    with override("en"):
        assert formatting.format_money(200_000) == "SEK\u00a0200,000"
        assert formatting.format_money_range(50_000, 300_000) == "SEK\u00a050,000–300,000"
        assert formatting.format_day(at) == "1 March 2026"
        assert formatting.format_moment(at) == "1 March 2026 14:32"


def test_day_is_the_day_in_sweden() -> None:
    with override("sv"):
        assert formatting.format_day(datetime(2026, 2, 28, 23, 30, tzinfo=UTC)) == "1 mars 2026"


def test_plain_text_becomes_paragraphs_and_nothing_else() -> None:
    drawn = draw("{{ text|plain_paragraphs }}", text="Hej <b>du</b>\nhttps://example.com\r\n\r\nNästa\n\n\n")
    assert drawn == (
        '<p class="ds-paragraph">Hej &lt;b&gt;du&lt;/b&gt;<br>https://example.com</p>\n'
        '<p class="ds-paragraph">Nästa</p>'
    )


def test_component_sees_only_what_it_is_given() -> None:
    assert "hidden" not in draw('{% show "card" title="A" %}', text="hidden", eyebrow="hidden")
    assert (
        draw('{% component "details" summary=name %}<b>{{ name }}</b>{% endcomponent %}', name="A<").count(
            "A&lt;"
        )
        == 2
    )


def test_address_of_a_page_that_is_not_there_is_left_out() -> None:
    assert (
        draw(
            '{% url_if_exists "pages:start" as a %}{% url_if_exists "pages:nowhere" as b %}[{{ a }}][{{ b }}]'
        )
        == "[/][]"
    )


def test_query_keeps_what_it_is_not_asked_to_change() -> None:
    request = RequestFactory().get("/?q=a+b&kind=x&kind=y&page=3")
    drawn = (
        engines["django"]
        .from_string("{% load brygga %}{% query page=4 q=None as a %}{{ a|safe }}")
        .render({}, request)
    )
    assert drawn == "?kind=x&kind=y&page=4"


def test_icon_speaks_only_when_it_has_something_to_say() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "check" %}')
    assert 'role="img" aria-label="Klar &amp; färdig"' in draw(
        '{% icon "check" label=name %}', name="Klar & färdig"
    )
    with pytest.raises(KeyError):
        draw('{% icon "nothing" %}')
