from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.public import views

app_name = "public"
urlpatterns = [
    path(_("where-support-is-missing/"), views.gaps, name="gaps"),
    path(_("where-support-is-missing.csv"), views.gaps_file, name="gaps-file"),
    path(_("statistics/"), views.statistics, name="statistics"),
    path(_("subjects/"), views.themes, name="themes"),
    path(_("subjects/<slug:code>/"), views.theme, name="theme"),
]
