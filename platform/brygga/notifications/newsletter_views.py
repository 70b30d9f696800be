"""Ask for the newsletter, confirm, stop."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from brygga.core.enums import Language
from brygga.core.http import BryggaRequest
from brygga.core.limits import is_within
from brygga.notifications import newsletter
from brygga.notifications.forms import NewsletterForm

UNPROCESSABLE = 422
TOO_OFTEN = 429


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: BryggaRequest) -> HttpResponse:
    """Ask for the newsletter. The answer does not tell whether the address is known."""
    form = NewsletterForm(request.POST if request.method == "POST" else None)
    status = UNPROCESSABLE if form.is_bound else 200
    is_too_often = False
    if request.method == "POST" and form.is_valid():
        is_too_often = not is_within(newsletter.ASKING, get_adapter().get_client_ip(request))
        if not is_too_often:
            if not form.is_robot:
                newsletter.ask_for_newsletter(
                    email=form.cleaned_data["email"], language=_language(), now=timezone.now()
                )
            return redirect("newsletter:asked")
        status = TOO_OFTEN
    context = {"form": form, "is_too_often": is_too_often}
    return render(request, "notifications/newsletter.html", context, status=status)


@login_not_required
@require_safe
def asked(request: BryggaRequest) -> HttpResponse:
    """What happens next, the same for everybody."""
    return render(request, "notifications/newsletter_asked.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: BryggaRequest, token: str) -> HttpResponse:
    """Confirm by the link in the mail. Only a POST confirms: programs that scan mails read links."""
    reader = newsletter.reader_to_confirm(token)
    is_done = request.method == "POST" and newsletter.confirm_newsletter(token=token, now=timezone.now())
    context = {"is_usable": reader is not None, "is_done": is_done}
    return render(request, "notifications/newsletter_confirm.html", context)


# Mail programs send the POST by themselves: without a cookie, so there is no token to ask for (RFC 8058).
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: BryggaRequest, token: str) -> HttpResponse:
    """Stop by the link in the mail; the address is deleted."""
    if not newsletter.is_own_stop(token):
        raise Http404
    if request.method == "POST":
        newsletter.stop_newsletter(token=token)
    context = {"is_stopped": newsletter.reader_to_stop(token) is None}
    return render(request, "notifications/newsletter_stop.html", context)


def _language() -> Language:
    return Language.ENGLISH if (get_language() or "").startswith("en") else Language.SWEDISH
