from django.urls import path
from django.utils.translation import gettext_lazy as _

from brygga.notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.notices, name="list"),
    path(_("read-all/"), views.read_all, name="read-all"),
    path(_("<int:number>/read/"), views.read, name="read"),
]
