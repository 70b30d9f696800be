"""What API tests share: a way to ask as somebody, and no limit on how often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from brygga.users.enums import TokenScope
from brygga.users.models import User
from brygga.users.services import create_token


@pytest.fixture(autouse=True)
def no_questions_counted() -> Iterator[None]:
    """The limits count in the cache, which tests share."""
    cache.clear()
    yield
    cache.clear()


def token_for(user: User, *scopes: TokenScope, days: int = 30) -> str:
    """Return the secret of a new token."""
    _, secret = create_token(user=user, name="Test", scopes=scopes, days=days, now=timezone.now())
    return secret


def expired_token_for(user: User, *scopes: TokenScope) -> str:
    """Return the secret of a token that stopped working yesterday."""
    token, secret = create_token(user=user, name="Test", scopes=scopes, days=1, now=timezone.now())
    type(token).objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(days=1))
    return secret


def ask(address: str, *, token: str = "", language: str = "en", **headers: str) -> Any:
    """GET as a program does, without cookies."""
    given = {"Accept-Language": language, **headers}
    if token:
        given["Authorization"] = f"Bearer {token}"
    return Client().get(address, headers=given)
