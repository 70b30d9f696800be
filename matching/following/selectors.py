"""What somebody follows, and how many follow an initiative."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext, ngettext

from brygga.users.models import User
from innovators.models import Initiative
from innovators.selectors import with_card_rows
from matching.following.models import Follow

#: Fewer than these are not counted aloud: who they are could be guessed.
FEWEST_TOLD = 3


def followed_by(user: User) -> QuerySet[Initiative]:
    """Return what the person follows and may see, the last that they began to follow first."""
    followed = Follow.objects.visible_to(user)
    rows = with_card_rows(Initiative.objects.filter(pk__in=followed.values("initiative")))
    own = Follow.objects.filter(user=user).values("followed_at")
    return rows.annotate(followed_at=Subquery(own.filter(initiative=OuterRef("pk"))[:1])).order_by(
        "-followed_at", "-pk"
    )


def follows_among(user: User | AnonymousUser, initiatives: Iterable[int]) -> set[int]:
    """Return the keys of those that the person follows. One query; none for a visitor."""
    if not user.is_authenticated:
        return set()
    rows = Follow.objects.filter(user=user, initiative__in=list(initiatives))
    return set(rows.values_list("initiative_id", flat=True))


def followers_in_words(initiatives: Iterable[Initiative]) -> dict[int, str]:
    """Return, for an initiative's own people, how many follow it; nothing where nobody does. One query."""
    rows = Follow.objects.filter(initiative__in=[one.pk for one in initiatives], user__is_active=True)
    numbers = dict(rows.values_list("initiative").annotate(number=Count("pk")))
    return {key: _in_words(number) for key, number in numbers.items()}


def _in_words(number: int) -> str:
    if number < FEWEST_TOLD:
        return gettext("A few follow your initiative.")
    said = ngettext(
        "%(number)s person follows your initiative.", "%(number)s people follow your initiative.", number
    )
    return said % {"number": number}
