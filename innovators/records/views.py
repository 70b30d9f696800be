"""What the pages of journal, value and spread do alike: write, take away, bring back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brygga.core.http import BryggaRequest, SignedInRequest
from brygga.language import mask_contact_details
from brygga.organisations.registration.kept_texts import forget_text, keep_text, kept_text
from innovators import permissions
from innovators.journal.forms import EntryForm
from innovators.models import Initiative
from innovators.records import services
from innovators.records.export import story_data
from innovators.records.forms import RecordForm
from innovators.records.models import BROUGHT_BACK_WITHIN, Kept
from innovators.spread.forms import SpreadForm
from innovators.value.forms import IndicatorForm, MeasurementForm
from innovators.views.register import find_for_writing

# Where each kind is listed, and the page it is written on.
LISTS = {"journal": "journal", "indicator": "value", "measurement": "value", "spread": "spread"}
FORMS: dict[str, type[RecordForm]] = {
    "journal": EntryForm,
    "indicator": IndicatorForm,
    "measurement": MeasurementForm,
    "spread": SpreadForm,
}


@dataclass(frozen=True)
class Removed:
    """Something that can still be brought back."""

    kind: str
    number: int
    name: str


def find_for_reading(request: BryggaRequest, public_id: str) -> Initiative:
    """Return the initiative if its page is open to this reader, or raise Http404."""
    seen = Initiative.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(seen, public_id=public_id)


def list_address(kind: str, initiative: Initiative) -> str:
    return reverse(f"innovators:{LISTS[kind]}", args=[initiative.public_id])


def _anchor(kind: str, record: Any) -> str:
    """Return where on its list a record stands; a measurement's table is folded, its chart is not."""
    return f"#indicator-{record.indicator_id}" if kind == "measurement" else f"#{kind}-{record.pk}"


def writers_context(request: BryggaRequest, initiative: Initiative, *kinds: str) -> dict[str, Any]:
    """Return whether this reader may write, and for writers what can be brought back, newest first."""
    user = request.user
    can_write = user.is_authenticated and permissions.can_change_initiative(user, initiative)
    if not can_write:
        return {"can_write": False, "removed": [], "just_removed": None}
    since = timezone.now() - BROUGHT_BACK_WITHIN
    rows = [
        (row.removed_at, Removed(kind, row.pk, str(row)))
        for kind in kinds
        for row in services.KINDS[kind].objects.filter(initiative=initiative).removed_after(since)
    ]
    removed = [one for _, one in sorted(rows, key=lambda row: row[0], reverse=True)]
    asked = request.GET.get("removed", "")
    just = next((one for one in removed if f"{one.kind}-{one.number}" == asked), None)
    return {"can_write": True, "removed": [one for one in removed if one != just], "just_removed": just}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(
    request: BryggaRequest, public_id: str, *, kind: str, number: int | None = None, **context: Any
) -> HttpResponse:
    """Write a record, or change the one with this number.

    The views that call this are open (`login_not_required`), so that what a person has typed while their
    session ended is kept until they have signed in again.
    """
    if not request.user.is_authenticated:
        if request.method == "POST" and keep_text(request.session, request.path, request.POST):
            messages.info(
                request, gettext("You have been signed out. Sign in again: what you wrote is still here.")
            )
        return redirect_to_login(request.path)
    initiative = find_for_writing(request.user, public_id)
    record = _record(initiative, kind, number).first() if number is not None else None
    if (number is not None and record is None) or context.get("indicator", ...) is None:
        raise Http404
    given = request.POST if request.method == "POST" else kept_text(request.session, request.path)
    form = FORMS[kind](given or None, initiative=initiative, record=record, today=localdate())
    context |= {"initiative": initiative, "form": form, "record": record, "kind": kind}
    context["back_url"] = list_address(kind, initiative)
    if request.method != "POST":
        context["is_kept"] = given is not None
        return render(request, f"innovators/{LISTS[kind]}/{kind}_form.html", context)
    if form.is_valid():
        try:
            saved = _save(request, form, initiative, record, kind, context.get("values", {}))
        except services.ChangedMeanwhile:
            return _show_conflict(request, form, initiative, kind, number, context)
        except services.InvalidAnswers as refused:
            for field, said in refused.messages.items():
                for message in said:
                    form.add_error(field if field in form.fields else None, message)
        else:
            forget_text(request.session, request.path)
            _tell(request, form, saved)
            return HttpResponseRedirect(list_address(kind, initiative) + _anchor(kind, saved))
    return render(request, f"innovators/{LISTS[kind]}/{kind}_form.html", context, status=422)


