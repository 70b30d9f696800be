"""For staff: look up and read. Changes go through the owners, or the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from innovators.models import Actor, Initiative, Need

if TYPE_CHECKING:
    InitiativeAdminBase = admin.ModelAdmin[Initiative]
    NeedInlineBase = admin.TabularInline[Need, Initiative]
    ActorInlineBase = admin.TabularInline[Actor, Initiative]
else:
    InitiativeAdminBase = admin.ModelAdmin
    NeedInlineBase = ActorInlineBase = admin.TabularInline


class NeedInline(NeedInlineBase):
    model = Need
    extra = 0
    can_delete = False
    fields = readonly_fields = ("kind", "amount", "hours")

    def has_add_permission(self, request: HttpRequest, obj: Initiative | None = None) -> bool:
        return False


class ActorInline(ActorInlineBase):
    model = Actor
    extra = 0
    can_delete = False
    fields = readonly_fields = ("public_name", "kind", "role")

    def has_add_permission(self, request: HttpRequest, obj: Initiative | None = None) -> bool:
        return False


@admin.register(Initiative)
class InitiativeAdmin(InitiativeAdminBase):
    """Read only. Contact details are not shown: they belong to the two sides of an introduction."""

    list_display = ("title", "organisation", "state", "visibility", "published_at", "source", "is_demo")
    list_filter = ("state", "visibility", "language", "is_demo", "source")
    search_fields = ("title", "public_id", "organisation__name", "source_id")
    list_select_related = ("organisation",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-changed_at",)
    inlines = (NeedInline, ActorInline)
    exclude = ("shared_with", "search_swedish", "search_english", "creation_key")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Initiative | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Initiative | None = None) -> bool:
        return False
