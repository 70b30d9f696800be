"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.preview import views

urlpatterns = [
    path(_("offer/<slug:public_id>/how-many-fit/"), views.how_many_fit, name="how-many-fit"),
    path(
        _("offer/<slug:public_id>/how-many-fit/<slug:slug>/"),
        views.how_many_fit_typed,
        name="how-many-fit-typed",
    ),
]
