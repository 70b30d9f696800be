"""A registration as a list of questions: declared once, shown as task list, pages and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext

if TYPE_CHECKING:
    from brygga.organisations.profiles import Profile
    from brygga.organisations.registration.forms import AnswerForm

Text = str | Promise


class TaskStatus(StrEnum):
    """The words that the task list component knows."""

    DONE = "done"
    TODO = "todo"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Question:
    """One question, one page.

    `title` is the question itself, `task` its short name in lists, `why` says what the answer is for.
    `required` means that publishing waits for an answer ("I don't know yet" is one, where the form
    allows it). `blocked` may return the reason why the question cannot be answered yet.
    """

    slug: str
    title: Text
    task: Text
    form_class: type[AnswerForm]
    hint: Text = ""
    why: Text = ""
    required: bool = False
    template: str = ""
    blocked: Callable[[Any], Text] | None = None

    def why_blocked(self, profile: Profile) -> Text:
        return self.blocked(profile) if self.blocked else ""

    def status(self, profile: Profile) -> TaskStatus:
        if self.slug in profile.answered:
            return TaskStatus.DONE
        return TaskStatus.BLOCKED if self.why_blocked(profile) else TaskStatus.TODO

    def written(self, profile: Profile) -> str | list[str]:
        """Return the answer in words, empty when there is none, "Don't know yet" when that was said."""
        words = self.form_class.written(profile)
        if not words and self.slug in profile.answered:
            return gettext("Don’t know yet")
        return words


@dataclass(frozen=True)
class QuestionGroup:
    title: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class QuestionList:
    """All questions of a registration, in groups; any order of answering is fine."""

    groups: tuple[QuestionGroup, ...]

    def __iter__(self) -> Iterator[Question]:
        for group in self.groups:
            yield from group.questions

    def find(self, slug: str) -> Question | None:
        return next((question for question in self if question.slug == slug), None)

    def after(self, slug: str) -> Question | None:
        """Return the next question in order, or None after the last."""
        slugs = [question.slug for question in self]
        position = slugs.index(slug) + 1
        return self.find(slugs[position]) if position < len(slugs) else None

    def missing(self, profile: Profile) -> list[Question]:
        """Return the questions that publishing still waits for."""
        return [question for question in self if question.required and question.slug not in profile.answered]

    def done(self, profile: Profile) -> int:
        return sum(question.slug in profile.answered for question in self)

    def __len__(self) -> int:
        return sum(len(group.questions) for group in self.groups)
