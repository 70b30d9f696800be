"""The same page in the other language."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.translation import get_language, override

from brygga.core.enums import Language


def other_language() -> Language:
    """Return the language the page is not in."""
    return Language.SWEDISH if (get_language() or "").startswith("en") else Language.ENGLISH


def other_language_address(request: HttpRequest) -> str:
    """Return this page's address in the other language, or the start page's when it has none.

    What was asked for (the query) comes along; an address that is the same in both languages,
    or belongs to no page, leads to the start page, so that the switch always switches.
    """
    here = request.get_full_path()
    there: str = translate_url(here, other_language())
    if there != here:
        return there
    with override(other_language()):
        try:
            return reverse("pages:start")
        except NoReverseMatch:
            return "/" if other_language() is Language.SWEDISH else "/en/"
