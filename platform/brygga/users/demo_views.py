"""Demo mode only: step into the shoes of a made-up person, and read the mails that nobody gets."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from brygga.outbox.models import MailboxMail
from brygga.users.models import DemoPerson

MAILS_A_PAGE = 20


def _demo_only() -> None:
    # The addresses do not exist outside demo mode; should they ever, they answer nothing.
    if not settings.DEMO_MODE:
        raise Http404


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo person. Anybody else is unknown here."""
    _demo_only()
    number = request.POST.get("person", "")
    if not number.isascii() or not number.isdigit() or len(number) > 12:
        raise Http404
    person = get_object_or_404(
        DemoPerson.objects.select_related("user"), pk=int(number), user__is_demo=True, user__is_active=True
    )
    login(request, person.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, person.user, method="demo")
    UserSession.objects.create_from_request(request)
    return HttpResponseRedirect(_landing(request))


def _landing(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    # Many share a made-up person: the language is that of the page they were chosen on.
    return reverse("pages:home")


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the mails that were caught instead of sent, newest first."""
    _demo_only()
    mails = MailboxMail.objects.order_by("-sent_at", "-pk").defer("body")
    page = Paginator(mails, MAILS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "users/mailbox.html", {"page": page})


@login_not_required
@require_safe
def mail(request: HttpRequest, number: int) -> HttpResponse:
    _demo_only()
    return render(request, "users/mail.html", {"mail": get_object_or_404(MailboxMail, pk=number)})
