"""The giver's desk: where each case of an offer lies, what was decided, and who stands aside."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.identifiers import new_public_id
from brygga.taxonomy.enums import SupportKind
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.awards.models import SupportGiven
from matching.desk.enums import DECIDED, Deed, DismissReason, Stage
from matching.desk.querysets import RecusalQuerySet

NOTE_LENGTH = 2000
MESSAGE_LENGTH = 3000
RECUSAL_LENGTH = 300


class ShortlistEntry(models.Model):
    """One initiative on one offer's desk. Seen by the offer's organisation only.

    A row is never deleted by a change of mind: it goes back to `suggested` and keeps its note.
    """

    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="shortlist")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=12, choices=Stage)
    # What undo goes back to; empty = nothing to undo.
    previous_stage = models.CharField(max_length=12, choices=Stage, blank=True)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    # Kept when the case leaves the pile of dismissed ones, so that undo finds it again.
    reason = models.CharField(_("reason"), max_length=20, choices=DismissReason, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "initiative"], name="shortlist_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="shortlist_stage_known"),
            models.CheckConstraint(
                condition=~Q(stage=Stage.DISMISSED) | ~Q(reason=""), name="shortlist_dismissal_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.DECLINED) | ~Q(reason=""), name="shortlist_decline_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["offer", "stage", "-changed_at"], name="shortlist_of_offer")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.stage} {self.initiative_id}"


class NoteVersion(models.Model):
    """The note of a case as somebody wrote it. Only ever added to; gone when the case is.

    Nobody and no moment stand beside what was written before versions were kept.
    """

    entry = models.ForeignKey(ShortlistEntry, on_delete=models.CASCADE, related_name="note_versions")
    text = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["entry", "-id"], name="note_version_newest")]

    def __str__(self) -> str:
        # Never the text: a note is for colleagues alone.
        return f"{self.entry_id} {self.pk}"


class Decision(models.Model):
    """What a giver has decided about a case. Deleted when it is taken back.

    The message is for the seeker; the reason code of a no stays on the desk. `is_told` says whether the
    seeker was told: only who has said yes to an introduction is.
    """

    entry = models.OneToOneField(ShortlistEntry, on_delete=models.CASCADE, related_name="decision")
    outcome = models.CharField(max_length=12, choices=[(one.value, one.label) for one in DECIDED])
    message = models.TextField(_("message"), max_length=MESSAGE_LENGTH, blank=True)
    is_told = models.BooleanField(default=False)
    kind = models.CharField(_("kind of support"), max_length=20, choices=SupportKind, blank=True)
    amount = models.PositiveBigIntegerField(_("amount, kronor"), null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    decided_on = models.DateField(_("decided"))
    award = models.OneToOneField(SupportGiven, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=DECIDED), name="decision_outcome_known"),
            models.CheckConstraint(
                condition=Q(is_told=True) | Q(message=""), name="decision_message_only_when_told"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Stage.SUPPORTED) | Q(kind__in=SupportKind.values),
                name="decision_support_has_kind",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="decision_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.outcome}"


class Recusal(models.Model):
    """Somebody stands aside from a case: they do not see it any more, and colleagues see that."""

    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=RECUSAL_LENGTH, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "initiative", "person"], name="recusal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.initiative_id} {self.person_id}"


class LastChange(models.Model):
    """The last time somebody changed several cases at once, so that they can undo it. Codes and keys only.

    One row for each person, written over by the next change and deleted when it is undone. `offer` is that of one
    of the cases; the others lie at offers of the same organisation.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=12, default=new_public_id)
    deed = models.CharField(max_length=12, choices=Deed)
    # How each case lay before, and how all of them lay after.
    cards = models.JSONField(default=list)
    made = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(deed__in=Deed.values), name="last_change_deed_known"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.deed}"
