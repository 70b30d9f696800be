"""To whom does it go?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm
from brygga.organisations.models import Organisation

ANOTHER = "another"


class HandOverForm(BryggaForm):
    unmarked_fields = ("to", "name")

    to = forms.ChoiceField(
        label=_("Who takes over?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who takes over.")},
    )
    name = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("Only if you chose another organisation above. Its name as it is called in Brygga."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, own: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = {organisation.public_id: organisation for organisation in own}
        self.organisation: Organisation | None = None
        if not own:
            # Nothing to choose between.
            del self.fields["to"]
            self.fields["name"].label = _("Which organisation takes over?")
            self.fields["name"].help_text = _("Its name as it is called in Brygga.")
            return
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((public_id, str(organisation)) for public_id, organisation in self.own.items()),
            (ANOTHER, _("Another organisation")),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("to") if self.own else ANOTHER
        if chosen != ANOTHER:
            self.organisation = self.own.get(chosen or "")
            return cleaned
        name = (cleaned.get("name") or "").strip()
        if not name:
            self.add_error("name", gettext("Write the name of the organisation."))
            return cleaned
        found = Organisation.objects.verified().filter(name__iexact=name).order_by("pk")[:2]
        if len(found) != 1:
            said = gettext("We find no verified organisation called “%s”. Check the spelling.")
            self.add_error("name", said % name[:80])
        else:
            self.organisation = found[0]
        return cleaned
