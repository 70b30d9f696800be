"""On an adopter's page: for its own people what they could take up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from brygga.core.slots import register
from brygga.organisations.permissions import is_member
from innovators.models import Adopter


def connect() -> None:
    """Hang everything up; doing it again changes nothing."""
    register("adopter_sections", on_adopter)


def on_adopter(adopters: Sequence[Adopter], request: HttpRequest) -> dict[Any, SafeString]:
    """A way to what they could take up."""
    contents = {}
    for adopter in adopters:
        if is_member(request.user, adopter.organisation_id):
            contents[adopter.pk] = render_to_string(
                "matching/adopting/_own.html", {"adopter": adopter}, request
            )
    return contents
