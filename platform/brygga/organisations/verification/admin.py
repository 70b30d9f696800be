"""Requests to be verified in the staff's admin: the ones that wait first, the oldest on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.organisations import permissions
from brygga.organisations.verification import services
from brygga.organisations.verification.enums import VerificationState
from brygga.organisations.verification.models import NOTE_LENGTH, VerificationRequest
from brygga.users.selectors import confirmed_addresses

if TYPE_CHECKING:
    from brygga.users.models import User

    RequestModelAdmin = admin.ModelAdmin[VerificationRequest]
    RequestModelForm = forms.ModelForm[VerificationRequest]
else:
    RequestModelAdmin = admin.ModelAdmin
    RequestModelForm = forms.ModelForm

_OPEN_FIRST = Case(
    When(state=VerificationState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
)


class DecisionForm(RequestModelForm):
    """What is decided, why, and about which details."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (VerificationState.APPROVED, _("Yes: we have checked who they are")),
            (VerificationState.DECLINED, _("No: we could not check who they are")),
        ],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The organisation's owners read it."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, strip=False)

    class Meta:
        model = VerificationRequest
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "seen" in self.fields:
            self.fields["seen"].initial = services.details_of(self.instance.organisation)


@admin.register(VerificationRequest)
class VerificationRequestAdmin(RequestModelAdmin):
    """A request is decided once. After a yes the organisation is verified."""

    form = DecisionForm
    list_display = ("id", "asked_at", "organisation", "organisation_number", "state", "decided_at")
    list_filter = ("state",)
    list_select_related = ("organisation",)
    _shown = (
        *("organisation_link", "organisation_kind", "organisation_number", "website"),
        *("asked_by", "addresses", "asked_at", "page", "signatory", "words_text", "same_number"),
        *("state", "decided_by", "decided_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[VerificationRequest]:
        rows = VerificationRequest.objects.select_related("organisation", "asked_by", "decided_by")
        return rows.order_by(_OPEN_FIRST, "asked_at", "pk")

    def get_fields(self, request: HttpRequest, obj: VerificationRequest | None = None) -> Any:
        if obj is not None and obj.state == VerificationState.OPEN:
            return (*self._shown, "decision", "why", "seen")
        return (*self._shown, "note")

    def get_readonly_fields(self, request: HttpRequest, obj: VerificationRequest | None = None) -> Any:
        return (*self._shown, "note")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.state != VerificationState.OPEN and request.method != "POST":
            return False
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and permissions.can_verify_organisations(request.user)

    @admin.display(description=_("organisation"))
    def organisation_link(self, verification: VerificationRequest) -> SafeString:
        where = reverse("admin:organisations_organisation_change", args=[verification.organisation_id])
        return format_html('<a href="{}">{}</a>', where, verification.organisation)

    @admin.display(description=_("kind of organisation"))
    def organisation_kind(self, verification: VerificationRequest) -> str:
        return verification.organisation.get_kind_display() or "–"

    @admin.display(description=_("organisation number"))
    def organisation_number(self, verification: VerificationRequest) -> str:
        return verification.organisation.number or "–"

    @admin.display(description=_("website"))
    def website(self, verification: VerificationRequest) -> str:
        return verification.organisation.website or "–"

    @admin.display(description=_("confirmed e-mail addresses"))
    def addresses(self, verification: VerificationRequest) -> str:
        found = sorted(confirmed_addresses(verification.asked_by)) if verification.asked_by else []
        return ", ".join(found) or "–"

    @admin.display(description=_("what they add"))
    def words_text(self, verification: VerificationRequest) -> SafeString | str:
        return linebreaks_filter(verification.words) if verification.words else "–"

    @admin.display(description=_("others with the same number"))
    def same_number(self, verification: VerificationRequest) -> str:
        organisation = verification.organisation
        if not organisation.number:
            return "–"
        others = type(organisation).objects.filter(number=organisation.number).exclude(pk=organisation.pk)
        return ", ".join(str(one) for one in others.order_by("pk")) or "–"

    def save_model(self, request: HttpRequest, obj: VerificationRequest, form: Any, change: bool) -> None:
        """Decide by the service, which may find that a colleague was first."""
        try:
            services.decide_verification(
                verification=obj,
                outcome=form.cleaned_data["decision"],
                note=form.cleaned_data["why"],
                seen=form.cleaned_data["seen"],
                actor=cast("User", request.user),
                now=timezone.now(),
            )
        except services.DecidedAlready:
            text = gettext("Nothing is changed: it is decided or taken back already.")
            self.message_user(request, text, messages.WARNING)
        except services.OwnOrganisation:
            text = gettext("You belong to the organisation yourself. A colleague has to decide.")
            self.message_user(request, text, messages.WARNING)
        except services.DetailsChanged:
            text = gettext("Nothing is changed: its name, kind or number is another now. Look again.")
            self.message_user(request, text, messages.WARNING)
        else:
            self.message_user(request, gettext("Decided. The owners are told."), messages.SUCCESS)

    def response_change(self, request: HttpRequest, obj: VerificationRequest) -> HttpResponse:
        return redirect(reverse("admin:organisations_verificationrequest_changelist"))
