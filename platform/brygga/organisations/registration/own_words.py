"""What somebody's own text names of a word list, to be offered as boxes to tick.

How it is found is known by an app above, which registers one callable in `AppConfig.ready()`. Without one
nothing is offered, and every page is whole.
"""

from __future__ import annotations

from collections.abc import Callable

from brygga.organisations.registration.words import Terms

#: (word list, title, text, `sv` or `en`) -> codes, those that are named most first.
Finder = Callable[[Terms, str, str, str], list[str]]

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let `finder` say what a text names; it takes the place of an earlier one."""
    _finders[:] = [finder]


def named_in(terms: Terms, title: str, text: str, language: str) -> list[str]:
    """Return the codes of a word list that a text names, best first; none without a finder. No query."""
    return _finders[0](terms, title, text, language) if _finders else []
