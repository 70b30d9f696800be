"""Saving one answer: for the button, and for the page that saves while somebody writes.

Two may write at once, in two windows or on two machines. An answer carries the mark of what its writer saw;
when something else has been stored since, nothing is stored, and the writer is shown both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from brygga.organisations.registration.forms import AnswerForm
from brygga.organisations.registration.questions import Question, QuestionList
from brygga.organisations.registration.services import ChangedMeanwhile, InvalidAnswers

# How often a save starts over when somebody saves another question at the very same moment.
TRIES = 5


class ChangeService(Protocol):
    def __call__(
        self,
        *,
        profile: Any,
        changes: dict[str, Any],
        actor: Any,
        now: Any,
        expected_revision: int | None,
        answered: Iterable[str],
        reopened: Iterable[str],
    ) -> Any: ...


@dataclass(frozen=True)
class Registration:
    """What the shared pages need to know of an app.

    `find(user, public_id)` returns the profile for writing or raises Http404 / PermissionDenied.
    URL names `tasks`, `question`, `check` live in `namespace`; templates `tasks.html`,
    `question.html`, `check.html`, `questions.html` in `templates`, extending those in
    `organisations/registration/`.
    """

    namespace: str
    templates: str
    questions: QuestionList
    find: Callable[[Any, str], Any]
    change: ChangeService

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"{self.namespace}:{name}", args=args)


class Outcome(StrEnum):
    """How saving went: stored now, stored before, changed by others, not to be stored as it is."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    OUTDATED = "outdated"
    INVALID = "invalid"


@dataclass(frozen=True)
class Attempt:
    """An attempt to save: how it went, the profile as it is now, and the form that was judged."""

    outcome: Outcome
    profile: Any
    form: AnswerForm

    @property
    def is_stored(self) -> bool:
        return self.outcome in (Outcome.SAVED, Outcome.UNCHANGED)


def save_answer(
    registration: Registration,
    profile: Any,
    question: Question,
    typed: MultiValueDict[str, Any],
    *,
    user: Any,
) -> Attempt:
    """Store what was typed, unless somebody has changed the same answer since it was shown.

    What is stored already is not stored again: a lost answer to a save that went well may be asked for anew.
    """
    for _attempt in range(TRIES):
        form = question.form_class(typed, profile=profile, question=question)
        if form.is_as_stored():
            return Attempt(Outcome.UNCHANGED, profile, form)
        if form.is_outdated():
            return Attempt(Outcome.OUTDATED, profile, form)
        if not form.is_valid():
            return Attempt(Outcome.INVALID, profile, form)
        filled = form.is_filled_in
        try:
            saved = registration.change(
                profile=profile,
                changes=form.changes(),
                actor=user,
                now=timezone.now(),
                expected_revision=profile.revision,
                answered=[question.slug] if filled else [],
                reopened=[] if filled else [question.slug],
            )
        except ChangedMeanwhile:
            # Somebody saved in between. Look again: only this answer matters to us.
            profile = registration.find(user, profile.public_id)
            continue
        except InvalidAnswers as refused:
            put_errors_on(form, refused)
            return Attempt(Outcome.INVALID, profile, form)
        return Attempt(Outcome.SAVED, saved, form)
    return Attempt(Outcome.OUTDATED, profile, form)


def put_errors_on(form: AnswerForm, refused: InvalidAnswers) -> None:
    """Show what a service refused by the fields it concerns, or else on top."""
    for field, said in refused.messages.items():
        for message in said:
            form.add_error(field if field in form.fields else None, message)
