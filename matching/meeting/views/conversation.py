"""The conversation on the page of an introduction: write, and note what is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from brygga.core.formatting import format_clock
from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.core.limits import Limit, is_within
from brygga.core.uploads import skipped_uploads
from brygga.organisations.registration.autosave_views import AUTOSAVE, keep_until_signed_in
from brygga.organisations.registration.kept_texts import forget_text, keep_text, kept_text
from matching.meeting import permissions
from matching.meeting.conversation import services
from matching.meeting.conversation.files import CONTENT_TYPES, FileKind
from matching.meeting.conversation.forms import MessageForm
from matching.meeting.conversation.models import Attachment
from matching.meeting.conversation.selectors import conversation_of
from matching.meeting.enums import IntroductionState, Side
from matching.meeting.models import Introduction
from matching.meeting.views.finding import find_introduction

#: Counted by person: an office with one address may have many conversations.
SENDING = Limit("message", 30, 10 * 60)
UNPROCESSABLE = 422
CONFLICT = 409
TOO_OFTEN = 429


@dataclass
class Written:
    """What came of sending a form: nowhere to go means that the page is shown again with it."""

    form: MessageForm
    status: int = UNPROCESSABLE
    answer: HttpResponse | None = field(default=None)
    is_too_often: bool = False
    is_refused: bool = False


def keep_for_signing_in(request: BryggaRequest, here: str) -> HttpResponse:
    """Whoever has been signed out while writing finds the text again when they have signed in."""
    if AUTOSAVE in request.POST:
        return keep_until_signed_in(request, here)
    if request.method == "POST" and keep_text(request.session, here, request.POST):
        messages.info(request, _("You have been signed out. Sign in again: what you wrote is still here."))
    return redirect_to_login(here)


def write(request: SignedInRequest, found: Introduction) -> Written:
    """Take what was written: send it, keep it as a draft, or say what is wrong with it."""
    if not permissions.can_converse(request.user, found):
        raise PermissionDenied
    here = reverse("matching:introduction", args=[found.public_id])
    form = MessageForm(request.POST, request.FILES, left_out=skipped_uploads(request))
    if AUTOSAVE in request.POST:
        return Written(form, answer=_keep_draft(request, here))
    if found.state != IntroductionState.ACCEPTED:
        return Written(form, answer=_closed(request, here))
    if not found.is_open_for_talk:
        return _refused(request, form, here)
    if not form.is_valid():
        return Written(form)
    if not is_within(SENDING, f"person {request.user.pk}"):
        return Written(form, TOO_OFTEN, is_too_often=True)
    try:
        sent = services.send_message(
            introduction=found,
            actor=request.user,
            text=form.cleaned_data["text"],
            key=form.cleaned_data["key"],
            now=timezone.now(),
            files=form.cleaned_data["attached"],
        )
    except services.ConversationClosed:
        # The other side was first; the page shows where it stands now, and what was written.
        found.refresh_from_db(fields=["state", "ended_side", "ended_by", "ended_at"])
        return _refused(request, form, here)
    forget_text(request.session, here)
    messages.success(request, _("Your message is sent."))
    # The number tells the script that what the tab remembers has arrived.
    return Written(form, answer=redirect(f"{here}?sent={sent.pk}#message-{sent.pk}"))


def _refused(request: SignedInRequest, form: MessageForm, here: str) -> Written:
    """Somebody has ended the conversation: nothing is sent, and the text stays in the form."""
    keep_text(request.session, here, request.POST)
    return Written(form, CONFLICT, is_refused=True)


def _closed(request: SignedInRequest, here: str) -> HttpResponse:
    messages.info(request, _("You cannot write to each other now. The page says where it stands."))
    return redirect(here)


def _keep_draft(request: SignedInRequest, here: str) -> HttpResponse:
    if not request.POST.get("text", "").strip():
        forget_text(request.session, here)
        return JsonResponse({"state": "kept", "said": ""})
    if not keep_text(request.session, here, request.POST):
        said = _("It is not saved yet. What you wrote is still on this page.")
        return JsonResponse({"state": "lost", "said": said})
    said = _("Draft kept %(time)s. It is not sent yet.") % {"time": format_clock(timezone.now())}
    return JsonResponse({"state": "kept", "said": said})


def conversation_context(
    request: SignedInRequest, found: Introduction, side: Side, written: Written | None
) -> dict[str, Any]:
    """Return what the page of an introduction shows of the conversation; nothing before both have said yes."""
    if found.state != IntroductionState.ACCEPTED:
        return {}
    here = reverse("matching:introduction", args=[found.public_id])
    may_write = permissions.can_converse(request.user, found)
    kept = kept_text(request.session, here) if may_write and written is None else None
    typed = "posted" if written or request.GET.get("sent") else "kept" if kept else ""
    draft = {name: kept[name] for name in ("text", "key") if name in kept} if kept else None
    return {
        "conversation": conversation_of(found, request.user, side, request.GET.get("page")),
        "form": written.form if written else MessageForm(initial=draft),
        "typed": typed,
        "may_write": may_write,
        # What somebody had begun to write is theirs to take along, also when it can no longer be sent.
        "shows_form": may_write and (found.is_open_for_talk or written is not None or bool(kept)),
        "may_reopen": may_write and permissions.can_reopen(request.user, found),
        "is_refused": written.is_refused if written else False,
        "is_too_often": written.is_too_often if written else False,
    }


@require_POST
def note_read(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Sent by the page when it has come, or by its button: the messages up to one are read."""
    found = find_introduction(request.user, public_id)
    up_to = request.POST.get("up_to", "")
    if up_to.isascii() and up_to.isdigit() and len(up_to) < 19:
        services.note_read(introduction=found, actor=request.user, up_to=int(up_to), now=timezone.now())
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("matching:introduction", public_id)


@never_cache
@require_safe
def attachment(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Hand out a file of a conversation to its two sides, to be saved and never shown by the browser."""
    found = find_introduction(request.user, public_id)
    shown = Attachment.objects.filter(message__introduction=found, message__hidden_at__isnull=True)
    wanted = shown.filter(pk=number).first()
    if wanted is None:
        raise Http404
    return file_answer(wanted)


def file_answer(attachment: Attachment) -> HttpResponse:
    """Return a file to be saved; 404 when it is not where it should lie."""
    try:
        with attachment.file.open("rb") as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[FileKind(attachment.kind)],
        headers={
            "Content-Disposition": str(content_disposition_header(True, attachment.name)),
            "X-Content-Type-Options": "nosniff",
        },
    )
