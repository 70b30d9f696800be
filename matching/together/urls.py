"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.together import views

urlpatterns = [
    path(_("initiative/<slug:public_id>/ask-together/"), views.ask, name="ask-together"),
    path(_("together/"), views.questions, name="together-questions"),
    path(_("together/<slug:public_id>/"), views.question, name="together"),
    path(_("together/<slug:public_id>/yes/"), views.accept, name="accept-together"),
    path(_("together/<slug:public_id>/no/"), views.decline, name="decline-together"),
    path(_("together/<slug:public_id>/take-back/"), views.withdraw, name="withdraw-together"),
]
