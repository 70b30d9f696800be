"""An offer's rules, read from its row as data, and each of them as a sentence.

`requirements_of` gives what stops an initiative, `wishes_of` what only makes it fit better. A rule is
named like its field in the exchange format. Null in the row = no rule known: no entry. An empty list
= said to be without restriction: an entry that `is_open`, which fits everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from babel.lists import format_list
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import babel_locale, format_day, format_money_range, format_number
from brygga.organisations.registration.words import Terms
from brygga.taxonomy import selectors
from brygga.taxonomy.enums import Driver, FormAfter, ProcessPart, SupportKind
from brygga.taxonomy.phrases import KINDS_WITH_ARTICLE, SUPPORT_NOUNS
from funders.enums import AppliesTo, Strict

if TYPE_CHECKING:
    from funders.models import SupportLine, SupportOffer

WORLD = "world"


@dataclass(frozen=True)
class AmountRange:
    """What an offer gives of one kind of money, in kronor."""

    kind: str
    least: int | None
    greatest: int | None


@dataclass(frozen=True)
class Requirement:
    """One rule of an offer. `hard` says whether it shuts anybody out.

    `codes` are those of the rule's field and `words` what the owner wrote that no list knows;
    `number` is months or per cent; `asked` answers the yes-or-no rules. `applies_to` is for
    `eligible_organisation_kinds` alone, `amounts` for `amount`, the days for `dates`.
    """

    rule: str
    hard: bool
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    number: int | None = None
    asked: bool | None = None
    applies_to: str = AppliesTo.LEAD
    amounts: tuple[AmountRange, ...] = ()
    opens_on: date | None = None
    closes_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether the giver has said that there is no restriction here."""
        if self.rule in ("dates", "amount"):
            return False
        return not (self.codes or self.words or self.number or self.asked)


def requirements_of(offer: SupportOffer, lines: Iterable[SupportLine] | None = None) -> list[Requirement]:
    """Return what an initiative has to meet. `lines` stands in for the offer's stored lines of support."""
    return [rule for rule in _rules_of(offer, lines) if rule.hard]


def wishes_of(offer: SupportOffer, lines: Iterable[SupportLine] | None = None) -> list[Requirement]:
    """Return what makes an initiative fit better without shutting others out."""
    return [rule for rule in _rules_of(offer, lines) if not rule.hard]


def _rules_of(offer: SupportOffer, lines: Iterable[SupportLine] | None) -> list[Requirement]:
    support = list(offer.support.all()) if lines is None else list(lines)
    found = [
        _codes("eligible_organisation_kinds", offer.eligible_kinds, applies_to=offer.eligible_kinds_apply_to),
        _codes("must_include_kinds", offer.must_include_kinds),
        _asked("consortium_required", offer.consortium_required),
        _asked("legal_entity_required", offer.legal_entity_required),
        _number("min_age_months", offer.min_age_months),
        _number("co_funding_percent", offer.co_funding_percent, hard=Strict.CO_FUNDING in offer.strict),
        _codes("areas", offer.area_codes, offer.area_words),
        Requirement("dates", True, opens_on=offer.opens_on, closes_on=offer.closes_on),
        _codes("support_kinds", list(dict.fromkeys(line.kind for line in support)) or None),
        _amount(support, hard=Strict.AMOUNT in offer.strict),
        _codes("forms_not_accepted", offer.forms_not_accepted),
        _codes("themes", offer.theme_codes, offer.theme_words, hard=Strict.THEMES in offer.strict),
        _codes(
            "target_groups",
            offer.target_group_codes,
            offer.target_group_words,
            hard=Strict.TARGET_GROUPS in offer.strict,
        ),
        _codes("process_parts", offer.process_parts, hard=Strict.PROCESS_PARTS in offer.strict),
        _language(offer),
    ]
    return [rule for rule in found if rule is not None]


def _codes(
    rule: str,
    codes: Sequence[str] | None,
    words: Sequence[str] = (),
    *,
    hard: bool = True,
    applies_to: str = AppliesTo.LEAD,
) -> Requirement | None:
    if codes is None and not words:
        return None
    return Requirement(rule, hard, codes=tuple(codes or ()), words=tuple(words), applies_to=applies_to)


def _asked(rule: str, asked: bool | None) -> Requirement | None:
    return None if asked is None else Requirement(rule, True, asked=asked)


def _number(rule: str, number: int | None, *, hard: bool = True) -> Requirement | None:
    return None if number is None else Requirement(rule, hard, number=number)


