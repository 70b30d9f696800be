from django.contrib import admin

from intermediaries.models import Flag


@admin.register(Flag)
class FlagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    """Read only: a flag is taken back by its organisation, or by staff on its own page with a reason."""

    list_display = ("initiative", "organisation", "flagged_by_name", "flagged_at", "withdrawn_at")
    list_filter = ("withdrawn_at", "organisation")
    search_fields = ("initiative__title", "organisation__name", "text")
    list_select_related = ("initiative", "organisation")
    ordering = ("-flagged_at",)

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: Flag | None = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: Flag | None = None) -> bool:
        return False
