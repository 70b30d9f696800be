"""The addresses that the frame of every page links to, without the pages behind them."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from brygga.core.views import set_theme

# Nothing asks for these pages; only their addresses are written.
blank = set_theme
NAMES = ("about", "accessibility", "privacy", "contact", "help", "how-we-match", "home")
pages = [path(f"{name}/", blank, name=name) for name in NAMES]

urlpatterns = [
    path("", include("brygga.core.urls")),
    *i18n_patterns(
        path("", include(([path("", blank, name="start"), *pages], "pages"))),
        path(_("initiatives/"), include(([path("", blank, name="catalogue")], "innovators"))),
        path(_("find-support/"), include(([path("", blank, name="match")], "quick"))),
        path(_("support/"), include(([path("", blank, name="catalogue")], "funders"))),
        path("in/", blank, name="account_login"),
        path("ny/", blank, name="account_signup"),
        path("ut/", blank, name="account_logout"),
        prefix_default_language=False,
    ),
]
