"""An earlier offer as a template for a new one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from brygga.organisations.registration.masking import private_texts_of
from brygga.organisations.registration.services import InvalidAnswers
from funders import permissions
from funders.lines import stored_lines
from funders.models import OfferContact, SupportOffer
from funders.services import QUESTION_OF, SYSTEM_ONLY, create_offer

if TYPE_CHECKING:
    from brygga.users.models import User

#: What belongs to one round and not to the next.
DAYS = ("opens_on", "closes_on", "decision_on")
OF_ONE_ROUND = frozenset({*DAYS, "applied_last", "supported_last"})


def copy_offer(*, offer: SupportOffer, actor: User, now: datetime, key: UUID) -> SupportOffer:
    """Make a draft with an offer's answers, all but its days and how the last round went.

    The offer itself stays as it is. The same `key` gives the draft already made: a form sent twice makes one.
    An answer that can no longer be stored, such as a word that has left its list, is left out. Raises
    PermissionDenied.
    """
    if not permissions.can_change_offer(actor, offer):
        raise PermissionDenied
    answers = _answers_of(offer)
    try:
        return _made(offer, answers, actor, now, key)
    except InvalidAnswers as refused:
        kept = {name: value for name, value in answers.items() if name not in refused.messages}
        return _made(offer, kept, actor, now, key)


@transaction.atomic
def _made(
    offer: SupportOffer, answers: dict[str, Any], actor: User, now: datetime, key: UUID
) -> SupportOffer:
    has_days = any(getattr(offer, name) for name in DAYS)
    unanswered = {QUESTION_OF[name] for name in QUESTION_OF if name not in answers} - {"times", ""}
    return create_offer(
        organisation=offer.organisation,
        actor=actor,
        now=now,
        changes=answers,
        language=offer.language,
        key=key,
        is_demo=offer.is_demo,
        # "At any time" holds for the next round too; days are asked for anew.
        answered=[
            slug for slug in offer.answered if slug not in unanswered and not (has_days and slug == "times")
        ],
    )


def _answers_of(offer: SupportOffer) -> dict[str, Any]:
    """Return the answers as the giver wrote them: what is hidden in texts is hidden anew."""
    answers = {
        name: getattr(offer, name)
        for name in QUESTION_OF
        if name not in SYSTEM_ONLY and name not in OF_ONE_ROUND and name not in ("support", "contact")
    }
    answers |= {name: text for name, text in private_texts_of(offer).items() if name in answers}
    contact = OfferContact.objects.filter(offer=offer).first()
    if contact is not None:
        answers["contact"] = {name: getattr(contact, name) for name in ("name", "email", "phone")}
    return {**answers, "support": stored_lines(offer)}
