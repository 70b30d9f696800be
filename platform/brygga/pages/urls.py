from django.urls import path
from django.utils.translation import gettext_lazy as _

from brygga.pages import views

app_name = "pages"

urlpatterns = [
    path("", views.start, name="start"),
    path(_("my-page/"), views.home, name="home"),
    path(_("about/"), views.about, name="about"),
    path(_("how-we-match/"), views.how_we_match, name="how-we-match"),
    path(_("accessibility/"), views.accessibility, name="accessibility"),
    path(_("privacy/"), views.privacy, name="privacy"),
    path(_("contact/"), views.contact, name="contact"),
]
