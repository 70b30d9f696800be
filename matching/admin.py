"""Staff pages: runs with their progress, and matches to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from matching.awards.models import SupportGiven
from matching.engine import control
from matching.engine.models import Match, MatchRun

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(AnyModelAdmin):
    """Rows that only the engine or an import writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(MatchRun)
class MatchRunAdmin(ReadOnlyAdmin):
    """Runs: what they are doing, start one, go back to the one before."""

    change_list_template = "admin/matching/matchrun/change_list.html"
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
        "weights",
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

    @admin.display(description=_("progress"))
    def progress(self, run: MatchRun) -> str:
        return f"{run.initiatives_done} / {run.initiatives}"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "start/", self.admin_site.admin_view(require_POST(self.start)), name="matching_matchrun_start"
            ),
            path(
                "go-back/",
                self.admin_site.admin_view(require_POST(self.go_back)),
                name="matching_matchrun_go_back",
            ),
        ]
        return [*own, *super().get_urls()]

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


def _staff(request: HttpRequest) -> Any:
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin):
    list_display = ("initiative", "offer", "fit", "confidence", "verdict", "scored_at")
    list_filter = ("verdict",)
    search_fields = ("initiative__title", "offer__title")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Match]:
        return Match.objects.current().select_related("initiative", "offer").order_by("-fit", "pk")


@admin.register(SupportGiven)
class SupportGivenAdmin(ReadOnlyAdmin):
    list_display = (
        "source",
        "source_id",
        "giver",
        "offer",
        "initiative",
        "title",
        "kind",
        "amount",
        "decided_on",
    )
    list_filter = ("kind",)
    search_fields = ("title", "source_id")
    list_select_related = ("giver", "offer", "initiative")
    ordering = ("-decided_on", "pk")
