"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.intake import views

urlpatterns = [
    path(_("offer/<slug:public_id>/take-in-cases/"), views.bring, name="intake-file"),
    path(_("offer/<slug:public_id>/take-in-cases/<slug:table>/"), views.rows, name="intake"),
    path(
        _("offer/<slug:public_id>/take-in-cases/<slug:table>/columns/"), views.columns, name="intake-columns"
    ),
    path(_("offer/<slug:public_id>/take-in-cases/<slug:table>/undo/"), views.undo, name="intake-undo"),
    path(
        _("offer/<slug:public_id>/take-in-cases/<slug:table>/throw-away/"),
        views.throw_away,
        name="intake-throw-away",
    ),
    path(_("offer/<slug:public_id>/take-in-cases/<slug:table>/the-rest/"), views.rest, name="intake-rest"),
]
