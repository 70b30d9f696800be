"""Put pictures on the page, take them away, and hand them out to who may see it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.core.pictures import CONTENT_TYPES, PictureKind
from brygga.core.uploads import skipped_uploads
from innovators.models import Initiative, InitiativePicture
from innovators.pictures import services
from innovators.pictures.forms import PictureForm
from innovators.views.register import find_for_writing

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The pictures of an initiative, and a form for one more. For those who may write."""
    initiative = find_for_writing(request.user, public_id)
    form = PictureForm()
    if request.method == "POST":
        form = PictureForm(request.POST, request.FILES, left_out=skipped_uploads(request))
        if form.is_valid():
            try:
                services.add_picture(
                    initiative=initiative,
                    picture=form.cleaned_data["file"],
                    alt=form.cleaned_data["alt"],
                    actor=request.user,
                    now=timezone.now(),
                )
            except services.TooManyPictures:
                form.add_error(None, gettext("There are five pictures already. Take one away first."))
            else:
                messages.success(request, gettext("The picture is on the page."))
                return redirect("innovators:pictures", public_id)
    shown = list(initiative.pictures.order_by("pk"))
    tasks = reverse("innovators:tasks", args=[public_id])
    context = {
        "form": form,
        "initiative": initiative,
        "pictures": shown,
        "is_full": len(shown) >= services.MOST_PICTURES,
        "back_url": tasks,
        "save_text": gettext("Add the picture"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "innovators/pictures/pictures.html", context, status=status)


@require_POST
def remove(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Take a picture away for good."""
    initiative = find_for_writing(request.user, public_id)
    found = get_object_or_404(
        InitiativePicture.objects.select_related("initiative"), initiative=initiative, pk=number
    )
    services.remove_picture(picture=found, actor=request.user, now=timezone.now())
    messages.success(request, gettext("The picture is taken away."))
    return redirect("innovators:pictures", public_id)


@login_not_required
@require_safe
def picture(request: BryggaRequest, public_id: str, number: int) -> HttpResponse:
    """Hand a picture out to who may see the initiative; elsewhere it is only saved, never shown as a page."""
    found = get_object_or_404(
        InitiativePicture.objects.filter(
            initiative__in=Initiative.objects.visible_to(request.user).values("pk")
        ),
        initiative__public_id=public_id,
        pk=number,
    )
    try:
        with found.file.open("rb") as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    kind = PictureKind(found.kind)
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{public_id}-{number}.{kind}"',
            "X-Content-Type-Options": "nosniff",
            # What somebody sees who has signed in may not be for who comes after them.
            "Cache-Control": "no-store" if request.user.is_authenticated else "private, max-age=3600",
        },
    )
