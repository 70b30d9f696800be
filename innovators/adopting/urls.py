from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from innovators.adopting import views

app_name = "adopters"

urlpatterns = [
    path("", views.catalogue, name="list"),
    path(pgettext_lazy("address", "new/"), views.create, name="create"),
    path("<slug:public_id>/", views.detail, name="detail"),
    path(_("<slug:public_id>/edit/"), views.edit, name="edit"),
    path(_("<slug:public_id>/publish/"), views.publish, name="publish"),
    path(_("<slug:public_id>/pause/"), views.pause, name="pause"),
    path(_("<slug:public_id>/close/"), views.close, name="close"),
    path(_("<slug:public_id>/delete/"), views.delete, name="delete"),
]
