"""For staff: look up and read. Changes go through the owners, or the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from funders.claiming import admin as _claims  # noqa: F401 - registers itself
from funders.models import SupportLine, SupportOffer

if TYPE_CHECKING:
    OfferAdminBase = admin.ModelAdmin[SupportOffer]
    LineInlineBase = admin.TabularInline[SupportLine, SupportOffer]
else:
    OfferAdminBase = admin.ModelAdmin
    LineInlineBase = admin.TabularInline


class LineInline(LineInlineBase):
    model = SupportLine
    extra = 0
    can_delete = False
    fields = readonly_fields = ("kind", "amount_min", "amount_max", "hours")

    def has_add_permission(self, request: HttpRequest, obj: SupportOffer | None = None) -> bool:
        return False


@admin.register(SupportOffer)
class SupportOfferAdmin(OfferAdminBase):
    """Read only. Contact details are not shown: they belong to the two sides of an introduction."""

    list_display = ("title", "organisation", "state", "closes_on", "is_confirmed", "source", "is_demo")
    list_filter = ("state", "is_confirmed", "apply_way", "language", "is_demo", "source")
    search_fields = ("title", "public_id", "organisation__name", "source_id")
    list_select_related = ("organisation",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-changed_at",)
    inlines = (LineInline,)
    exclude = ("search_swedish", "search_english", "creation_key")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SupportOffer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SupportOffer | None = None) -> bool:
        return False
