"""That an intermediary thinks two should meet. It opens nothing by itself: each side still has to say yes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brygga.core.identifiers import new_public_id
from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.meeting.enums import Side
from matching.meeting.models import Introduction
from matching.meeting.proposing.enums import ProposalState
from matching.meeting.proposing.querysets import ProposalQuerySet

TEXT_LENGTH, CONFLICT_LENGTH, ANSWER_LENGTH = 1500, 300, 500


class Proposal(models.Model):
    """A named person at a verified intermediary proposes that an initiative and the giver of an offer meet.

    Whoever says yes first does it by asking the other: `introduction`. There the other answers as usual.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="proposals")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="proposals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Kept as text too, so that the proposal stays named if the account is erased.
    proposed_by_name = models.CharField(max_length=120)
    text = models.TextField(_("why they should meet"), max_length=TEXT_LENGTH)
    # Empty = declared to have no conflict of interest; otherwise what the tie is, shown to both sides.
    conflict = models.CharField(_("conflict of interest"), max_length=CONFLICT_LENGTH, blank=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    introduction = models.ForeignKey(
        Introduction, on_delete=models.CASCADE, null=True, blank=True, related_name="brought_by"
    )
    # The side that took it up or declined it; those who made the proposal are not told which.
    answered_side = models.CharField(max_length=10, choices=Side, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    # What the side that declined has chosen to say to those who made the proposal.
    answer = models.TextField(_("answer"), max_length=ANSWER_LENGTH, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ProposalState.values), name="pair_proposal_state_known"
            ),
            # A double click proposes once.
            models.UniqueConstraint(
                fields=["offer", "initiative", "organisation"],
                condition=Q(state="waiting"),
                name="pair_proposal_waiting_once",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="pair_proposal_answered_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="taken_up", introduction__isnull=False)
                | (~Q(state="taken_up") & Q(introduction__isnull=True)),
                name="pair_proposal_taken_up_by_asking",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["taken_up", "declined"], answered_side__in=Side.values)
                | Q(state__in=["waiting", "withdrawn"], answered_side=""),
                name="pair_proposal_answered_by_a_side",
            ),
            models.CheckConstraint(
                condition=Q(state="declined") | Q(answer=""), name="pair_proposal_answer_of_a_no"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-proposed_at"], name="pair_proposal_of_intermediary"),
            models.Index(fields=["initiative", "-proposed_at"], name="pair_proposal_of_initiative"),
            models.Index(fields=["offer", "-proposed_at"], name="pair_proposal_of_offer"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_waiting(self) -> bool:
        return self.state == ProposalState.WAITING
