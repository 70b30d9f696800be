"""Forget what was learned of a giver's choices, and change one's mind about it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.audit.services import record
from brygga.organisations.models import Organisation
from brygga.users.models import User
from matching.learning import permissions
from matching.learning.enums import LearnedState
from matching.learning.models import LearnedWeights, LearningReset


class NothingToUndo(Exception):
    """The reset is undone already, or there was none."""


@transaction.atomic
def reset_learning(*, organisation: Organisation, actor: User, now: datetime) -> LearningReset:
    """Forget a giver's earlier choices: its lists stand in order of fit, and learning begins anew.

    The choices themselves (shortlist, put aside) stay where they are. Twice is as once, but for the
    moment. Raises PermissionDenied.
    """
    if not permissions.can_reset_learning(actor, organisation.pk):
        raise PermissionDenied
    reset = _locked(organisation)
    used = LearnedWeights.objects.filter(organisation=organisation, state=LearnedState.IN_USE).first()
    if used is not None:
        LearnedWeights.objects.filter(pk=used.pk).update(state=LearnedState.RESET)
    reset.previous_forget_before, reset.forget_before = reset.forget_before, now
    reset.weights, reset.reset_by, reset.reset_at = used, actor, now
    reset.save()
    _record("learning_reset", reset, actor, now)
    return reset


@transaction.atomic
def undo_reset(*, organisation: Organisation, actor: User, now: datetime) -> LearningReset:
    """Take the last reset back: earlier choices count again, and what was in use orders the lists again.

    Raises PermissionDenied or NothingToUndo.
    """
    if not permissions.can_reset_learning(actor, organisation.pk):
        raise PermissionDenied
    reset = _locked(organisation)
    if reset.reset_at is None:
        raise NothingToUndo
    # Something newer may have been learned since; then that stays.
    newer = LearnedWeights.objects.filter(organisation=organisation, state=LearnedState.IN_USE).exists()
    if reset.weights_id is not None and not newer:
        LearnedWeights.objects.filter(pk=reset.weights_id, state=LearnedState.RESET).update(
            state=LearnedState.IN_USE
        )
    reset.forget_before, reset.previous_forget_before = reset.previous_forget_before, None
    reset.weights, reset.reset_by, reset.reset_at = None, None, None
    reset.save()
    _record("learning_reset_undone", reset, actor, now)
    return reset


def _locked(organisation: Organisation) -> LearningReset:
    """Return the organisation's row, made if need be, and locked: the nightly learning waits here."""
    LearningReset.objects.get_or_create(organisation=organisation)
    return LearningReset.objects.select_for_update().get(organisation=organisation)


def _record(verb: str, reset: LearningReset, actor: User, now: datetime) -> None:
    record(verb=verb, subject=reset, actor=actor, now=now, organisation_id=reset.organisation_id)
