"""Reads of proposals: whose they are, where they stand in plain words, and what support can be proposed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from brygga.organisations.models import Organisation
from brygga.organisations.permissions import is_member
from funders.enums import ApplyWay
from funders.models import SupportOffer
from funders.search import plan_offer_search
from funders.selectors import with_card_rows
from innovators.models import Initiative
from matching.desk.permissions import sees_case
from matching.desk.querysets import Pair, in_pairs
from matching.engine.models import Match
from matching.engine.selectors import explain, for_explaining
from matching.meeting.enums import IntroductionState
from matching.meeting.models import Introduction
from matching.meeting.proposing import permissions
from matching.meeting.proposing.enums import ProposalState, Role
from matching.meeting.proposing.models import Proposal
from matching.meeting.selectors import Standing

if TYPE_CHECKING:
    from brygga.users.models import User

_WAITING_FIRST = Case(
    When(state=ProposalState.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()
)


# -- whose they are --------------------------------------------------------------------------------


def role_of(user: User | AnonymousUser, proposal: Proposal) -> Role | None:
    """Return as whom the user reads a proposal; None for strangers, staff included.

    Somebody of one of the two sides reads it as that side, whoever else they are.
    """
    if is_member(user, proposal.initiative.organisation_id):
        return Role.INITIATIVE
    offer = proposal.offer
    if is_member(user, offer.organisation_id) and sees_case(user, offer, proposal.initiative):
        return Role.OFFER
    return Role.INTERMEDIARY if is_member(user, proposal.organisation_id) else None


def proposals_to(user: User) -> QuerySet[Proposal]:
    """Return what has been proposed to the user's organisations: waiting ones first, then newest."""
    return _in_order(Proposal.objects.made_to(user))


def proposals_by(user: User) -> QuerySet[Proposal]:
    """Return what the user's organisations have proposed: waiting ones first, then newest."""
    return _in_order(Proposal.objects.made_by(user))


