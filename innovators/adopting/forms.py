"""The form in which an organisation tells what it wants to take up. One page: a draft may be left half empty."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import Language
from brygga.core.forms import (
    UNKNOWN,
    BryggaForm,
    MoneyField,
    TextAreaField,
    UnknownChoiceField,
    UnknownMultipleChoiceField,
)
from brygga.organisations.models import Organisation
from brygga.organisations.registration.words import full_area_names
from brygga.taxonomy.enums import SUPPORT_KIND_HINTS, SupportKind
from brygga.taxonomy.selectors import resolve_area, target_group_choices, theme_choices
from innovators.adopting.enums import CAN_PUT_IN, Decides, Starts
from innovators.adopting.models import (
    CHANGE_LENGTH,
    MOST_AREAS,
    SHORT_TEXT_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Adopter,
)

#: More than the state's whole budget is a slip of the finger.
MOST_MONEY = 10**12
_PLAIN = ("title", "change", "who_we_are", "to_know", "not_accepted", "language", "amount_min", "amount_max")
_PAIRS = (("theme_codes", ("theme", "other_theme")), ("target_group_codes", ("group", "other_group")))


class AdopterForm(BryggaForm):
    """With one organisation the choice is made silently. What is not a draft keeps what everybody reads."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("Who wants to take it up?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose who wants to take it up.")},
    )
    title = forms.CharField(
        required=False,
        max_length=TITLE_LENGTH,
        label=_("What do you look for, in one line?"),
        help_text=_("For example: Something that gets older people who eat alone to eat together."),
    )
    change = TextAreaField(
        rows=6,
        required=False,
        max_length=CHANGE_LENGTH,
        label=_("What do you want to change?"),
        help_text=_("What is it like today, for whom, and what should be different?"),
    )
    theme = forms.ChoiceField(required=False, label=_("Subject"))
    other_theme = forms.ChoiceField(required=False, label=_("One more subject"))
    group = forms.ChoiceField(required=False, label=_("Whom is it for?"))
    other_group = forms.ChoiceField(required=False, label=_("For some more?"))
    places = forms.CharField(
        required=False,
        max_length=500,
        label=_("Where?"),
        help_text=_("Municipalities or a county, with commas between. For example: Hjo, Tibro."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    who_we_are = TextAreaField(
        rows=4,
        required=False,
        max_length=TEXT_LENGTH,
        label=_("Who are you that would do it?"),
        help_text=_("Which of you would work with it, and what do you have from before?"),
    )
    puts_in = UnknownMultipleChoiceField(
        required=False,
        choices=[(kind.value, kind.label) for kind in CAN_PUT_IN],
        none_label=_("None of these"),
        label=_("What can you put in, beside money?"),
    )
    amount_min = MoneyField(required=False, max_value=MOST_MONEY, label=_("Money: at least"))
    amount_max = MoneyField(
        required=False,
        max_value=MOST_MONEY,
        label=_("Money: at most"),
        help_text=_("What you can put in yourselves for one year. Leave it empty if you do not know yet."),
    )
    decides = UnknownChoiceField(required=False, choices=Decides.choices, label=_("Who decides?"))
    starts = UnknownChoiceField(required=False, choices=Starts.choices, label=_("When do you want to begin?"))
    to_know = TextAreaField(
        rows=4,
        required=False,
        max_length=TEXT_LENGTH,
        label=_("What do you need to know before you begin?"),
        help_text=_("For example what it costs, what it takes of those who do it, and how it has gone."),
    )
    not_accepted = TextAreaField(
        rows=3,
        required=False,
        max_length=SHORT_TEXT_LENGTH,
        label=_("Is there something that you cannot accept?"),
        help_text=_("For example: it must not cost those who take part anything."),
    )
    language = forms.ChoiceField(
        choices=Language.choices, widget=forms.RadioSelect, label=_("What language have you written in?")
    )

    # Needed before everybody may read it, so not marked as optional; a draft may do without.
    unmarked_fields = ("title", "change", "theme", "places")

    def __init__(
        self, *args: Any, organisations: list[Organisation], adopter: Adopter | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=_initial(adopter), **kwargs)
        self.must_be_told = adopter is not None and not adopter.is_draft
        for _column, names in _PAIRS:
            for name in names:
                choices = theme_choices() if "theme" in name else target_group_choices()
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)
                field.choices = [("", _("Choose")), *choices]
        hints = {kind.value: SUPPORT_KIND_HINTS[SupportKind(kind)] for kind in CAN_PUT_IN}
        self.fields["puts_in"].choice_hints = hints  # type: ignore[attr-defined]  # read by the form's template
        self.only = organisations[0] if len(organisations) == 1 else None
        if self.only is not None or adopter is not None:
            del self.fields["organisation"]
        else:
            owner = self.fields["organisation"]
            assert isinstance(owner, forms.ModelChoiceField)
            owner.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations])

    def clean_places(self) -> list[str]:
        """Return the areas' codes."""
        names = [name.strip() for name in re.split(r"[,;\n]", self.cleaned_data["places"]) if name.strip()]
        codes = []
        for name in names:
            found = resolve_area(name)
            if found is None:
                raise forms.ValidationError(
                    _(
                        "We do not know the place “%(name)s”. Write municipalities or a county, such as Hjo, Tibro."
                    ),
                    params={"name": name},
                )
            codes.append(found.code)
        if len(set(codes)) > MOST_AREAS:
            raise forms.ValidationError(
                _("Write at most %(number)s places. A county holds its municipalities."),
                params={"number": MOST_AREAS},
            )
        return list(dict.fromkeys(codes))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.only is not None:
            cleaned["organisation"] = self.only
        least, most = cleaned.get("amount_min"), cleaned.get("amount_max")
        if least is not None and most is not None and least > most:
            self.add_error("amount_max", _("This amount is smaller than the one above. Change one of them."))
        if self.must_be_told:
            self.say_what_is_missing()
        return cleaned

    def say_what_is_missing(self) -> None:
        """Say at each question what everybody has to be able to read."""
        needed = {
            "title": _("Write in one line what you look for."),
            "change": _("Write what you want to change."),
            "theme": _("Choose a subject, so that those who work with it find you."),
            "places": _("Write where: a municipality or a county."),
        }
        for name, message in needed.items():
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, message)

    def values(self) -> dict[str, Any]:
        """What was written, by the model's names."""
        given = self.cleaned_data
        values = {name: given[name] for name in (*_PLAIN, "puts_in", "decides", "starts")}
        for column, names in _PAIRS:
            values[column] = list(dict.fromkeys(given[name] for name in names if given[name]))
        return {**values, "area_codes": given["places"]}


def _initial(adopter: Adopter | None) -> dict[str, Any]:
    if adopter is None:
        return {"language": Language.SWEDISH}
    initial = {name: getattr(adopter, name) for name in _PLAIN}
    for column, names in _PAIRS:
        initial |= dict(zip(names, getattr(adopter, column), strict=False))
    return initial | {
        "places": ", ".join(full_area_names(adopter.area_codes)),
        "puts_in": [UNKNOWN] if adopter.puts_in is None else adopter.puts_in,
        "decides": adopter.decides or UNKNOWN,
        "starts": adopter.starts or UNKNOWN,
    }
