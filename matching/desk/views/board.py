"""The desk of one offer: its board, the same as a table, and what is done with a case there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brygga.core.http import SignedInRequest
from funders.models import SupportOffer
from matching.comparing.blind import ShownAt, gone_as_seen, title_for
from matching.desk import board, news, permissions, recusing, selectors, services
from matching.desk.all_cases import EVERYTHING
from matching.desk.closed import last_matches_of
from matching.desk.enums import Stage
from matching.desk.forms import CareForm, MoveForm, RecuseForm
from matching.desk.models import Recusal
from matching.desk.views import side_by_side
from matching.desk.views.actions import find_case, first_in_words, next_address, stage_of, told_of_move
from matching.desk.views.case import JUST_MOVED, pop_just_moved
from matching.desk.views.finding import own_offer, visible_case

UNPROCESSABLE = 422
#: Stages that ask for more than a move, and the pages that do.
ASKING_MORE = {
    Stage.DISMISSED: "matching:dismiss",
    Stage.DECLINED: "matching:decline-case",
    Stage.SUPPORTED: "matching:support-case",
}


@never_cache
@require_safe
def desk(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Every case of an offer where it lies: a board, or with ?view=table a table. For the giver's own people."""
    offer = own_offer(request.user, public_id)
    now = timezone.now()
    writers = board.writers_of(offer.organisation_id)
    is_table = request.GET.get("view") == "table"
    asked = selectors.read_address(
        request.GET,
        {
            "stage": [stage.value for stage in board.COLUMNS] if is_table else [],
            "who": [board.MINE, board.NOBODY, *(str(one.pk) for one in writers)],
            "due": board.DUE,
            "answer": board.ANSWER,
            "rows": [str(board.MOST_ROWS)] if is_table else [],
            "contact": (board.WANTS_CONTACT,),
            "new": (board.IS_NEW,),
        },
        board.SORTS,
    )
    if asked.unknown:
        messages.info(request, _("We left out a filter that we do not know."))
    every = board.places([offer.pk], request.user, now)
    rows = board.narrowed(every, asked, request.user, timezone.localdate(now))
    # A notice leads to one card.
    only = request.GET.get("case", "") if is_table else ""
    if only:
        rows = [row for row in rows if row.public_id == only]
    as_seen = ShownAt(request.session, [offer.pk], request.user, now)
    context: dict[str, Any] = {
        "is_blind": as_seen.is_blind,
        "offer": offer,
        "last": last_matches_of(offer, now),
        "gone": gone_as_seen(request.session, news.gone_from(offer, request.user, now)),
        "gone_url": reverse("matching:gone-for-offer", args=[public_id]),
        "is_table": is_table,
        "is_one_card": bool(only),
        "asked": asked,
        "filters": _filters(asked, writers, is_table=is_table),
        "is_chosen": bool(asked.number or asked.sort != board.SORTS[0]),
        "total": len(every),
        "number": len(rows),
        "wanting": sum(row.wants_contact for row in every),
        "new": sum(row.is_new for row in every),
        "can_write": permissions.can_use_desk(request.user, offer),
        "deeds": side_by_side.choices(),
        "several_url": reverse("matching:several-cases", args=[offer.public_id]),
        "ticked": side_by_side.pop_ticks(request),
        "moved": pop_just_moved(request, offer),
        "file_query": _file_query(offer, asked),
        "next": request.get_full_path(),
    }
    if is_table:
        size = board.MOST_ROWS if asked["rows"] else board.PAGE_SIZE
        page = Paginator(board.in_order(rows, asked.sort), size).get_page(request.GET.get("page"))
        shown = list(page.object_list)
        cards = board.cards([offer], shown, request.user, now, as_seen)
        context |= {"page": page, "cards": [cards[row.pair] for row in shown]}
    else:
        context["columns"] = board.columns(rows, offer, request.user, now, as_seen, asked.sort)
    response = render(request, "matching/desk/desk.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _file_query(offer: SupportOffer, asked: selectors.Asked) -> str:
    """Return what to ask the file of all cases for, so that it holds what the desk shows, in its order."""
    chosen = {
        name: asked[name] for name in ("stage", "who", "due", "answer", "contact", "new") if asked[name]
    }
    wanted = {"offer": offer.public_id, "sort": asked.sort, "stage": EVERYTHING, **chosen}
    return f"?{urlencode(wanted, doseq=True)}"


def _filters(asked: selectors.Asked, writers: list[Any], *, is_table: bool) -> list[dict[str, Any]]:
    """Return the choices over the desk: one value each, "" for all."""
    sorts = {
        "stage": _("Where they lie") if is_table else _("As they came"),
        "moved": _("Last moved first"),
        "due": _("Due first"),
        "answer": _("Answer soonest first"),
        "fit": _("Best fit first"),
        "title": _("Name"),
    }
    found = desk_choices(asked, writers, sorts, with_rows=is_table)
    if is_table:
        stages = [("", _("All")), *((stage.value, str(stage.label)) for stage in board.COLUMNS)]
        chosen = "".join(asked["stage"][:1])
        lie = {"name": "stage", "label": _("Where they lie"), "options": stages, "chosen": chosen}
        found.insert(0, lie)
    return found


def desk_choices(
    asked: selectors.Asked, writers: list[Any], sorts: dict[str, str], *, with_rows: bool
) -> list[dict[str, Any]]:
    """Return the choices that every desk has: who, when, contact, the order and how many rows stand on a page."""
    who = [
        (board.MINE, _("Me")),
        (board.NOBODY, _("Nobody yet")),
        *((str(one.pk), str(one)) for one in writers),
    ]
    due = [("late", _("Late")), ("week", _("Within a week")), ("none", _("No day set"))]
    answer = [("late", _("Late")), ("week", _("Within a week")), ("any", _("Somebody waits"))]
    contact = [(board.WANTS_CONTACT, _("They want contact"))]
    new = [(board.IS_NEW, _("Only those that nobody has opened"))]
    filters = [
        ("who", _("Taken care of by"), who),
        ("due", _("Due"), due),
        ("answer", _("Answer by"), answer),
        ("contact", _("Contact"), contact),
        ("new", _("New"), new),
    ]
    found = [
        {
            "name": name,
            "label": label,
            "options": [("", _("All")), *options],
            "chosen": "".join(asked[name][:1]),
        }
        for name, label, options in filters
    ]
    found.append({"name": "sort", "label": _("Order"), "options": list(sorts.items()), "chosen": asked.sort})
    if with_rows:
        rows = [("", str(board.PAGE_SIZE)), (str(board.MOST_ROWS), str(board.MOST_ROWS))]
        chosen = "".join(asked["rows"][:1])
        found.append({"name": "rows", "label": _("Rows on a page"), "options": rows, "chosen": chosen})
    return found


@require_POST
def move(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Move a case to another stage. A stage that asks for more answers with its page."""
    giving, wanted = find_case(request, offer, initiative, must_be_visible=False)
    form = MoveForm(request.POST)
    back = next_address(request) or reverse("matching:desk", args=[giving.public_id])
    if not form.is_valid():
        messages.info(request, _("Choose where to move it."))
        return _to(request, back)
    to, seen = form.cleaned_data["to"], form.cleaned_data["seen"]
    if to in ASKING_MORE:
        where = reverse(ASKING_MORE[to], args=[giving.public_id, wanted.public_id])
        return _to(request, f"{where}?{urlencode({'next': back})}", leaves=True)
    title, before = title_for(request.session, wanted), stage_of(giving, wanted)
    try:
        services.move(
            offer=giving, initiative=wanted, actor=request.user, to=to, now=timezone.now(), seen=seen
        )
    except services.ColleagueWasFirst as first:
        messages.info(request, first_in_words(title, first.entry))
    except services.CannotMove as refused:
        messages.info(
            request,
            _("“%(title)s” lies under “%(stage)s” and cannot be moved there.")
            % {"title": title, "stage": refused.entry.get_stage_display()},
        )
    else:
        services.note_opened(
            initiative=wanted, offer=giving, side="offer", actor=request.user, now=timezone.now()
        )
        if before != to:
            request.session[JUST_MOVED] = {
                "offer": giving.public_id,
                "undo": reverse("matching:undo", args=[giving.public_id, wanted.public_id]),
                "step": to.value,
                "said": told_of_move(title, to),
            }
    return _to(request, back)


def _to(request: SignedInRequest, address: str, *, leaves: bool = False) -> HttpResponse:
    """Send on to a page. The desk takes its new self out of the answer; any other page is gone to as a whole."""
    if leaves and request.htmx:
        response = HttpResponse()
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def care(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Say who takes care of a case, and until when."""
    giving, wanted = find_case(request, offer, initiative, must_be_visible=False)
    entry = selectors.entries_of(giving, [wanted.pk]).get(wanted.pk)
    aside = {one.person_id for one in selectors.recusals_of(giving, [wanted.pk]).get(wanted.pk, [])}
    writers = [one for one in board.writers_of(giving.organisation_id) if one.pk not in aside]
    form = CareForm(
        request.POST if request.method == "POST" else None,
        writers=writers,
        initial={"assignee": entry.assignee_id, "due_on": entry.due_on} if entry else None,
    )
    back = next_address(request) or reverse("matching:desk", args=[giving.public_id])
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["assignee"]
        try:
            services.take_care(
                offer=giving,
                initiative=wanted,
                actor=request.user,
                assignee=next((one for one in writers if one.pk == chosen), None),
                due_on=form.cleaned_data["due_on"],
                now=timezone.now(),
            )
        except services.CannotAssign:
            form.add_error("assignee", _("That person cannot take care of this case. Choose somebody else."))
        else:
            messages.success(
                request, _("Saved for “%(title)s”.") % {"title": title_for(request.session, wanted)}
            )
            return HttpResponseRedirect(back)
    return render(
        request,
        "matching/desk/care.html",
        {
            "form": form,
            "title": title_for(request.session, wanted),
            "back_url": back,
            "cancel_url": back,
            "next": back,
            "save_text": _("Save"),
        },
        status=UNPROCESSABLE if form.is_bound else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: SignedInRequest, offer: str, initiative: str) -> HttpResponse:
    """Stand aside from a case, after being told what that means."""
    giving = own_offer(request.user, offer)
    wanted = _case_of_member(request, giving, initiative)
    form = RecuseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        recusing.recuse(
            offer=giving,
            initiative=wanted,
            actor=request.user,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
        messages.success(request, _("You stand aside. You do not see the case any more; your colleagues do."))
        return redirect("matching:desk", giving.public_id)
    back = reverse("matching:pair-for-offer", args=[giving.public_id, wanted.public_id])
    others = [one for one in board.writers_of(giving.organisation_id) if one.pk != request.user.pk]
    return render(
        request,
        "matching/desk/recuse.html",
        {
            "form": form,
            "title": title_for(request.session, wanted),
            "back_url": back,
            "cancel_url": back,
            "save_text": _("Stand aside"),
            "is_alone": not others,
        },
        status=UNPROCESSABLE if form.is_bound else 200,
    )


def _case_of_member(request: SignedInRequest, giving: SupportOffer, initiative: str) -> Any:
    """Return a case that a member may see, readers too; what lies on the desk may have been hidden since."""
    entry = selectors.case_on_desk(giving, initiative)
    if entry is not None and permissions.sees_case(request.user, giving, entry.initiative):
        return entry.initiative
    return visible_case(request.user, giving, initiative)


@require_POST
def lift(request: SignedInRequest, offer: str, initiative: str, number: int) -> HttpResponse:
    """Let a colleague back to a case."""
    giving = own_offer(request.user, offer, writing=True)
    recusal = get_object_or_404(
        Recusal.objects.select_related("offer", "initiative", "person"),
        pk=number,
        offer=giving,
        initiative__public_id=initiative,
    )
    if not permissions.sees_case(request.user, giving, recusal.initiative):
        raise Http404
    if not permissions.can_lift(request.user, recusal):
        raise PermissionDenied
    recusing.lift(recusal=recusal, actor=request.user, now=timezone.now())
    messages.success(request, _("%(who)s sees the case again.") % {"who": recusal.person})
    return HttpResponseRedirect(next_address(request) or reverse("matching:desk", args=[giving.public_id]))
