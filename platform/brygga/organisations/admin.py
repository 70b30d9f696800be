"""Organisations in the staff's admin: check who they are, and say which are intermediaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from brygga.organisations import services
from brygga.organisations.models import Membership, Organisation
from brygga.organisations.signals import organisation_changed
from brygga.organisations.verification import admin as _requests  # noqa: F401 - registers itself
from brygga.users.models import User

if TYPE_CHECKING:
    OrganisationModelAdmin = admin.ModelAdmin[Organisation]
    MembershipTable = admin.TabularInline[Membership, Organisation]
else:
    OrganisationModelAdmin = admin.ModelAdmin
    MembershipTable = admin.TabularInline


class MembershipInline(MembershipTable):
    model = Membership
    extra = 0
    can_delete = False
    fields = ("user", "role", "created_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are invited, so that they have said yes themselves."""
        return False


@admin.register(Organisation)
class OrganisationAdmin(OrganisationModelAdmin):
    list_display = (
        "name",
        "kind",
        "number",
        "area_code",
        "is_verified",
        "is_intermediary",
        "source",
        "created_at",
    )
    list_filter = (
        ("verified_at", admin.EmptyFieldListFilter),
        "is_intermediary",
        "kind",
        "is_demo",
        "source",
    )
    search_fields = ("name", "number", "public_id")
    ordering = ("-created_at",)
    fields = (
        *("public_id", "name", "kind", "number", "area_code", "description", "website", "founded_on"),
        *("is_intermediary", "verified_at", "verified_by", "source", "is_demo", "created_at"),
    )
    readonly_fields = (
        *("public_id", "is_intermediary", "verified_at", "verified_by", "source", "is_demo", "created_at"),
    )
    inlines = (MembershipInline,)
    actions = ("verify", "withdraw_verification", "make_intermediary", "unmake_intermediary")
    list_per_page = 50

    @admin.display(description=_("verified"), boolean=True)
    def is_verified(self, organisation: Organisation) -> bool:
        return organisation.is_verified

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """Save, and tell those whose numbers rest on it."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            organisation_changed.send(
                sender=Organisation, organisation=obj, fields=sorted(form.changed_data), at=timezone.now()
            )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False

    @admin.action(description=_("Verify: we have checked who they are"))
    def verify(self, request: HttpRequest, organisations: QuerySet[Organisation]) -> None:
        number = 0
        for organisation in organisations:
            try:
                services.verify_organisation(
                    organisation=organisation, actor=_staff(request), now=timezone.now()
                )
            except services.OwnOrganisation:
                text = gettext("You belong to the organisation yourself. A colleague has to decide.")
                self.message_user(request, text, messages.WARNING)
            else:
                number += 1
        if number:
            self._say(request, number)

    @admin.action(description=_("Take the verification back"))
    def withdraw_verification(self, request: HttpRequest, organisations: QuerySet[Organisation]) -> None:
        for organisation in organisations:
            services.withdraw_verification(
                organisation=organisation, actor=_staff(request), now=timezone.now()
            )
        self._say(request, len(organisations))

    @admin.action(description=_("Mark as intermediary"))
    def make_intermediary(self, request: HttpRequest, organisations: QuerySet[Organisation]) -> None:
        self._set_intermediary(request, organisations, True)

    @admin.action(description=_("No longer an intermediary"))
    def unmake_intermediary(self, request: HttpRequest, organisations: QuerySet[Organisation]) -> None:
        self._set_intermediary(request, organisations, False)

    def _set_intermediary(
        self, request: HttpRequest, organisations: QuerySet[Organisation], value: bool
    ) -> None:
        for organisation in organisations:
            services.set_intermediary(
                organisation=organisation, is_intermediary=value, actor=_staff(request), now=timezone.now()
            )
        self._say(request, len(organisations))

    def _say(self, request: HttpRequest, number: int) -> None:
        text = ngettext("%(number)s organisation changed.", "%(number)s organisations changed.", number)
        self.message_user(request, text % {"number": number}, messages.SUCCESS)


def _staff(request: HttpRequest) -> User:
    return cast(User, request.user)