def _record(initiative: Initiative, kind: str, number: int | None) -> Any:
    rows = services.KINDS[kind].objects.standing().select_related("initiative")
    return rows.filter(initiative=initiative, pk=number)


def _save(
    request: BryggaRequest,
    form: RecordForm,
    initiative: Initiative,
    record: Kept | None,
    kind: str,
    more: dict[str, Any],
) -> Kept:
    user: Any = request.user
    values = {**form.values(), **more}
    if record is None:
        made: Kept = services.add_record(
            kind=services.KINDS[kind], initiative=initiative, values=values, actor=user, now=timezone.now()
        )
        return made
    return services.change_record(
        record=record,
        values=values,
        actor=user,
        now=timezone.now(),
        expected_revision=form.cleaned_data["revision"],
    )


def _tell(request: BryggaRequest, form: RecordForm, saved: Kept) -> None:
    messages.success(request, gettext("Saved."))
    written = [form.cleaned_data.get(name) or "" for name in saved.TEXTS]
    if any(mask_contact_details(str(text)).found for text in written):
        messages.info(
            request,
            gettext(
                "We took away an e-mail address or a phone number from the text. Contact details are shown "
                "when both sides have said yes to an introduction."
            ),
        )


def _show_conflict(
    request: BryggaRequest,
    form: RecordForm,
    initiative: Initiative,
    kind: str,
    number: int | None,
    context: dict[str, Any],
) -> HttpResponse:
    """Somebody else was first: show what stands there now, and keep what was typed."""
    fresh = _record(initiative, kind, number).first()
    if fresh is not None:
        form.started_from(fresh)
        context["theirs"] = form.differing(fresh)
        context["theirs_at"] = fresh.changed_at
    context["is_conflict"] = True
    return render(request, f"innovators/{LISTS[kind]}/{kind}_form.html", context, status=409)


@require_POST
def remove(request: SignedInRequest, public_id: str, kind: str, number: int) -> HttpResponse:
    """Take a record away. Its list then offers to bring it back."""
    initiative, record = _found(request, public_id, kind, number)
    services.remove_record(record=record, actor=request.user, now=timezone.now())
    return HttpResponseRedirect(f"{list_address(kind, initiative)}?removed={kind}-{number}#removed")


@require_POST
def bring_back(request: SignedInRequest, public_id: str, kind: str, number: int) -> HttpResponse:
    """Bring back what was taken away within the week."""
    initiative, record = _found(request, public_id, kind, number)
    if services.bring_back_record(record=record, actor=request.user, now=timezone.now()):
        messages.success(request, gettext("It is back."))
    return HttpResponseRedirect(list_address(kind, initiative) + _anchor(kind, record))


def _found(request: SignedInRequest, public_id: str, kind: str, number: int) -> tuple[Initiative, Kept]:
    initiative = find_for_writing(request.user, public_id)
    if kind not in services.KINDS:
        raise Http404
    rows = services.KINDS[kind].objects.select_related("initiative")
    return initiative, get_object_or_404(rows, initiative=initiative, pk=number)


@login_not_required
@require_GET
def story_file(request: BryggaRequest, public_id: str) -> HttpResponse:
    """Journal, value and spread as a file, as far as this reader may know."""
    initiative = find_for_reading(request, public_id)
    response = JsonResponse(
        story_data(initiative, request.user), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = f'attachment; filename="{initiative.public_id}.json"'
    return response
