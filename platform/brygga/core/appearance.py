"""Light, dark, or as the device says: a visitor's choice, kept in a cookie."""

from __future__ import annotations

from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

THEME_COOKIE = "theme"


class ColorScheme(TextChoices):
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    AUTO = "auto", _("Like the device")


def chosen_scheme(request: HttpRequest) -> ColorScheme:
    """Return what the visitor has chosen; anything unknown is as the device says."""
    try:
        return ColorScheme(request.COOKIES.get(THEME_COOKIE, ""))
    except ValueError:
        return ColorScheme.AUTO
