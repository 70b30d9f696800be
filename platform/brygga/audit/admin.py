"""The audit log, to read."""

from __future__ import annotations

from django.contrib import admin

from brygga.audit.models import AuditEvent
from brygga.core.admin import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "verb", "object_type", "object_id", "actor_label", "actor_id", "organisation_id")
    list_filter = ("verb", "object_type", "actor_label")
    search_fields = ("object_id", "request_id")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    list_per_page = 50
    # Counting a log of millions takes longer than reading a page of it.
    show_full_result_count = False
