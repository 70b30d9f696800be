"""How somebody who has signed in is read in every request."""

from __future__ import annotations

from typing import Any

from allauth.account import auth_backends

from brygga.users.models import User
from brygga.users.second_factor import with_rules


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    """Signs in as allauth does. Who is signed in is read together with whether a second factor is asked of them."""

    def get_user(self, user_id: Any) -> User | None:
        user = with_rules(User.objects.filter(pk=user_id)).first()
        return user if user is not None and self.user_can_authenticate(user) else None
