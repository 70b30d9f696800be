"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.exporting import views

urlpatterns = [
    path(_("initiative/<slug:public_id>/download-list/"), views.support_file, name="support-file"),
    path(_("offer/<slug:public_id>/download-list/"), views.cases_file, name="cases-file"),
    path(_("offer/<slug:public_id>/download-shortlist/"), views.shortlist_file, name="shortlist-file"),
    path(_("giver/<slug:public_id>/download-all-cases/"), views.all_cases_file, name="all-cases-file"),
]
