"""Which mails somebody wants: when signed in, or by the link in a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.notifications import digest
from brygga.notifications.enums import TipsRhythm, TipsTopic
from brygga.notifications.forms import MailsForm
from brygga.search.selectors import has_active_searches
from brygga.search.services import pause_all_searches

if TYPE_CHECKING:
    from brygga.users.models import User

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: SignedInRequest) -> HttpResponse:
    """Choose which mails one gets."""
    return _choose(request, request.user)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices_by_link(request: BryggaRequest, token: str) -> HttpResponse:
    """Choose which mails one gets, without signing in. An old link leads to the page behind the sign-in."""
    try:
        user = digest.user_of_choices(token)
    except signing.SignatureExpired:
        return redirect("notifications:mails")
    if user is None:
        raise Http404
    return _choose(request, user)


def _choose(request: BryggaRequest, user: User) -> HttpResponse:
    rhythms = digest.rhythms_of(user)
    form = MailsForm(
        request.POST if request.method == "POST" else None,
        initial={topic.value: rhythm for topic, rhythm in rhythms.items()},
    )
    if not has_active_searches(user):
        del form.fields["pause_searches"]
    if not digest.has_begun(user, TipsTopic.FOLLOWED):
        del form.fields["followed"]
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        chosen = form.cleaned_data
        wanted = {topic: TipsRhythm(chosen[topic.value]) for topic in TipsTopic if topic.value in chosen}
        digest.choose_rhythms(user=user, rhythms=wanted, now=now)
        if form.cleaned_data.get("pause_searches"):
            pause_all_searches(user=user, now=now)
        messages.success(request, _("Saved. From now on you get the mails you chose."))
        return redirect(request.path)
    context = {"form": form, "save_text": _("Save")}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "notifications/mails.html", context, status=status)


# Mail programs send the POST by themselves: without a cookie, so there is no token to ask for (RFC 8058).
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: BryggaRequest, token: str) -> HttpResponse:
    """Stop one kind of tips, by the link in a mail. Only a POST stops: programs that scan mails read links."""
    found = digest.stopped_by(token)
    if found is None:
        raise Http404
    user, topic = found
    if request.method == "POST":
        digest.choose_rhythms(user=user, rhythms={topic: TipsRhythm.OFF}, now=timezone.now())
    context = {"topic": topic.label, "is_stopped": digest.rhythms_of(user)[topic] == TipsRhythm.OFF}
    return render(request, "notifications/stop.html", context)
