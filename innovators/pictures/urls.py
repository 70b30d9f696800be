"""Included in `innovators.urls`."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from innovators.pictures import views

urlpatterns = [
    path(_("<slug:public_id>/pictures/"), views.pictures, name="pictures"),
    path(_("<slug:public_id>/pictures/<int:number>/"), views.picture, name="picture"),
    path(_("<slug:public_id>/pictures/<int:number>/remove/"), views.remove, name="remove-picture"),
]
