"""One form per question of an initiative."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_day
from brygga.core.forms import SwedishDateField, TextAreaField, UnknownChoiceField, UnknownMultipleChoiceField
from brygga.organisations.models import Organisation
from brygga.organisations.registration.forms import AnswerForm
from brygga.organisations.registration.taxonomy_forms import PlacesForm, TermsForm
from brygga.organisations.registration.words import Terms
from brygga.taxonomy.enums import (
    PROCESS_PART_QUESTIONS,
    SUPPORT_KIND_HINTS,
    Driver,
    FormAfter,
    Participation,
    ProcessPart,
    RefusalReason,
    SupportKind,
)
from innovators.enums import LegalEntity, Visibility
from innovators.models import Initiative

MOST_LINKS = 10
LONG = 2000


class ChangeForm(AnswerForm):
    model_fields = ("change",)
    change = TextAreaField(
        label=_("The change you want"), rows=7, max_length=Initiative.CHANGE_LENGTH, required=False
    )


class TitleForm(AnswerForm):
    model_fields = ("title",)
    title = forms.CharField(label=_("Name"), max_length=120, required=False)


class DescriptionForm(AnswerForm):
    model_fields = ("description",)
    may_be_unknown = True
    description = TextAreaField(label=_("What you do"), rows=12, max_length=6000, required=False)


class PeopleForm(AnswerForm):
    model_fields = ("who_affected", "participation")
    who_affected = TextAreaField(label=_("Who is affected"), rows=5, max_length=LONG, required=False)
    participation = UnknownChoiceField(
        label=_("How do they take part?"), choices=Participation.choices, required=False
    )


#: Where people tell of their work in their own words, the title first.
TOLD = ("title", "change", "description", "who_affected")


class TargetGroupsForm(TermsForm):
    terms = Terms.TARGET_GROUP
    named_in = TOLD


class ThemesForm(TermsForm):
    terms = Terms.THEME
    named_in = TOLD


class MethodsForm(TermsForm):
    terms = Terms.METHOD


class KindsForm(TermsForm):
    terms = Terms.INNOVATION_KIND


class WorksInForm(PlacesForm):
    pass


class SpreadForm(PlacesForm):
    codes_field = "spread_area_codes"
    words_field = "spread_area_words"


class StartedForm(AnswerForm):
    model_fields = ("started_on",)
    may_be_unknown = True
    started_on = SwedishDateField(
        label=_("Day you started"),
        help_text=_("For example 1 March 2024. If you only know the month, write the first day of it."),
        required=False,
    )

    @classmethod
    def written(cls, profile: Any) -> str:
        return format_day(profile.started_on) if profile.started_on else ""


class ProcessForm(AnswerForm):
    model_fields = ("process_parts",)
    process_parts = UnknownMultipleChoiceField(
        label=_("Parts you work with now"), choices=ProcessPart.choices, required=False
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        hints = {part.value: question for part, question in PROCESS_PART_QUESTIONS.items()}
        self.fields["process_parts"].choice_hints = hints  # type: ignore[attr-defined]  # read by our look


class EvidenceForm(AnswerForm):
    model_fields = ("evidence",)
    may_be_unknown = True
    evidence = TextAreaField(
        label=_("What shows how far you have come"), rows=5, max_length=LONG, required=False
    )


class CoreForm(AnswerForm):
    model_fields = ("core", "adaptable")
    may_be_unknown = True
    core = TextAreaField(
        label=_("What must stay the same?"),
        help_text=_("Without this it would no longer be your idea."),
        rows=4,
        max_length=LONG,
        required=False,
    )
    adaptable = TextAreaField(
        label=_("What may be adapted?"),
        help_text=_("What each new place can do in its own way."),
        rows=4,
        max_length=LONG,
        required=False,
    )


class AfterForm(AnswerForm):
    model_fields = ("form_after",)
    form_after = UnknownChoiceField(
        label=_("Form after the project"), choices=FormAfter.choices, required=False
    )


class LegalForm(AnswerForm):
    model_fields = ("legal_entity",)
    legal_entity = UnknownChoiceField(
        label=_("Organisation number"), choices=LegalEntity.choices, required=False
    )


class DriversForm(AnswerForm):
    model_fields = ("driver_codes",)
    driver_codes = UnknownMultipleChoiceField(
        label=_("What drives you"), choices=Driver.choices, required=False
    )


class DeclinedForm(AnswerForm):
    """What they refuse, and why if they want to say: an answer of its own only beside a refusal."""

    model_fields = ("forms_not_accepted", "refusal_reasons")
    forms_not_accepted = UnknownMultipleChoiceField(
        label=_("Forms you say no to"),
        choices=SupportKind.choices,
        none_label=_("We are open to all forms"),
        required=False,
    )
    refusal_reasons = forms.MultipleChoiceField(
        label=_("Why do you say no?"),
        help_text=_(
            "You do not have to say. Those who give see it on your page, and learn what would suit you."
        ),
        choices=RefusalReason.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        hints = {kind.value: hint for kind, hint in SUPPORT_KIND_HINTS.items()}
        self.fields["forms_not_accepted"].choice_hints = hints  # type: ignore[attr-defined]  # see above

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (
            cleaned.get("refusal_reasons")
            and "forms_not_accepted" in cleaned
            and not cleaned["forms_not_accepted"]
        ):
            self.add_error("forms_not_accepted", _("You say why. Choose which forms you say no to as well."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        return {**super().changes(), "refusal_reasons": self.cleaned_data["refusal_reasons"] or None}


class LinksForm(AnswerForm):
    """Web addresses, one on each line; "www." and bare names are accepted."""

    links = TextAreaField(
        label=_("Links"),
        help_text=_("One address on each line, for example www.exempel.se."),
        rows=4,
        max_length=4000,
        required=False,
    )

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        return {"links": "\n".join(profile.links)}

    @classmethod
    def written(cls, profile: Any) -> list[str]:
        return list(profile.links)

    def clean_links(self) -> list[str]:
        address = forms.URLField(assume_scheme="https", max_length=500)
        found: dict[str, None] = {}
        for line in self.cleaned_data["links"].split():
            try:
                link = address.clean(line)
            except forms.ValidationError as error:
                raise forms.ValidationError(
                    gettext("“%(line)s” is not a web address. Write it like www.exempel.se.")
                    % {"line": line[:80]}
                ) from error
            if not link.startswith(("https://", "http://")):
                raise forms.ValidationError(gettext("Only web addresses, please: “%s”.") % line[:80])
            found[link] = None
        if len(found) > MOST_LINKS:
            raise forms.ValidationError(gettext("At most %d links.") % MOST_LINKS)
        return list(found)

    def changes(self) -> dict[str, Any]:
        return {"links": self.cleaned_data["links"]}


class SecondLanguageForm(AnswerForm):
    model_fields = ("title_second", "summary_second")
    title_second = forms.CharField(label=_("Name in the other language"), max_length=120, required=False)
    summary_second = TextAreaField(
        label=_("Summary in the other language"), rows=6, max_length=1000, required=False
    )


class VisibilityForm(AnswerForm):
    """Who may see it, with whom it is shared, and how exactly the place is shown."""

    visibility = forms.ChoiceField(
        label=_("Who may see it when it is published?"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    shared_with = TextAreaField(
        label=_("Organisations you choose"),
        help_text=_(
            "Only if you chose so above. One name on each line, as the organisation is called in Brygga."
        ),
        rows=3,
        max_length=2000,
        required=False,
    )
    place_coarsened = forms.BooleanField(
        label=_("Show only which county we are in"),
        help_text=_("For those who need to keep the place to themselves, for example a shelter."),
        required=False,
    )

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        shared: list[str] = []
        if profile.pk and profile.visibility == Visibility.CHOSEN:
            shared = sorted(str(organisation) for organisation in profile.shared_with.all())
        return {
            "visibility": profile.visibility,
            "shared_with": "\n".join(shared),
            "place_coarsened": profile.place_coarsened,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.chosen: list[Organisation] = []
        names = [line.strip() for line in (cleaned.get("shared_with") or "").splitlines() if line.strip()]
        if cleaned.get("visibility") != Visibility.CHOSEN:
            return cleaned
        for name in names[:50]:
            found = Organisation.objects.verified().filter(name__iexact=name).order_by("pk").first()
            if found is None:
                self.add_error(
                    "shared_with",
                    gettext("We find no verified organisation called “%s”. Check the spelling.") % name[:80],
                )
            else:
                self.chosen.append(found)
        if not names:
            self.add_error("shared_with", gettext("Write at least one organisation that may see it."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        return {
            "visibility": self.cleaned_data["visibility"] or Visibility.EVERYONE,
            "place_coarsened": self.cleaned_data["place_coarsened"],
            "shared_with": self.chosen,
        }

    @classmethod
    def written(cls, profile: Any) -> list[str]:
        read = cls.read(profile)
        coarse = [str(cls.base_fields["place_coarsened"].label)] if read["place_coarsened"] else []
        shared = read["shared_with"].splitlines()
        return [str(Visibility(read["visibility"]).label), *shared, *coarse]


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
