from django.urls import path
from django.utils.translation import gettext_lazy as _

from intermediaries.helping import views

app_name = "helping"
urlpatterns = [
    path("", views.ask, name="ask"),
    path(_("requests/"), views.requests, name="requests"),
    path("<slug:public_id>/", views.request_page, name="request"),
    path(_("<slug:public_id>/i-help/"), views.give, name="give"),
    path(_("<slug:public_id>/delete-it/"), views.forget, name="forget"),
]
