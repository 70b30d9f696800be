"""The desk of an offer and what is done there. Included by the app's own list of addresses."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.desk.views import all_cases, board, deciding, several

urlpatterns = [
    path(_("giver/<slug:public_id>/all-cases/"), all_cases.all_of_them, name="all-cases"),
    path(_("giver/<slug:public_id>/all-cases/several/"), several.several_of_all, name="several-of-all"),
    path(
        _("giver/<slug:public_id>/all-cases/undo-several/"),
        several.undo_several_of_all,
        name="undo-several-of-all",
    ),
    path(_("offer/<slug:public_id>/the-desk/"), board.desk, name="desk"),
    path(_("offer/<slug:public_id>/the-desk/several/"), several.several_cases, name="several-cases"),
    path(_("offer/<slug:public_id>/the-desk/undo-several/"), several.undo_several, name="undo-several"),
    path(_("offer/<slug:offer>/<slug:initiative>/move/"), board.move, name="move"),
    path(_("offer/<slug:offer>/<slug:initiative>/care/"), board.care, name="care"),
    path(_("offer/<slug:offer>/<slug:initiative>/stand-aside/"), board.recuse, name="recuse"),
    path(_("offer/<slug:offer>/<slug:initiative>/let-back/<int:number>/"), board.lift, name="lift-recusal"),
    path(_("offer/<slug:offer>/<slug:initiative>/turn-down/"), deciding.decline, name="decline-case"),
    path(_("offer/<slug:offer>/<slug:initiative>/give-support/"), deciding.support, name="support-case"),
    path(
        _("offer/<slug:offer>/<slug:initiative>/take-back-decision/"),
        deciding.take_back,
        name="take-back-decision",
    ),
]
