"""Report a message that the other side has written."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from brygga.core.http import SignedInRequest
from brygga.core.limits import Limit, is_within
from innovators.selectors import owner_name
from matching.meeting import permissions
from matching.meeting.conversation import reporting
from matching.meeting.conversation.forms import ReportForm
from matching.meeting.conversation.models import Message
from matching.meeting.sides import organisation_on
from matching.meeting.views.finding import find_introduction

#: Counted by person. Each report takes somebody's time to read.
REPORTING = Limit("report-message", 10, 60 * 60)
UNPROCESSABLE = 422
TOO_OFTEN = 429


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, public_id: str, message: int) -> HttpResponse:
    """Say what is wrong, and send it to staff."""
    found = find_introduction(request.user, public_id)
    about = Message.objects.filter(introduction=found, pk=message).select_related("author").first()
    if about is None:
        raise Http404
    about.introduction = found
    if not permissions.can_report(request.user, about):
        raise PermissionDenied
    here = reverse("matching:introduction", args=[found.public_id]) + f"#message-{about.pk}"
    if about.hidden_at is not None:
        messages.info(request, _("The message is hidden already. There is nothing left to report."))
        return redirect(here)
    if about.reports.filter(reporter=request.user).exists():
        return _reported(request, here)
    form = ReportForm(request.POST if request.method == "POST" else None)
    status = UNPROCESSABLE if form.is_bound else 200
    is_too_often = False
    if request.method == "POST" and form.is_valid():
        if is_within(REPORTING, f"person {request.user.pk}"):
            return _send(request, about, form, here)
        status, is_too_often = TOO_OFTEN, True
    context = {
        "form": form,
        "message": about,
        "them": owner_name(organisation_on(found, about.side)),
        "is_too_often": is_too_often,
        "back_url": here,
        "back_text": _("Back to the conversation"),
        "save_text": _("Send the report"),
        "cancel_url": here,
    }
    return render(request, "matching/conversation/report.html", context, status=status)


def _send(request: SignedInRequest, about: Message, form: ReportForm, here: str) -> HttpResponse:
    given = form.cleaned_data
    try:
        reporting.report_message(
            message=about,
            actor=request.user,
            reason=given["reason"],
            text=given["text"],
            now=timezone.now(),
        )
    except reporting.AlreadyReported:
        return _reported(request, here)
    except reporting.AlreadyHidden:
        messages.info(request, _("The message is hidden already. There is nothing left to report."))
    else:
        messages.success(
            request, _("Your report is sent. We read it and you get a notice when we have decided.")
        )
    return redirect(here)


def _reported(request: SignedInRequest, here: str) -> HttpResponse:
    messages.info(request, _("You have reported this message already. Nothing more was sent."))
    return redirect(here)
