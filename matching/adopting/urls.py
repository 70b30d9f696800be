"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.adopting.views import asking, found, questions

urlpatterns = [
    path(_("wanted/<slug:public_id>/proven/"), found.proven, name="proven-for-adopter"),
    path(_("wanted/<slug:public_id>/show-how/"), asking.show_how, name="show-how"),
    path(_("initiative/<slug:public_id>/wanted-by/"), found.wanting, name="adopters-for-initiative"),
    path(_("initiative/<slug:public_id>/take-up/"), asking.take_up, name="take-up"),
    path(_("take-up/"), questions.adoptions, name="adoptions"),
    path(_("take-up/<slug:public_id>/"), questions.adoption, name="adoption"),
    path(_("take-up/<slug:public_id>/yes/"), questions.accept, name="accept-adoption"),
    path(_("take-up/<slug:public_id>/no/"), questions.decline, name="decline-adoption"),
    path(_("take-up/<slug:public_id>/take-back/"), questions.withdraw, name="withdraw-adoption"),
    path(_("take-up/<slug:public_id>/begun/"), questions.taken_up, name="adoption-begun"),
]
