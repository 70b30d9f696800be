"""Reads of questions between adopters and initiatives. The only place that reads their contact details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from brygga.organisations.models import Organisation
from innovators.models import Adopter, Initiative
from matching.adopting import permissions
from matching.adopting.enums import AdoptionSide
from matching.adopting.models import AdoptionContact, AdoptionQuestion
from matching.meeting.enums import IntroductionState
from matching.meeting.selectors import Contact, Standing, proposed_contact_of_initiative

if TYPE_CHECKING:
    from brygga.users.models import User

_WAITING_FIRST = Case(
    When(state=IntroductionState.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField()
)


@dataclass(frozen=True)
class BothContacts:
    """What each side has agreed to show the other."""

    adopter: Contact
    initiative: Contact


def contact_details(question: AdoptionQuestion, user: User | AnonymousUser) -> BothContacts | None:
    """Return both sides' contact details, or None.

    None unless both have said yes, by the row now and not as the caller remembers it, and the user belongs to
    one of the two organisations.
    """
    if permissions.side_of(user, question) is None:
        return None
    shared = {
        one.side: Contact(one.name, one.email, one.phone)
        for one in AdoptionContact.objects.filter(
            question=question, question__state=IntroductionState.ACCEPTED
        )
    }
    if set(shared) != {AdoptionSide.ADOPTER, AdoptionSide.INITIATIVE}:
        return None
    return BothContacts(shared[AdoptionSide.ADOPTER], shared[AdoptionSide.INITIATIVE])


def proposed_contact(profile: Adopter | Initiative, user: User) -> Contact:
    """Return what to write beforehand in one's own form when one asks or says yes."""
    if isinstance(profile, Initiative):
        return proposed_contact_of_initiative(profile, user)
    return Contact(user.name, user.email)


def open_question(adopter: Adopter, initiative: Initiative) -> AdoptionQuestion | None:
    """Return the question that waits or has got a yes."""
    return AdoptionQuestion.objects.open().filter(adopter=adopter, initiative=initiative).first()


def questions_of(user: User) -> QuerySet[AdoptionQuestion]:
    """Return the questions of the user's organisations: waiting ones first, then the newest."""
    return (
        AdoptionQuestion.objects.visible_to(user)
        .select_related("adopter__organisation", "initiative__organisation", "asked_by", "answered_by")
        .order_by(_WAITING_FIRST, "-asked_at", "-pk")
    )


def to_answer(user: User) -> int:
    """Return how many questions wait for the user's organisations. One query."""
    mine = Organisation.objects.of(user).values("pk")
    waiting = AdoptionQuestion.objects.waiting()
    return (
        waiting.filter(asked_side=AdoptionSide.ADOPTER, initiative__organisation__in=mine)
        | waiting.filter(asked_side=AdoptionSide.INITIATIVE, adopter__organisation__in=mine)
    ).count()


def standing(question: AdoptionQuestion, side: AdoptionSide) -> Standing:
    """Return the question's status as one side should read it: what is, what happens next, who acts."""
    if question.is_accepted and question.spread_id is not None:
        return Standing(
            _("Taken up"), "success", _("It is taken up."), _("It stands among those who do it too.")
        )
    words = _STANDING[question.state, side == question.asked_side]()
    return Standing(str(question.get_state_display()), _TONES[question.state], *words)


_TONES: dict[str, str] = {
    IntroductionState.ASKED: "warning",
    IntroductionState.ACCEPTED: "success",
    IntroductionState.DECLINED: "neutral",
    IntroductionState.WITHDRAWN: "neutral",
}
#: By state, and whether the reader's side has asked.
_STANDING: dict[tuple[str, bool], Callable[[], tuple[str, str]]] = {
    (IntroductionState.ASKED, True): lambda: (
        _("You have asked them."),
        _("They decide now. You get a notice when they answer, and can take the question back until then."),
    ),
    (IntroductionState.ASKED, False): lambda: (
        _("They wait for your answer."),
        _("You decide now: yes or no. There is no deadline."),
    ),
    (IntroductionState.ACCEPTED, True): lambda: (
        _("They said yes. You see each other’s contact details."),
        _("You take the next step: get in touch."),
    ),
    (IntroductionState.ACCEPTED, False): lambda: (
        _("You said yes. You see each other’s contact details."),
        _("They take the next step and get in touch. You may do it first."),
    ),
    (IntroductionState.DECLINED, True): lambda: (
        _("They said no this time. No contact details were shown."),
        _("Nothing more happens. A no holds for at least two months."),
    ),
    (IntroductionState.DECLINED, False): lambda: (
        _("You said no. No contact details were shown."),
        _("Nothing more happens. They cannot ask again for at least two months; you may."),
    ),
    (IntroductionState.WITHDRAWN, True): lambda: (
        _("You took the question back. No contact details were shown."),
        _("You can try again when you like."),
    ),
    (IntroductionState.WITHDRAWN, False): lambda: (
        _("They took their question back. No contact details were shown."),
        _("Nothing more happens."),
    ),
}
