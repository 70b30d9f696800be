"""The next best question is answered where it is asked: beside the matches."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from brygga.core.http import BryggaRequest
from brygga.organisations.registration.forms import AnswerForm
from brygga.organisations.registration.kept_texts import forget_text, keep_text
from brygga.organisations.registration.questions import Question
from brygga.organisations.registration.row_forms import RowsForm
from brygga.organisations.registration.saving import Attempt, Outcome, save_answer
from brygga.organisations.registration.views import tell_saved
from innovators.models import Initiative
from innovators.questions import INITIATIVE_QUESTIONS
from innovators.views.register import REGISTRATION
from matching.desk import permissions

#: The list that comes next shows itself anew as soon as it is ready: its reader has asked for that.
JUST_ANSWERED = "just_answered"
#: Several forms may stand on the page of matches.
_IDS = "next_%s"


def question_in_place(slug: str) -> Question | None:
    """Return a question that is answered beside the matches; rows of their own need a page."""
    question = INITIATIVE_QUESTIONS.find(slug)
    return None if question is None or issubclass(question.form_class, RowsForm) else question


def form_of(initiative: Initiative, question: Question) -> AnswerForm:
    return question.form_class(profile=initiative, question=question, auto_id=_IDS)


def save_in_place(request: BryggaRequest, initiative: Initiative, question: Question) -> Attempt:
    """Save what was answered and say so; what a colleague has changed meanwhile stays, and the text is kept.

    Raises PermissionDenied for readers.
    """
    if not permissions.can_write_for(request.user, initiative.organisation_id):
        raise PermissionDenied
    attempt = save_answer(REGISTRATION, initiative, question, request.POST, user=request.user)
    here = address_of(initiative.public_id, question)
    if attempt.outcome == Outcome.OUTDATED:
        keep_text(request.session, here, request.POST)
    elif attempt.is_stored:
        forget_text(request.session, here)
        tell_saved(request, attempt.profile, question, attempt.form)
        request.session[JUST_ANSWERED] = initiative.public_id
    return attempt


def keep_for_signing_in(request: BryggaRequest, public_id: str, question: Question) -> HttpResponse:
    """Keep an answer whose sender's session has ended, and lead to signing in and on to the question."""
    here = address_of(public_id, question)
    if keep_text(request.session, here, request.POST):
        messages.info(request, _("You have been signed out. Sign in again: what you wrote is still here."))
    return redirect_to_login(here)


def pop_just_answered(session: SessionBase, initiative: Initiative) -> bool:
    """Whether the person has just answered beside the matches of this initiative. Once."""
    if session.get(JUST_ANSWERED) != initiative.public_id:
        return False
    del session[JUST_ANSWERED]
    return True


def address_of(public_id: str, question: Question) -> str:
    return reverse("innovators:question", args=[public_id, question.slug])
