"""Forms about organisations and their members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, SwedishDateField, TextAreaField
from brygga.organisations.enums import MembershipRole
from brygga.organisations.leaving import Held, NewContact
from brygga.organisations.models import Organisation
from brygga.organisations.numbers import (
    LooksLikePersonalNumber,
    NotAnOrganisationNumber,
    read_organisation_number,
)
from brygga.taxonomy.enums import OrganisationKind
from brygga.taxonomy.selectors import area_name, resolve_area
from brygga.users.models import User

VERIFIED_FIELDS = ("kind", "name", "number")


class NumberForm(BryggaForm):
    """An organisation number. A personal number is refused and forgotten at once."""

    number = forms.CharField(
        label=_("Organisation number"),
        required=False,
        max_length=40,
        help_text=_(
            "Ten digits, with or without a dash. Givers often ask for it. "
            "Never write a personal number: leave the box empty if you have no organisation number."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 16}),
    )

    def clean_number(self) -> str:
        text: str = self.cleaned_data["number"]
        if not text:
            return ""
        try:
            return read_organisation_number(text)
        except LooksLikePersonalNumber:
            self.forget("number")
            raise forms.ValidationError(
                _(
                    "That looks like a personal number, so we have thrown it away and saved nothing. "
                    "Leave the box empty: you do not need an organisation number to take part."
                )
            ) from None
        except NotAnOrganisationNumber:
            raise forms.ValidationError(
                _("That is not an organisation number. It has ten digits, for example 556016-0680.")
            ) from None

    def forget(self, name: str) -> None:
        """Do not let what was typed come back even in the page's source."""
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix(name)] = ""  # type: ignore[index]  # a copy may be changed


class OrganisationForm(NumberForm):
    """Who the organisation is."""

    field_order = ("kind", "name", "number")
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        choices=OrganisationKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of organisation it is.")},
    )
    name = forms.CharField(
        label=_("What is it called?"),
        max_length=200,
        error_messages={"required": _("Write what the organisation is called.")},
    )
    place = forms.CharField(
        label=_("Where are you based?"),
        required=False,
        max_length=100,
        help_text=_("A municipality or county, a town or a postal code. Your work may reach further."),
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    description = TextAreaField(
        label=_("What do you do?"),
        required=False,
        rows=5,
        max_length=2000,
        help_text=_("A few sentences for those who do not know you. Shown on your organisation's page."),
    )
    website = forms.URLField(
        label=_("Website"), required=False, max_length=200, assume_scheme="https", widget=forms.TextInput
    )
    founded_on = SwedishDateField(label=_("When was it founded?"), required=False)

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        if organisation is not None:
            kwargs["initial"] = {
                "kind": organisation.kind,
                "name": organisation.name,
                "number": organisation.number,
                "place": area_name(organisation.area_code) if organisation.area_code else "",
                "description": organisation.description,
                "website": organisation.website,
                "founded_on": organisation.founded_on,
            }
        super().__init__(*args, **kwargs)
        if organisation is not None and organisation.is_verified:
            # Staff have checked these; the page says whom to ask.
            for field in VERIFIED_FIELDS:
                del self.fields[field]

    def clean_place(self) -> str:
        """Return the area's code."""
        text: str = self.cleaned_data["place"].strip()
        if not text:
            return ""
        found = resolve_area(text)
        if found is None:
            raise forms.ValidationError(
                _("We do not know that place. Write the name of a municipality or county, or a postal code.")
            )
        return found.code

    def details(self) -> dict[str, Any]:
        """Return the cleaned answers as the services want them."""
        cleaned = dict(self.cleaned_data)
        cleaned["area_code"] = cleaned.pop("place")
        return cleaned


ROLE_HINTS = {
    MembershipRole.OWNER: _("May do everything, also invite and remove members."),
    MembershipRole.EDITOR: _("May write initiatives and support offers, and answer requests."),
    MembershipRole.READER: _("May see drafts and matches, but change nothing."),
}


class RoleForm(BryggaForm):
    role = forms.ChoiceField(
        label=_("What may the person do?"), choices=MembershipRole.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choice_hints = {  # type: ignore[attr-defined]  # read by our form templates
            role.value: hint for role, hint in ROLE_HINTS.items()
        }


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=_("The person's e-mail address"),
        help_text=_("We send an invitation with a link that works for 14 days."),
        error_messages={"required": _("Write the address to send the invitation to.")},
    )
    field_order = ["email", "role"]


class TwoStepsForm(BryggaForm):
    """From which day all members sign in with two steps."""

    day = SwedishDateField(
        label=_("From which day?"),
        help_text=_("Give your colleagues time. For example 1 March 2026."),
    )


class HandOverForm(BryggaForm):
    """Who takes over from somebody who leaves. Asks only what is needed: nothing, for who holds nothing."""

    successor = forms.TypedChoiceField(
        coerce=int,
        label=_("Who takes over?"),
        error_messages={"required": _("Choose who takes over.")},
    )
    name = forms.CharField(
        label=_("Name of the new contact"),
        max_length=120,
        required=False,
        help_text=_("A person, or the organisation."),
    )
    email = forms.EmailField(
        label=_("The new contact’s e-mail address"),
        max_length=254,
        help_text=_("The people you have contact with see it instead. Choose one they may see."),
        error_messages={"required": _("Write an address where the others can reach you.")},
    )

    def __init__(self, *args: Any, held: Sequence[Held], writers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if any(one.needs_successor for one in held):
            field = self.fields["successor"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Choose a colleague")), *((one.pk, str(one)) for one in writers)]
        else:
            del self.fields["successor"]
        if not any(one.needs_contact for one in held):
            del self.fields["name"], self.fields["email"]

    def contact(self) -> NewContact | None:
        """Return the new contact, if one was asked for."""
        if "email" not in self.fields:
            return None
        return NewContact(self.cleaned_data["name"], self.cleaned_data["email"])
