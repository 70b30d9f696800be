"""Introductions and what follows a yes. Included by the app's own list of addresses."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from matching.meeting.views import conversation, ending, reporting, times
from matching.meeting.views import introductions as views

urlpatterns = [
    path(_("introductions/"), views.introductions, name="introductions"),
    path(_("introductions/<slug:public_id>/"), views.introduction, name="introduction"),
    path(_("introductions/<slug:public_id>/yes/"), views.accept, name="accept"),
    path(_("introductions/<slug:public_id>/no/"), views.decline, name="decline"),
    path(_("introductions/<slug:public_id>/take-back/"), views.withdraw, name="withdraw"),
    path(_("introductions/<slug:public_id>/times/"), times.propose, name="propose-times"),
    path(_("introductions/<slug:public_id>/answer-times/"), times.answer, name="answer-times"),
    path(_("introductions/<slug:public_id>/calendar/"), times.calendar_file, name="meeting-file"),
    path(_("introductions/<slug:public_id>/have-read/"), conversation.note_read, name="note-read"),
    path(_("introductions/<slug:public_id>/file/<int:number>/"), conversation.attachment, name="attachment"),
    path(_("introductions/<slug:public_id>/end/"), ending.end, name="end-conversation"),
    path(_("introductions/<slug:public_id>/open-again/"), ending.reopen, name="reopen-conversation"),
    path(
        _("introductions/<slug:public_id>/message/<int:message>/report/"),
        reporting.report,
        name="report-message",
    ),
]
