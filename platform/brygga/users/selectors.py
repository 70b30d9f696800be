"""Reads about people that other parts may ask."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled

from brygga.users.models import User


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
