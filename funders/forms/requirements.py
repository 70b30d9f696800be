"""One form per rule or wish: who may apply, where, what about, when, in which language."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import Language
from brygga.core.formatting import format_day
from brygga.core.forms import SwedishDateField, Text, UnknownChoiceField, UnknownMultipleChoiceField
from brygga.organisations.registration.taxonomy_forms import PlacesForm
from brygga.organisations.registration.words import Terms
from brygga.taxonomy.enums import PROCESS_PART_QUESTIONS, Driver, FormAfter, OrganisationKind, ProcessPart
from funders.enums import AppliesTo
from funders.forms.answers import WholeNumberField
from funders.forms.ruled import MustForm, RuledForm, WishedTermsForm, page_language
from funders.rules import in_words, months_in_words, refused_labels, requirements_of


class WhoForm(RuledForm):
    model_fields = ("eligible_kinds", "eligible_kinds_apply_to")
    rules = ("eligible_organisation_kinds",)
    eligible_kinds = UnknownMultipleChoiceField(
        label=_("Kinds that may apply"),
        choices=OrganisationKind.choices,
        none_label=_("All kinds may apply"),
        required=False,
    )
    eligible_kinds_apply_to = forms.ChoiceField(
        label=_("Whom is this about?"),
        choices=[(value, capfirst(label)) for value, label in AppliesTo.choices],
        widget=forms.RadioSelect,
        required=False,
    )

    def answer_names(self) -> list[str]:
        # The second field always has a value; it says nothing without the first.
        return [name for name in super().answer_names() if name != "eligible_kinds_apply_to"]

    def changes(self) -> dict[str, Any]:
        changed = super().changes()
        whom = changed["eligible_kinds_apply_to"] or AppliesTo.LEAD
        return {**changed, "eligible_kinds_apply_to": whom}


class MustIncludeForm(RuledForm):
    model_fields = ("must_include_kinds",)
    rules = ("must_include_kinds",)
    must_include_kinds = UnknownMultipleChoiceField(
        label=_("Somebody of one of these kinds must take part"),
        choices=OrganisationKind.choices,
        none_label=_("No, nobody in particular"),
        required=False,
    )


class YesOrNoForm(RuledForm):
    """A rule that is there, is not there, or is not known."""

    column: ClassVar[str] = ""

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        asked = getattr(profile, cls.column)
        return {cls.column: None if asked is None else ("yes" if asked else "no")}

    def changes(self) -> dict[str, Any]:
        answer = self.cleaned_data[self.column]
        return {self.column: None if answer is None else answer == "yes"}


class TogetherForm(YesOrNoForm):
    column = "consortium_required"
    rules = ("consortium_required",)
    consortium_required = UnknownChoiceField(
        label=_("Must several apply together?"),
        choices=[("yes", _("Yes, at least two")), ("no", _("No, one may apply alone"))],
        required=False,
    )


class LegalForm(YesOrNoForm):
    column = "legal_entity_required"
    rules = ("legal_entity_required",)
    legal_entity_required = UnknownChoiceField(
        label=_("Is an organisation number needed?"),
        choices=[("yes", _("Yes")), ("no", _("No, a group or a person without a number may apply"))],
        required=False,
    )


class AgeForm(RuledForm):
    rules = ("min_age_months",)
    offered: ClassVar[tuple[int, ...]] = (6, 12, 24, 36, 60)
    min_age_months = UnknownChoiceField(label=_("Minimum age"), choices=[], required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["min_age_months"]
        months = sorted({*self.offered, self.profile.min_age_months or self.offered[0]})
        field.choices = [
            ("0", gettext("It may be brand new")),
            *(
                (str(number), gettext("At least %(time)s") % {"time": months_in_words(number)})
                for number in months
            ),
            *field.choices,
        ]

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        months = profile.min_age_months
        return {"min_age_months": None if months is None else str(months)}

    def changes(self) -> dict[str, Any]:
        months = self.cleaned_data["min_age_months"]
        return {"min_age_months": None if months is None else int(months)}


class CoFundingForm(MustForm):
    model_fields = ("co_funding_percent",)
    may_be_unknown = True
    strict_code = "co_funding"
    rules = ("co_funding_percent",)
    co_funding_percent = WholeNumberField(
        label=_("Share of the cost, in per cent"),
        help_text=_("Write 0 if the support may pay for everything."),
        required=False,
        min_value=0,
        max_value=100,
    )

    def says_something(self) -> bool:
        return bool(self.cleaned_data.get("co_funding_percent"))


class DeclinedForm(RuledForm):
    model_fields = ("forms_not_accepted",)
    rules = ("forms_not_accepted",)
    forms_not_accepted = UnknownMultipleChoiceField(
        label=_("What you say no to"),
        choices=[*FormAfter.choices, (Driver.LASTING_ENTERPRISE.value, Driver.LASTING_ENTERPRISE.label)],
        none_label=_("We say no to nothing of this"),
        required=False,
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["forms_not_accepted"]
        known = {value for value, _label in field.choices}
        carried = [code for code in self.profile.forms_not_accepted or [] if code not in known]
        field.choices = [*zip(carried, refused_labels(carried), strict=True), *field.choices]


class OfferPlacesForm(RuledForm, PlacesForm):
    rules = ("areas",)
    anywhere = forms.BooleanField(
        label=_("Anywhere: there is no restriction"),
        help_text=_("Leave the places above empty if you tick this."),
        required=False,
    )

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        return {**super().read(profile), "anywhere": profile.area_codes == [] and not profile.area_words}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("anywhere") and (cleaned.get("places") or "").strip():
            self.add_error(
                "anywhere", gettext("You ticked “anywhere” and also wrote places. Keep one of them.")
            )
        return cleaned

    def changes(self) -> dict[str, Any]:
        changed = super().changes()
        return {**changed, "area_codes": []} if self.cleaned_data["anywhere"] else changed


class ThemesForm(WishedTermsForm):
    terms = Terms.THEME
    strict_code = "themes"
    rules = ("themes",)
    all_welcome_label: ClassVar[Text] = _("All themes are welcome")


class TargetGroupsForm(WishedTermsForm):
    terms = Terms.TARGET_GROUP
    strict_code = "target_groups"
    rules = ("target_groups",)
    all_welcome_label: ClassVar[Text] = _("It may be for any group")


class ProcessForm(MustForm):
    model_fields = ("process_parts",)
    strict_code = "process_parts"
    rules = ("process_parts",)
    process_parts = UnknownMultipleChoiceField(
        label=_("Parts of the work"),
        choices=ProcessPart.choices,
        none_label=_("Any part of the work"),
        required=False,
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        hints = {part.value: question for part, question in PROCESS_PART_QUESTIONS.items()}
        self.fields["process_parts"].choice_hints = hints  # type: ignore[attr-defined]  # read by our look
        self.fields["is_must"] = self.fields.pop("is_must")

    def says_something(self) -> bool:
        return bool(self.cleaned_data.get("process_parts"))


class LanguageForm(MustForm):
    model_fields = ("language",)
    strict_code = "language"
    rules = ("language",)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )

    def says_something(self) -> bool:
        return True


class TimesForm(RuledForm):
    model_fields = ("opens_on", "closes_on", "decision_on")
    rules = ("dates",)
    rolling = forms.BooleanField(label=_("One can apply at any time"), required=False)
    opens_on = SwedishDateField(
        label=_("First day to apply"), help_text=_("Leave empty if it is open already."), required=False
    )
    closes_on = SwedishDateField(
        label=_("Last day to apply"), help_text=_("It counts until 23:59, Swedish time."), required=False
    )
    decision_on = SwedishDateField(label=_("Day when you have decided"), required=False)

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        is_rolling = "times" in profile.answered and not (profile.opens_on or profile.closes_on)
        return {**super().read(profile), "rolling": is_rolling}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, closes, decision = (cleaned.get(name) for name in self.model_fields)
        if cleaned.get("rolling") and (opens or closes):
            self.add_error(
                "rolling", gettext("You ticked “at any time” and also wrote days. Keep one of them.")
            )
        if opens and closes and opens > closes:
            self.add_error("closes_on", gettext("The last day is before the first day."))
        if closes and decision and decision < closes:
            self.add_error("decision_on", gettext("The decision comes before the last day to apply."))
        return cleaned

    @classmethod
    def written(cls, profile: Any) -> list[str]:
        if "times" not in profile.answered:
            return []
        said = [in_words(r, page_language()) for r in requirements_of(profile) if r.rule == "dates"]
        if profile.decision_on:
            said.append(gettext("Decision on %(day)s.") % {"day": format_day(profile.decision_on)})
        return said
