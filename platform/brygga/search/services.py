"""Save a search, change how one is told, and tell."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

from brygga.core.mornings import next_morning, next_weekly_morning
from brygga.outbox.mails import send_followed
from brygga.search import permissions
from brygga.search.enums import CatalogueKind, Rhythm
from brygga.search.models import NAME_LENGTH, QUERY_LENGTH, SavedSearch, ToldHit
from brygga.search.selectors import News, asked_by, catalogue_address, news_of
from brygga.users.models import User

logger = structlog.get_logger(__name__)
MOST_SEARCHES = 30
MOST_AT_A_TIME = 500
#: One that went wrong waits, so that the others are told.
AFTER_AN_ERROR = timedelta(hours=1)
#: So long a deleted search can be brought back.
UNDO_FOR = timedelta(days=7)
_STOP_SALT = "brygga.search.stop"


class CannotSave(Exception):
    """Too many searches, or one with more filters than can be kept."""


@transaction.atomic
def save_search(
    *, actor: User, kind: CatalogueKind | str, query: str, name: str, rhythm: Rhythm | str, now: datetime
) -> SavedSearch:
    """Follow a search. The same search saved again is the one there is, with its new name and rhythm.

    What the address asks for and the catalogue does not know is left out. Raises CannotSave.
    """
    # Two clicks at once, and the limit, are settled by a lock on the person.
    User.objects.select_for_update().get(pk=actor.pk)
    asked = asked_by(kind, query, now)
    if len(asked.address) > QUERY_LENGTH:
        raise CannotSave
    own = SavedSearch.objects.visible_to(actor).kept()
    search = own.filter(kind=kind, query=asked.address).first()
    if search is None:
        if own.count() >= MOST_SEARCHES:
            raise CannotSave
        search = SavedSearch(user=actor, kind=CatalogueKind(kind), query=asked.address, created_at=now)
    if search.pk is None or search.paused_at is not None:
        search.begins_at = search.looked_until = now
    search.name, search.rhythm, search.paused_at = _named(name), Rhythm(rhythm), None
    search.due_at = _next(search.rhythm, now)
    search.save()
    return search


@transaction.atomic
def change_search(
    *, search: SavedSearch, actor: User, name: str, rhythm: Rhythm | str, now: datetime
) -> SavedSearch:
    """Give a search another name or rhythm. Raises PermissionDenied."""
    _may_change(actor, search)
    search.name, search.rhythm = _named(name), Rhythm(rhythm)
    search.due_at = _next(search.rhythm, now)
    search.save(update_fields=["name", "rhythm", "due_at"])
    return search


@transaction.atomic
def pause_search(*, search: SavedSearch, actor: User, now: datetime) -> None:
    """Send nothing more about a search until it is resumed. Raises PermissionDenied."""
    _may_change(actor, search)
    SavedSearch.objects.filter(pk=search.pk, paused_at__isnull=True).update(paused_at=now)


@transaction.atomic
def resume_search(*, search: SavedSearch, actor: User, now: datetime) -> None:
    """Tell of what is new from now on, not of what came while it rested. Raises PermissionDenied."""
    _may_change(actor, search)
    SavedSearch.objects.filter(pk=search.pk, paused_at__isnull=False).update(
        paused_at=None, begins_at=now, looked_until=now, due_at=_next(search.rhythm, now)
    )


@transaction.atomic
def delete_search(*, search: SavedSearch, actor: User, now: datetime) -> None:
    """Take a search away; it can be brought back for seven days. Raises PermissionDenied."""
    _may_change(actor, search)
    SavedSearch.objects.filter(pk=search.pk, deleted_at__isnull=True).update(deleted_at=now)


@transaction.atomic
def restore_search(*, search: SavedSearch, actor: User, now: datetime) -> bool:
    """Bring back a deleted search as it was. False when the same has been saved anew. Raises PermissionDenied."""
    _may_change(actor, search)
    User.objects.select_for_update().get(pk=actor.pk)
    twins = SavedSearch.objects.visible_to(actor).kept().filter(kind=search.kind, query=search.query)
    if twins.exists():
        return False
    return bool(
        SavedSearch.objects.filter(
            pk=search.pk, deleted_at__isnull=False, deleted_at__gt=now - UNDO_FOR
        ).update(deleted_at=None)
    )


def pause_all_searches(*, user: User, now: datetime) -> int:
    """Pause every search of a person who wants no more of these mails. Return how many."""
    return SavedSearch.objects.visible_to(user).filter(paused_at__isnull=True).update(paused_at=now)


def forget_deleted_searches(*, now: datetime) -> int:
    """Delete for good what was deleted more than seven days ago, and return how many."""
    old = SavedSearch.objects.filter(deleted_at__lte=now - UNDO_FOR)
    number = old.count()
    old.delete()
    return number


# -- stopping from a mail --------------------------------------------------------------------------


def stop_token(search: SavedSearch) -> str:
    """Return what stops this search's mails, and can do nothing else. It does not grow old: nor do mails."""
    return signing.Signer(salt=_STOP_SALT).sign(search.public_id)


