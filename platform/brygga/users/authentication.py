"""Who an API request comes from, and what its token allows."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from brygga.users.enums import TokenScope
from brygga.users.models import ApiToken, User
from brygga.users.second_factor import must_set_up


class ApiTokenAuthentication(TokenAuthentication):
    """`Authorization: Bearer …` with a personal token. `request.auth` is the ApiToken with its scopes."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        # Anything else than letters and digits was never a token, and would trip the decoding.
        if not token.isalnum():
            raise AuthenticationFailed
        user, found = super().authenticate_credentials(token)
        if must_set_up(user):
            # As on pages: who needs a second factor gets no further without it.
            raise AuthenticationFailed(_("Set up two-step sign-in first."), code="second_factor_needed")
        return user, found

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        # Reading deletes nothing: an expired token stays in its owner's list until they remove it.
        return auth_token.expiry is None or auth_token.expiry < timezone.now()


def scopes_of(request: Request) -> frozenset[TokenScope]:
    """Return what the request may do. A person in a browser session may do all that they may do on pages."""
    if isinstance(request.auth, ApiToken):
        return frozenset(TokenScope(scope) for scope in request.auth.scopes if scope in TokenScope.values)
    return frozenset(TokenScope)


def HasScope(scope: TokenScope) -> type[BasePermission]:
    """Return a permission class: a token without `scope` is answered 403. Asks nothing about the person."""

    class HasThisScope(BasePermission):
        code = "missing_scope"
        message = format_lazy(_("This token lacks the scope {scope}."), scope=scope.value)

        def has_permission(self, request: Request, view: Any) -> bool:
            return scope in scopes_of(request)

    HasThisScope.__name__ = f"HasScope_{scope.value}"
    return HasThisScope


class ScopeOfView(BasePermission):
    """Ask for the scope that a view names in `scope`. A view that names none is closed to tokens."""

    message: Any = _("A personal token does not open this address.")

    def has_permission(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "scope", None)
        if scope is None:
            return not isinstance(request.auth, ApiToken)
        permission: Any = HasScope(TokenScope(scope))()
        self.message = permission.message
        return bool(permission.has_permission(request, view))
