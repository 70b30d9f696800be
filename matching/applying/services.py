"""Say that one means to apply elsewhere, tell how it went, and take it away. The giver is told nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from brygga.audit.services import record
from brygga.language import mask_contact_details
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.applying import permissions
from matching.applying.enums import DidApply, Outcome
from matching.applying.models import HARD_LENGTH, Application
from matching.applying.selectors import can_be_applied_for
from matching.awards.services import record_said_by_seeker, remove_support

#: Where support that a seeker has told of says it comes from.
SOURCE = "brygga-seeker"


class CannotApply(Exception):
    """The support is not applied for elsewhere, is over or not shown, or is one's own."""


class BadAnswer(Exception):
    """An answer that contradicts itself or says too much."""


class ColleagueWasFirst(Exception):
    """Somebody has answered, or taken it away, since the page was opened."""


@dataclass(frozen=True)
class Answer:
    """How it went. What does not belong to an answer is left out when it is stored."""

    did_apply: str
    outcome: str = ""
    amount: int | None = None
    hard: str = ""
    is_shown: bool = False


@transaction.atomic
def mean_to_apply(
    *, offer: SupportOffer, initiative: Initiative, actor: User, now: datetime
) -> tuple[Application, bool]:
    """Note that an initiative means to apply for support elsewhere; return it and whether it is new.

    Raises PermissionDenied or CannotApply.
    """
    if not permissions.can_mean_to_apply(actor, initiative):
        raise PermissionDenied
    today = timezone.localdate(now)
    if not can_be_applied_for(offer, initiative, today):
        raise CannotApply
    application, is_new = Application.objects.get_or_create(
        offer=offer, initiative=initiative, defaults={"meant_by": actor, "meant_on": today}
    )
    if is_new:
        _record("mean_to_apply", application, actor, now)
    return application, is_new


@transaction.atomic
def tell_how_it_went(
    *, application: Application, actor: User, answer: Answer, seen: int, now: datetime
) -> Application:
    """Store how it went; `seen` is the revision that the person started from. The same answer again is one answer.

    Support that was got is recorded as said by those who got it, if they chose to show it. Contact details in
    what was hard are masked. Raises PermissionDenied, BadAnswer, or ColleagueWasFirst.
    """
    if not permissions.can_tell(actor, application):
        raise PermissionDenied
    answer = _cleaned(answer)
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("offer__organisation", "initiative__organisation", "award")
        .filter(pk=application.pk)
        .first()
    )
    if locked is None:
        raise ColleagueWasFirst
    if locked.revision != seen:
        stands = {name: getattr(locked, name) for name in asdict(answer)}
        if stands == asdict(answer) and locked.answered_by_id == actor.pk:
            return locked
        raise ColleagueWasFirst
    for name, value in asdict(answer).items():
        setattr(locked, name, value)
    locked.revision += 1
    locked.answered_by, locked.answered_at = actor, now
    _keep_award(locked, now)
    locked.save()
    _record("tell_how_it_went", locked, actor, now)
    return locked


@transaction.atomic
def forget_application(*, application: Application, actor: User, now: datetime) -> bool:
    """Take away that one means to apply, as long as nothing is told of it. False when somebody was first.

    Raises PermissionDenied.
    """
    if not permissions.can_tell(actor, application):
        raise PermissionDenied
    deleted, _rows = Application.objects.unanswered().filter(pk=application.pk).delete()
    if deleted:
        _record("forget_application", application, actor, now)
    return bool(deleted)


def _cleaned(answer: Answer) -> Answer:
    applied, got_it = answer.did_apply == DidApply.YES, answer.outcome == Outcome.YES
    hard = mask_contact_details(answer.hard.strip()).text
    if (
        answer.did_apply not in DidApply.values
        or (applied and answer.outcome not in Outcome.values)
        or len(hard) > HARD_LENGTH
    ):
        raise BadAnswer
    got_it = got_it and applied
    return Answer(
        did_apply=str(answer.did_apply),
        outcome=str(answer.outcome) if applied else "",
        amount=answer.amount if got_it else None,
        hard=hard,
        is_shown=answer.is_shown and got_it,
    )


def _keep_award(application: Application, now: datetime) -> None:
    """Let the record of support got follow the answer: made, changed or taken away."""
    offer, initiative = application.offer, application.initiative
    if application.is_shown:
        kinds = list(offer.support.order_by("position").values_list("kind", flat=True)[:2])
        application.award = record_said_by_seeker(
            source=SOURCE,
            source_id=f"{offer.public_id}-{initiative.public_id}",
            values={
                "offer": offer,
                "initiative": initiative,
                "giver": offer.organisation,
                "kind": kinds[0] if len(kinds) == 1 else None,
                "amount": application.amount,
                "language": initiative.language,
            },
            now=now,
        )
    elif application.award is not None:
        award, application.award = application.award, None
        remove_support(award, now=now)


def _record(verb: str, application: Application, actor: User | None, now: datetime) -> None:
    record(
        verb=verb,
        subject=application,
        actor=actor,
        now=now,
        organisation_id=application.initiative.organisation_id,
        details={"offer": application.offer.public_id, "initiative": application.initiative.public_id},
    )
