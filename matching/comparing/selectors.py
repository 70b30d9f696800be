"""Up to four initiatives of one offer, in the same words side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_day
from funders.models import SupportOffer
from innovators.models import Initiative
from innovators.selectors import need_in_words, owner_name, public_places, telling
from matching.comparing.blind import kind_as_name, number_as_name, without_names
from matching.desk.comparison import (
    CRITERION_NAMES,
    REQUIREMENT_NAMES,
    Comparison,
    is_told,
    shown_verdict,
    weight_in_words,
)
from matching.desk.models import Recusal, ShortlistEntry
from matching.desk.selectors import entries_of
from matching.desk.views.finding import visible_initiatives
from matching.engine.selectors import MatchExplanation, current_run

if TYPE_CHECKING:
    from brygga.users.models import User

MOST = 4
LEAST = 2
# More than this is no choice by hand; the rest of such an address is not looked up.
_LONGEST_ADDRESS = 20
# Their words are the description itself, which stands in a row of its own.
_TOLD_BY_RESULT = {"text", "history"}


@dataclass(frozen=True)
class Cell:
    """What one initiative says about one thing, and how it came out; all empty = not stated."""

    lines: tuple[str, ...] = ()
    verdict: str = ""
    note: str = ""
    language: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.verdict or self.note)


@dataclass(frozen=True)
class Row:
    """One thing that is compared; `yours` is what the offer says of it, `weight` how much it counts."""

    name: str | Promise
    cells: tuple[Cell, ...]
    yours: str = ""
    weight: str = ""


@dataclass(frozen=True)
class Group:
    """Rows about the same thing."""

    title: str | Promise
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Column:
    """One initiative, as its column and its card on a phone are headed."""

    initiative: Initiative
    title: str
    language: str
    owner: str
    place: str
    change: str
    evidence: str
    note: str
    why: MatchExplanation | None
    is_named: bool = True
    # The others beside it, by public id: the address without this one.
    others: tuple[str, ...] = ()

    @property
    def public_id(self) -> str:
        return self.initiative.public_id


def asked_for(public_ids: Iterable[str]) -> list[str]:
    """Return the public ids of an address, each once, in its order."""
    return list(dict.fromkeys(one[:20] for one in public_ids if one and "\0" not in one))[:_LONGEST_ADDRESS]


def initiatives_to_compare(user: User, offer: SupportOffer, public_ids: Sequence[str]) -> list[Initiative]:
    """Return those of the initiatives that the user may see here, in the order asked for. Three queries.

    Not those whose case the user stands aside from.
    """
    from matching.engine.encoding import with_initiative_facts  # noqa: PLC0415 - the kernel loads scipy: only when asked to compare

    found = {
        one.public_id: one
        for one in with_initiative_facts(visible_initiatives(user))
        .filter(public_id__in=public_ids)
        .exclude(pk__in=Recusal.objects.initiatives_hidden_from(user, offer))
    }
    return [found[one] for one in public_ids if one in found]


def comparison_of(
    offer: SupportOffer,
    initiatives: Sequence[Initiative],
    now: datetime,
    numbers: Mapping[int, int] | None = None,
) -> tuple[list[Column], list[Group]]:
    """Return the initiatives as columns, and what they say criterion by criterion.

    With `numbers` no names: each initiative is called by its number. A constant number of queries.
    """
    from matching.engine.encoding import with_offer_facts  # noqa: PLC0415 - the kernel loads scipy: only when asked to compare
    from matching.engine.explaining import explain_pairs  # noqa: PLC0415 - the same

    if not initiatives:
        return [], []
    run = current_run()
    mine = with_offer_facts(SupportOffer.objects.filter(pk=offer.pk)).get()
    why = explain_pairs(run, initiatives, [mine], None, "offer", now) if run else {}
    entries = entries_of(offer, [one.pk for one in initiatives])
    keys = [one.public_id for one in initiatives]
    columns = [
        replace(
            _column(one, why.get((one.pk, offer.pk)), entries.get(one.pk), numbers),
            others=tuple(key for key in keys if key != one.public_id),
        )
        for one in initiatives
    ]
    pairs = [Comparison(column.initiative, mine, timezone.localdate(now)) for column in columns]
    groups = [
        Group(_("In short"), _in_short(columns)),
        Group(_("Requirements"), _requirements(columns, pairs)),
        Group(_("Wishes"), _wishes(columns, pairs)),
        Group(_("What they need"), _needs(columns)),
        Group(_("Who they are"), _who(columns)),
    ]
    return columns, [group for group in groups if group.rows]


def _column(
    initiative: Initiative,
    why: MatchExplanation | None,
    entry: ShortlistEntry | None,
    numbers: Mapping[int, int] | None,
) -> Column:
    told, note = telling(initiative), entry.note if entry else ""
    place = ", ".join(public_places(initiative))
    if numbers is None:
        owner = owner_name(initiative.organisation)
        said = initiative.evidence
        return Column(initiative, told.title, told.language, owner, place, told.text, said, note, why)
    return Column(
        initiative,
        number_as_name(numbers[initiative.pk]),
        get_language() or "sv",
        kind_as_name(initiative.organisation),
        place,
        without_names(told.text, initiative),
        without_names(initiative.evidence, initiative),
        without_names(note, initiative),
        why,
        is_named=False,
    )


def choices(
    initiatives: Sequence[Initiative], numbers: Mapping[int, int] | None = None
) -> list[dict[str, Any]]:
    """Return more initiatives than fit as boxes to tick; the first that fit are ticked."""
    made = []
    for place, one in enumerate(initiatives):
        told = telling(one)
        made.append(
            {
                "value": one.public_id,
                "label": told.title if numbers is None else number_as_name(numbers[one.pk]),
                "language": told.language if numbers is None else "",
                "checked": place < MOST,
            }
        )
    return made


def as_cards(columns: Sequence[Column], groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Return the same comparison as one card for each initiative, with the same headings: for a phone."""
    return [
        {
            "column": column,
            "groups": [
                {"title": group.title, "rows": [{"row": row, "cell": row.cells[place]} for row in group.rows]}
                for group in groups
            ],
        }
        for place, column in enumerate(columns)
    ]


