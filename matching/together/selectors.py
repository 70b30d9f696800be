"""Reads of questions. The only place that reads their contact details."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from brygga.organisations.enums import WRITING_ROLES
from brygga.organisations.models import Membership, Organisation
from brygga.organisations.permissions import is_member
from brygga.users.models import User
from innovators.models import Initiative
from innovators.selectors import telling
from matching.meeting.enums import IntroductionState
from matching.meeting.selectors import Contact, Standing, proposed_contact_of_initiative
from matching.together.enums import TogetherSide
from matching.together.models import TogetherContact, TogetherQuestion

#: One's own initiatives to choose from, those changed last.
MOST_OWN = 30


@dataclass(frozen=True)
class Contacts:
    """What each side has agreed to show the other."""

    asker: Contact
    asked: Contact


def side_of(user: User | AnonymousUser, question: TogetherQuestion) -> TogetherSide | None:
    """Return the side the user belongs to in any role; None for strangers, staff included."""
    if is_member(user, question.initiative.organisation_id):
        return TogetherSide.ASKED
    return TogetherSide.ASKER if is_member(user, question.organisation_id) else None


def contact_details(question: TogetherQuestion, user: User | AnonymousUser) -> Contacts | None:
    """Return both sides' contact details, or None.

    None unless the answer is yes, by its row now and not as the caller remembers it, and the user belongs to
    one of the two.
    """
    if side_of(user, question) is None:
        return None
    shared = {
        one.side: Contact(one.name, one.email, one.phone)
        for one in TogetherContact.objects.filter(
            question=question, question__state=IntroductionState.ACCEPTED
        )
    }
    if set(shared) != {TogetherSide.ASKER, TogetherSide.ASKED}:
        return None
    return Contacts(shared[TogetherSide.ASKER], shared[TogetherSide.ASKED])


def proposed_contact(own: Initiative | None, user: User) -> Contact:
    """Return what to write beforehand in one's own form: how one's initiative, or oneself, is reached."""
    return Contact(user.name, user.email) if own is None else proposed_contact_of_initiative(own, user)


def may_ask_with(user: User, initiative: Initiative) -> tuple[list[Initiative], list[Organisation]]:
    """Return what the user writes for that is not closed, drafts too, and the organisations. Two queries."""
    mine = Organisation.objects.writable_by(user).exclude(pk=initiative.organisation_id)
    own = (
        Initiative.objects.visible_to(user)
        .filter(organisation__in=mine.values("pk"))
        .exclude(state="closed")
        .select_related("organisation")
        .order_by("-changed_at", "-pk")
    )
    return list(own[:MOST_OWN]), list(mine.order_by("pk"))


def open_question(initiative: Initiative, organisations: Iterable[int]) -> TogetherQuestion | None:
    """Return what stands between an initiative's people and one of the organisations, whoever asked."""
    keys = list(organisations)
    standing = TogetherQuestion.objects.standing()
    asked = standing.filter(initiative=initiative, organisation__in=keys)
    asked_us = standing.filter(organisation=initiative.organisation_id, initiative__organisation__in=keys)
    return asked.order_by("pk").first() or asked_us.order_by("pk").first()


def standing_among(user: User | AnonymousUser, initiatives: Iterable[int]) -> dict[int, TogetherQuestion]:
    """Return what the user's organisations have asked and stands, by the key of the initiative. One query."""
    if not user.is_authenticated:
        return {}
    rows = TogetherQuestion.objects.standing().asked_by(user).filter(initiative__in=list(initiatives))
    return {row.initiative_id: row for row in rows.order_by("pk")}


def answered_for(initiatives: Iterable[Initiative]) -> set[int]:
    """Return the keys of those that have somebody who may answer. One query."""
    rows = list(initiatives)
    writers = Membership.objects.filter(
        organisation__in={one.organisation_id for one in rows},
        role__in=WRITING_ROLES,
        user__is_active=True,
    )
    behind = set(writers.values_list("organisation_id", flat=True))
    return {one.pk for one in rows if one.organisation_id in behind}


_WAITING_FIRST = Case(
    When(state=IntroductionState.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField()
)


def questions_of(user: User, *, by_us: bool) -> QuerySet[TogetherQuestion]:
    """Return what has been asked by the user's organisations, or of them: waiting ones first, then newest."""
    questions = TogetherQuestion.objects
    rows = questions.asked_by(user) if by_us else questions.asked_of(user)
    related = ("initiative__organisation", "organisation", "own")
    return rows.select_related(*related).order_by(_WAITING_FIRST, "-asked_at", "-pk")


def title_of_own(question: TogetherQuestion) -> str:
    """Return the title of the initiative that they ask for; empty when they ask for none."""
    return telling(question.own).title if question.own is not None else ""


def own_to_read(question: TogetherQuestion, user: User) -> Initiative | None:
    """Return the initiative that they ask for, if the reader may open its page."""
    if question.own_id is None:
        return None
    return Initiative.objects.visible_to(user).filter(pk=question.own_id).first()


def standing_of(question: TogetherQuestion, side: TogetherSide | str) -> Standing:
    """Return where the question stands as one side should read it: what is, what happens next, who acts."""
    words = _STANDING[question.state, side]()
    return Standing(str(question.get_state_display()), _TONES[question.state], *words)


_TONES: dict[str, str] = {
    IntroductionState.ASKED: "warning",
    IntroductionState.ACCEPTED: "success",
    IntroductionState.DECLINED: "neutral",
    IntroductionState.WITHDRAWN: "neutral",
}
_ASKER, _ASKED = TogetherSide.ASKER, TogetherSide.ASKED
_STANDING: dict[tuple[str, str], Callable[[], tuple[str, str]]] = {
    (IntroductionState.ASKED, _ASKED): lambda: (
        _("They wait for your answer."),
        _("You decide now: yes or no. There is no deadline."),
    ),
    (IntroductionState.ASKED, _ASKER): lambda: (
        _("You have asked them."),
        _("They answer when they can. You get a notice then, and can take the question back until that."),
    ),
    (IntroductionState.ACCEPTED, _ASKED): lambda: (
        _("You said yes. You see each other’s contact details."),
        _("They take the next step and get in touch. You may do it first. Begin with a short talk."),
    ),
    (IntroductionState.ACCEPTED, _ASKER): lambda: (
        _("They said yes. You see each other’s contact details."),
        _("You take the next step: get in touch, and propose a time for a short talk."),
    ),
    (IntroductionState.DECLINED, _ASKED): lambda: (
        _("You said no. No contact details were shown."),
        _("Nothing more happens. They cannot ask again for at least two months."),
    ),
    (IntroductionState.DECLINED, _ASKER): lambda: (
        _("They said no this time. No contact details were shown."),
        _("That is no judgement of what you do: often time is short. A no holds for at least two months."),
    ),
    (IntroductionState.WITHDRAWN, _ASKED): lambda: (
        _("They took their question back. No contact details were shown."),
        _("Nothing more happens."),
    ),
    (IntroductionState.WITHDRAWN, _ASKER): lambda: (
        _("You took the question back. No contact details were shown."),
        _("You can try again when you like."),
    ),
}
