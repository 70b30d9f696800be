"""Reported messages in the staff's admin: the only place where staff read anything of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import linebreaks_filter
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.formatting import format_moment
from innovators.selectors import owner_name
from matching.meeting import permissions
from matching.meeting.conversation import reporting
from matching.meeting.conversation.enums import OUTCOMES, ReportState
from matching.meeting.conversation.models import REPORT_LENGTH, MessageReport
from matching.meeting.sides import organisation_on
from matching.meeting.views.conversation import file_answer

if TYPE_CHECKING:
    from brygga.users.models import User

    ReportModelAdmin = admin.ModelAdmin[MessageReport]
    ReportModelForm = forms.ModelForm[MessageReport]
else:
    ReportModelAdmin = admin.ModelAdmin
    ReportModelForm = forms.ModelForm

_OPEN_FIRST = Case(When(state=ReportState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())


class HandlingForm(ReportModelForm):
    """What is decided, and why. `seen` is the state that the page was opened with."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(one.value, one.label) for one in OUTCOMES],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=REPORT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Read by staff alone."),
    )
    seen = forms.ChoiceField(choices=ReportState.choices, widget=forms.HiddenInput)

    class Meta:
        model = MessageReport
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seen"].initial = self.instance.state
        if self.instance.state != ReportState.OPEN:
            self.fields["decision"].initial = self.instance.state
            self.fields["why"].initial = self.instance.note


@admin.register(MessageReport)
class MessageReportAdmin(ReportModelAdmin):
    """Open reports first. The message is read on the page of its report, and nowhere else."""

    form = HandlingForm
    list_display = ("id", "reported_at", "reason", "state", "handled_at")
    list_filter = ("state", "reason")
    fields = (
        *("reported_at", "reason", "text", "reporter"),
        *("from_whom", "sent_at", "message_text", "files"),
        *("state", "handled_by", "handled_at", "decision", "why", "seen"),
    )
    readonly_fields = (
        *("reported_at", "reason", "text", "reporter"),
        *("from_whom", "sent_at", "message_text", "files"),
        *("state", "handled_by", "handled_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MessageReport]:
        rows = MessageReport.objects.select_related(
            "reporter",
            "handled_by",
            "message__author",
            "message__introduction__initiative__organisation",
            "message__introduction__offer__organisation",
        )
        return rows.order_by(_OPEN_FIRST, "-reported_at", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and permissions.can_handle_reports(request.user)

    @admin.display(description=_("from"))
    def from_whom(self, report: MessageReport) -> str:
        message = report.message
        organisation = owner_name(organisation_on(message.introduction, message.side))
        return f"{message.author.name}, {organisation}" if message.author else organisation

    @admin.display(description=_("sent"))
    def sent_at(self, report: MessageReport) -> str:
        return format_moment(report.message.sent_at)

    @admin.display(description=_("the reported message"))
    def message_text(self, report: MessageReport) -> SafeString:
        return linebreaks_filter(report.message.text)

    @admin.display(description=_("files"))
    def files(self, report: MessageReport) -> SafeString:
        found = [
            (reverse("admin:matching_messagereport_file", args=[report.pk, one.pk]), one.name)
            for one in report.message.attachments.order_by("pk")
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', found) or SafeString("–")

    def get_urls(self) -> list[URLPattern]:
        file = path(
            "<int:number>/file/<int:attachment>/",
            self.admin_site.admin_view(self.file),
            name="matching_messagereport_file",
        )
        return [file, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a report with its message; the log says who has read it."""
        report = self.get_object(request, object_id)
        if report is not None and request.method != "POST" and self.has_change_permission(request, report):
            actor = cast("User", request.user)
            reporting.note_read_by_staff(report=report, actor=actor, now=timezone.now())
        return super().change_view(request, object_id, form_url, extra_context)

    def file(self, request: HttpRequest, number: int, attachment: int) -> HttpResponse:
        """Hand out a file of a reported message, to be saved; the log says who has got it."""
        report = self.get_queryset(request).filter(pk=number).first()
        if not self.has_change_permission(request, report):
            raise PermissionDenied
        found = report.message.attachments.filter(pk=attachment).first() if report is not None else None
        if report is None or found is None:
            raise Http404
        answer = file_answer(found)
        actor = cast("User", request.user)
        reporting.note_read_by_staff(report=report, actor=actor, now=timezone.now(), attachment=found)
        return answer

    def save_model(self, request: HttpRequest, obj: MessageReport, form: Any, change: bool) -> None:
        """Decide by the service, which may find that a colleague was first."""
        given = form.cleaned_data
        try:
            reporting.handle_report(
                report=obj,
                seen=given["seen"],
                outcome=given["decision"],
                note=given["why"],
                actor=cast("User", request.user),
                now=timezone.now(),
            )
        except reporting.HandledAlready:
            text = gettext("Nothing is changed: it was decided so already, or a colleague was first.")
            self.message_user(request, text, messages.WARNING)
        else:
            text = gettext("Decided. The one who reported the message is told.")
            self.message_user(request, text, messages.SUCCESS)

    def response_change(self, request: HttpRequest, obj: MessageReport) -> HttpResponse:
        return redirect(reverse("admin:matching_messagereport_changelist"))
