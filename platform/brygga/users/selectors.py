"""Reads about people that other parts may ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.utils.translation import get_language

from brygga.users.enums import DemoGroup
from brygga.users.models import DemoPerson, User


def user_by_address(email: str) -> User | None:
    """Return the active person who has confirmed the address. Never show the answer to whoever typed it."""
    address = (
        EmailAddress.objects.select_related("user")
        .filter(email__iexact=email.strip(), verified=True, user__is_active=True)
        .first()
    )
    return address.user if address is not None else None


def confirmed_addresses(user: User) -> set[str]:
    """Return the addresses, in lower case, that the person has shown to be theirs."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {address.lower() for address in addresses}


def has_second_factor(user: User) -> bool:
    """Tell whether the person signs in with more than an e-mail code or a password."""
    return bool(is_mfa_enabled(user))


def with_second_factor(users: Iterable[int]) -> set[int]:
    """Return who of these people, by key, sign in with more than an e-mail code or a password. One query."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return set(
        Authenticator.objects.filter(user__in=list(users), type__in=kinds).values_list("user_id", flat=True)
    )


def demo_groups() -> list[dict[str, Any]]:
    """Return the demo people for the sign-in page, grouped by what they do; nothing outside demo mode."""
    if not settings.DEMO_MODE:
        return []
    english = (get_language() or "sv").startswith("en")
    people = DemoPerson.objects.select_related("user").filter(user__is_demo=True, user__is_active=True)
    entries: dict[str, list[dict[str, Any]]] = {}
    for person in people.order_by("position", "pk"):
        entries.setdefault(person.group, []).append(
            {
                "id": person.pk,
                "name": person.user.name,
                "role": person.role_en if english else person.role_sv,
                "story": person.story_en if english else person.story_sv,
            }
        )
    return [
        {"title": group.label, "people": entries[group.value]}
        for group in DemoGroup
        if group.value in entries
    ]
