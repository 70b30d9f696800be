"""The answer to a page that saves while somebody writes: in short words, for a script to show.

Nobody is led anywhere, and nothing typed is refused: what cannot be stored in its place is kept in the
person's session, and stands in the form when they come back.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from brygga.core.enums import PublicationState
from brygga.core.formatting import format_clock
from brygga.organisations.registration.forms import AnswerForm, fingerprint
from brygga.organisations.registration.kept_texts import forget_text, keep_text
from brygga.organisations.registration.questions import Question
from brygga.organisations.registration.reading import advice_on
from brygga.organisations.registration.saving import Outcome, Registration, save_answer

# What the script adds to the form's own fields when it saves by itself.
AUTOSAVE = "autosave"


def keep_until_signed_in(request: HttpRequest, here: str) -> JsonResponse:
    """Keep what was typed in the session; say that the person is signed out and where to sign in."""
    if not keep_text(request.session, here, request.POST):
        said = gettext("You have been signed out. What you wrote is still on this page.")
    else:
        said = gettext("You have been signed out. What you wrote is kept. Sign in to save it.")
    sign_in = redirect_to_login(here).url
    return _answer("signed-out", said, status=401, url=sign_in, link=gettext("Sign in"))


def autosave(
    request: HttpRequest, registration: Registration, profile: Any, question: Question
) -> JsonResponse:
    """Store the answer of a draft. What others read already is changed by the button only."""
    if profile.state != PublicationState.DRAFT:
        form = question.form_class(request.POST, profile=profile, question=question)
        if form.is_as_stored():
            return _saved(request, profile, question, form)
        return _kept(request, gettext("Kept %(time)s. Press Save to make it public."))
    attempt = save_answer(registration, profile, question, request.POST, user=request.user)
    if attempt.is_stored:
        return _saved(request, attempt.profile, question, attempt.form)
    if attempt.outcome == Outcome.OUTDATED:
        keep_text(request.session, request.path, request.POST)
        said = gettext("This answer has been changed in another window. Press Save to see both.")
        return _answer("changed", said, status=409)
    return _kept(request, gettext("Kept %(time)s. Something has to be corrected before it is saved."))


def _saved(request: HttpRequest, profile: Any, question: Question, form: AnswerForm) -> JsonResponse:
    forget_text(request.session, request.path)
    advice = advice_on(form.long_texts())
    return _answer(
        "saved",
        gettext("Saved %(time)s") % {"time": format_clock(profile.changed_at)},
        revision=str(profile.revision),
        seen=fingerprint(question.form_class.read(profile)),
        advice=render_to_string("organisations/registration/_reading.html", {"advice": advice}, request),
    )


def _kept(request: HttpRequest, said: str) -> JsonResponse:
    if not keep_text(request.session, request.path, request.POST):
        return _answer("lost", gettext("It is not saved yet. What you wrote is still on this page."))
    return _answer("kept", said % {"time": format_clock(timezone.now())})


def _answer(state: str, said: str, *, status: int = 200, **more: str) -> JsonResponse:
    return JsonResponse({"state": state, "said": said, **more}, status=status)