def _amount(support: Iterable[SupportLine], *, hard: bool) -> Requirement | None:
    ranges = tuple(
        AmountRange(line.kind, line.amount_min, line.amount_max)
        for line in support
        if line.amount_min is not None or line.amount_max is not None
    )
    return Requirement("amount", hard, amounts=ranges) if ranges else None


def _language(offer: SupportOffer) -> Requirement | None:
    # Every offer is written in some language; a wish it is only when the giver has answered so.
    hard = Strict.LANGUAGE in offer.strict
    if not hard and "language" not in offer.answered:
        return None
    return Requirement("language", hard, codes=(offer.language,))


# -- in words --------------------------------------------------------------------------------------

_LANGUAGE_NAMES: dict[str, str | Promise] = {
    "sv": _("written in Swedish"),
    "en": _("written in English"),
}


def in_words(requirement: Requirement, language: str) -> str:
    """Return the rule as one full, plain sentence in `sv` or `en`."""
    with override(language):
        return _WRITERS[requirement.rule](requirement)


def listed(names: Iterable[Any], style: Literal["or", "standard"] = "or") -> str:
    return format_list([str(name) for name in names], style=style, locale=babel_locale())


def kinds_in_words(codes: Iterable[str]) -> str:
    # In the order of the list they were chosen from, whatever order they were stored in.
    order = {kind: place for place, kind in enumerate(KINDS_WITH_ARTICLE)}
    inside = sorted(codes, key=lambda code: order.get(code, len(order)))
    return listed(KINDS_WITH_ARTICLE.get(code, code) for code in inside)


def _eligible(rule: Requirement) -> str:
    if rule.is_open:
        return gettext("All kinds of organisations and people may apply.")
    said = {
        AppliesTo.LEAD: gettext("The one who leads must be %(kinds)s."),
        AppliesTo.ANY: gettext("At least one of those taking part must be %(kinds)s."),
        AppliesTo.ALL: gettext("Everyone who takes part must be %(kinds)s."),
    }
    return said[AppliesTo(rule.applies_to)] % {"kinds": kinds_in_words(rule.codes)}


def _must_include(rule: Requirement) -> str:
    if rule.is_open:
        return gettext("No particular kind of partner has to take part.")
    return gettext("Somebody who takes part must be %(kinds)s.") % {"kinds": kinds_in_words(rule.codes)}


def _consortium(rule: Requirement) -> str:
    if rule.is_open:
        return gettext("You may apply on your own.")
    return gettext("At least two parties must apply together.")


def _legal_entity(rule: Requirement) -> str:
    if rule.is_open:
        return gettext("No organisation number is needed.")
    return gettext("The one who leads must have an organisation number.")


def _age(rule: Requirement) -> str:
    if rule.is_open:
        return gettext("The work may be brand new.")
    return gettext("The work or the organisation must have existed for at least %(time)s.") % {
        "time": months_in_words(rule.number or 0)
    }


def months_in_words(months: int) -> str:
    """Return "6 månader", "2 år" or "1 år och 6 månader"."""
    years, rest = divmod(months, 12)
    parts = []
    if years:
        parts.append(ngettext("%(number)d year", "%(number)d years", years) % {"number": years})
    if rest or not years:
        parts.append(ngettext("%(number)d month", "%(number)d months", rest) % {"number": rest})
    return listed(parts, "standard")


def _co_funding(rule: Requirement) -> str:
    if rule.is_open:
        return gettext("You do not have to pay any part of the cost yourselves.")
    number = {"percent": format_number(rule.number or 0)}
    if rule.hard:
        return gettext("At least %(percent)s per cent of the cost must be covered in other ways.") % number
    return gettext("Preferably, at least %(percent)s per cent of the cost is covered in other ways.") % number


def _areas(rule: Requirement) -> str:
    if rule.is_open or WORLD in rule.codes:
        return gettext("The support may be used anywhere.")
    return gettext("The support may be used in %(places)s.") % {"places": listed(area_names_of(rule))}


def area_names_of(rule: Requirement) -> list[str]:
    """Return the full names of the areas, and the places that no list knows, in the page's language."""
    language = "en" if babel_locale() == "en_GB" else "sv"
    areas = selectors.current_taxonomy().areas
    names = [areas[code].official_name(language) if code in areas else code for code in rule.codes]
    return [*names, *rule.words]


def _dates(rule: Requirement) -> str:
    opens = format_day(rule.opens_on) if rule.opens_on else ""
    closes = format_day(rule.closes_on) if rule.closes_on else ""
    days = {"opens": opens, "closes": closes}
    if opens and closes:
        return gettext("You can apply from %(opens)s until %(closes)s at 23:59, Swedish time.") % days
    if closes:
        return gettext("You can apply until %(closes)s at 23:59, Swedish time.") % days
    if opens:
        return gettext("You can apply from %(opens)s. There is no last day.") % days
    return gettext("You can apply at any time. There is no last day.")


