"""What the forms about rules share: the rule read back in words, "this is a must", "no restriction"."""

from __future__ import annotations

import copy
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import Text
from brygga.organisations.registration.forms import AnswerForm
from brygga.organisations.registration.taxonomy_forms import TermsForm
from funders.lines import new_line
from funders.models import SupportLine, SupportOffer
from funders.rules import Requirement, in_words, requirements_of, wishes_of
from funders.sentence import as_the_giver_says


def page_language() -> str:
    return "en" if (get_language() or "sv").startswith("en") else "sv"


class RuledForm(AnswerForm):
    """A question whose answer is a rule or a wish: the page says in words what it will mean.

    `rules` names the rules (see `funders.rules`) that the answer decides.
    """

    rules: ClassVar[tuple[str, ...]] = ()
    template: ClassVar[str] = "funders/question.html"

    def as_typed(self) -> tuple[SupportOffer, list[SupportLine] | None]:
        """Return the offer with what is typed, unsaved, and its lines of support where they are the question.

        As it is stored when nothing is typed, or when that cannot be read.
        """
        stored: SupportOffer = self.profile
        if not (self.is_bound and self.is_valid()):
            return stored, None
        offer, lines = copy.copy(stored), None
        changes = self.changes()
        if "support" in changes:
            lines = [new_line(row, position) for position, row in enumerate(changes.pop("support"))]
        for name, value in changes.items():
            setattr(offer, name, value)
        if self.is_filled_in:
            offer.answered = [*offer.answered, self.question.slug]
        return offer, lines

    def sentence(self) -> str:
        """Return everything the offer requires in one sentence, with what is typed; empty without any."""
        offer, lines = self.as_typed()
        return as_the_giver_says(offer, page_language(), lines)

    def rule_lines(self) -> list[dict[str, Any]]:
        """Return the rules in words, as typed when that can be read, else as they are stored."""
        offer, lines = self.as_typed()
        every = [*requirements_of(offer, lines), *wishes_of(offer, lines)]
        return [line_of(rule) for rule in every if rule.rule in self.rules]

    @classmethod
    def written(cls, profile: Any) -> str | list[str]:
        """Return the answer as the rules it makes."""
        every = [*requirements_of(profile), *wishes_of(profile)]
        said = [in_words(rule, page_language()) for rule in every if rule.rule in cls.rules]
        return said[0] if len(said) == 1 else said


def line_of(rule: Requirement) -> dict[str, Any]:
    """Return a rule for a page: its sentence, and whether it shuts anybody out."""
    return {"text": in_words(rule, page_language()), "is_hard": rule.hard and not rule.is_open}


class MustForm(RuledForm):
    """A wish that the giver may turn into a requirement."""

    strict_code: ClassVar[str] = ""

    is_must = forms.BooleanField(
        label=_("This is a must"),
        help_text=_("Those who do not meet it are not shown to you, and are told why."),
        required=False,
    )

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        return {**super().read(profile), "is_must": cls.strict_code in profile.strict}

    def says_something(self) -> bool:
        """Whether there is anything that can be a must."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("is_must") and not self.errors and not self.says_something():
            self.add_error("is_must", gettext("Say what it is that must be met, or untick this."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        others = {code for code in self.profile.strict if code != self.strict_code}
        strict = {*others, self.strict_code} if self.cleaned_data["is_must"] else others
        return {**super().changes(), "strict": sorted(strict)}


class WishedTermsForm(MustForm, TermsForm):
    """Terms from a word list that the giver wishes for, requires, or says are all welcome."""

    template: ClassVar[str] = "funders/terms.html"

    all_welcome = forms.BooleanField(required=False)
    all_welcome_label: ClassVar[Text] = ""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["all_welcome"].label = str(self.all_welcome_label)

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        codes, words = cls.columns()
        is_open = getattr(profile, codes) == [] and not getattr(profile, words)
        return {**super().read(profile), "all_welcome": is_open}

    def says_something(self) -> bool:
        return bool(self.codes or self.kept_words)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("all_welcome") and self.says_something():
            self.add_error(
                "all_welcome",
                gettext("You ticked that all are welcome and also chose some. Keep one of them."),
            )
        return cleaned

    def changes(self) -> dict[str, Any]:
        changed = super().changes()
        if self.cleaned_data["all_welcome"]:
            changed[self.columns()[0]] = []
        return changed
