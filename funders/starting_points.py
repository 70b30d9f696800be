"""Ready-made beginnings for the usual kinds of support, in both languages; the texts hold help to write over.

Help stands in brackets that begin with "Write here:". An offer where some of it is left is not published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from brygga.taxonomy.enums import OrganisationKind, ProcessPart, SupportKind
from funders.models import SupportOffer

#: As the texts below begin their help, in either language; recognised also when it has been written in.
_HELP = re.compile(r"\[(?:Write here|Skriv här):[^\[\]]*\]?", re.IGNORECASE)
#: Texts that may hold help, and the questions where they are written.
_WRITTEN_AT = {
    "title": "title",
    "description": "description",
    "how_to_apply": "apply",
    "title_second": "second-language",
    "summary_second": "second-language",
}
#: Said by every beginning: nothing more is asked for than what it says itself.
_NO_RULES: dict[str, Any] = {
    "eligible_kinds": [],
    "must_include_kinds": [],
    "consortium_required": False,
    "legal_entity_required": False,
    "min_age_months": 0,
    "co_funding_percent": 0,
}


@dataclass(frozen=True)
class StartingPoint:
    """One beginning. `answers` are columns as `services.change_offer` takes them; texts are in the page's language."""

    name: Promise
    hint: Promise
    title: Promise
    description: Promise
    how_to_apply: Promise
    support: tuple[Mapping[str, Any], ...]
    hours_to_apply: int
    answer_days: int
    rules: Mapping[str, Any] = field(default_factory=dict)


def _line(kind: SupportKind, **more: int) -> dict[str, Any]:
    return {"kind": kind.value, "amount_min": None, "amount_max": None, "hours": None, **more}


_IN_THREE_STEPS = _(
    "1. Ask for contact here and say in a few sentences what you want to do. 2. We talk for half an hour. "
    "3. [Write here: how you decide, and when they get to know]"
)
_BY_A_TALK = _("Ask for contact here. We talk, and decide together whether it suits us both.")

