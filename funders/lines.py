"""The lines of support of an offer. Written only by `services`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext

from brygga.core.formatting import format_money_range, format_number
from brygga.taxonomy.enums import MONEY_KINDS, SupportKind
from funders.models import SupportLine, SupportOffer

MOST_LINES = 30
LINE_FIELDS = ("kind", "amount_min", "amount_max", "hours")


def line_errors(given: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with lines of support, as sentences."""
    if len(given) > MOST_LINES:
        return [gettext("At most %(number)d rows.") % {"number": MOST_LINES}]
    said: list[str] = []
    for position, row in enumerate(given):
        try:
            new_line(row, position).clean_fields(exclude=["offer"])
            least, greatest = row.get("amount_min"), row.get("amount_max")
            if least is not None and greatest is not None and least > greatest:
                raise ValidationError(gettext("The lowest amount is more than the highest."))
            if (least is not None or greatest is not None) and row.get("kind") not in MONEY_KINDS:
                raise ValidationError(gettext("An amount goes with money only."))
        except ValidationError as error:
            said += [
                gettext("Row %(number)d: %(message)s") % {"number": position + 1, "message": message}
                for message in error.messages
            ]
    return said


def new_line(row: Mapping[str, Any], position: int) -> SupportLine:
    return SupportLine(position=position, **{name: row.get(name) for name in LINE_FIELDS})


def replace_lines(offer: SupportOffer, given: Iterable[Mapping[str, Any]]) -> None:
    offer.support.all().delete()
    lines = [new_line(row, position) for position, row in enumerate(given)]
    for line in lines:
        line.offer = offer
    SupportLine.objects.bulk_create(lines)


def stored_lines(offer: SupportOffer) -> list[dict[str, Any]]:
    return [
        {name: getattr(line, name) for name in LINE_FIELDS}
        for line in sorted(offer.support.all(), key=lambda one: one.position)
    ]


def hours_in_words(hours: int) -> str:
    return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": format_number(hours)}


def last_round_in_words(applied: int | None, supported: int | None) -> str:
    """Return how many got it last time: "12 av 80, 15 procent". Empty when that is not said."""
    if applied is None or supported is None:
        return ""
    numbers = {"supported": format_number(supported), "applied": format_number(applied)}
    share = format_number(round(100 * supported / applied))
    return gettext("%(supported)s of %(applied)s, %(share)s per cent") % {**numbers, "share": share}


def line_in_words(row: Mapping[str, Any]) -> str:
    """Return "Bidrag: 50 000–300 000 kr" or "Mentorskap: 20 timmar"."""
    label = str(SupportKind(row["kind"]).label)
    details = [format_money_range(row["amount_min"], row["amount_max"])]
    if row["hours"]:
        details.append(hours_in_words(row["hours"]))
    said = ", ".join(one for one in details if one)
    return f"{label}: {said}" if said else label
