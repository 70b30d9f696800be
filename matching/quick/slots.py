"""What the quick match adds to pages below: its first question, on the start page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from matching.quick.forms import QuickForm


def start_question(things: Sequence[Any], request: HttpRequest) -> dict[Any, SafeString]:
    """The text field alone: whoever sends it comes to the answer."""
    markup = render_to_string("matching/quick/_start.html", {"form": QuickForm()}, request)
    return {getattr(thing, "pk", None): markup for thing in things}