def _support_kinds(rule: Requirement) -> str:
    names = listed(SUPPORT_NOUNS.get(code, code) for code in rule.codes)
    return gettext("The support is for those who need %(kinds)s.") % {"kinds": names}


def money_ranges_of(rule: Requirement) -> str:
    """Return the sums: "50 000–300 000 kr (bidrag)"."""
    return listed(
        f"{format_money_range(one.least, one.greatest)} ({SupportKind(one.kind).label.lower()})"
        for one in rule.amounts
    )


def _amounts(rule: Requirement) -> str:
    ranges = {"ranges": money_ranges_of(rule)}
    if rule.hard:
        return gettext("The sum you apply for must be %(ranges)s.") % ranges
    return gettext("Preferably, the sum you apply for is %(ranges)s.") % ranges


def refused_labels(codes: Iterable[str]) -> list[str]:
    """Return what an offer says no to, by name: a kind of support, a form afterwards or a driver."""
    labels: dict[str, Any] = {
        **dict(SupportKind.choices),
        **dict(FormAfter.choices),
        **dict(Driver.choices),
    }
    return [str(labels.get(code, code)) for code in codes]


def refused_in_quotes(rule: Requirement) -> str:
    """Return what is refused as the lists call it, within quotation marks of the language."""
    quoted = listed((f"“{label}”" for label in refused_labels(rule.codes)), "standard")
    return quoted.replace("“", "”") if babel_locale() == "sv_SE" else quoted


def _refused(rule: Requirement) -> str:
    if rule.is_open:
        return gettext("The giver has said no to nothing in particular.")
    return gettext("The giver says no to: %(refused)s.") % {"refused": refused_in_quotes(rule)}


def _topic(
    names: Callable[[Requirement], list[str]],
    *,
    open_to_all: str | Promise,
    hard: str | Promise,
    soft: str | Promise,
) -> Callable[[Requirement], str]:
    def write(rule: Requirement) -> str:
        if rule.is_open:
            return str(open_to_all)
        return str(hard if rule.hard else soft) % {"names": listed(names(rule))}

    return write


def theme_names(rule: Requirement) -> list[str]:
    return [*map(_mid_sentence, Terms.THEME.names(rule.codes)), *rule.words]


def target_group_names(rule: Requirement) -> list[str]:
    return [*map(_mid_sentence, Terms.TARGET_GROUP.names(rule.codes)), *rule.words]


def process_part_names(rule: Requirement) -> list[str]:
    labels: dict[str, Any] = dict(ProcessPart.choices)
    return [_mid_sentence(str(labels.get(code, code))) for code in rule.codes]


def _mid_sentence(name: str) -> str:
    """Return a name as it stands inside a sentence: "psykisk hälsa", but "EU-frågor" as it is."""
    first, rest = name[:1], name[1:2]
    return name if rest.isupper() else first.lower() + name[1:]


def _language_words(rule: Requirement) -> str:
    name = _LANGUAGE_NAMES.get(rule.codes[0], rule.codes[0])
    if rule.hard:
        return gettext("The application must be %(in_language)s.") % {"in_language": name}
    return gettext("Preferably, the application is %(in_language)s.") % {"in_language": name}


_WRITERS: dict[str, Callable[[Requirement], str]] = {
    "eligible_organisation_kinds": _eligible,
    "must_include_kinds": _must_include,
    "consortium_required": _consortium,
    "legal_entity_required": _legal_entity,
    "min_age_months": _age,
    "co_funding_percent": _co_funding,
    "areas": _areas,
    "dates": _dates,
    "support_kinds": _support_kinds,
    "amount": _amounts,
    "forms_not_accepted": _refused,
    "themes": _topic(
        theme_names,
        open_to_all=_("All themes are welcome."),
        hard=_("The work must be about %(names)s."),
        soft=_("Preferably, the work is about %(names)s."),
    ),
    "target_groups": _topic(
        target_group_names,
        open_to_all=_("The work may be for any group."),
        hard=_("The work must be for %(names)s."),
        soft=_("Preferably, the work is for %(names)s."),
    ),
    "process_parts": _topic(
        process_part_names,
        open_to_all=_("The support may be used in any part of the work."),
        hard=_("The support must go to this part of the work: %(names)s."),
        soft=_("Preferably, the support goes to this part of the work: %(names)s."),
    ),
    "language": _language_words,
}
RULES = tuple(_WRITERS)
