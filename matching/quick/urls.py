from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.quick import views

app_name = "quick"
urlpatterns = [
    path("", views.match, name="match"),
    path(_("places/"), views.places, name="places"),
    path(_("save/"), views.save, name="save"),
    path(_("saved/"), views.saved, name="saved"),
]
