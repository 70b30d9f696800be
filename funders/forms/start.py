"""The first page: whose offer it is."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm
from brygga.organisations.models import Organisation
from brygga.organisations.services import (
    LooksLikePersonalNumber,
    NotAnOrganisationNumber,
    read_organisation_number,
)
from brygga.taxonomy.enums import OrganisationKind
from funders.starting_points import STARTING_POINTS

ALONE, NEW = "alone", "new"
EMPTY = "empty"
_NEW_KINDS = [
    (value, label)
    for value, label in OrganisationKind.choices
    if value not in (OrganisationKind.INFORMAL_GROUP, OrganisationKind.INDIVIDUAL)
]


class StartForm(BryggaForm):
    """Nothing but whose it is must be filled in; a draft may be empty."""

    unmarked_fields = ("organisation_name", "organisation_kind", "start")

    owner = forms.ChoiceField(
        label=_("Who gives the support?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who gives the support.")},
    )
    organisation_name = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("Only if you chose an organisation that is not in the list."),
        max_length=200,
        required=False,
    )
    organisation_kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"), choices=[("", _("Choose")), *_NEW_KINDS], required=False
    )
    organisation_number = forms.CharField(
        label=_("Organisation number"),
        help_text=_("Makes it easier for us to verify you. Never a personal number."),
        max_length=20,
        required=False,
    )
    start = forms.ChoiceField(
        label=_("What do you want to begin with?"),
        help_text=_(
            "A ready beginning fills in rules, times and texts that are common. You change all of it as you like."
        ),
        choices=[
            (EMPTY, _("Empty questions")),
            *((code, point.name) for code, point in STARTING_POINTS.items()),
        ],
        widget=forms.RadioSelect,
        initial=EMPTY,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"].setdefault("key", uuid.uuid4())
        super().__init__(*args, **kwargs)
        self.organisations = {organisation.public_id: organisation for organisation in organisations}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [
            *((public_id, str(organisation)) for public_id, organisation in self.organisations.items()),
            (NEW, _("Another organisation") if organisations else _("An organisation")),
            (ALONE, _("I myself, as a private person")),
        ]
        owner.choice_hints = {ALONE: _("For example as a mentor, or with a place to lend.")}  # type: ignore[attr-defined]  # read by our look
        self.fields["start"].choice_hints = {code: point.hint for code, point in STARTING_POINTS.items()}  # type: ignore[attr-defined]  # as above

    def clean_organisation_number(self) -> str:
        written = self.cleaned_data["organisation_number"]
        if not written.strip() or self.cleaned_data.get("owner") != NEW:
            return ""
        try:
            return read_organisation_number(written)
        except LooksLikePersonalNumber as error:
            raise forms.ValidationError(
                gettext(
                    "That looks like a personal number. We do not want it and have not kept it. "
                    "Leave the field empty."
                )
            ) from error
        except NotAnOrganisationNumber as error:
            raise forms.ValidationError(
                gettext("That is not an organisation number. It has ten figures, for example 802002-4280.")
            ) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("owner") == NEW:
            if not (cleaned.get("organisation_name") or "").strip():
                self.add_error("organisation_name", gettext("Write the name of the organisation."))
            if not cleaned.get("organisation_kind"):
                self.add_error("organisation_kind", gettext("Choose what kind of organisation it is."))
        return cleaned
