"""Members of an organisation and invitations to it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.organisations import permissions, services
from brygga.organisations.enums import MembershipRole
from brygga.organisations.forms import InvitationForm, RoleForm
from brygga.organisations.models import Invitation, Organisation
from brygga.organisations.selectors import has_expired, members_of, stops_writing, waiting_invitations
from brygga.organisations.views import UNPROCESSABLE, get_for_members
from brygga.users.models import User
from brygga.users.selectors import with_second_factor


@require_safe
def members(request: SignedInRequest, public_id: str) -> HttpResponse:
    """List members, and for owners the invitations that wait."""
    organisation = get_for_members(request, public_id)
    can_manage = permissions.can_manage_members(request.user, organisation)
    now = timezone.now()
    waiting = waiting_invitations(organisation) if can_manage else []
    memberships = list(members_of(organisation))
    context = {
        "organisation": organisation,
        "memberships": memberships,
        # How somebody signs in is for owners.
        "with_two_steps": with_second_factor(one.user_id for one in memberships) if can_manage else (),
        "invitations": [{"invitation": one, "has_expired": has_expired(one, now)} for one in waiting],
        "can_manage": can_manage,
    }
    return render(request, "organisations/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Invite somebody by e-mail."""
    organisation = get_to_manage(request, public_id)
    form = InvitationForm(
        request.POST if request.method == "POST" else None, initial={"role": MembershipRole.EDITOR}
    )
    if request.method == "POST" and form.is_valid():
        try:
            invitation = services.invite(
                organisation=organisation, actor=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.AlreadyMember:
            form.add_error("email", _("That person is a member already."))
        except services.TooManyInvitations:
            form.add_error(None, _("You have sent many invitations today. Try again tomorrow."))
        else:
            _tell_sent(request, invitation)
            return redirect("organisations:members", organisation.public_id)
    context = {
        "form": form,
        "organisation": organisation,
        "back_url": reverse("organisations:members", args=[organisation.public_id]),
        "save_text": _("Send invitation"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "organisations/invite.html", context, status=status)


@require_POST
def resend(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Send an open invitation again, with a new link."""
    organisation = get_to_manage(request, public_id)
    invitation = get_object_or_404(waiting_invitations(organisation), pk=number)
    try:
        services.invite(
            organisation=organisation,
            email=invitation.email,
            role=invitation.role,
            actor=request.user,
            now=timezone.now(),
        )
    except services.InvitationRefused:
        messages.error(request, _("The invitation could not be sent again. Try again tomorrow."))
    else:
        _tell_sent(request, invitation)
    return redirect("organisations:members", organisation.public_id)


@require_POST
def withdraw(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Take an open invitation back; doing it twice changes nothing."""
    organisation = get_to_manage(request, public_id)
    invitation = get_object_or_404(Invitation, organisation=organisation, pk=number)
    services.withdraw_invitation(invitation=invitation, actor=request.user, now=timezone.now())
    messages.success(request, _("The invitation is taken back. Its link no longer works."))
    return redirect("organisations:members", organisation.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def change_role(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Change what a member may do."""
    organisation = get_to_manage(request, public_id)
    membership = get_object_or_404(members_of(organisation), pk=number)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        if stops_writing(membership, form.cleaned_data["role"]):
            return redirect("organisations:hand-over", public_id, number)
        try:
            services.change_role(
                membership=membership, actor=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.LastOwner:
            form.add_error("role", last_owner())
        else:
            messages.success(request, _("Saved."))
            return redirect("organisations:members", organisation.public_id)
    context = {
        "form": form,
        "organisation": organisation,
        "membership": membership,
        "back_url": reverse("organisations:members", args=[organisation.public_id]),
        "save_text": _("Save"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "organisations/change_role.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: BryggaRequest, secret: str) -> HttpResponse:
    """What an invitation's link opens: sign in first, then join."""
    now = timezone.now()
    if request.method == "POST" and isinstance(request.user, User):
        try:
            membership = services.accept_invitation(secret=secret, actor=request.user, now=now)
        except services.InvitationUnusable as unusable:
            return _unusable(request, unusable)
        except services.WrongAccount:
            return _wrong_account(request, secret)
        messages.success(
            request,
            _("Welcome! You now belong to %(organisation)s.") % {"organisation": membership.organisation},
        )
        return redirect("organisations:detail", membership.organisation.public_id)
    try:
        found = services.find_invitation(secret=secret, now=now)
    except services.InvitationUnusable as unusable:
        return _unusable(request, unusable)
    if isinstance(request.user, User) and not services.is_for(found, request.user):
        return _wrong_account(request, secret)
    here = urlencode({"next": reverse("organisations:invitation", args=[secret])})
    context = {
        "invitation": found,
        "organisation": found.organisation,
        "login_url": f"{reverse('account_login')}?{here}",
        "signup_url": f"{reverse('account_signup')}?{here}",
    }
    return render(request, "organisations/invitation.html", context)


def get_to_manage(request: SignedInRequest, public_id: str) -> Organisation:
    organisation = get_for_members(request, public_id)
    if not permissions.can_manage_members(request.user, organisation):
        raise PermissionDenied
    return organisation


def _tell_sent(request: SignedInRequest, invitation: Invitation) -> None:
    messages.success(
        request,
        _("The invitation to %(email)s is on its way. It works for 14 days.") % {"email": invitation.email},
    )


def last_owner() -> str:
    return _("An organisation needs at least one owner. Make somebody else owner first.")


def _unusable(request: BryggaRequest, unusable: services.InvitationUnusable) -> HttpResponse:
    status = 404 if unusable.reason == "unknown" else 410
    return render(
        request, "organisations/invitation_unusable.html", {"reason": unusable.reason}, status=status
    )


def _wrong_account(request: BryggaRequest, secret: str) -> HttpResponse:
    here = reverse("organisations:invitation", args=[secret])
    return render(request, "organisations/invitation_wrong_account.html", {"here": here}, status=403)
