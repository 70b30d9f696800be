"""The first page: what you want to change, what you call it, and whose it is."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from brygga.organisations.models import Organisation
from brygga.taxonomy.enums import OrganisationKind
from innovators.models import Initiative

GROUP, ALONE, NEW = "group", "alone", "new"
_NEW_KINDS = [
    (value, label)
    for value, label in OrganisationKind.choices
    if value not in (OrganisationKind.INFORMAL_GROUP, OrganisationKind.INDIVIDUAL)
]


class StartForm(BryggaForm):
    """Nothing but whose it is must be filled in; a draft may be empty."""

    unmarked_fields = ("owner", "organisation_name", "organisation_kind")

    change = TextAreaField(
        label=_("What do you want to change?"),
        help_text=_(
            "Write as you would tell a neighbour. A few sentences are enough, and you can change it later."
        ),
        rows=5,
        max_length=Initiative.CHANGE_LENGTH,
        required=False,
    )
    title = forms.CharField(
        label=_("What do you call it?"),
        help_text=_("A name for the work, if you have one."),
        max_length=120,
        required=False,
    )
    owner = forms.ChoiceField(
        label=_("Whose is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who is behind it. A group without a number is fine.")},
    )
    organisation_name = forms.CharField(
        label=_("Name of the group or organisation"),
        help_text=_("Only if you chose a group or another organisation above."),
        max_length=200,
        required=False,
    )
    organisation_kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        help_text=_("Only if you chose another organisation above."),
        choices=[("", _("Choose")), *_NEW_KINDS],
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
            (GROUP, _("We are a group without an organisation number")),
            (ALONE, _("I am on my own")),
            (NEW, _("Another organisation") if organisations else _("An organisation")),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("owner") == NEW:
            if not (cleaned.get("organisation_name") or "").strip():
                self.add_error("organisation_name", gettext("Write the name of the organisation."))
            if not cleaned.get("organisation_kind"):
                self.add_error("organisation_kind", gettext("Choose what kind of organisation it is."))
        return cleaned

    def first_answers(self) -> dict[str, str]:
        """Return what was answered, without what was left empty."""
        return {name: self.cleaned_data[name] for name in ("change", "title") if self.cleaned_data[name]}
