"""Answers in rows: what is needed, and who takes part."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_money, format_number
from brygga.core.forms import HoursField, MoneyField
from brygga.organisations.registration.row_forms import RowsForm, row_name
from brygga.taxonomy.enums import MONEY_KINDS, OrganisationKind, SupportKind
from innovators.rows import stored_actors, stored_needs

# One row more than a person has use for is a machine.
MOST_ACTORS = 30


class NeedsForm(RowsForm):
    rows_name = "needs"
    row_title = _("Need")
    add_text = _("Add another need")
    may_be_unknown = True
    row_fields: ClassVar[dict[str, forms.Field]] = {
        "kind": forms.ChoiceField(
            label=_("What do you need?"), choices=[("", _("Choose")), *SupportKind.choices], required=False
        ),
        "amount": MoneyField(
            label=_("How much money?"),
            help_text=_("Roughly, if you know. For money only."),
            required=False,
            min_value=1,
        ),
        "hours": HoursField(
            label=_("How many hours?"),
            help_text=_("For people's time, if you know."),
            required=False,
            min_value=1,
        ),
    }

    none_needed = forms.BooleanField(
        label=_("We need nothing at the moment"),
        help_text=_("We only want to show what we do, or find others to work with."),
        required=False,
    )

    @classmethod
    def read_rows(cls, profile: Any) -> list[dict[str, Any]]:
        return stored_needs(profile) if profile.pk else []

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        rows = cls.read_rows(profile)
        return {"needs": rows, "none_needed": profile.needs_stated and not rows}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("none_needed") and self.clean_rows:
            self.add_error(
                "none_needed",
                gettext("You wrote a need and also ticked that you need nothing. Keep one of them."),
            )
        return cleaned

    def clean_row(self, number: int, row: dict[str, Any]) -> None:
        if not row["kind"] and not self.errors.get(row_name(number, "kind")):
            self.add_error(row_name(number, "kind"), gettext("Choose what you need, or empty the row."))
        if row["amount"] and row["kind"] and row["kind"] not in MONEY_KINDS:
            self.add_error(
                row_name(number, "amount"),
                gettext("An amount goes with money only. Remove it, or choose a kind of money."),
            )

    def changes(self) -> dict[str, Any]:
        stated = bool(self.clean_rows or self.cleaned_data["none_needed"])
        return {"needs": self.clean_rows, "needs_stated": stated}

    @classmethod
    def written(cls, profile: Any) -> str | list[str]:
        read = cls.read(profile)
        if read["none_needed"]:
            return str(cls.base_fields["none_needed"].label)
        return [need_in_words(row) for row in read["needs"]]


def need_in_words(row: dict[str, Any]) -> str:
    """Return "Bidrag: 200 000 kr" or "Mentorskap: 20 timmar"."""
    label = str(SupportKind(row["kind"]).label)
    if row["amount"]:
        return f"{label}: {format_money(row['amount'])}"
    if row["hours"]:
        return ngettext(
            "%(kind)s: %(hours)s hour", "%(kind)s: %(hours)s hours", 1 if row["hours"] == 1 else 2
        ) % {
            "kind": label,
            "hours": format_number(row["hours"]),
        }
    return label


class ActorsForm(RowsForm):
    rows_name = "actors"
    row_title = _("Participant")
    add_text = _("Add another participant")
    most_rows = MOST_ACTORS
    may_be_unknown = True
    row_fields: ClassVar[dict[str, forms.Field]] = {
        "name": forms.CharField(label=_("Name"), max_length=200, required=False),
        "kind": forms.ChoiceField(
            label=_("What are they?"), choices=[("", _("Choose")), *OrganisationKind.choices], required=False
        ),
        "role": forms.CharField(
            label=_("What do they do?"),
            help_text=_("For example “lends the premises” or “takes part in the research”."),
            max_length=120,
            required=False,
        ),
    }

    @classmethod
    def read_rows(cls, profile: Any) -> list[dict[str, Any]]:
        return stored_actors(profile) if profile.pk else []

    def clean_row(self, number: int, row: dict[str, Any]) -> None:
        if not row["name"] and not row["kind"]:
            self.add_error(row_name(number, "name"), gettext("Write a name or choose what they are."))

    def notices(self) -> list[str]:
        if not any(row["kind"] == OrganisationKind.INDIVIDUAL for row in self.clean_rows):
            return []
        return [gettext("A private person's name is shown to others only when that person has agreed to it.")]

    @classmethod
    def written(cls, profile: Any) -> list[str]:
        return [actor_in_words(row) for row in cls.read_rows(profile)]


def actor_in_words(row: dict[str, Any]) -> str:
    kind = str(OrganisationKind(row["kind"]).label) if row["kind"] else ""
    return " · ".join(text for text in (row["name"], kind, row["role"]) if text)
