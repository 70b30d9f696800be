"""Claims of imported offers in the staff's admin: the ones that wait first."""

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
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.users.selectors import confirmed_addresses
from funders.claiming import permissions, services
from funders.claiming.enums import ClaimState
from funders.claiming.models import NOTE_LENGTH, OfferClaim

if TYPE_CHECKING:
    from brygga.users.models import User

    ClaimModelAdmin = admin.ModelAdmin[OfferClaim]
    ClaimModelForm = forms.ModelForm[OfferClaim]
else:
    ClaimModelAdmin = admin.ModelAdmin
    ClaimModelForm = forms.ModelForm

_OPEN_FIRST = Case(When(state=ClaimState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())


class DecisionForm(ClaimModelForm):
    """What is decided, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (ClaimState.APPROVED, _("Yes: the organisation gives the support")),
            (ClaimState.DECLINED, _("No: we could not confirm it")),
        ],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever asked reads it."),
    )

    class Meta:
        model = OfferClaim
        fields: tuple[str, ...] = ()


@admin.register(OfferClaim)
class OfferClaimAdmin(ClaimModelAdmin):
    """A claim is decided once. After a yes the offer belongs to the organisation."""

    form = DecisionForm
    list_display = ("id", "asked_at", "organisation", "offer", "state", "decided_at")
    list_filter = ("state", "way")
    _shown = (
        *("offer", "source", "given_by", "organisation", "is_verified", "website"),
        *("asked_by", "addresses", "asked_at", "way", "evidence_text", "rivals"),
        *("state", "decided_by", "decided_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfferClaim]:
        rows = OfferClaim.objects.select_related(
            "offer__organisation", "organisation", "asked_by", "decided_by"
        )
        return rows.order_by(_OPEN_FIRST, "asked_at", "pk")

    def get_fields(self, request: HttpRequest, obj: OfferClaim | None = None) -> Any:
        if obj is not None and obj.state == ClaimState.OPEN:
            return (*self._shown, "decision", "why")
        return (*self._shown, "note")

    def get_readonly_fields(self, request: HttpRequest, obj: OfferClaim | None = None) -> Any:
        return (*self._shown, "note")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.state != ClaimState.OPEN and request.method != "POST":
            return False
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and permissions.can_decide_claims(request.user)

    @admin.display(description=_("source"))
    def source(self, claim: OfferClaim) -> str:
        return claim.offer.source_url or claim.offer.source or "–"

    @admin.display(description=_("the giver, by the source"))
    def given_by(self, claim: OfferClaim) -> str:
        return str(claim.offer.organisation)

    @admin.display(description=_("verified"), boolean=True)
    def is_verified(self, claim: OfferClaim) -> bool:
        return claim.organisation.is_verified

    @admin.display(description=_("website"))
    def website(self, claim: OfferClaim) -> str:
        return claim.organisation.website or "–"

    @admin.display(description=_("confirmed e-mail addresses"))
    def addresses(self, claim: OfferClaim) -> str:
        found = sorted(confirmed_addresses(claim.asked_by)) if claim.asked_by else []
        return ", ".join(found) or "–"

    @admin.display(description=_("where to look"))
    def evidence_text(self, claim: OfferClaim) -> SafeString:
        return linebreaks_filter(claim.evidence)

    @admin.display(description=_("others who ask for the same offer"))
    def rivals(self, claim: OfferClaim) -> str:
        others = OfferClaim.objects.filter(offer=claim.offer, state=ClaimState.OPEN).exclude(pk=claim.pk)
        names = [str(one.organisation) for one in others.select_related("organisation").order_by("pk")]
        return ", ".join(names) or "–"

    def save_model(self, request: HttpRequest, obj: OfferClaim, form: Any, change: bool) -> None:
        """Decide by the service, which may find that a colleague was first."""
        try:
            services.decide_claim(
                claim=obj,
                outcome=form.cleaned_data["decision"],
                note=form.cleaned_data["why"],
                actor=cast("User", request.user),
                now=timezone.now(),
            )
        except services.DecidedAlready:
            text = gettext("Nothing is changed: it is decided or taken back already.")
            self.message_user(request, text, messages.WARNING)
        except services.OwnClaim:
            text = gettext("You belong to the organisation yourself. A colleague has to decide.")
            self.message_user(request, text, messages.WARNING)
        else:
            self.message_user(request, gettext("Decided. Whoever asked is told."), messages.SUCCESS)

    def response_change(self, request: HttpRequest, obj: OfferClaim) -> HttpResponse:
        return redirect(reverse("admin:funders_offerclaim_changelist"))
