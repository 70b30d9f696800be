"""One form per question of an offer that is not a rule: what is given, how one applies, contact."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import HoursField, MoneyField, TextAreaField, UnknownMultipleChoiceField
from brygga.organisations.registration.forms import AnswerForm
from brygga.organisations.registration.row_forms import RowsForm, row_name
from brygga.organisations.registration.taxonomy_forms import TermsForm
from brygga.organisations.registration.words import Terms
from brygga.taxonomy.enums import MONEY_KINDS, Driver, SupportKind
from funders.enums import FEWEST_ANSWER_DAYS, MOST_ANSWER_DAYS, ApplyWay
from funders.forms.ruled import MustForm, page_language
from funders.lines import MOST_LINES, hours_in_words, last_round_in_words, line_in_words, stored_lines
from funders.rules import in_words, requirements_of

_MONEY = [(kind.value, kind.label) for kind in SupportKind if kind in MONEY_KINDS]
_OTHER = [(kind.value, kind.label) for kind in SupportKind if kind not in MONEY_KINDS]


class WholeNumberField(forms.IntegerField):
    """A count as people write it: "5", "5 st", "1 000"."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 8, "inputmode": "numeric"}))
        kwargs.setdefault("error_messages", {"invalid": _("Write a whole number, for example 5.")})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = "".join(value.replace("\u00a0", " ").split()).lower().removesuffix("st").rstrip("%")
            value = value.removesuffix("procent").removesuffix("percent")
        return super().to_python(value)


class TitleForm(AnswerForm):
    model_fields = ("title",)
    title = forms.CharField(label=_("Name"), max_length=120, required=False)


class DescriptionForm(AnswerForm):
    model_fields = ("description",)
    description = TextAreaField(label=_("Description"), rows=12, max_length=6000, required=False)


class SupportForm(MustForm, RowsForm):
    """Kinds of support, each with a range of money or with hours."""

    rows_name = "support"
    row_title = _("Support")
    add_text = _("Add another kind of support")
    most_rows = MOST_LINES
    strict_code = "amount"
    rules = ("support_kinds", "amount")
    template: ClassVar[str] = "funders/rows.html"
    row_fields: ClassVar[dict[str, forms.Field]] = {
        "kind": forms.ChoiceField(
            label=_("What do you give?"),
            choices=[("", _("Choose")), (_("Money"), _MONEY), (_("Other than money"), _OTHER)],
            required=False,
        ),
        "amount_min": MoneyField(
            label=_("Lowest amount"),
            help_text=_("For money only. Leave empty if there is none."),
            required=False,
        ),
        "amount_max": MoneyField(
            label=_("Highest amount"),
            help_text=_("To one initiative. You may write 300 tkr or 1,5 mnkr."),
            required=False,
            min_value=1,
        ),
        "hours": HoursField(
            label=_("How many hours?"),
            help_text=_("For people's time, if you know. To one initiative."),
            required=False,
            min_value=1,
        ),
    }

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        must = self.fields["is_must"]
        must.label = gettext("The amounts are a must")
        must.help_text = gettext(
            "Those who need less or more are not shown to you. Otherwise the amounts are a wish."
        )
        self.fields["is_must"] = self.fields.pop("is_must")  # after the rows

    @classmethod
    def read_rows(cls, profile: Any) -> list[dict[str, Any]]:
        return stored_lines(profile) if profile.pk else []

    def says_something(self) -> bool:
        return any(row["amount_min"] is not None or row["amount_max"] is not None for row in self.clean_rows)

    def clean_row(self, number: int, row: dict[str, Any]) -> None:
        def refuse(name: str, message: str) -> None:
            self.add_error(row_name(number, name), message)

        amounts = [name for name in ("amount_min", "amount_max") if row[name] is not None]
        if not row["kind"] and not self.errors.get(row_name(number, "kind")):
            refuse("kind", gettext("Choose what you give, or empty the row."))
        if amounts and row["kind"] and row["kind"] not in MONEY_KINDS:
            refuse(
                amounts[0],
                gettext("An amount goes with money only. Remove it, or choose a kind of money."),
            )
        elif len(amounts) == 2 and row["amount_min"] > row["amount_max"]:
            refuse("amount_max", gettext("The highest amount is less than the lowest. Change one of them."))

    @classmethod
    def written(cls, profile: Any) -> list[str]:
        lines = [line_in_words(row) for row in cls.read_rows(profile)]
        return [
            *lines,
            *(in_words(r, page_language()) for r in requirements_of(profile) if r.rule == "amount"),
        ]


class CapacityForm(AnswerForm):
    model_fields = ("capacity",)
    may_be_unknown = True
    capacity = WholeNumberField(
        label=_("How many can get the support?"), required=False, min_value=1, max_value=100_000
    )