STARTING_POINTS: dict[str, StartingPoint] = {
    "project_call": StartingPoint(
        name=_("A yearly call for project money"),
        hint=_("Associations and foundations, 100 000 to 500 000 kronor, organisation number needed."),
        title=_("Project money [Write here: for what, and which year]"),
        description=_(
            "We support work that [Write here: the change you want to see, and for whom]. The money may go to "
            "wages, premises, travel and what else the work needs. We do not pay for [Write here: what you say "
            "no to, or take this sentence away]. A new idea is as welcome as a way of working that should spread."
        ),
        how_to_apply=_IN_THREE_STEPS,
        support=(_line(SupportKind.GRANT, amount_min=100_000, amount_max=500_000),),
        hours_to_apply=8,
        answer_days=60,
        rules={
            "eligible_kinds": [
                OrganisationKind.ASSOCIATION.value,
                OrganisationKind.ECONOMIC_ASSOCIATION.value,
                OrganisationKind.FOUNDATION.value,
                OrganisationKind.FAITH_COMMUNITY.value,
            ],
            "legal_entity_required": True,
            "process_parts": [ProcessPart.DEVELOP.value, ProcessPart.REALISE.value],
        },
    ),
    "first_try": StartingPoint(
        name=_("A small sum for a first try"),
        hint=_("Anybody, 5 000 to 30 000 kronor, no organisation number needed, a quick answer."),
        title=_("A small sum to try an idea [Write here: where or for whom]"),
        description=_(
            "We give a small sum so that an idea can be tried for the first time: [Write here: what it may go "
            "to, for example material, a place to meet or travel]. You need not know how it ends. Afterwards you "
            "tell us in half a page what you learned, also if it did not work."
        ),
        how_to_apply=_("Ask for contact here and say what you want to try and what it costs. That is all."),
        support=(_line(SupportKind.GRANT, amount_min=5_000, amount_max=30_000),),
        hours_to_apply=2,
        answer_days=21,
        rules={
            "process_parts": [
                ProcessPart.UNDERSTAND.value,
                ProcessPart.ENVISION.value,
                ProcessPart.MOBILISE.value,
                ProcessPart.DEVELOP.value,
            ]
        },
    ),
    "mentoring": StartingPoint(
        name=_("Mentor hours"),
        hint=_("Ten hours with somebody who has done it before."),
        title=_("A mentor for those who [Write here: whom you want to help]"),
        description=_(
            "You get ten hours with somebody who has experience of [Write here: what the mentor knows]. We meet "
            "[Write here: how often, and where or by video]. You decide what we talk about. What is said stays "
            "between us."
        ),
        how_to_apply=_BY_A_TALK,
        support=(_line(SupportKind.MENTORING, hours=10),),
        hours_to_apply=1,
        answer_days=14,
    ),
    "premises": StartingPoint(
        name=_("Premises to borrow"),
        hint=_("A room, a kitchen, a workshop or a hall."),
        title=_("Borrow [Write here: the room, and where it lies]"),
        description=_(
            "You may borrow [Write here: what there is in the room, and for how many] on [Write here: days and "
            "times]. It costs nothing. [Write here: how one gets in with a wheelchair, a pram or without a step] "
            "You leave it as you found it."
        ),
        how_to_apply=_(
            "Ask for contact here and say when you need it and for what. You may come and look first."
        ),
        support=(_line(SupportKind.PREMISES),),
        hours_to_apply=1,
        answer_days=14,
    ),
    "expert": StartingPoint(
        name=_("Expert knowledge without pay"),
        hint=_("For example law, finance, technology, design or evaluation."),
        title=_("Free help with [Write here: your subject]"),
        description=_(
            "We give up to twenty hours of help with [Write here: your subject, in everyday words]. You need it "
            "when [Write here: an example of what you can help with]. What we make for you is yours to keep."
        ),
        how_to_apply=_BY_A_TALK,
        support=(_line(SupportKind.KNOWLEDGE, hours=20),),
        hours_to_apply=1,
        answer_days=21,
    ),
    "network": StartingPoint(
        name=_("Contacts and introductions"),
        hint=_("You know whom they should meet."),
        title=_("Contacts in [Write here: your field or your place]"),
        description=_(
            "We know [Write here: whom you know, for example buyers, researchers or other associations] and "
            "introduce you to those you need to meet. You get [Write here: how many introductions, or a place at "
            "which meetings]."
        ),
        how_to_apply=_("Ask for contact here and say whom you want to meet and why."),
        support=(_line(SupportKind.NETWORK),),
        hours_to_apply=1,
        answer_days=21,
    ),
    "mandate": StartingPoint(
        name=_("A place to test, and a mandate"),
        hint=_("A municipality, region or authority that tries something and can make it last."),
        title=_("Test with us: [Write here: the part of your work]"),
        description=_(
            "You test your way of working with us in [Write here: where, and with whom]. [Write here: who "
            "decides with you, by role] can decide that it goes on afterwards. We tell before we begin what it "
            "takes for that: [Write here: what you need to see]."
        ),
        how_to_apply=_IN_THREE_STEPS,
        support=(_line(SupportKind.TEST_SITE), _line(SupportKind.MANDATE)),
        hours_to_apply=4,
        answer_days=45,
        rules={"process_parts": [ProcessPart.DEVELOP.value, ProcessPart.REALISE.value]},
    ),
}


def answers_of(code: str, language: str) -> dict[str, Any]:
    """Return a beginning as answers, in a language. Days and places are left: only the giver knows them."""
    one = STARTING_POINTS[code]
    with override(language):
        texts = {name: str(getattr(one, name)) for name in ("title", "description", "how_to_apply")}
    return {
        **texts,
        "support": [dict(line) for line in one.support],
        "hours_to_apply": one.hours_to_apply,
        "answer_days": one.answer_days,
        **_NO_RULES,
        **one.rules,
    }


def questions_with_help(offer: SupportOffer) -> list[str]:
    """Return the questions whose answers still hold help that is to be written over."""
    found = [question for name, question in _WRITTEN_AT.items() if _HELP.search(getattr(offer, name))]
    return list(dict.fromkeys(found))
