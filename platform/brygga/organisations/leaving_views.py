"""Leave an organisation, or be removed from it: first see what is held there and who takes over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from brygga.core.http import SignedInRequest
from brygga.organisations import services
from brygga.organisations.enums import WRITING_ROLES, MembershipRole
from brygga.organisations.forms import HandOverForm
from brygga.organisations.leaving import everything_held
from brygga.organisations.member_views import get_to_manage, last_owner
from brygga.organisations.models import Organisation
from brygga.organisations.selectors import is_last_owner, members_of, waiting_invitations, writers_beside
from brygga.organisations.views import UNPROCESSABLE, get_for_members
from brygga.users.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Ask who takes over, then end somebody's membership."""
    organisation = get_to_manage(request, public_id)
    membership = members_of(organisation).filter(pk=number).first()
    if membership is None:
        # A second click: the member is gone, which is what was asked for.
        return redirect("organisations:members", organisation.public_id)

    def end(**chosen: Any) -> None:
        services.remove_member(membership=membership, actor=request.user, now=timezone.now(), **chosen)

    answer = _page(request, organisation, membership.user, end)
    if answer is not None:
        return answer
    said = _("%(name)s is no longer a member. Was it a mistake? Then invite the person again.")
    messages.success(request, said % {"name": membership.user})
    if membership.user_id == request.user.pk:
        return redirect("organisations:mine")
    return redirect("organisations:members", organisation.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask who takes over, then leave."""
    organisation = get_for_members(request, public_id)

    def end(**chosen: Any) -> None:
        services.leave_organisation(
            organisation=organisation, actor=request.user, now=timezone.now(), **chosen
        )

    answer = _page(request, organisation, request.user, end)
    if answer is not None:
        return answer
    messages.success(request, _("You no longer belong to %(organisation)s.") % {"organisation": organisation})
    return redirect("organisations:mine")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Ask who takes over, then let somebody only read."""
    organisation = get_to_manage(request, public_id)
    membership = get_object_or_404(members_of(organisation), pk=number)
    members = redirect("organisations:members", organisation.public_id)
    if membership.role not in WRITING_ROLES:
        return members

    def step_back(**chosen: Any) -> None:
        services.change_role(
            membership=membership,
            role=MembershipRole.READER,
            actor=request.user,
            now=timezone.now(),
            **chosen,
        )

    answer = _page(request, organisation, membership.user, step_back, stays=True)
    if answer is not None:
        return answer
    said = _("%(name)s reads from now on, and writes no longer.")
    messages.success(request, said % {"name": membership.user})
    return members


def _page(
    request: SignedInRequest,
    organisation: Organisation,
    person: User,
    end: Callable[..., None],
    *,
    stays: bool = False,
) -> HttpResponse | None:
    """Return the page that asks, or None when the person has stepped back or left."""
    held = everything_held(organisation=organisation, person=person)
    writers = writers_beside(organisation, person)
    is_self = person == request.user
    initial = {} if is_self else {"successor": request.user.pk, "name": request.user.name}
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        held=held,
        writers=writers,
        initial=initial if is_self else {**initial, "email": request.user.email},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("successor")
        try:
            end(
                successor=next((one for one in writers if one.pk == chosen), None),
                contact=form.contact(),
            )
        except services.LastOwner:
            messages.error(request, last_owner())
            return redirect("organisations:members", organisation.public_id)
        except (services.CannotTakeOver, services.ContactMissing):
            # Somebody has got another role, or a new contact, while the page was open: it is asked anew.
            messages.error(request, _("Something changed while you chose. Look again at who takes over."))
            return redirect(request.get_full_path())
        else:
            return None
    context = {
        "organisation": organisation,
        "person": person,
        "is_self": is_self,
        "stays": stays,
        "is_end": not stays,
        "is_last_owner": is_last_owner(organisation, person),
        "held": held,
        "invitations": 0 if stays else waiting_invitations(organisation).filter(invited_by=person).count(),
        "form": form,
        "back_url": reverse("organisations:members", args=[organisation.public_id]),
        "cancel_url": reverse("organisations:members", args=[organisation.public_id]),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "organisations/leaving.html", context, status=status)
