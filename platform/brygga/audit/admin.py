"""The audit log, to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from brygga.audit.models import AuditEvent

if TYPE_CHECKING:
    AuditModelAdmin = admin.ModelAdmin[AuditEvent]
else:
    AuditModelAdmin = admin.ModelAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(AuditModelAdmin):
    list_display = ("at", "verb", "object_type", "object_id", "actor_label", "actor_id", "organisation_id")
    list_filter = ("verb", "object_type", "actor_label")
    search_fields = ("object_id", "request_id")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    list_per_page = 50
    # Counting a log of millions takes longer than reading a page of it.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
