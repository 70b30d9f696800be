"""Staff pages for the lists. Nothing can be deleted here: entries are put out of use instead."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from brygga.taxonomy.forms import AreaNameForm, TermForm
from brygga.taxonomy.models import (
    Area,
    AreaName,
    Goal,
    IcnptsoEntry,
    InnovationKind,
    Method,
    TargetGroup,
    Theme,
)
from brygga.taxonomy.querysets import swedish_order
from brygga.taxonomy.services import save_staff_edit, set_in_use


class WithoutDeletion(admin.options.BaseModelAdmin):  # type: ignore[type-arg]  # mixin for any model
    """Profiles store codes, so removing an entry would leave them with a code that says nothing."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class VocabularyAdmin(WithoutDeletion, admin.ModelAdmin):  # type: ignore[type-arg]  # base for several models
    list_filter: ClassVar[tuple[Any, ...]] = ("is_active", ("edited_at", admin.EmptyFieldListFilter))
    readonly_fields: ClassVar[tuple[str, ...]] = ("edited_at",)
    list_per_page = 100
    actions = ("put_in_use", "put_out_of_use")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        # A code is stored on profiles and in exports: it is chosen once.
        return self.readonly_fields if obj is None else (*self.readonly_fields, "code")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        save_staff_edit(entry=obj, actor=request.user, now=timezone.now())

    @admin.action(description=_("Use the chosen entries"), permissions=["change"])
    def put_in_use(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._switch(request, queryset, in_use=True)

    @admin.action(description=_("Put the chosen entries out of use"), permissions=["change"])
    def put_out_of_use(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._switch(request, queryset, in_use=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Any], *, in_use: bool) -> None:
        count = set_in_use(entries=queryset, in_use=in_use, actor=request.user, now=timezone.now())
        text = ngettext("%(count)d entry changed.", "%(count)d entries changed.", count) % {"count": count}
        self.message_user(request, text, messages.SUCCESS)


class AreaNameInline(WithoutDeletion, admin.TabularInline):  # type: ignore[type-arg]  # mixin without a model
    model = AreaName
    form = AreaNameForm
    fields = ("name", "kind", "is_active", "edited_at")
    readonly_fields = ("edited_at",)
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[AreaName]:
        # Stockholm alone has hundreds of postal codes; they are found in their own list.
        return super().get_queryset(request).exclude(kind="postal_code").order_by("kind", "key")


@admin.register(Area)
class AreaAdmin(VocabularyAdmin):
    list_display = ("name_sv", "code", "kind", "parent", "is_active", "edited_at")
    list_filter = ("kind", *VocabularyAdmin.list_filter)
    list_select_related = ("parent",)
    search_fields = ("code", "name_sv", "name_en", "official_name_sv", "names__key")
    autocomplete_fields = ("parent",)
    inlines = (AreaNameInline,)

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (swedish_order("name_sv"),)

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        for name in formset.save(commit=False):
            save_staff_edit(entry=name, actor=request.user, now=timezone.now())
        formset.save_m2m()


@admin.register(AreaName)
class AreaNameAdmin(VocabularyAdmin):
    form = AreaNameForm
    list_display = ("name", "area", "kind", "is_active", "edited_at")
    list_filter = ("kind", *VocabularyAdmin.list_filter)
    list_select_related = ("area",)
    search_fields = ("name", "key", "folded", "area__code")
    autocomplete_fields = ("area",)
    ordering = ("key",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.readonly_fields


class TermAdmin(VocabularyAdmin):
    form = TermForm
    list_display: tuple[str, ...] = (
        "name_sv",
        "name_en",
        "code",
        "position",
        "is_active",
        "edited_at",
    )
    search_fields = ("code", "name_sv", "name_en", "synonyms_sv", "synonyms_en")
    ordering = ("position", "code")


@admin.register(Theme, TargetGroup)
class MappedTermAdmin(TermAdmin):
    list_display = ("name_sv", "name_en", "code", "parent", "position", "is_active", "edited_at")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)


@admin.register(Method, InnovationKind)
class PlainTermAdmin(TermAdmin):
    pass


class PublicListAdmin(WithoutDeletion, admin.ModelAdmin):  # type: ignore[type-arg]  # base for two models
    """Code lists that others keep: shown, not edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Goal)
class GoalAdmin(PublicListAdmin):
    list_display = ("number", "name_sv", "name_en")
    ordering = ("number",)


@admin.register(IcnptsoEntry)
class IcnptsoEntryAdmin(PublicListAdmin):
    list_display = ("code", "title")
    search_fields = ("code", "title", "notes")
    ordering = ("code",)
