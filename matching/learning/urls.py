"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.learning import views

urlpatterns = [
    path(_("offer/<slug:public_id>/what-we-learned/"), views.learned, name="learned"),
    path(_("offer/<slug:public_id>/what-we-learned/reset/"), views.reset, name="reset-learning"),
    path(_("offer/<slug:public_id>/what-we-learned/undo/"), views.undo, name="undo-reset-learning"),
]
