"""What waits to be done and what has been, to read. Arguments stay hidden: they may hold a sign-in code."""

from __future__ import annotations

from django.contrib import admin

from brygga.core.admin import ReadOnlyAdmin
from brygga.outbox.models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
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
