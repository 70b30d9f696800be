"""How many an offer fits while it is being written: as it is saved, or as it stands in a form."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from brygga.core.http import SignedInRequest
from brygga.organisations.models import Organisation
from funders.forms.ruled import RuledForm
from funders.models import SupportLine, SupportOffer
from funders.questions import OFFER_QUESTIONS
from matching.desk import permissions
from matching.preview.refusals import refusals_of
from matching.preview.selectors import Preview, preview

#: What a form carries along that is no answer.
_NO_ANSWER = frozenset({"csrfmiddlewaretoken", "preview"})


@never_cache
@require_safe
@vary_on_headers("HX-Request")
def how_many_fit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Count with what is saved. For the offer's own people; a part of other pages for a script."""
    offer = _own(request, public_id)
    found = preview(offer, request.user, timezone.now())
    return _page(request, offer, found, is_readable=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def how_many_fit_typed(request: SignedInRequest, public_id: str, slug: str) -> HttpResponse:
    """Count with what is typed in one question, saving nothing. What cannot be read counts as it is saved."""
    offer = _own(request, public_id)
    if not permissions.can_use_desk(request.user, offer):
        raise PermissionDenied
    question = OFFER_QUESTIONS.find(slug)
    if question is None:
        raise Http404
    if request.method != "POST":
        return redirect("matching:how-many-fit", public_id)
    form = question.form_class(request.POST, profile=offer, question=question)
    typed, lines = form.as_typed() if isinstance(form, RuledForm) else (offer, None)
    found = preview(typed, request.user, timezone.now(), lines)
    carried = [
        (name, value) for name, values in request.POST.lists() if name not in _NO_ANSWER for value in values
    ]
    return _page(
        request,
        typed,
        found,
        lines,
        is_readable=form.is_valid(),
        question=question,
        carried=carried,
        question_url=reverse("funders:question", args=[public_id, slug]),
    )


def _own(request: SignedInRequest, public_id: str) -> SupportOffer:
    """Return one of the person's own organisations' offers with all that counting reads, else 404."""
    from matching.engine.encoding import with_offer_facts  # noqa: PLC0415 - the kernel loads scipy: only when asked

    mine = Organisation.objects.of(request.user).values("pk")
    rows = with_offer_facts(SupportOffer.objects.filter(organisation__in=mine, public_id=public_id))
    offer = rows.select_related("organisation", "contact").first()
    if offer is None:
        raise Http404
    return offer


def _page(
    request: SignedInRequest,
    offer: SupportOffer,
    found: Preview | None,
    lines: Sequence[SupportLine] | None = None,
    *,
    is_readable: bool,
    **more: object,
) -> HttpResponse:
    template = "matching/preview/_found.html" if request.htmx else "matching/preview/page.html"
    if found and not request.htmx:
        more["refusals"] = refusals_of(offer, request.user, lines)
    context = {
        "offer": offer,
        "found": found,
        "is_readable": is_readable,
        "can_change": permissions.can_write_for(request.user, offer.organisation_id),
        **more,
    }
    return render(request, template, context)
