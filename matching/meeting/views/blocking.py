"""Lift a block, from the list of contacts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brygga.core.http import SignedInRequest
from matching.meeting.blocking.selectors import blocks_of
from matching.meeting.blocking.services import lift_block


@require_POST
def lift(request: SignedInRequest, number: int) -> HttpResponse:
    """Take questions from them again. Strangers meet 404, readers 403."""
    found = get_object_or_404(blocks_of(request.user), pk=number)
    lift_block(block=found, actor=request.user, now=timezone.now())
    messages.success(request, _("They can ask you for contact again. They are not told."))
    return redirect("matching:introductions")
