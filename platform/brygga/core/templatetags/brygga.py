"""Everything a template loads with `{% load brygga %}`: components, icons, addresses and ways of writing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import template
from django.http import QueryDict
from django.template.base import Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context, RequestContext
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from brygga.core import formatting
from brygga.core.forms import list_errors
from brygga.core.icons import ICONS
from brygga.core.languages import other_language_address

register = template.Library()

# Known to every component, beside what it is given.
INHERITED = ("csrf_token", "demo_mode", "theme")


def _render_component(name: str, context: Context, parameters: dict[str, Any]) -> SafeString:
    inherited = {key: context[key] for key in INHERITED if key in context}
    # Rendering without the request skips the context processors: a component that needs it gets it by name.
    return render_to_string(
        f"components/{name}.html", {"request": context.get("request"), **inherited, **parameters}
    )


@register.simple_tag(takes_context=True)
def show(context: Context, component_name: str, **parameters: Any) -> SafeString:
    """Draw a component; it sees only its parameters."""
    return _render_component(component_name, context, parameters)


class ComponentNode(Node):
    def __init__(self, name: Any, parameters: dict[str, Any], content: NodeList) -> None:
        self.name = name
        self.parameters = parameters
        self.content = content

    def render(self, context: Context) -> SafeString:
        parameters = {key: value.resolve(context) for key, value in self.parameters.items()}
        with context.push():
            parameters["content"] = self.content.render(context)
        if not parameters["content"].strip():
            parameters["content"] = ""
        return _render_component(self.name.resolve(context), context, parameters)


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """Draw a component around content: `{% component "card" title=name %}…{% endcomponent %}`."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("component needs a name")
    name = parser.compile_filter(bits.pop(0))
    parameters = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"component takes name=value, not {bits[0]}")
    content = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(name, parameters, content)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw one of our icons. Without a label it is decoration and hidden from screen readers."""
    drawing = mark_safe(ICONS[name])  # noqa: S308 - our own drawings, no input
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" width="24" height="24" focusable="false" {}>{}</svg>',
        f" icon-{size}" if size else "",
        said,
        drawing,
    )


@register.simple_tag
def slot(thing: Any, name: str) -> SafeString:
    """Write what the apps above have put in this object's slot; nothing when it was not filled."""
    pieces = getattr(thing, "slots", {}).get(name, [])
    return format_html_join("\n", "{}", ((piece,) for piece in pieces))


@register.simple_tag
def url_if_exists(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a page that an app above may have, or nothing."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def other_language_url(context: RequestContext) -> str:
    """Return this page's address in the other language."""
    request = context.get("request")
    return other_language_address(request) if request is not None else ""


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """Return this address's parameters with some changed, starting with "?". None and "" take one away."""
    request = context.get("request")
    parameters = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value in (None, ""):
            parameters.pop(key, None)
        elif isinstance(value, list | tuple):
            parameters.setlist(key, [str(one) for one in value])
        else:
            parameters[key] = str(value)
    return "?" + parameters.urlencode()


@register.simple_tag(takes_context=True)
def has_form_errors(context: Context) -> bool:
    """Tell whether the page answers a form that could not be accepted."""
    form = context.get("form")
    forms = [form] if form is not None else list(context.get("forms", []) or [])
    return any(getattr(one, "is_bound", False) and one.errors for one in forms)


@register.simple_tag
def page_window(page: Any) -> Iterator[Any]:
    """Return the page numbers to show, with the paginator's ellipsis between distant ones."""
    pages: Iterator[Any] = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return pages


@register.filter
def money(value: formatting.Number | None) -> str:
    return "" if value is None or value == "" else formatting.format_money(value)


@register.filter
def money_range(least: formatting.Number | None, greatest: formatting.Number | None) -> str:
    return formatting.format_money_range(least, greatest)


@register.filter
def number(value: formatting.Number | None) -> str:
    return "" if value is None or value == "" else formatting.format_number(value)


@register.filter
def date_long(value: date | datetime | None) -> str:
    return formatting.format_day(value) if value else ""


@register.filter
def date_short(value: date | datetime | None) -> str:
    return formatting.format_day_short(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    return formatting.format_moment(value) if value else ""


@register.filter
def plain_paragraphs(text: str | None) -> SafeString:
    """Write plain text as paragraphs: escaped, blank lines part them, no address becomes a link."""
    whole_text = formatting.kept_whole((text or "").replace("\r\n", "\n"))
    paragraphs = [part.strip() for part in whole_text.split("\n\n") if part.strip()]
    return format_html_join(
        "\n",
        '<p class="ds-paragraph">{}</p>',
        ((mark_safe(conditional_escape(part).replace("\n", "<br>")),) for part in paragraphs),  # noqa: S308 - escaped
    )


@register.filter
def bar_width(share: float | None) -> str:
    """Return a share between 0 and 1 as a width in a drawing 100 wide, never quite empty."""
    return f"{max(4.0, min(1.0, share or 0.0) * 100):.0f}"


@register.filter(is_safe=True)
def whole(text: Any) -> str:
    """Write somebody's words so that no line breaks inside an amount."""
    return formatting.kept_whole(str(text)) if text else ""


@register.filter
def is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


@register.filter
def number_or_text(value: Any) -> str:
    return formatting.format_number(value) if isinstance(value, int | float) else str(value)


@register.simple_tag
def list_errors_of(form: Any = None, forms: Any = None) -> list[tuple[str, str]]:
    """Return (id to focus, message) for every error of one form or several."""
    several = list(forms) if forms else [form]
    return [error for one in several if one and one.is_bound for error in list_errors(one)]
