"""Included in `matching.urls`, before the addresses of pairs: public ids hold no hyphen."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.answers import views

urlpatterns = [
    path(_("initiative/<slug:public_id>/more-matches/"), views.more_matches, name="more-matches"),
    path(_("initiative/<slug:public_id>/next-question/"), views.next_question, name="next-question"),
    path(_("initiative/<slug:public_id>/support-package/"), views.package, name="support-package"),
    path(
        _("initiative/<slug:public_id>/why-not/"), views.why_not_for_initiative, name="why-not-for-initiative"
    ),
    path(_("offer/<slug:public_id>/why-not/"), views.why_not_for_offer, name="why-not-for-offer"),
    path(_("offer/<slug:public_id>/what-stops/"), views.rules_at_work, name="rules-at-work"),
]
