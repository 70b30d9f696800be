from django.urls import path
from django.utils.translation import gettext_lazy as _

from brygga.search import views

app_name = "search"

urlpatterns = [
    path("", views.mine, name="mine"),
    path(_("follow/<slug:kind>/"), views.save, name="save"),
    path(_("stop/<str:token>/"), views.stop, name="stop"),
    path(_("<slug:public_id>/change/"), views.change, name="change"),
    path(_("<slug:public_id>/pause/"), views.pause, name="pause"),
    path(_("<slug:public_id>/resume/"), views.resume, name="resume"),
    path(_("<slug:public_id>/delete/"), views.delete, name="delete"),
    path(_("<slug:public_id>/restore/"), views.restore, name="restore"),
]
