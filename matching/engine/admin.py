"""Staff pages about runs: what is under way, and what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from brygga.core.admin import ReadOnlyAdmin
from innovators.models import Initiative
from matching.engine import control
from matching.engine.enums import RunState, ShardState
from matching.engine.models import MatchRun, MatchShard

if TYPE_CHECKING:
    from brygga.users.models import User

FIGURE_NAMES = {
    "suggested": _("New suggestions"),
    "held": _("Suggestions that stay"),
    "coverage": _("Share of initiatives with at least one suggestion"),
    "offer_coverage": _("Share of offers with at least one suggestion"),
    "gini": _("How unevenly suggestions fall on offers (Gini, 0 = evenly)"),
    "largest_load": _("Largest share of its room that an offer got"),
    "utility_share": _("Fit handed out, of what no limits would give"),
    "worst_served": _("The same for the twentieth that got least"),
    "short": _("Initiatives with fewer suggestions than wished for"),
}
SHORT_NAMES = {
    "no_offer_fits": _("no support fits"),
    "fewer_fit": _("fewer fit than wished for"),
    "every_fitting_offer_is_full": _("every support that fits is full"),
}


def _staff(request: HttpRequest) -> User:
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


@admin.register(MatchRun)
class MatchRunAdmin(ReadOnlyAdmin):
    """Runs: what they are doing, start one, stop it, take it up again, go back to the one before."""

    change_list_template = "admin/matching/matchrun/change_list.html"
    change_form_template = "admin/matching/matchrun/change_form.html"
    list_display = (
        "id",
        "state",
        "is_current",
        "progress",
        "matches_found",
        "requested_at",
        "started_at",
        "published_at",
        "error",
    )
    list_filter = ("state",)
    ordering = ("-requested_at",)
    fields = (
        "state",
        "is_current",
        "engine_version",
        "weights_version",
        "weights",
        "rules",
        "input_digest",
        "initiatives",
        "offers",
        "initiatives_done",
        "matches_found",
        "error",
        "requested_at",
        "started_at",
        "finished_at",
        "published_at",
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Without it the page is called after the model, in English.
        return super().changelist_view(request, {"title": _("Matching runs"), **(extra_context or {})})

    @admin.display(description=_("progress"))
    def progress(self, run: MatchRun) -> SafeString:
        words = f"{run.initiatives_done} / {run.initiatives}"
        if run.state != RunState.RUNNING or not run.initiatives:
            return format_html("{}", words)
        return format_html(
            '<progress value="{}" max="{}">{}</progress> {}',
            run.initiatives_done,
            run.initiatives,
            words,
            words,
        )

    def get_urls(self) -> list[URLPattern]:
        def posted(view: Any) -> Any:
            return self.admin_site.admin_view(require_POST(view))

        name = "matching_matchrun"
        own = [
            path("start/", posted(self.start), name=f"{name}_start"),
            path("go-back/", posted(self.go_back), name=f"{name}_go_back"),
            path("<int:number>/cancel/", posted(self.cancel), name=f"{name}_cancel"),
            path("<int:number>/retry/", posted(self.retry), name=f"{name}_retry"),
            path("<int:number>/compare/", self.admin_site.admin_view(self.compare), name=f"{name}_compare"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        run = MatchRun.objects.filter(pk=object_id).first() if object_id.isdigit() else None
        more = {} if run is None else {"run": run, **_figures(run), **_parts(run)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def start(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for a run; asking twice asks once."""
        run = control.request_run(now=timezone.now(), actor=_staff(request))
        self.message_user(request, gettext("Run %(number)d waits for a worker.") % {"number": run.pk})
        return redirect(reverse("admin:matching_matchrun_changelist"))

    def go_back(self, request: HttpRequest) -> HttpResponseBase:
        """Make the run before the current one current."""
        try:
            run = control.roll_back(now=timezone.now(), actor=_staff(request))
        except control.NothingToGoBackTo:
            self.message_user(request, gettext("There is no earlier run to go back to."), messages.WARNING)
        else:
            self.message_user(request, gettext("Run %(number)d is shown again.") % {"number": run.pk})
        return redirect(reverse("admin:matching_matchrun_changelist"))

    def cancel(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Stop a run."""
        try:
            control.cancel_run(run=_run(number), actor=_staff(request), now=timezone.now())
        except control.RunIsOver:
            self.message_user(request, gettext("The run is over already."), messages.WARNING)
        else:
            self.message_user(request, gettext("Run %(number)d is stopped.") % {"number": number})
        return redirect(reverse("admin:matching_matchrun_changelist"))

    def retry(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Take up a failed or stopped run."""
        run = control.retry_run(run=_run(number), actor=_staff(request), now=timezone.now())
        self.message_user(request, gettext("Run %(number)d waits for a worker.") % {"number": run.pk})
        return redirect(reverse("admin:matching_matchrun_changelist"))

    def compare(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """Show how a published run differs from the one before it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        from matching.engine.comparing import comparable_with, compare  # noqa: PLC0415 - loads scipy

        run = _run(number)
        earlier = comparable_with(run)
        comparison = None if earlier is None else compare(earlier, run)
        moved = [] if comparison is None else [(*key, count) for key, count in comparison.moved.items()]
        return TemplateResponse(
            request,
            "admin/matching/matchrun/compare.html",
            {
                **self.admin_site.each_context(request),
                "title": gettext("What run %(number)d changed") % {"number": number},
                "run": run,
                "earlier": earlier,
                "comparison": comparison,
                "moved": moved,
            },
        )


def _run(number: int) -> MatchRun:
    run = MatchRun.objects.filter(pk=number).first()
    if run is None:
        raise Http404
    return run


def _figures(run: MatchRun) -> dict[str, Any]:
    shorts = run.figures.get("short_because", {})
    named = run.figures.get("short_initiatives", {})
    titles = dict(
        Initiative.objects.filter(pk__in=[key for keys in named.values() for key in keys]).values_list(
            "pk", "title"
        )
    )
    return {
        "figures": [
            (name, round(run.figures[key], 3)) for key, name in FIGURE_NAMES.items() if key in run.figures
        ],
        # Who is short, and why: as many as the run has named of each reason, and how many more there are.
        "shorts": [
            (SHORT_NAMES[reason], number, who, number - len(who))
            for reason, number in shorts.items()
            if reason in SHORT_NAMES
            for who in [sorted(titles[key] for key in named.get(reason, ()) if key in titles)]
        ],
        "can_cancel": not run.is_over,
        "can_retry": run.state in (RunState.FAILED, RunState.CANCELLED),
        "can_compare": run.state == RunState.PUBLISHED and run.analysis_id is not None,
    }


def _parts(run: MatchRun) -> dict[str, Any]:
    parts = MatchShard.objects.filter(run=run)
    counted = parts.aggregate(number=Count("pk"), done=Count("pk", filter=Q(state=ShardState.DONE)))
    open_parts = parts.exclude(state=ShardState.DONE).defer("result").order_by("kind", "lo")
    return {"parts": counted, "open_parts": list(open_parts[:50])}
