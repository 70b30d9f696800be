"""Forms that answer one question: what they start from, what they change, how the answer reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django import forms
from django.db.models import Choices
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import (
    UNKNOWN,
    BryggaForm,
    TextAreaField,
    UnknownChoiceField,
    UnknownMultipleChoiceField,
)
from brygga.organisations.registration.masking import private_texts_of

if TYPE_CHECKING:
    from brygga.organisations.registration.questions import Question

HIDDEN_NAMES = ("revision", "seen", "row_count")


class AnswerForm(BryggaForm):
    """The form of one question about one profile.

    A subclass names the profile's columns it answers in `model_fields`, as form fields of the same
    name; where the two differ it overrides `read` and `changes`. Everything may be left empty: drafts
    are saved as they are. With `may_be_unknown` the page has a box for "I don't know yet".
    """

    unmarked_fields: ClassVar[str] = "__all__"
    model_fields: ClassVar[tuple[str, ...]] = ()
    may_be_unknown: ClassVar[bool] = False

    # Compared as text and never wrong: nobody can correct a field they do not see.
    revision = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, profile: Any, question: Question, **kwargs: Any
    ) -> None:
        self.profile = profile
        self.question = question
        started_from = self.read(profile)
        initial = {
            **self.shown(started_from, is_answered=question.slug in profile.answered),
            **kwargs.pop("initial", {}),
            "revision": profile.revision,
            "seen": fingerprint(started_from),
        }
        super().__init__(data, initial=initial, **kwargs)
        if self.may_be_unknown:
            self.fields["unknown"] = forms.BooleanField(label=_("Don’t know yet"), required=False)

    # -- what the page starts from -----------------------------------------------------------------

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        """Return the stored answer as the owner wrote it, unmasked."""
        private = private_texts_of(profile)
        return {name: private.get(name, getattr(profile, name)) for name in cls.model_fields}

    def shown(self, values: dict[str, Any], *, is_answered: bool) -> dict[str, Any]:
        """Return the stored answer as initial data: what was said to be unknown is ticked as that."""
        initial = dict(values)
        for name, field in self.base_fields.items():
            if is_answered and values.get(name, "") is None:
                if isinstance(field, UnknownChoiceField):
                    initial[name] = UNKNOWN
                elif isinstance(field, UnknownMultipleChoiceField):
                    initial[name] = [UNKNOWN]
        if self.may_be_unknown and is_answered and not any(values.values()):
            initial["unknown"] = True
        return initial

    # -- what was posted ---------------------------------------------------------------------------

    def answer_names(self) -> list[str]:
        return [name for name in self.fields if name not in (*HIDDEN_NAMES, "unknown")]

    def raw(self, name: str) -> list[str]:
        """Return what was typed or ticked in a field."""
        widget_name = self.add_prefix(name)
        if isinstance(self.data, MultiValueDict):
            return [str(one) for one in self.data.getlist(widget_name)]
        value = self.data.get(widget_name, [])
        return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]

    @property
    def is_filled_in(self) -> bool:
        """Whether anything was typed or ticked, "don't know yet" included."""
        if self.cleaned_data.get("unknown"):
            return True
        return any(text.strip() for name in self.answer_names() for text in self.raw(name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = any(text.strip() for name in self.answer_names() for text in self.raw(name))
        if cleaned.get("unknown") and typed:
            self.add_error(
                "unknown",
                _("You ticked “Don’t know yet” and also wrote an answer. Keep one of them."),
            )
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Return the new values by column, for the app's change service."""
        return {name: self.cleaned_data[name] for name in self.model_fields}

    def notices(self) -> list[str]:
        """Return what the person should know about how the answer was understood."""
        return []

    def long_texts(self) -> list[str]:
        """Return what stands in the fields for telling at length, as typed or else as stored."""
        names = [name for name in self.model_fields if isinstance(self.fields.get(name), TextAreaField)]
        return [str(self[name].value() or "") for name in names]

    # -- two people at once ------------------------------------------------------------------------

    def is_as_stored(self) -> bool:
        """Whether what was posted is the stored answer already, by whomever it was stored."""
        changed = set(self.changed_data) - set(HIDDEN_NAMES)
        is_answered = self.question.slug in self.profile.answered
        return not changed and self.is_valid() and self.is_filled_in == is_answered

    def is_outdated(self) -> bool:
        """Whether somebody else has changed this very answer since the page was shown."""
        revision = "".join(self.raw("revision"))
        if revision == str(self.profile.revision):
            return False
        return "".join(self.raw("seen")) != fingerprint(self.read(self.profile))

    def with_current_marks(self) -> MultiValueDict[str, Any]:
        """Return what was posted, marked as written with today's answer in sight."""
        data = MultiValueDict({name: self.raw(name) for name in self.fields})
        data["revision"] = str(self.profile.revision)
        data["seen"] = fingerprint(self.read(self.profile))
        return data

    # -- how it reads ------------------------------------------------------------------------------

    @classmethod
    def written(cls, profile: Any) -> str | list[str]:
        """Return the stored answer in words; empty when there is none."""
        lines = [cls.written_value(name, value) for name, value in cls.read(profile).items()]
        flat = [text for line in lines for text in ([line] if isinstance(line, str) else line) if text]
        return flat[0] if len(flat) == 1 else flat

    @classmethod
    def written_value(cls, name: str, value: Any) -> str | list[str]:
        field = cls.base_fields.get(name)
        if isinstance(field, forms.MultipleChoiceField):
            if value == [] and isinstance(field, UnknownMultipleChoiceField):
                return str(dict(flat_choices(field)).get("none", ""))
            labels = dict(flat_choices(field))
            return [str(labels.get(code, code)) for code in value or []]
        if isinstance(field, forms.ChoiceField):
            return str(dict(flat_choices(field)).get(value, value or ""))
        if isinstance(field, forms.BooleanField):
            return str(field.label) if value else ""
        if isinstance(value, list):
            return [str(one) for one in value]
        return "" if value is None else str(value)


class HasChoices(Protocol):
    choices: Any


def flat_choices(field: HasChoices) -> list[tuple[Any, Any]]:
    """Return a field's choices without their groups."""
    flat: list[tuple[Any, Any]] = []
    for value, label in field.choices:
        flat.extend(label if isinstance(label, list | tuple) else [(value, label)])
    return flat


def choices_of(enum: type[Choices]) -> list[tuple[Any, Any]]:
    return list(enum.choices)


def fingerprint(values: Mapping[str, Any]) -> str:
    """Return a short mark that differs when the answer differs."""
    text = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
