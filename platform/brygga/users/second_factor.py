"""Who has to sign in with a second factor: staff, and whomever the apps above say."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, Q, QuerySet

from brygga.users.models import User
from brygga.users.selectors import has_second_factor

# Says of a person's row, `OuterRef("pk")`, whether they need a second factor now.
Rule = Callable[[], Exists]

_rules: list[Rule] = []
# What a person read by `with_rules` carries.
_ANSWER = "is_asked_for_second_factor"


def register(rule: Rule) -> None:
    """Let `rule` say who needs a second factor. Doing it again changes nothing."""
    if rule not in _rules:
        _rules.append(rule)


def with_rules(people: QuerySet[User]) -> QuerySet[User]:
    """Let people be read together with what the rules say of them at this moment.

    So whoever sends a request is asked about in every request, and no query is made for that alone.
    """
    condition = Q(pk__in=[])
    for rule in _rules:
        condition |= Q(rule())
    return people.annotate(**{_ANSWER: ExpressionWrapper(condition, output_field=BooleanField())})


def must_set_up(user: User) -> bool:
    """Tell whether the person needs a second factor and has none. Demo people are exempt, in demo mode only.

    No query for who signs in with one step and is asked for no more, if they come from a request's session.
    """
    if settings.DEMO_MODE and user.is_demo:
        return False
    if not user.is_staff and not _is_asked(user):
        return False
    return not has_second_factor(user)


def _is_asked(user: User) -> bool:
    if not hasattr(user, _ANSWER):
        # Read in another way, as who sends a token or has just signed in.
        return with_rules(User.objects.filter(pk=user.pk)).filter(**{_ANSWER: True}).exists()
    return bool(getattr(user, _ANSWER))
