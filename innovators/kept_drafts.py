"""Drafts of people without an account yet: kept, found again after signing up, forgotten in time.

Only what is needed to give the text back is stored: the answers, a hash of a secret that lies in the
visitor's session, and a keyed hash of the address they sign up with. Nothing is public, nothing is matched.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from brygga.organisations.models import Organisation
from brygga.organisations.services import OWN_KINDS, create_organisation, ensure_own_organisation
from brygga.taxonomy.enums import OrganisationKind
from brygga.users.selectors import confirmed_addresses
from innovators.models import Initiative, KeptDraft
from innovators.services import InvalidAnswers, create_initiative

if TYPE_CHECKING:
    from brygga.users.models import User

#: Where a visitor's session holds the secret of the draft it saved, and then what became of it.
SECRET_KEY, BECAME_KEY = "kept_draft", "kept_draft_became"
#: How long a draft that nobody has come back for is kept.
KEPT_FOR = timedelta(days=7)
#: How soon after saving a sign-in in the same browser is taken to be the same person's.
SAME_PERSON_FOR = timedelta(hours=2)
#: Of one address; an older one goes when one more comes.
MOST_OF_AN_ADDRESS = 5
_DATES = ("started_on",)


@dataclass(frozen=True)
class Answers:
    """What somebody has written: `changes` as `create_initiative` takes them, and who is behind it."""

    changes: Mapping[str, Any]
    owner_kind: str
    language: str


@transaction.atomic
def keep_draft(*, answers: Answers, now: datetime, secret: str = "") -> str:
    """Keep what a visitor has written and return the secret that leads to it.

    With the secret of a draft that is kept already, that one is replaced.
    """
    kept = KeptDraft.objects.select_for_update().filter(secret_hash=_hash(secret)).first() if secret else None
    if kept is None:
        secret = secrets.token_urlsafe(32)
        kept = KeptDraft(secret_hash=_hash(secret))
    kept.answers = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in answers.changes.items()
    }
    kept.owner_kind, kept.language, kept.created_at = answers.owner_kind, answers.language, now
    kept.save()
    return secret


@transaction.atomic
def tie_to_address(*, secret: str, address: str, now: datetime) -> None:
    """Let whoever shows that an address is theirs find the draft, on any device.

    The last address given counts. Nothing tells whether the address has an account.
    """
    mark = _mark(address)
    if KeptDraft.objects.filter(secret_hash=_hash(secret), created_at__gt=now - KEPT_FOR).update(
        address_mark=mark
    ):
        newest = KeptDraft.objects.filter(address_mark=mark).order_by("-created_at", "-pk")
        KeptDraft.objects.filter(
            pk__in=list(newest.values_list("pk", flat=True)[MOST_OF_AN_ADDRESS:])
        ).delete()


def drafts_waiting_for(user: User, now: datetime) -> QuerySet[KeptDraft]:
    """Return the drafts that were saved with an address the person has shown to be theirs, newest first."""
    marks = [_mark(address) for address in confirmed_addresses(user)]
    return KeptDraft.objects.filter(address_mark__in=marks, created_at__gt=now - KEPT_FOR).order_by(
        "-created_at", "-pk"
    )


@transaction.atomic
def take_up_saved_here(*, secret: str, actor: User, now: datetime) -> Initiative | None:
    """Make the draft saved in this very browser the person's own, when it was saved a moment ago.

    None when it is gone or too old for that, or when it was given another person's address; with their
    own address they find it on their page.
    """
    own = Q(address_mark="") | Q(address_mark__in=[_mark(one) for one in confirmed_addresses(actor)])
    kept = (
        KeptDraft.objects.select_for_update()
        .filter(own, secret_hash=_hash(secret), created_at__gt=now - SAME_PERSON_FOR)
        .first()
    )
    return None if kept is None else _take_up(kept, actor, now)


@transaction.atomic
def take_up(*, number: int, actor: User, now: datetime) -> Initiative | None:
    """Make a draft that waits for the person their own. None when none by that number waits for them."""
    kept = drafts_waiting_for(actor, now).select_for_update().filter(pk=number).first()
    return None if kept is None else _take_up(kept, actor, now)


@transaction.atomic
def forget_draft(*, number: int, actor: User, now: datetime) -> bool:
    """Delete a draft that waits for the person. False when none by that number waits for them."""
    return bool(drafts_waiting_for(actor, now).filter(pk=number).delete()[0])


def forget_old_drafts(*, now: datetime) -> int:
    """Delete the drafts that nobody came back for, and return how many."""
    return KeptDraft.objects.filter(created_at__lte=now - KEPT_FOR).delete()[0]


def begin_initiative(*, answers: Answers, actor: User, now: datetime, key: UUID | None = None) -> Initiative:
    """Make a draft initiative of what a person has written, with an owner of the kind they named.

    Raises InvalidAnswers.
    """
    with transaction.atomic():
        made: Initiative | None = (
            Initiative.objects.filter(creation_key=key, organisation__members=actor).first() if key else None
        )
        if made is not None:
            return made
        return create_initiative(
            organisation=_owner(actor, answers.owner_kind, now),
            actor=actor,
            now=now,
            changes=answers.changes,
            language=answers.language,
            key=key,
        )


def _take_up(kept: KeptDraft, actor: User, now: datetime) -> Initiative:
    """The row goes in the same transaction: its text lives on in one place only."""
    # The same draft taken up twice is one initiative.
    key = UUID(hex=kept.secret_hash[:32])
    changes = dict(kept.answers)
    for name in _DATES:
        if changes.get(name):
            changes[name] = date.fromisoformat(changes[name])
    answers = Answers(changes, kept.owner_kind, kept.language)
    try:
        initiative = begin_initiative(answers=answers, actor=actor, now=now, key=key)
    except InvalidAnswers:
        # A code may have gone out of use within the week; the person's own words never do.
        words = {name: changes[name] for name in ("change",) if name in changes}
        initiative = begin_initiative(
            answers=Answers(words, kept.owner_kind, kept.language), actor=actor, now=now, key=key
        )
    kept.delete()
    return initiative


def _owner(actor: User, kind: str, now: datetime) -> Organisation:
    """Return whose it is: the one organisation of that kind the person may write for, or a new one."""
    mine = Organisation.objects.writable_by(actor)
    if kind in OWN_KINDS or not kind:
        own = OrganisationKind(kind or OrganisationKind.INFORMAL_GROUP)
        others = mine.exclude(kind__in=OWN_KINDS)
        if not kind and others.count() == 1:
            return others.get()
        return ensure_own_organisation(user=actor, now=now, kind=own)
    same = mine.filter(kind=kind)
    if same.count() == 1:
        return same.get()
    # Its name is asked for where organisations are kept; the draft does not wait for it.
    unnamed = same.filter(name="").order_by("pk").first()
    return unnamed or create_organisation(actor=actor, now=now, kind=kind, name="")


def first_words(kept: Iterable[KeptDraft], most: int = 160) -> list[tuple[KeptDraft, str]]:
    """Return each draft with the beginning of its text, for the person it waits for."""
    found = []
    for one in kept:
        text = " ".join(str(one.answers.get("change", "")).split())
        found.append((one, text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …"))
    return found


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _mark(address: str) -> str:
    """An address as nobody can read it back: keyed, since addresses can be guessed and tried."""
    key = b"kept-draft:" + settings.SECRET_KEY.encode()
    return hmac.new(key, address.strip().lower().encode(), hashlib.sha256).hexdigest()
