"""What an organisation says when it asks to take over an imported offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from brygga.organisations.models import Organisation
from funders.claiming.enums import ClaimWay
from funders.claiming.models import EVIDENCE_LENGTH


class ClaimForm(BryggaForm):
    organisation = forms.ChoiceField(
        label=_("Which of your organisations gives the support?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an organisation.")},
    )
    way = forms.ChoiceField(
        label=_("How can we check it?"),
        choices=ClaimWay.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how we can check it.")},
    )
    evidence = TextAreaField(
        label=_("Where do we look, or whom do we ask?"),
        rows=3,
        max_length=EVIDENCE_LENGTH,
        help_text=_("For example the address of a page that names the support. Only we who check read it."),
        error_messages={"required": _("Write where we can look or whom we can ask.")},
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {one.public_id: one for one in organisations}
        if len(organisations) == 1:
            del self.fields["organisation"]
        else:
            field = self.fields["organisation"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(one.public_id, str(one)) for one in organisations]

    def chosen(self) -> dict[str, Any]:
        """Return the cleaned answers as the service wants them."""
        given = dict(self.cleaned_data)
        only = next(iter(self.organisations))
        return {**given, "organisation": self.organisations[given.get("organisation", only)]}
