"""What people write when they ask another initiative, and when they say no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import PublicationState
from brygga.core.forms import BryggaForm, TextAreaField
from brygga.organisations.models import Organisation
from innovators.models import Initiative
from innovators.selectors import owner_name, telling
from matching.meeting.forms import ContactForm
from matching.together.models import ANSWER_LENGTH, MESSAGE_LENGTH


class AskTogetherForm(ContactForm):
    """For which of one's own initiatives, or for none; a few words; and how one is reached after a yes."""

    about = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What do you ask about?"),
        help_text=_("They are told the title. Of what is not published they are told nothing more."),
        error_messages={"required": _("Choose what you ask about.")},
    )
    message = TextAreaField(
        rows=6,
        max_length=MESSAGE_LENGTH,
        label=_("What do you want to say to them?"),
        help_text=_(
            "For example: “We plan the same in the next town. Could we share the workshop on Tuesdays?” "
            "Phone numbers and e-mail addresses in the text are hidden."
        ),
        error_messages={
            "required": _("Write a few words to those you ask."),
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )
    field_order = ("about", "message", "name", "email", "phone")

    def __init__(
        self,
        *given: Any,
        initiatives: Sequence[Initiative],
        organisations: Sequence[Organisation],
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        # Public ids of initiatives and of organisations never meet: the second have a word before them.
        self.choices_by_value: dict[str, tuple[Organisation, Initiative | None]] = {}
        labels = {}
        for one in initiatives:
            self.choices_by_value[one.public_id] = (one.organisation, one)
            labels[one.public_id] = _label_of(one)
        for organisation in organisations:
            value = f"join-{organisation.public_id}"
            self.choices_by_value[value] = (organisation, None)
            said: Any = _("No initiative of our own: we want to join")
            if len(organisations) > 1:
                said = _("No initiative of our own: %(name)s wants to join") % {
                    "name": owner_name(organisation)
                }
            labels[value] = said
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(labels.items())

    @property
    def chosen(self) -> tuple[Organisation, Initiative | None]:
        return self.choices_by_value[self.cleaned_data["about"]]


def _label_of(initiative: Initiative) -> Any:
    title = telling(initiative).title or str(initiative)
    if initiative.state == PublicationState.PUBLISHED:
        return title
    return _("%(title)s (not published)") % {"title": title}


class DeclineTogetherForm(BryggaForm):
    answer = TextAreaField(
        rows=4,
        required=False,
        max_length=ANSWER_LENGTH,
        label=_("A few words to those who asked"),
        help_text=_("Phone numbers and e-mail addresses in the text are hidden."),
    )
    block = forms.BooleanField(
        required=False,
        label=_("Take no more questions from them"),
        help_text=_(
            "They cannot ask you for contact again, and are not told why. You can change it on the page of contacts."
        ),
    )
    unmarked_fields = ("block",)
