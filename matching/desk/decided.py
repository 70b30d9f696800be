"""What an initiative reads of a decision about it: only one it was told of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from brygga.core.formatting import format_day
from matching.awards.words import given_in_words
from matching.desk.enums import Stage
from matching.desk.models import Decision
from matching.meeting.answer_days import is_past
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import Introduction
from matching.meeting.selectors import Standing, standing

Pair = tuple[int, int]


def told_decisions(introductions: Iterable[Introduction]) -> dict[Pair, Decision]:
    """Return the decisions that initiatives were told of, by (offer, initiative). One query, or none."""
    pairs = {
        (one.offer_id, one.initiative_id) for one in introductions if one.state == IntroductionState.ACCEPTED
    }
    if not pairs:
        return {}
    condition = Q()
    for offer, initiative in pairs:
        condition |= Q(entry__offer=offer, entry__initiative=initiative)
    rows = Decision.objects.filter(condition, is_told=True).select_related("entry")
    return {(one.entry.offer_id, one.entry.initiative_id): one for one in rows}


def standing_of(introduction: Introduction, side: Side, decisions: dict[Pair, Decision]) -> Standing:
    """Return where an introduction stands, the decision that followed it included."""
    decision = decisions.get((introduction.offer_id, introduction.initiative_id))
    if decision is None or introduction.state != IntroductionState.ACCEPTED:
        return _with_answer_day(standing(introduction, side), introduction, side)
    day = format_day(decision.decided_on)
    if decision.outcome == Stage.SUPPORTED:
        if side == Side.OFFER:
            return Standing(
                _("Gets support"),
                "success",
                _("You decided %(day)s to give support.") % {"day": day},
                _("You take the next step: get in touch and agree on how to begin."),
            )
        return Standing(
            _("You get support"),
            "success",
            _("The giver decided %(day)s to support you.") % {"day": day},
            _("The giver takes the next step and gets in touch. You may do it first."),
        )
    if side == Side.OFFER:
        return Standing(
            _("Turned down"),
            "neutral",
            _("You decided %(day)s not to give support now.") % {"day": day},
            _("They have been told. Nothing more happens."),
        )
    return Standing(
        _("No this time"),
        "neutral",
        _("The giver decided %(day)s not to support you now.") % {"day": day},
        _("Nothing more happens here. You may look at other support that fits you."),
    )


def _with_answer_day(found: Standing, introduction: Introduction, side: Side) -> Standing:
    """Add by when the giver answers, or is to answer once there is a yes."""
    days, last = introduction.offer.answer_days, introduction.answer_by
    if introduction.waits_for_giver:
        return _with_day_of_question(found, last, side)
    if introduction.state == IntroductionState.ASKED and side == Side.INITIATIVE and days is not None:
        promise = _("If you say yes, the giver answers within %(days)s days.") % {"days": days}
        return replace(found, next=f"{found.next} {promise}")
    # A conversation that somebody has ended says what follows itself.
    if last is None or not introduction.is_open_for_talk:
        return found
    day = {"day": format_day(last)}
    if not is_past(last, timezone.localdate()):
        if side == Side.OFFER:
            said = _("Decide and answer them by %(day)s.")
        else:
            said = _("The giver decides and answers you by %(day)s. You get a notice.")
        return replace(found, next=f"{found.next} {said % day}")
    if side == Side.OFFER:
        said = _("You were to answer by %(day)s. They still wait: decide on the desk.")
        return Standing(_("The answer is late"), "warning", found.now, said % day)
    said = _(
        "The giver was to answer by %(day)s and has not decided. That does not mean no. They can still answer, "
        "and you may write to them."
    )
    return replace(found, next=said % day)


def _with_day_of_question(found: Standing, last: date | None, side: Side) -> Standing:
    """Add by when the giver answers the initiative's question."""
    if last is None:
        if side == Side.OFFER:
            return found
        return replace(found, next=f"{found.next} {_('They have set no last day to answer.')}")
    day, is_late = {"day": format_day(last)}, is_past(last, timezone.localdate())
    if side == Side.OFFER:
        said = _("You were to answer by %(day)s.") if is_late else _("Answer by %(day)s.")
    elif is_late:
        said = _("They were to answer by %(day)s. That does not mean no: your question is still open.")
    else:
        said = _("They have promised to answer by %(day)s.")
    return replace(found, next=f"{found.next} {said % day}")


def support_in_words(decision: Decision) -> str:
    """Return what support was decided: its kind, amount, hours and period. "" for a no."""
    if decision.outcome != Stage.SUPPORTED:
        return ""
    return given_in_words(decision)