def search_of_token(token: str) -> SavedSearch | None:
    """Return the search that a mail's link stops, or None."""
    try:
        public_id = signing.Signer(salt=_STOP_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return SavedSearch.objects.select_related("user").filter(public_id=public_id).first()


def stop_by_token(*, token: str, now: datetime) -> SavedSearch | None:
    """Pause the search that a mail's link is for; doing it again changes nothing. None for a wrong link."""
    search = search_of_token(token)
    if search is not None:
        SavedSearch.objects.filter(pk=search.pk, paused_at__isnull=True).update(paused_at=now)
    return search


# -- telling ---------------------------------------------------------------------------------------


def tell_all_due(*, now: datetime) -> int:
    """Tell everybody whose time has come what is new. Return how many mails were put in the outbox.

    Safe to run twice, and at once in two places.
    """
    due = SavedSearch.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)
    sent = 0
    for number in list(due[:MOST_AT_A_TIME]):
        try:
            sent += tell_of_new(search_id=number, now=now)
        except Exception as error:
            # One search must not keep the others from being told.
            logger.warning("saved_search_failed", search_id=number, error=type(error).__name__)
            SavedSearch.objects.filter(pk=number).update(due_at=now + AFTER_AN_ERROR)
    return sent


@transaction.atomic
def tell_of_new(*, search_id: int, now: datetime) -> bool:
    """Look once for what is new; put a mail in the outbox if anything is. Return whether one was.

    What is told, the mail and the next time are written together: whoever is killed in the middle has
    done nothing, and of two at once the second finds that the time has moved on.
    """
    search = (
        SavedSearch.objects.due(now)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(pk=search_id)
        .first()
    )
    if search is None:
        return False
    due_at = search.due_at
    news = news_of(search, now)
    ToldHit.objects.bulk_create(ToldHit(search=search, profile_id=key) for key in news.keys)
    search.looked_until, search.due_at = now, _next(search.rhythm, now)
    search.save(update_fields=["looked_until", "due_at"])
    if not news.keys:
        return False
    with override(search.user.language):
        return send_followed(
            key=f"search-{search.pk}-{due_at:%Y%m%dT%H%M%S%f}",
            recipient=search.user.email,
            subject=_subject(search, news),
            template="emails/saved_search.txt",
            context={
                "search": search,
                "news": news,
                "all": catalogue_address(search.kind, search.query),
                "own": reverse("search:mine"),
            },
            stop_path=reverse("search:stop", args=[stop_token(search)]),
            now=now,
        )


def _subject(search: SavedSearch, news: News) -> str:
    number = len(news.keys)
    if search.kind == CatalogueKind.OFFERS:
        words = ngettext(
            "%(number)s new offer of support: %(name)s", "%(number)s new offers of support: %(name)s", number
        )
    else:
        words = ngettext(
            "%(number)s new initiative: %(name)s", "%(number)s new initiatives: %(name)s", number
        )
    return words % {"number": number, "name": search.name}


def _named(name: str) -> str:
    return " ".join(name.split())[:NAME_LENGTH] or gettext("My search")


def _next(rhythm: str, now: datetime) -> datetime:
    return next_weekly_morning(now) if rhythm == Rhythm.WEEKLY else next_morning(now)


def _may_change(actor: User, search: SavedSearch) -> None:
    if not permissions.can_change_search(actor, search):
        raise PermissionDenied
