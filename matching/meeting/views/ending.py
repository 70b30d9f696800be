"""End the conversation of an introduction, and open it again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from brygga.core.http import SignedInRequest
from innovators.selectors import owner_name
from matching.meeting import permissions
from matching.meeting.conversation import ending
from matching.meeting.conversation.services import ConversationClosed
from matching.meeting.models import Introduction
from matching.meeting.sides import organisation_on, other_side, writing_side_of
from matching.meeting.views.finding import find_introduction


def _for_writing(request: SignedInRequest, public_id: str) -> Introduction:
    found = find_introduction(request.user, public_id)
    if not permissions.can_converse(request.user, found):
        raise PermissionDenied
    return found


def _back(found: Introduction) -> HttpResponse:
    return redirect(reverse("matching:introduction", args=[found.public_id]) + "#conversation")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say exactly what happens, and then do it. Never refused for being done often: it is a way out."""
    found = _for_writing(request, public_id)
    if not found.is_open_for_talk:
        messages.info(request, _("There is no open conversation to end. The page says where it stands."))
        return _back(found)
    if request.method == "POST":
        try:
            ending.end_conversation(
                introduction=found,
                actor=request.user,
                now=timezone.now(),
                is_blocking="block" in request.POST,
            )
        except ConversationClosed:
            messages.info(request, _("There is no open conversation to end. The page says where it stands."))
        else:
            messages.success(request, _("The conversation is ended. You can open it again on this page."))
        return _back(found)
    them = organisation_on(found, other_side(writing_side_of(request.user, found)))
    here = reverse("matching:introduction", args=[found.public_id])
    return render(request, "matching/conversation/end.html", {"them": owner_name(them), "back_url": here})


@require_POST
def reopen(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Let both sides write again."""
    found = _for_writing(request, public_id)
    try:
        ending.reopen_conversation(introduction=found, actor=request.user, now=timezone.now())
    except ending.NotEnded:
        messages.info(request, _("The conversation is open already."))
    else:
        messages.success(request, _("The conversation is open again. They are told."))
    return _back(found)