def _in_short(columns: Sequence[Column]) -> tuple[Row, ...]:
    def told(name: Promise, lines: Callable[[Column], Iterable[str]]) -> Row:
        return Row(name, tuple(Cell(tuple(one for one in lines(column) if one)) for column in columns))

    change = tuple(
        Cell(_lines(column.change), language=telling(column.initiative).language) for column in columns
    )
    evidence = tuple(Cell(_lines(column.evidence), language=column.initiative.language) for column in columns)
    rows = [
        Row(_("The change they want"), change),
        Row(_("What shows how far they have come"), evidence),
        told(_("Why it fits"), lambda column: column.why.reasons if column.why else ()),
        told(_("Check this"), lambda column: [column.why.caveat] if column.why else ()),
        told(_("Your note"), lambda column: [column.note]),
    ]
    # A row that is empty for all compares nothing.
    return tuple(row for row in rows if not all(cell.is_empty for cell in row.cells))


def _requirements(columns: Sequence[Column], pairs: Sequence[Comparison]) -> tuple[Row, ...]:
    judged = [
        {one.requirement: one for one in column.why.requirements} if column.why else {} for column in columns
    ]
    rows = []
    for name in dict.fromkeys(name for rules in judged for name in rules):
        said = [pair.requirement(name) for pair in pairs]
        cells = []
        for column, mine, rules in zip(columns, said, judged, strict=True):
            # The owner is named here: this rule needs no more than how it came out.
            told = mine.initiative if column.is_named or name != "other_organisation" else ""
            cells.append(
                Cell(_lines(told), rules[name].verdict, _sentence(rules[name].sentence))
                if name in rules
                else Cell((gettext("No requirement"),))
            )
        rows.append(Row(REQUIREMENT_NAMES[name], tuple(cells), yours=said[0].offer))
    return tuple(rows)


def _wishes(columns: Sequence[Column], pairs: Sequence[Comparison]) -> tuple[Row, ...]:
    judged = [{one.criterion: one for one in column.why.criteria} if column.why else {} for column in columns]
    weights = {
        name: one.weight for wishes in judged for name, one in wishes.items() if is_told(name, one.verdict)
    }
    rows = []
    for name in sorted(weights, key=lambda name: -weights[name]):
        said = [pair.criterion(name) for pair in pairs]
        cells = []
        for mine, wishes in zip(said, judged, strict=True):
            one = wishes.get(name)
            lines = () if name in _TOLD_BY_RESULT else _lines(mine.initiative)
            cells.append(
                Cell(lines, shown_verdict(name, one.verdict), _sentence(one.sentence)) if one else Cell(lines)
            )
        yours = "" if name == "text" else said[0].offer
        rows.append(
            Row(CRITERION_NAMES[name], tuple(cells), yours=yours, weight=weight_in_words(weights[name]))
        )
    return tuple(rows)


def _needs(columns: Sequence[Column]) -> tuple[Row, ...]:
    def needs(column: Column) -> Iterable[str]:
        return [need_in_words(need) for need in column.initiative.needs.all()]

    return (Row(_("Needs and amounts"), _cells(columns, needs)),)


def _who(columns: Sequence[Column]) -> tuple[Row, ...]:
    def lead(column: Column) -> Iterable[str]:
        return dict.fromkeys(
            one for one in (column.owner, kind_as_name(column.initiative.organisation)) if one
        )

    def partners(column: Column) -> Iterable[str]:
        for actor in column.initiative.actors.all():
            parts = (
                actor.public_name if column.is_named else "",
                str(actor.get_kind_display()) if actor.kind else "",
                actor.role if column.is_named else without_names(actor.role, column.initiative),
            )
            if any(parts):
                yield " · ".join(part for part in parts if part)

    def published(column: Column) -> Iterable[str]:
        at = column.initiative.published_at
        return [format_day(at)] if at else []

    return (
        Row(_("Who leads it"), _cells(columns, lead)),
        Row(_("Partners"), _cells(columns, partners)),
        Row(_("Where they work"), _cells(columns, lambda column: public_places(column.initiative))),
        Row(_("Published"), _cells(columns, published)),
    )


def _cells(columns: Sequence[Column], told: Callable[[Column], Iterable[str]]) -> tuple[Cell, ...]:
    return tuple(Cell(tuple(told(column))) for column in columns)


def _lines(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _sentence(sentence: str) -> str:
    return f"{sentence}." if sentence else ""
