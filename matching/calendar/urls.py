"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.calendar import views

urlpatterns = [
    path(_("calendar/"), views.page, name="calendar"),
    path(_("calendar/new-address/"), views.make, name="calendar-make"),
    path(_("calendar/remove-address/"), views.remove, name="calendar-remove"),
    path(_("calendar/days.ics"), views.feed, name="calendar-feed"),
    path(_("offer/<slug:public_id>/last-day.ics"), views.closing_day, name="closing-day"),
]
