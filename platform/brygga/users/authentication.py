"""Who an API request comes from, and what its token allows."""

from __future__ import annotations

from typing import Any

from knox.auth import TokenAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from brygga.users.enums import TokenScope
from brygga.users.models import ApiToken


class ApiTokenAuthentication(TokenAuthentication):
    """`Authorization: Bearer …` with a personal token. `request.auth` is the ApiToken with its scopes."""


def scopes_of(request: Request) -> frozenset[TokenScope]:
    """Return what the request may do. A person in a browser session may do all that they may do on pages."""
    if isinstance(request.auth, ApiToken):
        return frozenset(TokenScope(scope) for scope in request.auth.scopes if scope in TokenScope.values)
    return frozenset(TokenScope)


def HasScope(scope: TokenScope) -> type[BasePermission]:
    """Return a permission class: a token without `scope` is answered 403. Asks nothing about the person."""

    class HasThisScope(BasePermission):
        code = "missing_scope"
        message = f"This token lacks the scope {scope.value}."

        def has_permission(self, request: Request, view: Any) -> bool:
            return scope in scopes_of(request)

    HasThisScope.__name__ = f"HasScope_{scope.value}"
    return HasThisScope
