from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from matching.desk.views import actions, lists, pairs, seen
from matching.meeting.views import introductions as meeting
from matching.offering import views as offering

app_name = "matching"
urlpatterns = [
    path("", include("matching.meeting.urls")),
    # Public ids hold no hyphen, so the words below are never taken for one.
    path("", include("matching.applying.urls")),
    path("", include("matching.adopting.urls")),
    path("", include("matching.answers.urls")),
    path("", include("matching.challenges.urls")),
    path("", include("matching.comparing.urls")),
    path("", include("matching.exporting.urls")),
    path("", include("matching.intake.urls")),
    path("", include("matching.desk.urls")),
    path("", include("matching.calendar.urls")),
    path("", include("matching.learning.urls")),
    path("", include("matching.collaboration.urls")),
    path("", include("matching.following.urls")),
    path("", include("matching.together.urls")),
    path("", include("matching.preview.urls")),
    path("", include("matching.unsuited.urls")),
    path(_("initiative/<slug:public_id>/"), lists.for_initiative, name="for-initiative"),
    path(_("initiative/<slug:public_id>/how-far/"), lists.initiative_status, name="initiative-status"),
    path(
        _("initiative/<slug:public_id>/read-what-went/"), seen.gone_for_initiative, name="gone-for-initiative"
    ),
    path(_("initiative/<slug:public_id>/offer-support/"), offering.offer_support, name="offer-support"),
    path(_("initiative/<slug:initiative>/<slug:offer>/"), pairs.for_initiative, name="pair-for-initiative"),
    path(
        _("initiative/<slug:initiative>/<slug:offer>/opened/"),
        seen.pair_for_initiative,
        name="seen-for-initiative",
    ),
    path(_("initiative/<slug:initiative>/<slug:offer>/ask/"), meeting.ask_giver, name="ask-giver"),
    path(_("offer/<slug:public_id>/"), lists.for_offer, name="for-offer"),
    path(_("offer/<slug:public_id>/how-far/"), lists.offer_status, name="offer-status"),
    path(_("offer/<slug:public_id>/short-list/"), lists.shortlist, name="shortlist"),
    path(_("offer/<slug:public_id>/read-what-went/"), seen.gone_for_offer, name="gone-for-offer"),
    path(_("offer/<slug:offer>/<slug:initiative>/"), pairs.for_offer, name="pair-for-offer"),
    path(_("offer/<slug:offer>/<slug:initiative>/opened/"), seen.pair_for_offer, name="seen-for-offer"),
    path(_("offer/<slug:offer>/<slug:initiative>/add/"), actions.shortlist_add, name="shortlist-add"),
    path(_("offer/<slug:offer>/<slug:initiative>/aside/"), actions.dismiss, name="dismiss"),
    path(_("offer/<slug:offer>/<slug:initiative>/put-back/"), actions.put_back, name="put-back"),
    path(_("offer/<slug:offer>/<slug:initiative>/undo/"), actions.undo, name="undo"),
    path(_("offer/<slug:offer>/<slug:initiative>/note/"), actions.note, name="note"),
    path(_("offer/<slug:offer>/<slug:initiative>/ask/"), meeting.ask, name="ask"),
]
