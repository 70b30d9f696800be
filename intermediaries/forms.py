"""Forms for flagging and for taking a flag back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, TextAreaField
from brygga.organisations.models import Organisation
from intermediaries.enums import FlagReason


class FlagForm(BryggaForm):
    """Reasons, text, evidence and a declaration. With one organisation the choice is made silently."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("In whose name do you flag it?"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reasons = forms.MultipleChoiceField(
        choices=FlagReason.choices,
        widget=forms.CheckboxSelectMultiple,
        label=_("Why is it promising?"),
        help_text=_("Choose one or more."),
        error_messages={"required": _("Choose at least one reason.")},
    )
    text = TextAreaField(
        rows=6,
        max_length=1500,
        label=_("Say why in your own words"),
        help_text=_("What have you seen? Your name, your organisation and the text become public."),
        error_messages={"required": _("Write why you find it promising.")},
    )
    evidence_url = forms.URLField(
        required=False,
        assume_scheme="https",
        max_length=500,
        label=_("Link to something that shows it"),
        help_text=_("A report, an evaluation or an article, for example."),
        error_messages={"invalid": _("Write the whole address, such as https://exempel.se/rapport.")},
    )
    has_conflict = forms.ChoiceField(
        choices=[("no", _("No")), ("yes", _("Yes"))],
        widget=forms.RadioSelect,
        label=_("Do you or your organisation have an interest of your own in it?"),
        help_text=_("You may flag it all the same. The tie is shown beside the flag."),
        error_messages={"required": _("Answer yes or no.")},
    )
    conflict = forms.CharField(
        required=False,
        max_length=300,
        label=_("What is the tie?"),
        help_text=_("Only if you answered yes. For example: we gave them advice last year."),
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(
            pk__in=[organisation.pk for organisation in organisations]
        )
        self.only = organisations[0] if len(organisations) == 1 else None
        if self.only is not None:
            del self.fields["organisation"]

    def clean_evidence_url(self) -> str:
        url: str = self.cleaned_data["evidence_url"]
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Write the whole address, such as https://exempel.se/rapport."))
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.only is not None:
            cleaned["organisation"] = self.only
        if cleaned.get("has_conflict") == "yes" and not cleaned.get("conflict", "").strip():
            self.add_error("conflict", _("Say what the tie is, or answer no above."))
        if cleaned.get("has_conflict") == "no":
            cleaned["conflict"] = ""
        return cleaned


class WithdrawForm(BryggaForm):
    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("Why do you take it back?"),
        help_text=_("The reason is kept in our record. The flag disappears from public pages."),
        error_messages={"required": _("Write why you take it back.")},
    )
