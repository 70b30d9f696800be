"""What people do with their own account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from brygga.core.enums import Language
from brygga.users.enums import DemoGroup, TokenScope
from brygga.users.models import ApiToken, DemoPerson, User
from brygga.users.signals import token_created, token_revoked

LONGEST_TOKEN_DAYS = 365
MOST_TOKENS = 20


class TokenRefused(Exception):
    """The token cannot be made. The text is for the person."""


@transaction.atomic
def change_profile(*, user: User, name: str, language: Language | str) -> User:
    """Change the name others see and the language mails and pages come in."""
    user.name, user.language = name.strip(), Language(language)
    user.save(update_fields=["name", "language"])
    return user


@transaction.atomic
def create_token(
    *, user: User, name: str, scopes: Iterable[TokenScope | str], days: int, now: datetime
) -> tuple[ApiToken, str]:
    """Make a personal API token. Return its row and its secret, which is stored nowhere.

    Raises TokenRefused for no scope, a life that is too long, or too many tokens.
    """
    wanted = sorted(TokenScope(scope) for scope in set(scopes))
    if not wanted:
        raise TokenRefused(_("Choose at least one thing that the token may do."))
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise TokenRefused(_("A token lasts between 1 and 365 days."))
    User.objects.select_for_update().get(pk=user.pk)
    if ApiToken.objects.filter(user=user, expiry__gt=now).count() >= MOST_TOKENS:
        raise TokenRefused(_("You have 20 tokens already. Remove one that you no longer use."))
    token, secret = ApiToken.objects.create(
        user=user, name=name.strip(), scopes=wanted, expiry=timedelta(days=days)
    )
    token_created.send(sender=ApiToken, user=user, token=token, at=now)
    return token, secret


@transaction.atomic
def revoke_token(*, user: User, token_key: str, now: datetime) -> bool:
    """End one of the person's own tokens at once. Return False when there is none by that key (any more)."""
    token = ApiToken.objects.select_for_update().filter(user=user, token_key=token_key).first()
    if token is None:
        return False
    token_revoked.send(sender=ApiToken, user=user, token=token, at=now)
    token.delete()
    return True


@transaction.atomic
def put_demo_person(
    *,
    email: str,
    name: str,
    group: DemoGroup | str,
    position: int,
    role: tuple[str, str],
    story: tuple[str, str],
    language: Language | str = Language.SWEDISH,
    is_staff: bool = False,
) -> User:
    """Make or renew a demo person; `role` and `story` are (Swedish, English). Safe to run again.

    Raises ValueError for an address that belongs to somebody real.
    """
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, is_demo=True)
    if not user.is_demo:
        raise ValueError("That address belongs to a person who is not a demo person.")
    user.name, user.language = name, Language(language)
    user.is_staff = user.is_superuser = is_staff
    user.save(update_fields=["name", "language", "is_staff", "is_superuser"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    DemoPerson.objects.update_or_create(
        user=user,
        defaults={
            "group": DemoGroup(group),
            "position": position,
            "role_sv": role[0],
            "role_en": role[1],
            "story_sv": story[0],
            "story_en": story[1],
        },
    )
    return user