class LastTimeForm(AnswerForm):
    """How the last round went: both numbers or none."""

    model_fields = ("applied_last", "supported_last")
    may_be_unknown = True
    applied_last = WholeNumberField(
        label=_("How many applied?"), required=False, min_value=1, max_value=1_000_000
    )
    supported_last = WholeNumberField(
        label=_("How many of them got it?"), required=False, min_value=0, max_value=1_000_000
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        applied, supported = (cleaned.get(name) for name in self.model_fields)
        for name, other in (("applied_last", supported), ("supported_last", applied)):
            if cleaned.get(name) is None and other is not None and name not in self.errors:
                self.add_error(name, gettext("Write both numbers, or leave both empty."))
        if applied is not None and supported is not None and supported > applied:
            self.add_error("supported_last", gettext("At most as many can have got it as applied."))
        return cleaned

    @classmethod
    def written(cls, profile: Any) -> str:
        return last_round_in_words(profile.applied_last, profile.supported_last)


class MethodsForm(TermsForm):
    terms = Terms.METHOD


class KindsForm(TermsForm):
    terms = Terms.INNOVATION_KIND


class DriversForm(AnswerForm):
    model_fields = ("driver_codes",)
    driver_codes = UnknownMultipleChoiceField(
        label=_("What drives them"), choices=Driver.choices, required=False
    )


class HoursForm(AnswerForm):
    model_fields = ("hours_to_apply",)
    may_be_unknown = True
    hours_to_apply = HoursField(
        label=_("Hours to apply"),
        help_text=_("From start to sent, for somebody who has not done it before."),
        required=False,
        max_value=1000,
    )

    @classmethod
    def written(cls, profile: Any) -> str:
        hours = profile.hours_to_apply
        return "" if hours is None else hours_in_words(hours)


class DaysField(WholeNumberField):
    """A number of days as people write it: "30", "30 dagar"."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.strip().lower().removesuffix("dagar").removesuffix("days")
        return super().to_python(value)


class AnswerDaysForm(AnswerForm):
    model_fields = ("answer_days",)
    may_be_unknown = True
    answer_days = DaysField(
        label=_("Days to answer"),
        help_text=_("From 7 to 90. Weekends count."),
        required=False,
        min_value=FEWEST_ANSWER_DAYS,
        max_value=MOST_ANSWER_DAYS,
        error_messages={
            name: _("Write a number of days from 7 to 90.") for name in ("invalid", "min_value", "max_value")
        },
    )

    @classmethod
    def written(cls, profile: Any) -> str:
        days = profile.answer_days
        return "" if days is None else gettext("within %(days)s days") % {"days": days}


class ApplyForm(AnswerForm):
    model_fields = ("apply_way", "apply_url", "how_to_apply")
    apply_way = forms.ChoiceField(
        label=_("What is the first step?"),
        choices=ApplyWay.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    apply_url = forms.URLField(
        label=_("Address of your form or contact page"),
        help_text=_("Only if the first step is taken there. For example www.exempel.se/sok."),
        assume_scheme="https",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
        error_messages={"invalid": _("Write a web address, for example www.exempel.se/sok.")},
    )
    how_to_apply = TextAreaField(
        label=_("Say what happens, step by step"),
        help_text=_("One step on each line. What do you ask for, and who reads it?"),
        rows=6,
        max_length=2000,
        required=False,
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["apply_way"].choice_hints = {  # type: ignore[attr-defined]  # read by our look
            ApplyWay.INTRODUCTION: _(
                "You choose among those that fit and ask for contact. They may ask you."
            ),
            ApplyWay.OWN_FORM: _("We link to your own form."),
            ApplyWay.OPEN_CONTACT: _("We link to your own page with contact details."),
        }

    def clean_apply_url(self) -> str:
        address: str = self.cleaned_data["apply_url"]
        if address and not address.startswith(("https://", "http://")):
            raise forms.ValidationError(gettext("Write a web address, for example www.exempel.se/sok."))
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        elsewhere = cleaned.get("apply_way") in (ApplyWay.OWN_FORM, ApplyWay.OPEN_CONTACT)
        if elsewhere and not self.errors and not (cleaned["apply_url"] or cleaned["how_to_apply"].strip()):
            self.add_error("apply_url", gettext("Write the address, or say below how to get there."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        changed = super().changes()
        return {**changed, "apply_way": changed["apply_way"] or ApplyWay.INTRODUCTION}


class SecondLanguageForm(AnswerForm):
    model_fields = ("title_second", "summary_second")
    title_second = forms.CharField(label=_("Name in the other language"), max_length=120, required=False)
    summary_second = TextAreaField(
        label=_("Summary in the other language"), rows=6, max_length=1000, required=False
    )


class ContactForm(AnswerForm):
    """Shown to the other side only after both have said yes."""

    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write a whole e-mail address, for example namn@exempel.se.")},
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        contact = getattr(profile, "contact", None)
        return {name: getattr(contact, name, "") for name in ("name", "email", "phone")}

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and not 6 <= sum(character.isdigit() for character in phone) <= 15:
            raise forms.ValidationError(gettext("Write the phone number with area code, in figures."))
        return phone

    def changes(self) -> dict[str, Any]:
        return {"contact": {name: self.cleaned_data[name] for name in ("name", "email", "phone")}}
