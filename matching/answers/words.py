"""Changes and questions in words, and where in the registration each of them is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_day, format_money, format_number
from brygga.taxonomy.enums import MONEY_KINDS, ProcessPart, SupportKind
from brygga.taxonomy.phrases import KINDS_WITH_ARTICLE, SUPPORT_NOUNS
from brygga.taxonomy.selectors import area_name, target_group_names, theme_names
from funders.rules import months_in_words, refused_labels

if TYPE_CHECKING:
    from matching.kernel.changes import Change

Text = str | Promise

#: A fact of the kernel -> the question of an initiative that states it. The others have no question.
QUESTION_OF_FACT = {
    "legal_entity": "legal",
    "age": "started",
    "works_in": "places",
    "process_parts": "process",
    "form_after": "after",
    "needs": "needs",
    "amount": "needs",
    "target_groups": "target-groups",
    "themes": "themes",
    "drivers": "drivers",
    "actors": "actors",
}
#: A change of the kernel -> the question where an initiative states it.
QUESTION_OF_CHANGE = {
    "take_in_partner": "actors",
    "take_in_anyone": "actors",
    "get_number": "legal",
    "work_in": "places",
    "need_too": "needs",
    "accept_form": "declined",
    "be_about": "themes",
    "be_for": "target-groups",
    "do_now": "process",
    "ask_at_most": "needs",
    "ask_at_least": "needs",
}
#: A rule of an offer -> the question of the offer that sets it.
QUESTION_OF_RULE = {
    "organisation_kind": "who",
    "must_include": "must-include",
    "consortium": "together",
    "legal_entity": "legal",
    "age": "age",
    "area": "places",
    "dates": "times",
    "support_kind": "support",
    "forms_refused_by_initiative": "support",
    "forms_refused_by_offer": "declined",
    "strict_themes": "themes",
    "strict_target_groups": "target-groups",
    "strict_process_parts": "process",
    "strict_language": "language",
    "strict_amount": "support",
    "strict_co_funding": "co-funding",
}

_IN_LANGUAGE: dict[str, Text] = {
    "sv": _("If you apply in Swedish"),
    "en": _("If you apply in English"),
}
# Of whom a wish holds when it is one no more.
_WISHES: dict[str, Text] = {
    "strict_themes": _("If the themes become a wish"),
    "strict_target_groups": _("If the target groups become a wish"),
    "strict_process_parts": _("If the part of the work becomes a wish"),
    "strict_language": _("If the language becomes a wish"),
    "strict_amount": _("If the amount becomes a wish"),
    "strict_co_funding": _("If the own share becomes a wish"),
}


def _organisation(sentence: Text) -> Callable[[Change], str]:
    return lambda change: str(sentence) % {"kind": KINDS_WITH_ARTICLE[change.code or ""]}


def _support(sentence: Text) -> Callable[[Change], str]:
    return lambda change: str(sentence) % {"kind": SUPPORT_NOUNS[change.code or ""]}


def _place(sentence: Text) -> Callable[[Change], str]:
    return lambda change: str(sentence) % {"place": area_name(change.code or "")}


def _months(sentence: Text) -> Callable[[Change], str]:
    return lambda change: str(sentence) % {"time": months_in_words(int(change.number or 0))}


def _sum(sentence: Text) -> Callable[[Change], str]:
    return lambda change: (
        str(sentence)
        % {
            "sum": format_money(round(change.number or 0)),
            "kind": _inside(str(SupportKind(change.code or "").label)),
        }
    )


def _younger(change: Change) -> str:
    if not change.number:
        return gettext("If the work may be brand new")
    return gettext("If %(time)s is old enough") % {"time": months_in_words(int(change.number))}


_SENTENCES: dict[str, Callable[[Change], str]] = {
    # What an initiative could change.
    "form_organisation": _organisation(_("If you form %(kind)s with an organisation number")),
    "be_led_by": _organisation(_("If %(kind)s with an organisation number leads the work")),
    "take_in_partner": _organisation(_("If %(kind)s takes part")),
    "take_in_anyone": lambda change: gettext("If at least one more takes part"),
    "get_number": lambda change: gettext(
        "If you get an organisation number, or somebody receives the money for you"
    ),
    "grow_older": _months(_("When you have existed for %(time)s")),
    "wait_for_opening": lambda change: (
        gettext("When they open, the first on %(day)s") % {"day": _day(change.number)}
    ),
    "work_in": _place(_("If you also work in %(place)s")),
    "need_too": _support(_("If you also need %(kind)s")),
    "accept_form": _support(_("If you say yes to %(kind)s")),
    "be_about": lambda change: (
        gettext("If it is also about %(theme)s") % {"theme": _inside(theme_names([change.code or ""])[0])}
    ),
    "be_for": lambda change: (
        gettext("If it is also for %(group)s")
        % {"group": _inside(target_group_names([change.code or ""])[0])}
    ),
    "do_now": lambda change: (
        gettext("If you are also doing this now: %(part)s")
        % {"part": _inside(str(ProcessPart(change.code or "").label))}
    ),
    "write_in": lambda change: str(_IN_LANGUAGE[change.code or ""]),
    "ask_at_most": _sum(_("If you ask for at most %(sum)s (%(kind)s)")),
    "ask_at_least": _sum(_("If you ask for at least %(sum)s (%(kind)s)")),
    "carry_share": lambda change: (
        gettext("If you carry %(percent)s per cent of the cost yourselves")
        % {"percent": format_number(change.number or 0)}
    ),
    # What a giver could decide.
    "take_kind": _organisation(_("If %(kind)s may apply too")),
    "drop_partner": lambda change: gettext("If no particular partner has to take part"),
    "drop_consortium": lambda change: gettext("If one may apply alone"),
    "drop_number": lambda change: gettext("If no organisation number is needed"),
    "take_younger": _younger,
    "take_area": _place(_("If the support is for %(place)s too")),
    "give_too": _support(_("If you also give %(kind)s")),
    "drop_refusal": lambda change: (
        gettext("If you say yes to: %(form)s") % {"form": _inside(refused_labels([change.code or ""])[0])}
    ),
    "make_wish": lambda change: str(_WISHES[change.rule]),
}
# Said below a change, so that nobody is led to say what is not so.
_HINTS: dict[str, Text] = {
    "form_organisation": _("An intermediary can help you to form one. It costs little or nothing."),
    "be_led_by": _("You may ask one to lead, and take part yourselves."),
    "grow_older": _("Time does this for you."),
    "wait_for_opening": _("You need do nothing. They show up among your matches that day."),
    "work_in": _("Only if the work really takes place there."),
    "accept_form": _("You have said no to it. That is yours to decide."),
    "write_in": _("The giver reads applications in that language only."),
    "carry_share": _("The share may be work and premises too. Ask the giver."),
}


def change_in_words(change: Change) -> str:
    """Return a change as the first half of a sentence, without what it gives."""
    return _SENTENCES[change.kind](change)


def hint_of(change: Change) -> str:
    """Return what to think of before the change, or nothing."""
    return str(_HINTS.get(change.kind, ""))


def amount_in_words(kind: str, amount: float | None, hours: float | None) -> str:
    """Return "200 000 kr" or "20 timmar", or nothing where no figure is known."""
    if kind in MONEY_KINDS and amount:
        return format_money(round(amount))
    if hours:
        number = round(hours)
        return ngettext("%(hours)s hour", "%(hours)s hours", number) % {"hours": format_number(number)}
    return format_money(round(amount)) if amount else ""


def kind_in_words(kind: str) -> str:
    """Return the short name of a kind of support."""
    return str(SupportKind(kind).label).split(":")[0]


def _inside(name: str) -> str:
    """Return a name as it stands inside a sentence, without its explanation."""
    short = name.split(":")[0].strip()
    return short if short[1:2].isupper() or not short else short[0].lower() + short[1:]


def _day(number: float | None) -> str:
    return format_day(date(1970, 1, 1) + timedelta(days=int(number or 0)))
