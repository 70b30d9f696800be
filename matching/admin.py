"""Staff pages: matches and support given, to read. Runs have their own in `engine.admin`, weights in `learning`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from brygga.core.admin import ReadOnlyAdmin
from matching.applying.models import Application
from matching.awards.models import SupportGiven
from matching.engine.admin import MatchRunAdmin
from matching.engine.models import Match
from matching.learning.admin import LearnedWeightsAdmin, MatchWeightsAdmin
from matching.meeting.conversation.admin import MessageReportAdmin

__all__ = [
    "ApplicationAdmin",
    "LearnedWeightsAdmin",
    "MatchAdmin",
    "MatchRunAdmin",
    "MatchWeightsAdmin",
    "MessageReportAdmin",
    "SupportGivenAdmin",
]


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
        "said_by",
    )
    list_filter = ("kind", "said_by")
    search_fields = ("title", "source_id")
    list_select_related = ("giver", "offer", "initiative")
    ordering = ("-decided_on", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupportGiven]:
        return SupportGiven.everything.order_by(*self.ordering)


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """What people found hard when they applied elsewhere, without who they are."""

    list_display = ("offer", "did_apply", "outcome", "hard", "answered_at")
    list_display_links = None
    list_filter = ("did_apply", "outcome")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        words = Application.objects.exclude(hard="").select_related("offer")
        return words.order_by("-answered_at", "-pk")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The list says what there is to know; a row's own page would say whose words they are.
        return obj is None and bool(super().has_view_permission(request, obj))
