"""Staff pages about weights: versions, a new one, tried before it is kept, and what choices have taught of them.

What was learned of one giver is that giver's own and stands on no page of staff.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from brygga.core.admin import ReadOnlyAdmin
from brygga.core.enums import Language
from brygga.taxonomy.enums import OrganisationKind
from matching.desk.comparison import CRITERION_NAMES
from matching.engine.admin import FIGURE_NAMES
from matching.engine.models import MatchWeights
from matching.engine.weights import RULES, active_weights, start_values
from matching.learning import taking_up
from matching.learning.enums import Level
from matching.learning.models import LearnedWeights

if TYPE_CHECKING:
    from brygga.users.models import User
    from matching.engine.trying_rules import HandedOut

    WeightsModelAdmin = admin.ModelAdmin[MatchWeights]
else:
    WeightsModelAdmin = admin.ModelAdmin

RULE_NAMES = {
    "at_least": _("Suggestions that each initiative gets, if so many offers with room fit"),
    "room_per_case": _("Suggestions to an offer in a run, for each case that it can support"),
    "room_unknown": _("Suggestions to an offer in a run, when we do not know how many it can support"),
}
BAND_NAMES = {"strong": _("Strong match"), "good": _("Good match"), "possible": _("Possible match")}
REASONS: dict[str, str | Promise] = {
    "better": _("Better on later choices, and no group loses"),
    "no_change": _("The choices change nothing"),
    "too_few": _("Too few choices to tell"),
    "not_better": _("Not clearly better on later choices"),
    "a_group_loses": _("Some group of initiatives would lose by it"),
}
WAYS: dict[str, str | Promise] = {
    "language": _("Language"),
    "county": _("County"),
    "organisation": _("Kind of organisation"),
}
COUNTIES: dict[str, str | Promise] = {
    "large cities": _("with a large city"),
    "other counties": _("other counties"),
    "wider": _("more than counties"),
}
#: Figures of handing out that are shown before and after, as `engine.admin` calls them.
SHOWN = {"suggestions": "suggested"} | {
    name: name for name in ("coverage", "offer_coverage", "gini", "largest_load", "short")
}


@dataclass(frozen=True)
class Beginning:
    """What the form is filled in with: what is in force, an earlier version, or what was learned."""

    values: Mapping[str, float]
    rules: Mapping[str, int]
    note: str = ""
    learned: LearnedWeights | None = None
    warnings: list[str] = field(default_factory=list)


class WeightsForm(forms.Form):
    """A weight for each criterion, the rules, and why. What was previewed is what is saved."""

    note = forms.CharField(label=_("Why"), max_length=300)
    previewed = forms.CharField(widget=forms.HiddenInput, required=False)
    learned = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, beginning: Beginning, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["note"].initial = beginning.note
        self.fields["learned"].initial = beginning.learned and beginning.learned.pk
        # A criterion that is younger than the version weighs nothing in it, and has its field all the same.
        for name in start_values():
            self.fields[f"weight_{name}"] = forms.FloatField(
                label=str(CRITERION_NAMES.get(name, name)), initial=beginning.values.get(name, 0.0)
            )
        for name in RULES:
            self.fields[f"rule_{name}"] = forms.IntegerField(
                label=RULE_NAMES[name], initial=beginning.rules.get(name, RULES[name])
            )

    @property
    def weights(self) -> dict[str, float]:
        return self._those("weight_")

    @property
    def rules(self) -> dict[str, int]:
        return self._those("rule_")

    def _those(self, prefix: str) -> dict[str, Any]:
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }

    def clean(self) -> dict[str, Any]:
        from matching.engine.weighing import check  # noqa: PLC0415 - loads scipy

        cleaned = super().clean() or {}
        if not self.errors:
            self.cleaned_data = cleaned
            check(self.weights, self.rules)
        return cleaned

    def learned_row(self) -> LearnedWeights | None:
        """Return what the weights were learned from, if they are just that: a changed figure makes them one's own."""
        key = self.cleaned_data.get("learned")
        row = LearnedWeights.objects.filter(pk=key).first() if key else None
        return row if row is not None and taking_up.is_same(taking_up.proposed(row), self.weights) else None

    def digest(self) -> str:
        """Return what was asked for, and beside what in force, as a word to compare."""
        now = active_weights().row
        whole = json.dumps([self.weights, self.rules, now and now.pk], sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()


@admin.register(MatchWeights)
class MatchWeightsAdmin(WeightsModelAdmin):
    """Versions of the weights. A new one is made from one there is, and tried before it is kept."""

    list_display = ("id", "in_force", "note", "made", "again")
    ordering = ("-pk",)
    fields = ("values", "rules", "note", "is_active", "learned_from", "created_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("In force"), boolean=True)
    def in_force(self, row: MatchWeights) -> bool:
        return row.is_active

    @admin.display(description=_("When"), ordering="created_at")
    def made(self, row: MatchWeights) -> datetime:
        return row.created_at

    @admin.display(description="", empty_value="")
    def again(self, row: MatchWeights) -> str | None:
        if row.is_active:
            return None
        address = reverse("admin:matching_matchweights_add")
        return format_html('<a href="{}?version={}">{}</a>', address, row.pk, gettext("Go back to this one"))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        beginning = _beginning(request)
        form = WeightsForm(request.POST or None, beginning=beginning)
        preview = handed_out = None
        is_previewed = False
        if request.method == "POST" and form.is_valid():
            if "save" in request.POST and form.cleaned_data["previewed"] == form.digest():
                return self._save(request, form)
            from matching.engine import trying_rules, weighing  # noqa: PLC0415 - loads scipy

            preview, is_previewed = weighing.preview(form.weights), True
            handed_out = trying_rules.hand_out(form.weights, form.rules)
            shown = {**form.cleaned_data, "previewed": form.digest()}
            form = WeightsForm(initial=shown, beginning=beginning)
        return TemplateResponse(
            request,
            "admin/matching/matchweights/weigh.html",
            {
                **self.admin_site.each_context(request),
                "title": gettext("New weights"),
                "form": form,
                "warnings": beginning.warnings,
                "preview": preview,
                "moved": [] if preview is None else _in_words(preview.moved),
                "handed_out": _figures(handed_out),
                "is_previewed": is_previewed,
            },
        )

    def _save(self, request: HttpRequest, form: WeightsForm) -> HttpResponse:
        from matching.engine.weighing import save_weights  # noqa: PLC0415 - loads scipy

        actor = _staff(request)
        learned = form.learned_row()
        note = form.cleaned_data["note"]
        try:
            if learned is None:
                row = save_weights(
                    values=form.weights, rules=form.rules, note=note, actor=actor, now=timezone.now()
                )
            else:
                row = taking_up.take_up(
                    learned=learned, rules=form.rules, note=note, actor=actor, now=timezone.now()
                )
        except ValidationError as problem:
            self.message_user(request, " ".join(problem.messages), messages.ERROR)
        else:
            text = gettext("Version %(number)d is in force from the next run on.") % {"number": row.pk}
            self.message_user(request, text, messages.SUCCESS)
        return redirect(reverse("admin:matching_matchweights_changelist"))


def _staff(request: HttpRequest) -> User:
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def _beginning(request: HttpRequest) -> Beginning:
    """Return what the address asks to begin from; what is in force where it asks for nothing that there is."""
    now = active_weights()
    version, learned = request.GET.get("version", ""), request.GET.get("learned", "")
    if version.isdecimal():
        row = MatchWeights.objects.filter(pk=version).first()
        if row is not None:
            note = gettext("Back to version %(number)d: %(note)s") % {"number": row.pk, "note": row.note}
            return Beginning(row.values, RULES | row.rules, note[:300])
    if learned.isdecimal():
        found = LearnedWeights.objects.filter(pk=learned).first()
        if found is not None:
            reason = taking_up.why_not(found)
            if reason:
                return Beginning(now.values, now.rules, warnings=[reason])
            note = gettext("Learned from %(number)d choices of givers") % {"number": found.decisions}
            return Beginning(taking_up.proposed(found), now.rules, note, found)
    return Beginning(now.values, now.rules)


def _in_words(moved: Mapping[tuple[str, str], int]) -> list[tuple[str, str, int]]:
    return [
        (str(BAND_NAMES[before]), str(BAND_NAMES[after]), number) for (before, after), number in moved.items()
    ]


def _figures(handed_out: HandedOut | None) -> list[tuple[Any, float, float]]:
    if handed_out is None:
        return []
    before, after = asdict(handed_out.before), asdict(handed_out.after)
    return [(FIGURE_NAMES[name], round(before[key], 3), round(after[key], 3)) for key, name in SHOWN.items()]


@admin.register(LearnedWeights)
class LearnedWeightsAdmin(ReadOnlyAdmin):
    """Every night's fit of all givers and of each kind of support, with what its test said."""

    list_display = ("made", "whose", "what_became_of_it", "change", "choices")
    ordering = ("-created_at", "level", "kind", "pk")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LearnedWeights]:
        rows = LearnedWeights.objects.exclude(level=Level.GIVER).prefetch_related("taken_up")
        return rows.order_by(*self.ordering)

    @admin.display(description=_("When"), ordering="created_at")
    def made(self, row: LearnedWeights) -> datetime:
        return row.created_at

    @admin.display(description=_("Choices"), ordering="decisions")
    def choices(self, row: LearnedWeights) -> int:
        return row.decisions

    @admin.display(description=_("Whose choices"))
    def whose(self, row: LearnedWeights) -> str:
        return row.get_kind_display() if row.kind else row.get_level_display()

    @admin.display(description=_("What came of the choices"))
    def what_became_of_it(self, row: LearnedWeights) -> str:
        versions = sorted(row.taken_up.all(), key=lambda version: version.pk)
        if versions and versions[-1].is_active:
            return gettext("In force as version %(number)d") % {"number": versions[-1].pk}
        if versions:
            return gettext("Was in force as version %(number)d") % {"number": versions[-1].pk}
        return str(REASONS.get(row.reason, row.reason))

    @admin.display(description=_("Change on later choices"))
    def change(self, row: LearnedWeights) -> str:
        figures = row.figures
        if "change" not in figures:
            return "–"
        mean, low, high = (_signed(figures[name]) for name in ("change", "low", "high"))
        return gettext("%(mean)s (between %(low)s and %(high)s)") % {"mean": mean, "low": low, "high": high}

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what every criterion would weigh, what the test said, and the way to try it."""
        rows = self.get_queryset(request)
        row = rows.filter(pk=object_id).first() if object_id.isdecimal() else None
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        lines = [(CRITERION_NAMES.get(line.name, line.name), line) for line in taking_up.lines_of(row)]
        return TemplateResponse(
            request,
            "admin/matching/learnedweights/learned.html",
            {
                **self.admin_site.each_context(request),
                "title": gettext("What choices have taught"),
                "learned": row,
                "whose": self.whose(row),
                "became": self.what_became_of_it(row),
                "change": self.change(row),
                "lines": lines,
                "groups": _groups(row),
                "why_not": taking_up.why_not(row),
                "can_try": request.user.has_perm("matching.add_matchweights"),
            },
        )


def _signed(change: float) -> str:
    return ("+" if change > 0 else "") + number_format(change, 3)


def _groups(row: LearnedWeights) -> list[tuple[str, float]]:
    """Return each group of initiatives in words, with what it would gain or lose."""
    names: dict[str, dict[str, Any]] = {
        "language": dict(Language.choices),
        "county": dict(COUNTIES),
        "organisation": dict(OrganisationKind.choices),
    }
    said = []
    for key, change in row.figures.get("groups", {}).items():
        way, _colon, group = key.partition(": ")
        label = (
            names.get(way, {}).get(group, group) if group else pgettext("groups of initiatives", "the others")
        )
        said.append((f"{WAYS.get(way, way)}: {label}", change))
    return said
