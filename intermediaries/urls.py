from django.urls import path
from django.utils.translation import gettext_lazy as _

from intermediaries import views

app_name = "intermediaries"
urlpatterns = [
    path("", views.flags, name="flags"),
    path(_("flag/<slug:public_id>/"), views.flag, name="flag"),
    path(_("<int:flag_id>/withdraw/"), views.withdraw, name="withdraw"),
]
