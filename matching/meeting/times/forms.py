"""Three times, a way and a place; and the words with which a meeting is called off."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import BryggaForm, SwedishDateField, TextAreaField
from brygga.core.reading import read_coming_day
from matching.meeting.conversation.models import TEXT_LENGTH
from matching.meeting.times.enums import MeetingWay
from matching.meeting.times.models import TIMES, WHERE_LENGTH, MeetingProposal

_CLOCK = re.compile(r"(?:kl(?:ockan|\.)?\s*)?([01]?\d|2[0-3])(?:[:.]?([0-5]\d))?", re.IGNORECASE)
_FURTHEST = timedelta(days=366)


class ComingDateField(SwedishDateField):
    """A day that is to come, which people say without the year."""

    def read(self, text: str) -> date:
        return read_coming_day(text, timezone.localdate())


class ClockField(forms.CharField):
    """A time of the day as people write it: 9, 9.30, 09:30, kl 9."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 8, "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = _CLOCK.fullmatch(text.strip())
        if found is None:
            raise forms.ValidationError(_("Write the time with hours and minutes, for example 13.30."))
        return time(int(found[1]), int(found[2] or 0))


def _lengths() -> list[tuple[int, str]]:
    """Return how long a meeting may be, in the language of the page: asked for by each form."""
    return [(number, gettext("%(n)d minutes") % {"n": number}) for number in (30, 45, 60, 90, 120)]


class TimesForm(BryggaForm):
    way = forms.ChoiceField(
        choices=MeetingWay.choices,
        widget=forms.RadioSelect,
        label=_("How do you want to meet?"),
        error_messages={"required": _("Choose how you want to meet.")},
    )
    where = forms.CharField(
        max_length=WHERE_LENGTH,
        label=_("Where?"),
        help_text=_("An address, a phone number to call, or a video link."),
        error_messages={"required": _("Write a place, a phone number or a video link.")},
    )
    minutes = forms.TypedChoiceField(
        choices=_lengths,
        coerce=int,
        initial=60,
        label=_("How long?"),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for number in range(1, TIMES + 1):
            self.fields[f"day{number}"] = ComingDateField(label=_("Day"))
            self.fields[f"time{number}"] = ClockField(
                label=_("Time"), error_messages={"required": _("Write a time, for example 13.30.")}
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each time, to be drawn side by side."""
        return [
            {"number": number, "day": self[f"day{number}"], "time": self[f"time{number}"]}
            for number in range(1, TIMES + 1)
        ]

    def clean_key(self) -> uuid.UUID:
        given: uuid.UUID | None = self.cleaned_data.get("key")
        return given or uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        times: list[datetime] = []
        now = timezone.now()
        for number in range(1, TIMES + 1):
            day, clock = given.get(f"day{number}"), given.get(f"time{number}")
            if day is None or clock is None:
                continue
            moment = in_stockholm(day, clock)
            if moment is None:
                self.add_error(f"time{number}", _("The clock is put forward then. Choose another time."))
            elif moment <= now:
                self.add_error(f"day{number}", _("This time has passed. Choose one that is to come."))
            elif moment > now + _FURTHEST:
                self.add_error(f"day{number}", _("Choose a day within a year."))
            elif moment in times:
                self.add_error(f"day{number}", _("You have proposed this time already. Choose another."))
            else:
                times.append(moment)
        given["times"] = times
        return given


class CallOffForm(BryggaForm):
    """A few words to the other side, and which meeting it was that the person saw."""

    text = TextAreaField(
        rows=4,
        required=False,
        max_length=TEXT_LENGTH,
        label=_("A few words to them"),
        help_text=_("It becomes a message in your conversation."),
        error_messages={
            "max_length": _("Shorten the text to %(limit_value)d characters. It has %(show_value)d."),
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    meeting = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, agreed: MeetingProposal | None, **kwargs: Any) -> None:
        meeting = str(agreed.pk) if agreed is not None else ""
        kwargs["initial"] = {"key": uuid.uuid4(), "meeting": meeting, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def is_about(self, agreed: MeetingProposal) -> bool:
        """Return whether it was this meeting that the person saw; a form that is only shown is about it."""
        return not self.is_bound or self.data.get("meeting") == str(agreed.pk)

    def clean_key(self) -> uuid.UUID:
        given: uuid.UUID | None = self.cleaned_data.get("key")
        return given or uuid.uuid4()


def in_stockholm(day: date, clock: time) -> datetime | None:
    """Return the moment in UTC; None for an hour that the clock skips in spring."""
    moment = datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return moment.astimezone(UTC) if back.replace(tzinfo=None) == moment.replace(tzinfo=None) else None
