"""Included in `matching.urls`, before the addresses of pairs."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.applying import views

urlpatterns = [
    path(_("applications/"), views.applications, name="applications"),
    path(_("applications/<slug:public_id>/"), views.tell, name="application"),
    path(_("applications/<slug:public_id>/remove/"), views.remove, name="remove-application"),
    path(
        _("initiative/<slug:initiative>/<slug:offer>/mean-to-apply/"),
        views.mean_to_apply,
        name="mean-to-apply",
    ),
]
