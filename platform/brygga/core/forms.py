"""How every form looks and what its fields understand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template.exceptions import TemplateDoesNotExist
from django.utils.functional import Promise, cached_property, lazy
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_number
from brygga.core.reading import Unreadable, read_amount, read_day, read_hours

Text = str | Promise

UNKNOWN = "unknown"
NONE_OF_THEM = "none"
_GROUP_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class BryggaBoundField(BoundField):
    """A field on a page: knows its label's mark, its kind and where an error should lead."""

    @property
    def is_marked_optional(self) -> bool:
        """Whether "(optional)" stands after the label."""
        unmarked: Collection[str] | str = getattr(self.form, "unmarked_fields", ())
        if self.field.required or self.field.disabled or unmarked == "__all__":
            return False
        return self.name not in unmarked

    @property
    def kind(self) -> str:
        """Return "group", "checkbox", "textarea", "select", "file", "hidden" or "input"."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, _GROUP_WIDGETS):
            return "group"
        if widget.use_fieldset:
            return "parts"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.Textarea):
            return "textarea"
        if isinstance(widget, forms.Select):
            return "select"
        return "file" if isinstance(widget, forms.FileInput) else "input"

    @property
    def error_target(self) -> str:
        """The id of what to focus when this field is wrong: the first choice of a group."""
        if self.kind == "group":
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def counted_length(self) -> int | None:
        """The number of characters to count down from, for texts people write at length."""
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def described_by(self) -> str:
        """Everything that describes a group of choices; single inputs get it from Django."""
        return self.aria_describedby or ""

    @property
    def aria_describedby(self) -> str | None:
        described: str | None = super().aria_describedby
        if self.counted_length is not None and described is not None:
            described = f"{described} {self.auto_id}_count".strip()
        return described or None

    def choices(self) -> list[dict[str, Any]]:
        """The choices of a group with their hints, drawn one by one."""
        hints: dict[str, Text] = getattr(self.field, "choice_hints", {})
        return [
            {
                "widget": choice,
                "label": choice.choice_label,
                "id": choice.id_for_label,
                "hint": hints.get(str(choice.data["value"]), ""),
                "is_apart": str(choice.data["value"]) in (UNKNOWN, NONE_OF_THEM),
                "is_first_apart": str(choice.data["value"]) == getattr(self.field, "first_apart", None),
            }
            for choice in self.subwidgets
        ]

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        shown = widget or self.field.widget
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if shown.is_hidden:
            return built
        classes = str(shown.attrs.get("class", "")).split()
        built["class"] = " ".join([*classes, "ds-input"]) if "ds-input" not in classes else " ".join(classes)
        if self.counted_length is not None:
            built["data-count"] = str(self.counted_length)
        if getattr(self.field, "max_length", None):
            # A browser would silently cut off what is pasted; we count, and say so on the server.
            built["maxlength"] = False
        return built


class BryggaRenderer(TemplatesSetting):
    """Draws forms with the templates in `templates/forms/`, widgets with ours or else Django's."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BryggaBoundField

    @cached_property
    def _django_templates(self) -> DjangoTemplates:
        return DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self._django_templates.get_template(template_name)


def _say_what_is_missing(label: Text) -> str:
    said = str(label)
    message = _("Answer the question “%(label)s”") if said.endswith("?") else _("Fill in “%(label)s”.")
    return str(message) % {"label": said}


# The label's language is known only when the page is drawn.
say_what_is_missing = lazy(_say_what_is_missing, str)


TOO_LONG = _("Shorten the text to %(limit_value)d characters. It has %(show_value)d.")


