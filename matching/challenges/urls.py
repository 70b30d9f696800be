"""Included in `matching.urls`, before the addresses of pairs."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.challenges import views

urlpatterns = [
    path(_("challenge/<slug:public_id>/answer/"), views.answer, name="answer-challenge"),
    path(
        _("challenge/<slug:public_id>/answers/<int:number>/take-away/"),
        views.take_away,
        name="take-away-answer",
    ),
    path(
        _("challenge/<slug:public_id>/answers/<int:number>/put-back/"),
        views.put_back,
        name="put-back-answer",
    ),
]
