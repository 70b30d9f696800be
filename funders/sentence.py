"""All that an offer requires, as one plain sentence: "Ni stöder föreningar som arbetar i Norrbottens län."

Wishes are no part of it: see `rules.wishes_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_number
from brygga.taxonomy.enums import OrganisationKind
from brygga.taxonomy.phrases import SUPPORT_NOUNS
from funders.enums import AppliesTo
from funders.rules import (
    WORLD,
    Requirement,
    area_names_of,
    kinds_in_words,
    listed,
    money_ranges_of,
    months_in_words,
    process_part_names,
    refused_in_quotes,
    requirements_of,
    target_group_names,
    theme_names,
)

if TYPE_CHECKING:
    from funders.models import SupportLine, SupportOffer

#: As in "You support …".
_MANY: dict[str, str | Promise] = {
    OrganisationKind.ASSOCIATION: pgettext_lazy("those supported", "associations"),
    OrganisationKind.FOUNDATION: pgettext_lazy("those supported", "foundations"),
    OrganisationKind.ECONOMIC_ASSOCIATION: pgettext_lazy("those supported", "economic associations"),
    OrganisationKind.COMPANY: pgettext_lazy("those supported", "companies"),
    OrganisationKind.MUNICIPALITY: pgettext_lazy("those supported", "municipalities"),
    OrganisationKind.REGION: pgettext_lazy("those supported", "regions"),
    OrganisationKind.STATE_AGENCY: pgettext_lazy("those supported", "state agencies"),
    OrganisationKind.UNIVERSITY: pgettext_lazy("those supported", "universities"),
    OrganisationKind.FAITH_COMMUNITY: pgettext_lazy("those supported", "faith communities"),
    OrganisationKind.INFORMAL_GROUP: pgettext_lazy("those supported", "groups without a number"),
    OrganisationKind.INDIVIDUAL: pgettext_lazy("those supported", "private individuals"),
}


def as_the_giver_says(offer: SupportOffer, language: str, lines: Iterable[SupportLine] | None = None) -> str:
    """Return the requirements to the one who has set them: "Ni stöder …". Empty without any."""
    with override(language):
        whom, refused = _whom(requirements_of(offer, lines))
        said = [gettext("You support %(whom)s.") % {"whom": whom}] if whom else []
        said += [gettext("You say no to: %(refused)s.") % {"refused": refused}] if refused else []
        return " ".join(said)


def as_others_read(offer: SupportOffer, language: str) -> str:
    """Return the requirements to those who look for support: "Stödet är för …". Empty without any."""
    with override(language):
        whom, refused = _whom(requirements_of(offer))
        said = [gettext("The support is for %(whom)s.") % {"whom": whom}] if whom else []
        said += [gettext("The giver says no to: %(refused)s.") % {"refused": refused}] if refused else []
        return " ".join(said)


def _whom(rules: Sequence[Requirement]) -> tuple[str, str]:
    """Return whom the support is for, and what is refused; empty where nothing is asked for."""
    by_name = {rule.rule: rule for rule in rules}
    clauses = [
        clause(by_name[name])
        for name, clause in _CLAUSES.items()
        if name in by_name and not by_name[name].is_open
    ]
    clauses = [clause for clause in clauses if clause]
    refused = by_name.get("forms_not_accepted")
    return _subject(by_name.get("eligible_organisation_kinds"), clauses), (
        refused_in_quotes(refused) if refused and not refused.is_open else ""
    )


def _subject(rule: Requirement | None, clauses: list[str]) -> str:
    and_these = {"clauses": listed(clauses, "standard")}
    if rule is not None and rule.is_open:
        whom = gettext("all kinds of organisations and people")
    elif rule is not None and rule.applies_to == AppliesTo.LEAD:
        whom = _many(rule)
    else:
        return gettext("those who %(clauses)s") % and_these if clauses else ""
    return gettext("%(kinds)s that %(clauses)s") % {"kinds": whom, **and_these} if clauses else whom


def _many(rule: Requirement) -> str:
    # In the order of the list they were chosen from, whatever order they were stored in.
    return listed((name for kind, name in _MANY.items() if kind in rule.codes), "standard")


def _eligible(rule: Requirement) -> str:
    if rule.applies_to == AppliesTo.ANY:
        return gettext("have %(kinds)s taking part") % {"kinds": kinds_in_words(rule.codes)}
    if rule.applies_to == AppliesTo.ALL:
        return gettext("have nobody but %(kinds)s taking part") % {"kinds": _many(rule)}
    return ""  # the subject of the sentence


def _areas(rule: Requirement) -> str:
    if WORLD in rule.codes:
        return ""
    return gettext("work in %(places)s") % {"places": listed(area_names_of(rule))}


_CLAUSES: dict[str, Callable[[Requirement], str]] = {
    "support_kinds": lambda rule: (
        gettext("need %(support)s")
        % {"support": listed(SUPPORT_NOUNS.get(code, code) for code in rule.codes)}
    ),
    "areas": _areas,
    "themes": lambda rule: gettext("work with %(names)s") % {"names": listed(theme_names(rule))},
    "target_groups": lambda rule: gettext("work for %(names)s") % {"names": listed(target_group_names(rule))},
    "eligible_organisation_kinds": _eligible,
    "must_include_kinds": lambda rule: (
        gettext("have %(kinds)s with them") % {"kinds": kinds_in_words(rule.codes)}
    ),
    "consortium_required": lambda rule: gettext("apply together with somebody else"),
    "min_age_months": lambda rule: (
        gettext("have existed for at least %(time)s") % {"time": months_in_words(rule.number or 0)}
    ),
    "legal_entity_required": lambda rule: gettext("have an organisation number"),
    "co_funding_percent": lambda rule: (
        gettext("cover at least %(percent)s per cent of the cost in other ways")
        % {"percent": format_number(rule.number or 0)}
    ),
    "amount": lambda rule: gettext("apply for %(ranges)s") % {"ranges": money_ranges_of(rule)},
    "language": lambda rule: str(_LANGUAGES.get(rule.codes[0], "")),
    "process_parts": lambda rule: (
        gettext("want support for this part: %(names)s") % {"names": listed(process_part_names(rule))}
    ),
}
_LANGUAGES: dict[str, str | Promise] = {"sv": _("write in Swedish"), "en": _("write in English")}