def _in_order(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return proposals.select_related(
        "initiative__organisation", "offer__organisation", "organisation", "introduction"
    ).order_by(_WAITING_FIRST, "-proposed_at", "-pk")


def number_proposed_by(user: User | AnonymousUser) -> int:
    """Return how much of what the user's organisations have proposed still waits for an answer."""
    return Proposal.objects.made_by(user).waiting().count()


def proposals_behind(introduction: Introduction) -> list[Proposal]:
    """Return the proposals that an introduction took up, the oldest first. One query."""
    rows = introduction.brought_by.select_related("organisation")
    return list(rows.order_by("proposed_at", "pk"))


def waiting_of_pairs(pairs: Iterable[Pair]) -> dict[Pair, Proposal]:
    """Return the newest proposal that waits for an answer, for each pair of an offer and an initiative. One query."""
    rows = Proposal.objects.waiting().filter(in_pairs(pairs)).order_by("proposed_at", "pk")
    return {(row.offer_id, row.initiative_id): row for row in rows}


# -- who may propose, and what ---------------------------------------------------------------------


def proposing_organisations(user: User | AnonymousUser) -> Sequence[Organisation]:
    """Return the verified intermediaries in whose name the user may speak, by name."""
    return list(Organisation.objects.writable_by(user).intermediaries().order_by("name", "pk"))


def may_propose_for(
    user: User | AnonymousUser, initiative: Initiative, organisations: Iterable[Organisation]
) -> list[Organisation]:
    """Return those of the organisations in whose name the user may propose support for the initiative."""
    return [one for one in organisations if permissions.can_propose_for(user, one, initiative)]


def support_to_propose(
    initiative: Initiative, user: User, text: str, now: datetime
) -> QuerySet[SupportOffer]:
    """Return open offers whose givers are asked here, those that fit the initiative best first.

    Nobody's own; narrowed by what somebody has written, as the catalogue is.
    """
    own = Organisation.objects.of(user).values("pk")
    fit = Match.objects.current().filter(initiative=initiative, offer=OuterRef("pk")).values("fit")[:1]
    offers = (
        SupportOffer.objects.visible_to(user)
        .open_on(timezone.localdate(now))
        .filter(is_confirmed=True, apply_way=ApplyWay.INTRODUCTION, organisation__verified_at__isnull=False)
        .exclude(organisation=initiative.organisation_id)
        .exclude(organisation__in=own)
        .annotate(fit=Subquery(fit))
    )
    plan = plan_offer_search(text)
    if not plan.is_empty:
        offers = offers.filter(plan.condition())
    return with_card_rows(offers).order_by(F("fit").desc(nulls_last=True), "-published_at", "-pk")


def bands_of(
    initiative: Initiative, offers: Iterable[SupportOffer], now: datetime
) -> dict[int, tuple[str, float]]:
    """Return how well each offer fits, as a band and how long its bar is. No row for what is no match."""
    matches = Match.objects.current().filter(initiative=initiative, offer__in=[one.pk for one in offers])
    found = {}
    for match in for_explaining(matches):
        why = explain(match, now=now)
        found[match.offer_id] = (why.band, why.share)
    return found


def proposed_already(
    initiative: Initiative, offers: Iterable[SupportOffer], organisations: Iterable[Organisation]
) -> dict[int, Proposal]:
    """Return the newest proposal that the organisations have made of each pair. One query."""
    rows = Proposal.objects.filter(
        initiative=initiative,
        offer__in=[one.pk for one in offers],
        organisation__in=[one.pk for one in organisations],
    )
    return {one.offer_id: one for one in rows.order_by("proposed_at", "pk")}


# -- where they stand ------------------------------------------------------------------------------


def proposal_standing(proposal: Proposal, role: Role) -> Standing:
    """Return a proposal's status as one who reads it should. Expects `introduction` at hand.

    Those who made it read whether it waits, goes on, has led to contact or to nothing: never who said what.
    """
    if role == Role.INTERMEDIARY:
        return _MAKERS[_outcome(proposal)]()
    if proposal.state == ProposalState.TAKEN_UP:
        return _taken_up_by_us() if proposal.answered_side == role else _taken_up_by_them()
    if proposal.state == ProposalState.DECLINED:
        return _declined_by_us() if proposal.answered_side == role else _over_for_side()
    return _SIDES[ProposalState(proposal.state)]()


def _outcome(proposal: Proposal) -> str:
    if proposal.state != ProposalState.TAKEN_UP or proposal.introduction is None:
        return proposal.state
    return {
        IntroductionState.ASKED: "half",
        IntroductionState.ACCEPTED: "together",
    }.get(IntroductionState(proposal.introduction.state), ProposalState.DECLINED)


_Words = Callable[[], Standing]
_MAKERS: dict[str, _Words] = {
    ProposalState.WAITING: lambda: Standing(
        _("Waiting for an answer"),
        "warning",
        _("Neither of them has answered yet."),
        _("Each says yes or no when it suits them. You can take the proposal back until one has said yes."),
    ),
    "half": lambda: Standing(
        _("One has said yes"),
        "warning",
        _("One of them has said yes."),
        _("Now the other one answers. You get a notice when it is settled."),
    ),
    "together": lambda: Standing(
        _("In contact"),
        "success",
        _("Both have said yes and are in contact."),
        _("You do not need to do anything. What they say to each other is between them."),
    ),
    ProposalState.DECLINED: lambda: Standing(
        _("Nothing this time"),
        "neutral",
        _("Nothing came of it this time."),
        _("That is no judgement of the initiative, of the support or of you. Nothing more happens."),
    ),
    ProposalState.WITHDRAWN: lambda: Standing(
        _("Proposal taken back"),
        "neutral",
        _("You have taken the proposal back."),
        _("Nothing more happens."),
    ),
}
_SIDES: dict[str, _Words] = {
    ProposalState.WAITING: lambda: Standing(
        _("Waiting for an answer"),
        "warning",
        _("You say yes or no. The other side decides for itself."),
        _("There is no last day. No contact details are shown until both have said yes."),
    ),
    ProposalState.WITHDRAWN: lambda: Standing(
        _("Proposal taken back"),
        "neutral",
        _("The proposal has been taken back."),
        _("You do not need to do anything. No contact details were shown."),
    ),
}


def _taken_up_by_us() -> Standing:
    return Standing(
        _("You said yes"),
        "success",
        _("You said yes and asked the other side."),
        _("How it went with your question is on its own page."),
    )


def _taken_up_by_them() -> Standing:
    return Standing(
        _("They said yes"),
        "success",
        _("The other side said yes and asked you."),
        _("Their question, and your answer to it, are on a page of their own."),
    )


def _declined_by_us() -> Standing:
    return Standing(
        _("You said no"), "neutral", _("You said no to the proposal."), _("No contact details were shown.")
    )


def _over_for_side() -> Standing:
    return Standing(
        _("Nothing this time"),
        "neutral",
        _("Nothing came of it this time."),
        _("You do not need to do anything. No contact details were shown."),
    )
