"""Staff pages about runs and weights: what is under way, what it found, and what weighs how much."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
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

from matching.desk.comparison import CRITERION_NAMES
from matching.engine import control
from matching.engine.enums import RunState, ShardState
from matching.engine.models import MatchRun, MatchShard, MatchWeights
from matching.engine.weights import RULES, active_weights

if TYPE_CHECKING:
    from brygga.users.models import User

    RunModelAdmin = admin.ModelAdmin[MatchRun]
    WeightsModelAdmin = admin.ModelAdmin[MatchWeights]
else:
    RunModelAdmin = WeightsModelAdmin = admin.ModelAdmin

RULE_NAMES = {
    "at_least": _("Suggestions that each initiative gets, if so many offers with room fit"),
    "room_per_case": _("Suggestions to an offer in a run, for each case that it can support"),
    "room_unknown": _("Suggestions to an offer in a run, when we do not know how many it can support"),
}
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
class MatchRunAdmin(RunModelAdmin):
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

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
    return {
        "figures": [
            (name, round(run.figures[key], 3)) for key, name in FIGURE_NAMES.items() if key in run.figures
        ],
        "shorts": [
            (SHORT_NAMES[reason], number) for reason, number in shorts.items() if reason in SHORT_NAMES
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


class WeightsForm(forms.Form):
    """A weight for each criterion, the rules, and why. What was previewed is what is saved."""

    note = forms.CharField(label=_("Why"), max_length=300)
    previewed = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        now = active_weights()
        for name in now.values:
            self.fields[f"weight_{name}"] = forms.FloatField(
                label=str(CRITERION_NAMES.get(name, name)), initial=now.values[name]
            )
        for name in RULES:
            self.fields[f"rule_{name}"] = forms.IntegerField(label=RULE_NAMES[name], initial=now.rules[name])

    @property
    def weights(self) -> dict[str, float]:
        return self._those("weight_")

    @property
    def rules(self) -> dict[str, int]:
        return self._those("rule_")

    def _those(self, prefix: str) -> dict[str, Any]:
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }

    def clean(self) -> dict[str, Any]:
        from matching.engine.weighing import check  # noqa: PLC0415 - loads scipy

        cleaned = super().clean() or {}
        if not self.errors:
            self.cleaned_data = cleaned
            check(self.weights, self.rules)
        return cleaned

    def digest(self) -> str:
        """Return what was asked for, as a word to compare."""
        whole = json.dumps([self.weights, self.rules], sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()


@admin.register(MatchWeights)
class MatchWeightsAdmin(WeightsModelAdmin):
    """Versions of the weights. A new one is made from the one in force, and tried before it is kept."""

    list_display = ("id", "is_active", "note", "created_at")
    ordering = ("-pk",)
    fields = ("values", "rules", "note", "is_active", "created_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = WeightsForm(request.POST or None)
        preview = None
        if request.method == "POST" and form.is_valid():
            if "save" in request.POST and form.cleaned_data["previewed"] == form.digest():
                return self._save(request, form)
            from matching.engine import weighing  # noqa: PLC0415 - loads scipy

            preview = weighing.preview(form.weights)
            form = WeightsForm(initial={**form.cleaned_data, "previewed": form.digest()})
        return TemplateResponse(
            request,
            "admin/matching/matchweights/weigh.html",
            {
                **self.admin_site.each_context(request),
                "title": gettext("New weights"),
                "form": form,
                "preview": preview,
                "moved": [] if preview is None else [(*key, count) for key, count in preview.moved.items()],
                "is_previewed": bool(form.initial.get("previewed")) if not form.is_bound else False,
            },
        )

    def _save(self, request: HttpRequest, form: WeightsForm) -> HttpResponse:
        from matching.engine.weighing import save_weights  # noqa: PLC0415 - loads scipy

        try:
            row = save_weights(
                values=form.weights,
                rules=form.rules,
                note=form.cleaned_data["note"],
                actor=_staff(request),
                now=timezone.now(),
            )
        except ValidationError as problem:
            self.message_user(request, " ".join(problem.messages), messages.ERROR)
        else:
            text = gettext("Version %(number)d is in force from the next run on.") % {"number": row.pk}
            self.message_user(request, text, messages.SUCCESS)
        return redirect(reverse("admin:matching_matchweights_changelist"))