class BryggaForm(forms.Form):
    """A form in our look; any other Django form looks the same, without `error_list`."""

    unmarked_fields: ClassVar[Collection[str] | str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
                label = field.label or name.replace("_", " ")
                field.error_messages["required"] = say_what_is_missing(label)

    def full_clean(self) -> None:
        # Here and not above: rows of fields come to a form after it has begun.
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.error_messages.setdefault("max_length", TOO_LONG)
        super().full_clean()

    def error_list(self) -> list[tuple[str, str]]:
        """Return (id to focus, message) for every error, those of the whole form first."""
        return list(list_errors(self))


def list_errors(form: forms.BaseForm) -> Iterable[tuple[str, str]]:
    """Yield (id to focus, message) for every error; the id is empty for the form as a whole."""
    for message in form.non_field_errors():
        yield "", str(message)
    for field in form:
        target = field.error_target if isinstance(field, BryggaBoundField) else field.id_for_label
        for message in field.errors:
            yield target or field.auto_id, str(message)


# -- fields that understand people -----------------------------------------------------------------


class MoneyField(forms.Field):
    """Kronor as people write them; cleans to a whole number, or None when left empty."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Write an amount in kronor, for example 200 000."),
        "unreadable": _("Write the amount as one number, for example 200 000 or 200 tkr."),
        "too_small": _("Write an amount that is at least %(limit)s kronor."),
        "too_large": _("Write an amount that is at most %(limit)s kronor."),
    }
    suffix: Text = _("kr")

    def __init__(self, *, min_value: int = 0, max_value: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 14, "autocomplete": "off"}))
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def read(self, text: str) -> int:
        """Return what is written; raises Unreadable."""
        return read_amount(text)

    def to_python(self, value: Any) -> int | None:
        if value is None or isinstance(value, int):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            return self.read(text)
        except Unreadable as error:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable") from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.min_value:
            self._refuse("too_small", self.min_value)
        if self.max_value is not None and value > self.max_value:
            self._refuse("too_large", self.max_value)

    def _refuse(self, code: str, limit: int) -> None:
        raise forms.ValidationError(
            self.error_messages[code], code=code, params={"limit": format_number(limit)}
        )

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True


class HoursField(MoneyField):
    """Hours as people write them; cleans to whole hours, or None when left empty."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Write a number of hours, for example 10."),
        "unreadable": _("Write the hours as one number, for example 10 or 2,5."),
        "too_small": _("Write a number of hours that is at least %(limit)s."),
        "too_large": _("Write a number of hours that is at most %(limit)s."),
    }
    suffix = _("hours")

    def read(self, text: str) -> int:
        return read_hours(text)


class SwedishDateField(forms.DateField):
    """A day as people write it, in Swedish or English; cleans to a date, or None when left empty."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Write a date, for example 1 March 2026."),
        "invalid": _("Write the date with day, month and year, for example 1 March 2026 or 2026-03-01."),
    }

    def __init__(self, **kwargs: Any) -> None:
        # Not type="date": its picker cannot be typed into freely, and shows the browser's language.
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 18, "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or value in self.empty_values:
            return super().to_python(value)
        text = str(value).strip()
        if not text:
            return None
        try:
            return self.read(text)
        except Unreadable as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def read(self, text: str) -> date:
        return read_day(text)

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class TextAreaField(forms.CharField):
    """Text of several lines, counted down while it is written and never cut."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        kwargs.setdefault("error_messages", {"max_length": TOO_LONG})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        # A browser sends two characters for a line break but counts one; so do we.
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""


class UnknownChoiceField(forms.ChoiceField):
    """One of several, or "don't know yet", which cleans to None."""

    widget = forms.RadioSelect
    first_apart = UNKNOWN

    def __init__(
        self, *, choices: Iterable[tuple[str, Text]], unknown_label: Text = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("error_messages", {"required": _("Choose an answer.")})
        super().__init__(choices=[*choices, (UNKNOWN, unknown_label or _("Don’t know yet"))], **kwargs)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return None if cleaned in (UNKNOWN, "") else cleaned


class UnknownMultipleChoiceField(forms.MultipleChoiceField):
    """Several of several. "Don't know yet", or nothing ticked, cleans to None; "none of them" to an empty list.

    With none_label there is an answer for "none"; without it an empty list cannot be given.
    """

    widget = forms.CheckboxSelectMultiple

    def __init__(
        self,
        *,
        choices: Iterable[tuple[str, Text]],
        none_label: Text = "",
        unknown_label: Text = "",
        **kwargs: Any,
    ) -> None:
        apart: list[tuple[str, Text]] = [(NONE_OF_THEM, none_label)] if none_label else []
        apart.append((UNKNOWN, unknown_label or _("Don’t know yet")))
        self.first_apart = apart[0][0]
        kwargs.setdefault("error_messages", {"required": _("Choose at least one answer.")})
        self._labels = dict(apart)
        super().__init__(choices=[*choices, *apart], **kwargs)

    def clean(self, value: Any) -> list[str] | None:
        chosen: list[str] = super().clean(value)
        apart = [code for code in (NONE_OF_THEM, UNKNOWN) if code in chosen]
        if apart and len(chosen) > 1:
            raise forms.ValidationError(
                _("You chose “%(answer)s” together with other answers. Choose one or the other."),
                code="contradiction",
                params={"answer": self._labels[apart[0]]},
            )
        if NONE_OF_THEM in chosen:
            return []
        return None if not chosen or UNKNOWN in chosen else chosen

    def prepare_value(self, value: Any) -> Any:
        return [NONE_OF_THEM] if value == [] else value
