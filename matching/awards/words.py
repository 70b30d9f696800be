"""Support that was given, in a few words."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brygga.core.formatting import format_day, format_money
from brygga.taxonomy.enums import SupportKind


class Given(Protocol):
    """What is known of support: a decision on the desk, or a record of support given."""

    # Properties, since an attribute that may be set must be of the very same type.
    @property
    def kind(self) -> str | None: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def hours(self) -> int | None: ...
    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...


def given_in_words(given: Given) -> str:
    """Return the kind of support, the amount, the hours and the period, as far as they are known."""
    parts = [str(SupportKind(given.kind).label) if given.kind else _("Support")]
    if given.amount:
        parts.append(format_money(given.amount))
    if given.hours:
        parts.append(ngettext("%(number)s hour", "%(number)s hours", given.hours) % {"number": given.hours})
    if given.starts_on and given.ends_on:
        days = {"first": format_day(given.starts_on), "last": format_day(given.ends_on)}
        parts.append(_("%(first)s to %(last)s") % days)
    elif given.starts_on:
        parts.append(_("from %(day)s") % {"day": format_day(given.starts_on)})
    elif given.ends_on:
        parts.append(_("until %(day)s") % {"day": format_day(given.ends_on)})
    return " · ".join(parts)
