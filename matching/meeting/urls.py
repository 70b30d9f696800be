"""Introductions and what follows a yes. Included by the app's own list of addresses."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.meeting.views import blocking, conversation, ending, proposals, reporting, times
from matching.meeting.views import introductions as views

urlpatterns = [
    path(_("proposals/"), proposals.ours, name="proposals"),
    path(_("proposals/for/<slug:initiative>/"), proposals.choose, name="propose-support"),
    path(_("proposals/for/<slug:initiative>/<slug:offer>/"), proposals.propose, name="propose"),
    path(_("proposals/<slug:public_id>/"), proposals.proposal, name="proposal"),
    path(_("proposals/<slug:public_id>/yes/"), proposals.take_up, name="take-up-proposal"),
    path(_("proposals/<slug:public_id>/no/"), proposals.decline, name="decline-proposal"),
    path(_("proposals/<slug:public_id>/take-back/"), proposals.withdraw, name="withdraw-proposal"),
    path(_("introductions/"), views.introductions, name="introductions"),
    path(_("introductions/<slug:public_id>/"), views.introduction, name="introduction"),
    path(_("introductions/<slug:public_id>/yes/"), views.accept, name="accept"),
    path(_("introductions/<slug:public_id>/no/"), views.decline, name="decline"),
    path(_("introductions/<slug:public_id>/take-back/"), views.withdraw, name="withdraw"),
    path(_("introductions/<slug:public_id>/times/"), times.propose, name="propose-times"),
    path(_("introductions/<slug:public_id>/answer-times/"), times.answer, name="answer-times"),
    path(_("introductions/<slug:public_id>/call-off/"), times.call_off, name="call-off"),
    path(_("introductions/<slug:public_id>/calendar/"), times.calendar_file, name="meeting-file"),
    path(_("introductions/<slug:public_id>/have-read/"), conversation.note_read, name="note-read"),
    path(_("introductions/<slug:public_id>/file/<int:number>/"), conversation.attachment, name="attachment"),
    path(_("introductions/<slug:public_id>/end/"), ending.end, name="end-conversation"),
    path(_("introductions/<slug:public_id>/open-again/"), ending.reopen, name="reopen-conversation"),
    path(_("introductions/blocked/<int:number>/lift/"), blocking.lift, name="lift-block"),
    path(
        _("introductions/<slug:public_id>/message/<int:message>/report/"),
        reporting.report,
        name="report-message",
    ),
]
