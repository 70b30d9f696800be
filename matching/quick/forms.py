"""The one form of the quick match: a text, a place, and what else somebody cares to say."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import (
    BryggaBoundField,
    BryggaForm,
    MoneyField,
    TextAreaField,
    UnknownMultipleChoiceField,
)
from brygga.language import detect_language
from brygga.organisations.registration.words import Resolved, resolve_places
from brygga.taxonomy.enums import MONEY_KINDS, OrganisationKind, SupportKind
from brygga.taxonomy.selectors import current_taxonomy, target_group_choices
from innovators.enums import LegalEntity
from innovators.forms import answers
from innovators.kept_drafts import Answers
from innovators.models import Initiative
from matching.engine.encoding import months_since
from matching.kernel.facts import InitiativeFacts, NeedFacts
from matching.kernel.terms import TextDocument

#: A fact of the kernel -> the field that states it.
FIELD_OF_FACT = {
    "legal_entity": "legal_entity",
    "age": "started_on",
    "lead_kind": "who",
    "works_in": "place",
    "process_parts": "process_parts",
    "form_after": "form_after",
    "needs": "kinds",
    "amount": "amount",
    "target_groups": "target_groups",
    "themes": "themes",
    "drivers": "driver_codes",
    "actors": "actors",
}
#: Always on the page; the others come when they are asked for, and stay when they are answered.
FIRST = ("change", "place")
OPTIONAL = ("kinds", "who")
MOST_MONEY = 10**11


def _like(form: type[forms.Form], name: str, **changes: Any) -> Any:
    """Return a field as the registration has it, so that the same question reads the same everywhere."""
    field = copy.deepcopy(form.base_fields[name])
    for attribute, value in changes.items():
        setattr(field, attribute, value)
    return field


class QuickForm(BryggaForm):
    """What do you want to change, where, and what more we happen to know. Only the text is needed."""

    unmarked_fields: ClassVar[str] = "__all__"

    change = TextAreaField(
        label=_("What do you want to change?"),
        help_text=_("A sentence or two, as you would tell a neighbour. Swedish or English."),
        rows=4,
        max_length=Initiative.CHANGE_LENGTH,
    )
    place = forms.CharField(
        label=_("Where?"),
        help_text=_("Municipality, county or postal code. Leave it empty if you do not know."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "quick-places", "autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What do you need?"),
        choices=[(value, label) for value, label in SupportKind.choices],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    who = forms.ChoiceField(
        label=_("Who are you?"),
        choices=[("", _("Not said")), *OrganisationKind.choices],
        required=False,
    )
    amount = MoneyField(
        label=_("About how much money do you need?"),
        help_text=_("A guess is enough, for example 50 000."),
        max_value=MOST_MONEY,
        required=False,
    )
    legal_entity = _like(answers.LegalForm, "legal_entity", label=_("Do you have an organisation number?"))
    started_on = _like(answers.StartedForm, "started_on", label=_("When did you start?"))
    process_parts = _like(answers.ProcessForm, "process_parts", label=_("What are you doing right now?"))
    form_after = _like(answers.AfterForm, "form_after", label=_("In what form will it live on?"))
    themes = UnknownMultipleChoiceField(label=_("What is it about?"), choices=[], required=False)
    target_groups = UnknownMultipleChoiceField(label=_("Which groups is it for?"), choices=[], required=False)
    driver_codes = _like(answers.DriversForm, "driver_codes", label=_("What drives you?"))
    actors = UnknownMultipleChoiceField(
        label=_("Who else takes part?"),
        choices=OrganisationKind.choices,
        none_label=_("Nobody else"),
        required=False,
    )
    # A form sent twice makes one draft.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["change"].error_messages["required"] = _(
            "Write a sentence or two about what you want to change."
        )
        self._offer("themes", _main_themes())
        self._offer("target_groups", target_group_choices())
        self.resolved = Resolved([], [])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        # What stands apart ("don't know yet") comes last.
        field.choices = [*choices, *field.choices]

    def clean_place(self) -> str:
        place: str = self.cleaned_data["place"].strip()
        self.resolved = resolve_places(place)
        return place

    # -- what the page shows -------------------------------------------------------------------------

    def _bound(self, names: Iterable[str]) -> list[BryggaBoundField]:
        return [self[name] for name in names]  # type: ignore[misc]  # our renderer binds them so

    @property
    def first_fields(self) -> list[BryggaBoundField]:
        return self._bound(FIRST)

    @property
    def optional_fields(self) -> list[BryggaBoundField]:
        """What anybody may add, and what has been asked for and answered."""
        more = [name for name in self.fields if name not in (*FIRST, *OPTIONAL, "key")]
        return self._bound([*OPTIONAL, *(name for name in more if name in self.answered)])

    @property
    def is_more_said(self) -> bool:
        return any(field.name in self.answered or field.errors for field in self.optional_fields)

    @property
    def answered(self) -> set[str]:
        """The fields with something in them, "don't know yet" included."""
        if not self.is_bound:
            return set()
        names = (name for name in self.fields if name != "key")
        return {name for name in names if any(text.strip() for text in self._typed(name))}

    def _typed(self, name: str) -> list[str]:
        if hasattr(self.data, "getlist"):
            return [str(one) for one in self.data.getlist(self.add_prefix(name))]
        value = self.data.get(self.add_prefix(name), "")
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    # -- what is made of it --------------------------------------------------------------------------

    @property
    def language(self) -> str:
        """The language they write in, or the page's where a few words do not tell."""
        shown = (get_language() or "sv")[:2]
        return detect_language(self.cleaned_data["change"], default=shown) or shown

    def facts(self, now: datetime) -> InitiativeFacts:
        """Return what the kernel needs to know; what is not said is not known."""
        said = self.cleaned_data
        legal = said["legal_entity"]
        return InitiativeFacts(
            key="",
            lead_kind=said["who"] or None,
            actor_kinds=None if said["actors"] is None else tuple(said["actors"]),
            legal_entity=None if not legal else legal != LegalEntity.NO,
            age_months=months_since(said["started_on"], timezone.localdate(now)),
            works_in=tuple(self.resolved.codes) or None,
            works_in_unresolved=tuple(self.resolved.words),
            themes=_tuple(said["themes"]),
            target_groups=_tuple(said["target_groups"]),
            process_parts=_tuple(said["process_parts"]),
            needs=tuple(NeedFacts(need["kind"], need["amount"], None) for need in self._needs()) or None,
            form_after=said["form_after"] or None,
            drivers=_tuple(said["driver_codes"]),
            language=self.language,
            document=TextDocument("", said["change"], self.language),
        )

    def _needs(self) -> list[dict[str, Any]]:
        amount = self.cleaned_data["amount"]
        return [
            {"kind": kind, "amount": amount if kind in MONEY_KINDS else None, "hours": None}
            for kind in self.cleaned_data["kinds"]
        ]

    def answers(self) -> Answers:
        """Return what was said as the first answers of a draft."""
        said = self.cleaned_data
        changes: dict[str, Any] = {
            "change": said["change"],
            "area_codes": self.resolved.codes,
            "area_words": self.resolved.words,
            "needs": self._needs(),
            "legal_entity": said["legal_entity"],
            "started_on": said["started_on"],
            "process_parts": said["process_parts"],
            "form_after": said["form_after"],
            "theme_codes": said["themes"],
            "target_group_codes": said["target_groups"],
            "driver_codes": said["driver_codes"],
            "actors": [{"name": "", "kind": kind, "role": ""} for kind in said["actors"] or ()],
        }
        return Answers({name: value for name, value in changes.items() if value}, said["who"], self.language)


def _main_themes() -> list[tuple[str, str]]:
    language = (get_language() or "sv")[:2]
    themes = current_taxonomy().themes.entries.values()
    return [(one.code, one.name(language)) for one in themes if one.parent is None and one.is_active]


def _tuple(values: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
