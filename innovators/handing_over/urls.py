"""Included in `innovators.urls`."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from innovators.handing_over import views

urlpatterns = [
    path(_("handed-over/<int:number>/"), views.handover, name="handover"),
    path(_("<slug:public_id>/hand-over/"), views.hand_over, name="hand-over"),
]
