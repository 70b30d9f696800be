"""Organisations: one's own, their public page and their details."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from brygga.core import slots
from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.organisations import permissions, services
from brygga.organisations.forms import OrganisationForm
from brygga.organisations.models import Membership, Organisation
from brygga.organisations.verification.enums import VerificationState
from brygga.organisations.verification.selectors import newest_request
from brygga.taxonomy.selectors import area_name, county_choices, municipality_choices

UNPROCESSABLE = 422
ORGANISATIONS_A_PAGE = 20


@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """List the organisations one belongs to."""
    memberships = (
        Membership.objects.filter(user=request.user)
        .select_related("organisation")
        .order_by("organisation__name", "organisation_id")
    )
    page = Paginator(memberships, ORGANISATIONS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/mine.html", {"page": page})


@login_not_required
@require_safe
def detail(request: BryggaRequest, public_id: str) -> HttpResponse:
    """An organisation's page: what it says of itself, and what the apps above show of it."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), public_id=public_id)
    slots.fill("organisation_sections", [organisation], request)
    role = permissions.role_in(request.user, organisation.pk)
    is_unverified = bool(organisation.name) and not organisation.is_verified
    can_ask_verification = is_unverified and permissions.can_manage_members(request.user, organisation)
    context = {
        "organisation": organisation,
        "place": area_name(organisation.area_code) if organisation.area_code else "",
        "is_member": role is not None,
        "can_change": permissions.can_change_organisation(request.user, organisation),
        "can_ask_verification": can_ask_verification,
        "verification": newest_request(organisation) if can_ask_verification else None,
        "states": VerificationState,
    }
    return render(request, "organisations/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    """Make an organisation."""
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        organisation = services.create_organisation(actor=request.user, now=timezone.now(), **form.details())
        messages.success(request, _("Your organisation is saved. You can now invite others."))
        return redirect("organisations:detail", organisation.public_id)
    context = {"form": form, "back_url": reverse("organisations:mine"), "save_text": _("Save organisation")}
    return _form_page(request, "organisations/create.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change an organisation's details."""
    organisation = get_for_members(request, public_id)
    if not permissions.can_change_organisation(request.user, organisation):
        raise PermissionDenied
    form = OrganisationForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_organisation(
                organisation=organisation, actor=request.user, now=timezone.now(), **form.details()
            )
        except services.VerifiedDetailsLocked:
            # Verified while the form was open.
            form.add_error(None, _("The organisation has just been verified. Its name and number stay."))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisations:detail", organisation.public_id)
    context = {
        "form": form,
        "organisation": organisation,
        "back_url": reverse("organisations:detail", args=[organisation.public_id]),
        "save_text": _("Save"),
    }
    return _form_page(request, "organisations/edit.html", form, context)


def get_for_members(request: SignedInRequest, public_id: str) -> Organisation:
    """Return an organisation of the person's own; those of others are unknown here."""
    return get_object_or_404(Organisation.objects.of(request.user), public_id=public_id)


def _form_page(
    request: SignedInRequest, template: str, form: OrganisationForm, context: dict[str, object]
) -> HttpResponse:
    places = [name for _code, name in (*county_choices(), *municipality_choices())]
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, template, {**context, "places": places}, status=status)
