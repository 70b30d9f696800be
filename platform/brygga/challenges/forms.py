"""The form in which a challenge is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.challenges.models import TEXT_LENGTH, TITLE_LENGTH, WISH_LENGTH, Challenge
from brygga.core.enums import Language
from brygga.core.forms import BryggaForm, TextAreaField
from brygga.organisations.models import Organisation
from brygga.taxonomy.selectors import area_name, resolve_area, theme_choices


class ChallengeForm(BryggaForm):
    """With one organisation the choice is made silently."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("Whose challenge is it?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose whose challenge it is.")},
    )
    title = forms.CharField(
        max_length=TITLE_LENGTH,
        label=_("What is the challenge, in one line?"),
        help_text=_("For example: Young people in the country cannot get to activities in the evening."),
        error_messages={"required": _("Write the challenge in one line.")},
    )
    text = TextAreaField(
        rows=8,
        max_length=TEXT_LENGTH,
        label=_("Tell us more"),
        help_text=_("Who is affected, what you have tried, and why you cannot solve it alone."),
        error_messages={"required": _("Tell a little more about the challenge.")},
    )
    wish = TextAreaField(
        rows=4,
        max_length=WISH_LENGTH,
        required=False,
        label=_("What do you wish that others bring?"),
        help_text=_(
            "Ideas, people who have tried something, support for those who try. What can you yourselves give?"
        ),
    )
    theme_code = forms.ChoiceField(
        required=False,
        label=_("Subject"),
        help_text=_("A subject or a place is needed, so that those who work with it find it."),
    )
    place = forms.CharField(
        required=False,
        max_length=100,
        label=_("Place"),
        help_text=_("A municipality or a county. Leave it empty if the challenge is everywhere."),
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    website = forms.URLField(
        required=False,
        assume_scheme="https",
        max_length=500,
        label=_("Link to more"),
        help_text=_("For example a report or a decision."),
        error_messages={"invalid": _("Write the whole address, such as https://exempel.se/rapport.")},
    )
    language = forms.ChoiceField(
        choices=Language.choices, widget=forms.RadioSelect, label=_("What language have you written in?")
    )

    def __init__(
        self, *args: Any, organisations: list[Organisation], challenge: Challenge | None = None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"language": Language.SWEDISH}
        if challenge is not None:
            initial = {name: getattr(challenge, name) for name in ("title", "text", "wish", "theme_code")}
            initial |= {"website": challenge.website, "language": challenge.language}
            initial["place"] = area_name(challenge.area_code) if challenge.area_code else ""
        super().__init__(*args, initial=initial, **kwargs)
        self.must_say_where = challenge is not None and not challenge.is_draft
        subjects = self.fields["theme_code"]
        assert isinstance(subjects, forms.ChoiceField)
        subjects.choices = [("", _("No subject")), *theme_choices()]
        self.only = organisations[0] if len(organisations) == 1 else None
        if self.only is not None or challenge is not None:
            del self.fields["organisation"]
        else:
            field = self.fields["organisation"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations])

    def clean_website(self) -> str:
        url: str = self.cleaned_data["website"]
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Write the whole address, such as https://exempel.se/rapport."))
        return url

    def clean_place(self) -> str:
        """Return the area's code."""
        text: str = self.cleaned_data["place"].strip()
        if not text:
            return ""
        found = resolve_area(text)
        if found is None:
            raise forms.ValidationError(
                _(
                    "We do not know that place. Write a municipality or a county, for example Hjo or Västra Götaland."
                )
            )
        return found.code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.only is not None:
            cleaned["organisation"] = self.only
        cleaned["area_code"] = cleaned.pop("place", "")
        said_nothing = not (cleaned["area_code"] or cleaned.get("theme_code"))
        if self.must_say_where and said_nothing and "place" not in self.errors:
            self.add_error(
                "theme_code", _("Choose a subject or write a place: those who work with it find it so.")
            )
        return cleaned

    def values(self) -> dict[str, str]:
        """What was written, by the model's names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "organisation"}
