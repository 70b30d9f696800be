"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.comparing import views

urlpatterns = [
    path(_("offer/<slug:public_id>/side-by-side/"), views.compare, name="compare"),
    path(_("offer/<slug:public_id>/hide-names/"), views.switch_blind, name="blind"),
]
