"""Follow an initiative, stop, and see what one follows."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import SignedInRequest
from innovators.selectors import cards, telling
from matching.desk.views.actions import next_address
from matching.desk.views.finding import visible_initiative
from matching.following import permissions, selectors, services
from matching.following.models import Follow

PAGE_SIZE = 20


@never_cache
@require_safe
def followed(request: SignedInRequest) -> HttpResponse:
    """What one follows and may see, the last first."""
    page = Paginator(selectors.followed_by(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "matching/following/followed.html", {"page": page, "cards": cards(page.object_list)}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Follow an initiative. The page asks first: there one arrives after signing in."""
    found = visible_initiative(request.user, public_id)
    if not permissions.can_follow(request.user, found):
        raise PermissionDenied
    here = reverse("innovators:detail", args=[found.public_id])
    if request.method == "POST":
        services.follow(initiative=found, actor=request.user, now=timezone.now())
        said = _("You follow “%(title)s”. News comes among your notices, and at most once a week by mail.")
        messages.success(request, said % {"title": telling(found).title})
        return HttpResponseRedirect(next_address(request) or here)
    if selectors.follows_among(request.user, [found.pk]):
        return redirect(here)
    context = {"initiative": found, "told": telling(found), "back_url": here}
    return render(request, "matching/following/follow.html", context)


@require_POST
def stop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Follow it no longer, also when it is hidden by now."""
    mine = Follow.objects.filter(user=request.user).select_related("initiative__organisation")
    found = get_object_or_404(mine, initiative__public_id=public_id)
    services.stop_following(follow=found, actor=request.user)
    messages.success(request, _("You no longer follow it."))
    return HttpResponseRedirect(next_address(request) or reverse("matching:followed"))
