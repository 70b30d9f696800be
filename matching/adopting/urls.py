"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.adopting.views import found

urlpatterns = [
    path(_("wanted/<slug:public_id>/proven/"), found.proven, name="proven-for-adopter"),
    path(_("initiative/<slug:public_id>/wanted-by/"), found.wanting, name="adopters-for-initiative"),
]
