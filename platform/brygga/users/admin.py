"""People in the staff's admin. Its sign-in is ours, second factor included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from brygga.users.models import User

if TYPE_CHECKING:
    UserModelAdmin = admin.ModelAdmin[User]
else:
    UserModelAdmin = admin.ModelAdmin

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's documented way
admin.site.site_header = admin.site.site_title = "Brygga"


@admin.register(User)
class UserAdmin(UserModelAdmin):
    list_display = ("id", "name", "email", "language", "is_staff", "is_active", "is_demo", "date_joined")
    list_filter = ("is_staff", "is_active", "is_demo", "language")
    search_fields = ("name", "email")
    ordering = ("-date_joined",)
    fields = (
        "name",
        "email",
        "language",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
        "is_demo",
        "date_joined",
        "last_login",
    )
    readonly_fields = ("email", "is_demo", "date_joined", "last_login")
    filter_horizontal = ("groups",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves, so that every address is confirmed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account is closed, not deleted here: erasing has steps of its own."""
        return False
