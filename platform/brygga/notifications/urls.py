from django.urls import path
from django.utils.translation import gettext_lazy as _

from brygga.notifications import mail_views, views

app_name = "notifications"

urlpatterns = [
    path("", views.notices, name="list"),
    path(_("read-all/"), views.read_all, name="read-all"),
    path(_("mails/"), mail_views.choices, name="mails"),
    path(_("mails/<str:token>/"), mail_views.choices_by_link, name="mails-by-link"),
    path(_("stop/<str:token>/"), mail_views.stop, name="stop"),
    path(_("<int:number>/read/"), views.read, name="read"),
]
