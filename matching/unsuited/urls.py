"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.unsuited import views

urlpatterns = [
    path(_("initiative/<slug:public_id>/put-aside/"), views.unsuited, name="unsuited"),
    path(
        _("initiative/<slug:initiative>/<slug:offer>/not-relevant/"),
        views.put_aside,
        name="put-support-aside",
    ),
    path(
        _("initiative/<slug:initiative>/<slug:offer>/relevant-again/"),
        views.take_back,
        name="take-support-back",
    ),
]
