"""What every page of the site knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from brygga.core.appearance import chosen_scheme
from brygga.core.languages import other_language, other_language_address


def site(request: HttpRequest) -> dict[str, Any]:
    """Put the demo flag, the chosen colours and the way to the other language on the page."""
    return {
        "demo_mode": settings.DEMO_MODE,
        "theme": chosen_scheme(request).value,
        "other_language": other_language().value,
        "other_language_url": other_language_address(request),
        "contact_email": settings.CONTACT_EMAIL,
    }
