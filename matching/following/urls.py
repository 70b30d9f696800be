"""Included in `matching.urls`, before the addresses of pairs."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.following import views

urlpatterns = [
    path(_("followed/"), views.followed, name="followed"),
    path(_("initiative/<slug:public_id>/follow/"), views.follow, name="follow"),
    path(_("initiative/<slug:public_id>/stop-following/"), views.stop, name="stop-following"),
]
