"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.collaboration import views

urlpatterns = [
    path(_("initiative/<slug:public_id>/similar/"), views.similar, name="similar-for-initiative"),
    path(_("initiative/<slug:public_id>/work-together/"), views.together, name="together-for-initiative"),
]
