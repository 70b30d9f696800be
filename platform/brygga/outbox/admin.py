"""What waits to be done and what has been, to read. Arguments stay hidden: they may hold a sign-in code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from brygga.outbox.models import OutboxMessage

if TYPE_CHECKING:
    OutboxModelAdmin = admin.ModelAdmin[OutboxMessage]
else:
    OutboxModelAdmin = admin.ModelAdmin


@admin.register(OutboxMessage)
class OutboxMessageAdmin(OutboxModelAdmin):
    list_display = (
        "created_at",
        "task",
        "key",
        "due_at",
        "leased_until",
        "attempts",
        "done_at",
        "last_error",
    )
    list_filter = ("task", ("done_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "request_id")
    ordering = ("-created_at", "-pk")
    exclude = ("arguments",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
