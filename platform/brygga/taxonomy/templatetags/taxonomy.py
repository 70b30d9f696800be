"""Names for codes in templates, in the language of the page.

{% load taxonomy %}
{{ initiative.area|area_name }}            Göteborg
{{ initiative.themes|theme_names }}        Psykisk hälsa, Ensamhet och gemenskap
{{ need.kind|choice_label:"SupportKind" }} Mentorskap
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.db.models import TextChoices

from brygga.taxonomy import enums, selectors

register = template.Library()

CHOICES: dict[str, type[TextChoices]] = {
    choices.__name__: choices
    for choices in (
        enums.OrganisationKind,
        enums.SupportKind,
        enums.ProcessPart,
        enums.Driver,
        enums.Participation,
        enums.FormAfter,
        enums.AreaKind,
    )
}


@register.filter
def area_name(code: str | None) -> str:
    """The area's name; a place that did not resolve is shown as it was written."""
    return selectors.area_name(code) if code else ""


@register.filter
def area_names(codes: Iterable[str] | None) -> str:
    """The areas' names with commas between."""
    return ", ".join(selectors.area_names(codes))


@register.filter
def theme_names(codes: Iterable[str] | None) -> str:
    """The themes' names with commas between."""
    return ", ".join(selectors.theme_names(codes))


@register.filter
def target_group_names(codes: Iterable[str] | None) -> str:
    """The target groups' names with commas between."""
    return ", ".join(selectors.target_group_names(codes))


@register.filter
def method_names(codes: Iterable[str] | None) -> str:
    """The methods' names with commas between."""
    return ", ".join(selectors.method_names(codes))


@register.filter
def innovation_kind_names(codes: Iterable[str] | None) -> str:
    """The kinds' names with commas between."""
    return ", ".join(selectors.innovation_kind_names(codes))


@register.filter
def choice_label(value: str | None, name: str) -> str:
    """The label of a code in one of the fixed lists; an unknown code is shown as it is.

    A list's name that does not exist is a mistake in the template and raises KeyError.
    """
    choices = CHOICES[name]
    if not value:
        return ""
    return str(choices(value).label) if value in choices.values else str(value)


@register.filter
def choice_labels(values: Iterable[str] | None, name: str) -> str:
    """The labels of several codes with commas between."""
    return ", ".join(choice_label(value, name) for value in values or ())
