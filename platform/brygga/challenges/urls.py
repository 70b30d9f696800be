from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from brygga.challenges import views

app_name = "challenges"

urlpatterns = [
    path("", views.catalogue, name="list"),
    path(pgettext_lazy("address", "new/"), views.create, name="create"),
    path("<slug:public_id>/", views.detail, name="detail"),
    path(_("<slug:public_id>/edit/"), views.edit, name="edit"),
    path(_("<slug:public_id>/publish/"), views.publish, name="publish"),
    path(_("<slug:public_id>/end/"), views.end, name="end"),
    path(_("<slug:public_id>/delete/"), views.delete, name="delete"),
]
