from django.urls import path
from django.utils.translation import gettext_lazy as _

from brygga.notifications import newsletter_views

app_name = "newsletter"

urlpatterns = [
    path("", newsletter_views.ask, name="ask"),
    path(_("asked/"), newsletter_views.asked, name="asked"),
    path(_("confirm/<str:token>/"), newsletter_views.confirm, name="confirm"),
    path(_("stop/<str:token>/"), newsletter_views.stop, name="stop"),
]
